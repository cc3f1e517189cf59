//! What each action needs to know, looked up in its transaction.

use mostik_linking::{
    Action, Budget, Facts, FormerProfile, OwnedBy, Proof, Purpose, Randomness, Sealed, Settings, SharedContact, Step,
    Ticket,
};
use mostik_store::{Tx, accounts, codes, linkings::Loaded, profiles as stored};
use mostik_wire::{Contact, Messenger, Millis, Phone, Role};

use super::{by::OnBehalfOf, consent};
use crate::{
    app::App,
    clock, dates,
    limits::{self, Asker},
    profiles,
    refusal::Refusal,
};

/// Looks up the facts of an action.
pub(super) async fn gather(
    app: &App,
    tx: &mut Tx,
    by: OnBehalfOf<'_>,
    loaded: &Loaded,
    action: &Action,
) -> Result<Facts, Refusal> {
    let step = &loaded.linking.step;
    let former = loaded.former.as_ref().map(|former| former.facts.clone());
    let usable_number = usable_number(app, step)?;
    let (budget, spent, earlier_codes) = match what_it_costs(step, former.as_ref(), action) {
        Some((contact, purpose)) => {
            let earlier = codes::count(tx, &loaded.linking.id.0, purpose).await?;
            let budget = limits::lock_contact(app, tx, &contact, purpose).await?;
            let asker = Asker { session: by.session(), linking: &loaded.linking.id.0 };
            (budget, limits::spent(app, tx, asker, &contact, action.name().limits()).await?, earlier)
        }
        None => (Budget::default(), Vec::new(), 0),
    };
    let under_contact = match (whose_profile(step, usable_number.as_ref(), action), action) {
        (Some(contact), Action::Confirm { .. }) => stored::hold_under(tx, &contact).await?,
        // Not linked by these: and before the contact is proven, no profile may cost more time than none.
        (Some(contact), _) => stored::under(tx, &contact).await?,
        (None, _) => None,
    };
    let bound_to = match account(loaded, action) {
        Some((messenger, user)) => stored::bound_to(tx, messenger, user).await?,
        None => None,
    };
    let asked_by = match (by.session(), action) {
        (Some(session), Action::GiveDetails(_)) => match accounts::role(tx, &session.account).await? {
            Role::Parent => OwnedBy::Parent,
            Role::Pupil | Role::Other => OwnedBy::Another,
        },
        _ => OwnedBy::Another,
    };
    Ok(Facts {
        pupil: loaded.pupil.clone(),
        today: dates::today(app.now()),
        profile: loaded.profile.as_ref().map(|profile| profile.facts.clone()),
        former,
        under_contact,
        bound_to,
        usable_number,
        budget,
        spent,
        earlier_codes,
        asked_by,
        vk_under_way: loaded.vk.is_some(),
        settings: Settings { vk: app.live().config.messengers.vk, consent: consent::VERSION },
        newest_code_expires_at: match proof(action) {
            Some(Proof::Code(_)) => codes::newest_expires_at(tx, &loaded.linking.id.0).await?,
            _ => None,
        },
        fresh: if action.name().needs_randomness() { fresh(app) } else { no_randomness() },
    })
}

// The contact whose budget the action touches, and for what.
fn what_it_costs(step: &Step, former: Option<&FormerProfile>, action: &Action) -> Option<(Contact, Purpose)> {
    match action {
        Action::GiveContact { contact } => Some((contact.clone(), Purpose::Contact)),
        Action::UseFormer => former.map(|former| (former.contact.clone(), Purpose::Contact)),
        Action::Resend | Action::SubmitCode { .. } => Some((step.contact()?, Purpose::Contact)),
        Action::Recover | Action::SetNewPassword { .. } => Some((step.contact()?, Purpose::Recovery)),
        Action::SendOwnerCode => Some((step.contact()?, Purpose::Owner)),
        action => match proof(action)? {
            Proof::Code(_) => Some((step.contact()?, Purpose::Owner)),
            Proof::Password | Proof::Operator => None,
        },
    }
}

const fn proof(action: &Action) -> Option<Proof> {
    match action {
        Action::Export { proof }
        | Action::Unlink { proof }
        | Action::LeaveMessenger { proof, .. }
        | Action::AskDeletion { proof } => Some(*proof),
        _ => None,
    }
}

// The contact whose profile the action asks for.
fn whose_profile(step: &Step, usable: Option<&Phone>, action: &Action) -> Option<Contact> {
    let by_phone = |phone: &Phone| Contact::Sms { phone: phone.clone() };
    match action {
        Action::SubmitCode { .. } | Action::GiveDetails(_) | Action::Confirm { .. } => step.contact(),
        Action::TakeMaxNumber => usable.map(by_phone),
        Action::ShareInMax { contact: SharedContact::Own { phone: Some((phone, _)), .. }, .. }
        | Action::AcceptLaunch { phone: Some(phone), .. } => Some(by_phone(phone)),
        _ => None,
    }
}

// The messenger account that the action may join to a profile.
fn account(loaded: &Loaded, action: &Action) -> Option<(Messenger, i64)> {
    match action {
        Action::Confirm { .. } => {
            let former = || loaded.profile.as_ref()?.facts.former_max;
            loaded.linking.step.max_user().or_else(former).map(|user| (Messenger::Max, user))
        }
        Action::ShareInMax { user, .. } | Action::AcceptLaunch { user, .. } => Some((Messenger::Max, *user)),
        Action::TakeMaxNumber => loaded.linking.step.max_user().map(|user| (Messenger::Max, user)),
        Action::NameVkAccount { user } | Action::BindVk { user, .. } => Some((Messenger::Vk, *user)),
        _ => None,
    }
}

fn usable_number(app: &App, step: &Step) -> Result<Option<Phone>, Refusal> {
    let Some(sealed) = step.at_max().and_then(|at_max| at_max.usable_number()) else { return Ok(None) };
    let number = app.live().keys.open(&sealed.0)?;
    Phone::parse(&number).map(Some).map_err(|_| Refusal::internal(&"the number in MAX is none"))
}

fn fresh(app: &App) -> Randomness {
    let (entropy, live) = (&*app.entropy, app.live());
    let (ticket, digits, handle) =
        (clock::token::<16>(entropy), clock::nine_digits(entropy), clock::token::<16>(entropy));
    Randomness {
        profile: profiles::new_id(entropy),
        ticket: Ticket {
            hash: live.keys.token_hash("ticket", &ticket),
            sealed: Sealed(live.keys.seal(entropy, &ticket)),
            digits_hash: live.keys.token_hash("digits", &digits),
            sealed_digits: Sealed(live.keys.seal(entropy, &digits)),
            expires_at: Millis(0),
        },
        return_handle: Sealed(live.keys.seal(entropy, &handle)),
    }
}

fn no_randomness() -> Randomness {
    let empty = || Sealed(String::new());
    let (hash, digits_hash) = (String::new(), String::new());
    Randomness {
        profile: String::new(),
        ticket: Ticket { hash, sealed: empty(), digits_hash, sealed_digits: empty(), expires_at: Millis(0) },
        return_handle: empty(),
    }
}
