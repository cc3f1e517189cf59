//! What each action needs to know, as `mostik-service` looks it up (`linkings/facts.rs`).

use mostik_linking::{
    Action, Budget, Facts, FormerProfile, FoundProfile, LinkedTo, Linking, OwnedBy, Profile, Proof, Purpose,
    Randomness, Sealed, Settings, SharedContact, Step, Ticket,
};
use mostik_wire::{Contact, Millis, Phone};

use crate::{
    mutant::Mutant,
    people::{ContactName, TODAY, linking_no, profile_id, pupil},
    tables::{ProfileRow, Spender, Tables, profile_no, pupil_no},
};

/// Looks up the facts of an action.
pub(crate) fn gather(
    tables: &Tables,
    linking: &Linking,
    action: &Action,
    now: Millis,
    mutant: Option<Mutant>,
) -> Facts {
    let step = &linking.step;
    let (of, no) = (pupil_no(linking), linking_no(&linking.id));
    let former =
        tables.former(of).map(|row| FormerProfile { id: profile_id(row.no), contact: row.contact.contact().clone() });
    let usable_number = usable_number(step);
    let (budget, earlier_codes) = match spender(tables, linking, action) {
        Some(spender) => {
            let earlier = tables.codes.iter().filter(|code| code.linking == no && code.proves == spender.1).count();
            (budget(tables, spender, now, no, mutant), u32::try_from(earlier).unwrap_or(u32::MAX))
        }
        None => (Budget::default(), 0),
    };
    let under_contact = whose_profile(step, usable_number.as_ref(), action)
        .and_then(|contact| tables.under(ContactName::of(&contact)))
        .map(|row| found(tables, row));
    let profile = profile_no(step).and_then(|no| tables.profile(no)).map(|row| profile(tables, row, of));
    let bound_to = account(linking, profile.as_ref(), action)
        .filter(|_| mutant != Some(Mutant::MaxAccountNotUnique))
        .and_then(|user| tables.profiles.iter().find(|row| row.max == Some(user)))
        .map(|row| profile_id(row.no));
    let newest = tables.codes.iter().filter(|code| code.linking == no).max_by_key(|code| code.nth);
    Facts {
        pupil: pupil(),
        today: TODAY.into(),
        profile,
        former,
        under_contact,
        bound_to,
        usable_number,
        budget,
        // The limits of accounts, networks and of the whole service have tests of their own.
        spent: Vec::new(),
        earlier_codes,
        newest_code_expires_at: newest
            .filter(|_| matches!(proof(action), Some(Proof::Code(_))))
            .map(|code| code.expires_at),
        asked_by: OwnedBy::Parent,
        vk_under_way: false,
        settings: Settings { vk: false, consent: "" },
        fresh: fresh(linking, action),
    }
}

fn budget(tables: &Tables, spender: Spender, now: Millis, no: u8, mutant: Option<Mutant>) -> Budget {
    let whole = tables.budget(spender, now, None);
    match mutant {
        Some(Mutant::FailuresOfEachLinking) => {
            Budget { failures: tables.budget(spender, now, Some(no)).failures, ..whole }
        }
        Some(Mutant::SendsOfEachLinking) => Budget { sends: tables.budget(spender, now, Some(no)).sends, ..whole },
        _ => whole,
    }
}

/// Whose budget the action touches, and for what.
pub(crate) fn spender(tables: &Tables, linking: &Linking, action: &Action) -> Option<Spender> {
    let step = || linking.step.contact();
    let (contact, purpose) = match action {
        Action::GiveContact { contact } => (contact.clone(), Purpose::Contact),
        Action::UseFormer => (tables.former(pupil_no(linking))?.contact.contact().clone(), Purpose::Contact),
        Action::Resend | Action::SubmitCode { .. } => (step()?, Purpose::Contact),
        Action::Recover | Action::SetNewPassword { .. } => (step()?, Purpose::Recovery),
        Action::SendOwnerCode => (step()?, Purpose::Owner),
        action => match proof(action)? {
            Proof::Code(_) => (step()?, Purpose::Owner),
            Proof::Password | Proof::Operator => return None,
        },
    };
    Some((ContactName::of(&contact), purpose.into()))
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
        Action::ShareInMax { contact: SharedContact::Own { phone: Some((phone, _)), .. }, .. } => Some(by_phone(phone)),
        _ => None,
    }
}

// The MAX account that the action may join to a profile.
fn account(linking: &Linking, profile: Option<&Profile>, action: &Action) -> Option<i64> {
    match action {
        Action::Confirm { .. } => linking.step.max_user().or(profile?.former_max),
        Action::ShareInMax { user, .. } => Some(*user),
        Action::TakeMaxNumber => linking.step.max_user(),
        _ => None,
    }
}

fn found(tables: &Tables, row: &ProfileRow) -> FoundProfile {
    FoundProfile { id: profile_id(row.no), is_linked: tables.link_of(row.no).is_some(), blocked: false }
}

/// A profile as it is to a linking of a pupil.
pub(crate) fn profile(tables: &Tables, row: &ProfileRow, of: u8) -> Profile {
    Profile {
        first_name: String::new(),
        last_name: String::new(),
        phone: row.contact.phone().cloned(),
        linked_to: match tables.link_of(row.no) {
            None => LinkedTo::Nobody,
            Some(link) if link.pupil == of => LinkedTo::ThisPupil,
            Some(_) => LinkedTo::AnotherPupil,
        },
        max: row.max,
        in_vk: false,
        former_max: row.former_max,
        deletion_pending: false,
        blocked: false,
    }
}

/// What is sealed here lies open: who may read it is not this model's business.
pub(crate) fn usable_number(step: &Step) -> Option<Phone> {
    let sealed = step.at_max()?.usable_number()?;
    Some(Phone::parse(&sealed.0).expect("a number"))
}

// Unlike any other: the version that it is drawn for is reached once.
fn fresh(linking: &Linking, action: &Action) -> Randomness {
    if !action.name().needs_randomness() {
        let empty = || Sealed(String::new());
        let ticket = Ticket {
            hash: String::new(),
            sealed: empty(),
            digits_hash: String::new(),
            sealed_digits: empty(),
            expires_at: Millis(0),
        };
        return Randomness { profile: String::new(), ticket, return_handle: empty() };
    }
    let no = u64::from(linking_no(&linking.id)) * 100 + linking.version + 1;
    Randomness {
        profile: profile_id(u16::try_from(no).unwrap_or(u16::MAX) + 1_000),
        ticket: Ticket {
            hash: format!("t{no}"),
            sealed: Sealed(format!("t{no}")),
            digits_hash: String::new(),
            sealed_digits: Sealed(String::new()),
            expires_at: Millis(0),
        },
        return_handle: Sealed(String::new()),
    }
}
