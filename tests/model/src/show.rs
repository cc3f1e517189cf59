//! What the service tells of its tables, as `linkings/show.rs`, `profiles/held.rs` and `me.rs` of `mostik-service` do.

use mostik_linking::{Aim, AtMax, Linking, Purpose, Step as State, Trouble};
use mostik_wire::{
    Account, Channel, CodeStep, Contact, ExistsStep, FormerProfile, FoundProfile, LinkSummary, LinkedStep, MaxStep,
    MaxTrouble, Me, MessengerAccount, Messengers, Millis, OwnerCode, Pages, PasswordStep, Profile, ProfileStep, Pupil,
    RecoveryStep, Role, Step, StepName,
};

use crate::{
    people::{Party, PupilNo, linking_id, profile_id, pupil_id},
    tables::{LinkRow, ProfileRow, Tables, profile_no, pupil_no},
};

// Everybody's.
fn name() -> String {
    "Анна О.".into()
}

/// The linking as it goes over the wire.
pub(crate) fn show(tables: &Tables, linking: &Linking, now: Millis) -> mostik_wire::Linking {
    mostik_wire::Linking {
        id: linking.id.clone(),
        pupil: linking.pupil.clone(),
        version: linking.version,
        step: step(tables, linking),
        server_time: now,
    }
}

fn step(tables: &Tables, linking: &Linking) -> Step {
    let profile = profile_no(&linking.step).and_then(|no| tables.profile(no));
    match &linking.step {
        State::Contact => Step::Contact {
            former: tables.former(pupil_no(linking)).map(|row| FormerProfile {
                name_masked: name(),
                channel: row.contact.contact().channel(),
                contact_masked: row.contact.contact().masked(),
            }),
        },
        State::Code { contact, known, sent } => Step::Code(CodeStep {
            channel: contact.channel(),
            contact: if *known { contact.masked() } else { contact.display() },
            expires_at: sent.expires_at,
            resend_at: sent.resend_at,
            tries_left: sent.tries_left(),
            nth: sent.place,
            delivery: sent.delivery,
        }),
        State::Taken { contact } => Step::Taken { channel: contact.channel(), contact_masked: contact.masked() },
        State::Password { email } | State::Details { email, .. } => {
            Step::Password(PasswordStep { contact_masked: email.masked(), shortest: 10 })
        }
        State::Exists { email, .. } => {
            Step::Exists(ExistsStep { contact_masked: email.masked(), profile_name: name(), shortest: 10 })
        }
        State::Recovery { email, sent, .. } => Step::Recovery(RecoveryStep {
            contact_masked: email.masked(),
            shortest: 10,
            expires_at: sent.expires_at,
            resend_at: sent.resend_at,
            tries_left: sent.tries_left(),
            nth: sent.place,
            delivery: sent.delivery,
        }),
        State::Profile { contact, .. } => Step::Profile(ProfileStep {
            channel: contact.channel(),
            contact_masked: contact.masked(),
            found: profile.map(|_| FoundProfile {
                name_masked: name(),
                role: Role::Pupil,
                class_name: None,
                same_name: true,
            }),
        }),
        State::Max(at_max) => Step::Max(at_max_step(linking, at_max, profile)),
        State::Linked(linked) => Step::Linked(LinkedStep {
            sferum_url: String::new(),
            profile: linked.link.profile.clone(),
            profile_name: name(),
            channel: linked.link.contact.channel(),
            contact_masked: linked.link.contact.masked(),
            in_max: profile.is_some_and(|profile| profile.max.is_some()),
            linked_at: linked.link.linked_at,
            vk: None,
            deletes_at: None,
        }),
        State::Closed { reason } => Step::Closed { reason: *reason },
    }
}

