//! «Телефон или почта»: read while it is typed, shown, asked about, sent.

use mostik_wire::Contact;

use super::{
    send::{send, stay},
    turn::Turn,
    typed::{Typed, read_contact},
};
use crate::{Next, Place, Understood, Wish, Wizard};

/// How the text is understood while it is typed, where it holds what can be gone on with. What is wrong with it is said when
/// the person is done.
pub(super) fn read(mut turn: Turn, wizard: Wizard, text: &str) -> Next {
    turn.state.conditions.understood = match read_contact(text, wizard.home.pupil.under_14) {
        Ok(Typed::Contact(contact)) => Some(Understood::new(text, &contact)),
        Ok(Typed::Slip { .. }) | Err(_) => None,
    };
    turn.moved(Place::Wizard(wizard))
}

/// «Продолжить» under the field.
pub(super) fn submit(mut turn: Turn, mut wizard: Wizard, text: String) -> Next {
    let asked = wizard.suggestion.take().is_some() && wizard.typed == text;
    let seen = turn.state.conditions.understood.take().is_some_and(|seen| seen.text == text);
    wizard.typed.clone_from(&text);
    let contact = match read_contact(&text, wizard.home.pupil.under_14) {
        Err(kind) => return stay(turn, wizard, kind.into()),
        // Asked once; who sends the same again means it.
        Ok(Typed::Slip { as_typed: Some(contact), .. }) if asked => contact,
        Ok(Typed::Slip { likely, as_typed }) => {
            wizard.suggestion = Some(likely.display());
            wizard.sendable = as_typed.is_some();
            wizard.cause = None;
            return turn.moved(Place::Wizard(wizard));
        }
        Ok(Typed::Contact(contact)) => contact,
    };
    let understood = Understood::new(&text, &contact);
    let shown = understood.plain || seen || asked;
    turn.state.conditions.understood = Some(understood);
    if !shown {
        wizard.cause = None;
        return turn.moved(Place::Wizard(wizard));
    }
    let contact = match contact {
        Contact::Sms { phone } => phone.e164().to_owned(),
        Contact::Mail { email } => email.address(),
    };
    send(turn, wizard, Wish::Contact { contact })
}
