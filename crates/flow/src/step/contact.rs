//! «Телефон или почта»: read while it is typed, shown, asked about, sent.

use mostik_wire::Contact;

use super::{
    send::{send, show_cause},
    transition::Transition,
    typed::{ContactInput, read_contact},
};
use crate::{Next, RequestKind, Route, UnderstoodContact, Wizard};

/// How the text is understood while it is typed, where it holds what can be gone on with. What is wrong with it is said when
/// the person is done.
pub(super) fn read(mut transition: Transition, wizard: Wizard, text: &str) -> Next {
    transition.state.conditions.understood = match read_contact(text, wizard.home.pupil.under_14) {
        Ok(ContactInput::Contact(contact)) => Some(UnderstoodContact::new(text, &contact)),
        Ok(ContactInput::Slip { .. }) | Err(_) => None,
    };
    transition.moved(Route::Wizard(wizard))
}

/// «Продолжить» under the field.
pub(super) fn submit(mut transition: Transition, mut wizard: Wizard, text: String) -> Next {
    let asked = wizard.suggestion.take().is_some() && wizard.typed == text;
    let seen = transition.state.conditions.understood.take().is_some_and(|seen| seen.text == text);
    wizard.typed.clone_from(&text);
    let contact = match read_contact(&text, wizard.home.pupil.under_14) {
        Err(kind) => return show_cause(transition, wizard, kind.into()),
        // Asked once; who sends the same again means it.
        Ok(ContactInput::Slip { as_typed: Some(contact), .. }) if asked => contact,
        Ok(ContactInput::Slip { likely, as_typed }) => {
            wizard.suggestion = Some(likely.display());
            wizard.sendable = as_typed.is_some();
            wizard.cause = None;
            return transition.moved(Route::Wizard(wizard));
        }
        Ok(ContactInput::Contact(contact)) => contact,
    };
    let understood = UnderstoodContact::new(&text, &contact);
    let shown = understood.plain || seen || asked;
    transition.state.conditions.understood = Some(understood);
    if !shown {
        wizard.cause = None;
        return transition.moved(Route::Wizard(wizard));
    }
    let contact = match contact {
        Contact::Sms { phone } => phone.e164().to_owned(),
        Contact::Mail { email } => email.address(),
    };
    send(transition, wizard, RequestKind::Contact { contact })
}
