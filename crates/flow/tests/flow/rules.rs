//! The machine against the service's rules: every step that the service can answer is one that the machine shows, and every
//! way out that the machine offers at it is one that the service takes there.

use std::collections::BTreeSet;

use mostik_flow::{Intent, Verdict};
use mostik_linking::{
    ActionName, Aim, AtMax, Link, Linked, PasswordHash, Sealed, SentCode, Step as Stands, Ticket, Trouble, Visitor,
};
use mostik_wire::{CloseReason, Contact, Delivery, Email, Millis, Phone, Step, StepName};

use crate::{documents::intents, world::*};

fn by_phone() -> Contact {
    Contact::Sms { phone: Phone::parse("+79000001242").unwrap() }
}

fn email() -> Email {
    Email::parse("орлова@почта.рф").unwrap()
}

fn sent() -> SentCode {
    let (expires_at, resend_at) = (NOW.plus(600_000), NOW.plus(60_000));
    SentCode { nth: 1, place: 1, expires_at, resend_at, tries: 0, delivery: Delivery::Sent }
}

fn link(contact: Contact) -> Link {
    Link { contact, profile: "p".into(), linked_at: NOW, owner_code: None, vk_trouble: None }
}

fn at_max(aim: Aim) -> AtMax {
    let sealed = || Sealed("sealed".into());
    let (hash, digits_hash, expires_at) = ("h".into(), "d".into(), NOW.plus(600_000));
    AtMax {
        aim,
        ticket: Ticket { hash, sealed: sealed(), digits_hash, sealed_digits: sealed(), expires_at },
        visitor: None,
        trouble: None,
        return_handle: sealed(),
    }
}

/// Each step as the service answers it, and as its rules know it.
fn steps() -> Vec<(Step, Stands)> {
    let join = || Aim::Join { contact: by_phone(), profile: "p".into(), vk_trouble: None };
    let profile = |profile| Stands::Profile { contact: by_phone(), profile, proven_in_max: None };
    let linked = |contact| Stands::Linked(Linked { link: link(contact), return_handle: None });
    let trouble =
        Trouble::NumberDiffers { masked: "+7 900 •••-••-17".into(), number: Some(Sealed("sealed".into())) };
    let differing =
        AtMax { visitor: Some(Visitor { user: 1, at: Millis(0) }), trouble: Some(trouble), ..at_max(join()) };
    vec![
        (contact_step(), Stands::Contact),
        (former_step(), Stands::Contact),
        (code_step(), Stands::Code { contact: by_phone(), known: false, sent: sent() }),
        (letter_step(), Stands::Code { contact: Contact::Mail { email: email() }, known: false, sent: sent() }),
        (taken_step(), Stands::Taken { contact: by_phone() }),
        (password_step(), Stands::Password { email: email() }),
        (details_step(), Stands::Details { email: email(), password: PasswordHash("hash".into()) }),
        (exists_step(), Stands::Exists { email: email(), profile: "p".into() }),
        (recovery_step(), Stands::Recovery { email: email(), profile: "p".into(), sent: sent() }),
        (profile_step(None), profile(None)),
        (profile_step(own_profile()), profile(Some("p".into()))),
        (profile_step(other_profile()), profile(Some("p".into()))),
        (max_step(), Stands::Max(at_max(join()))),
        (differing_step(), Stands::Max(differing)),
        (proof_step(), Stands::Max(at_max(Aim::Number))),
        (max_later_step(), Stands::Max(at_max(Aim::Offer { link: link(Contact::Mail { email: email() }) }))),
        (linked_step(), linked(by_phone())),
        (linked_by_mail_step(), linked(Contact::Mail { email: email() })),
        (Step::Closed { reason: CloseReason::Expired }, Stands::Closed { reason: CloseReason::Expired }),
    ]
}

/// The action that a call asks for; `None`: it changes no linking.
fn asked_for(call: &str) -> Option<ActionName> {
    Some(match call {
        "Call(contact)" => ActionName::GiveContact,
        "Call(max-proof)" => ActionName::ProveInMax,
        "Call(max-number)" => ActionName::TakeMaxNumber,
        "Call(former)" => ActionName::UseFormer,
        "Call(code)" => ActionName::SubmitCode,
        "Call(resend)" => ActionName::Resend,
        "Call(password)" => ActionName::SetPassword,
        "Call(details)" => ActionName::GiveDetails,
        "Call(profile-sign-in)" => ActionName::SignInToProfile,
        "Call(recover)" => ActionName::Recover,
        "Call(recovery)" => ActionName::SetNewPassword,
        "Call(skip-max)" => ActionName::SkipMax,
        "Call(confirm)" => ActionName::Confirm,
        "Call(max-link)" => ActionName::RenewMaxLink,
        "Call(vk)" => ActionName::BeginVk,
        "Call(cancel)" => ActionName::Cancel,
        other => {
            assert!(
                !other.starts_with("Call(") || matches!(other, "Call(create)" | "Call(read)"),
                "{other} is not known"
            );
            return None;
        }
    })
}

/// What the machine sends to the service about this step, whatever the person presses, and what comes of that once more:
/// a dialog may lie in between.
fn offered_at(step: &Step) -> BTreeSet<String> {
    let mut calls = BTreeSet::new();
    for with in [World::at, World::for_anya] {
        let mut begun = with(step.clone());
        // A new code may be asked for by now.
        begun.now = NOW.plus(120_000);
        for (_, first) in intents() {
            let once = pressed(&begun, first, &mut calls);
            if once.verdict == Verdict::Moved && pending(&once.state).is_none() {
                for (_, second) in intents() {
                    pressed(&once, second, &mut calls);
                }
            }
        }
    }
    calls
}

fn pressed(world: &World, intent: Intent, calls: &mut BTreeSet<String>) -> World {
    let mut next = World { state: world.state.clone(), now: world.now, ..World::new() };
    next.intent(intent);
    calls.extend(next.effects.iter().map(|effect| effect.name().to_owned()).filter(|name| name.starts_with("Call(")));
    next
}

#[test]
fn every_step_of_the_service_is_known_by_both() {
    let names: BTreeSet<StepName> = steps().iter().map(|(answered, _)| answered.name()).collect();
    assert_eq!(names.len(), 11, "{names:?}");
    for (answered, stands) in steps() {
        assert_eq!(answered.name(), stands.name());
        let world = World::at(answered.clone());
        let view = serde_json::to_value(world.view()).unwrap();
        let shown = view["view"].as_str().unwrap().to_owned();
        assert!(!["starting", "opening", "sign_in", "keyring"].contains(&shown.as_str()), "{answered:?} shows {shown}");
    }
}

#[test]
fn what_the_machine_offers_at_a_step_the_service_takes_there() {
    let mut all = BTreeSet::new();
    for (answered, stands) in steps() {
        for call in offered_at(&answered) {
            let Some(action) = asked_for(&call) else { continue };
            assert!(
                action.is_taken_at(&stands),
                "{call} is offered at {answered:?} and {action:?} is not taken at {stands:?}"
            );
            all.insert(call);
        }
    }
    // No way that the service takes from a person is one that nobody can go.
    assert_eq!(all.len(), 16, "{all:?}");
}