fn at_max_step(linking: &Linking, at_max: &AtMax, profile: Option<&ProfileRow>) -> MaxStep {
    let number = profile.and_then(|profile| profile.contact.phone());
    MaxStep {
        url: at_max.ticket.sealed.0.clone(),
        code: String::new(),
        expires_at: at_max.ticket.expires_at,
        phone_masked: linking.step.phone_in_max(number).map(|phone| phone.masked()),
        skippable: matches!(at_max.aim, Aim::Offer { .. }),
        opened: at_max.visitor.is_some(),
        trouble: at_max.trouble.as_ref().map(|trouble| match trouble {
            Trouble::NumberDiffers { masked, .. } => {
                MaxTrouble::NumberDiffers { phone_masked: masked.clone(), usable: at_max.usable_number().is_some() }
            }
            Trouble::NumberForeign { masked } => MaxTrouble::NumberForeign { phone_masked: masked.clone() },
            Trouble::ForeignContact => MaxTrouble::ForeignContact,
            Trouble::UnprovenContact => MaxTrouble::UnprovenContact,
            Trouble::MaxAccountTaken => MaxTrouble::MaxAccountTaken,
            Trouble::ToConfirm { masked, name } => {
                MaxTrouble::ToConfirm { phone_masked: masked.clone(), name_masked: name.clone() }
            }
        }),
        return_handle: at_max.return_handle.0.clone(),
        profile_name: profile.map(|_| name()),
        channel: at_max.aim.contact().map_or(Channel::Sms, Contact::channel),
        vk: None,
    }
}

/// The profile that a pupil is linked to, as its people see it.
pub(crate) fn profile(tables: &Tables, link: &LinkRow, now: Millis) -> Option<Profile> {
    let linking = tables.linking(link.linking);
    let (stands, row) = (linking.step.link()?, tables.profile(link.profile)?);
    let code = linking.step.sent_code().filter(|(purpose, _)| *purpose == Purpose::Owner);
    let code = code.map(|(_, code)| code).filter(|code| now < code.expires_at);
    Some(Profile {
        id: profile_id(row.no),
        name_masked: name(),
        channel: stands.contact.channel(),
        contact_masked: stands.contact.masked(),
        max: row.max.map(|_| MessengerAccount { name_masked: None, since: stands.linked_at }),
        vk: None,
        linked_at: stands.linked_at,
        has_password: row.password > 0,
        resend_at: code.map(|code| code.resend_at),
        code: code.map(|code| OwnerCode {
            expires_at: code.expires_at,
            tries_left: code.tries_left(),
            delivery: code.delivery,
        }),
        deletes_at: None,
        server_time: now,
    })
}

/// What is known of a pupil's link.
fn summary(tables: &Tables, pupil: PupilNo) -> LinkSummary {
    if let Some(link) = tables.link_of_pupil(pupil) {
        let in_max = tables.profile(link.profile).is_some_and(|row| row.max.is_some());
        let since = tables.linking(link.linking).step.link().map_or(Millis(0), |link| link.linked_at);
        let linking = linking_id(link.linking);
        return LinkSummary::Linked { linking, since, in_max, in_vk: false, deletes_at: None };
    }
    match tables.open_linking(pupil).map(|no| (linking_id(no), tables.linking(no).step.name())) {
        None | Some((_, StepName::Linked | StepName::Closed)) => LinkSummary::NotLinked,
        Some((linking, step)) => LinkSummary::InProgress { linking, step },
    }
}

/// Who is signed in: a pupil, who sees the own diary.
pub(crate) fn me(tables: &Tables, party: Party) -> Me {
    let no = match party {
        Party::Device => 0,
        Party::Second => 1,
    };
    let page = String::new;
    Me {
        account: Account { first_name: name(), last_name: String::new(), role: Role::Pupil },
        pupils: vec![Pupil {
            id: pupil_id(no),
            first_name: name(),
            last_name: String::new(),
            class_name: String::new(),
            school: None,
            under_14: true,
            link: summary(tables, no),
            chats: Vec::new(),
        }],
        pages: Pages { library: page(), portfolio: page(), support: page(), get_max: page() },
        messengers: Messengers { max: true, vk: false },
    }
}
