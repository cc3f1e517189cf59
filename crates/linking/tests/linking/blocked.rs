//! A profile that an operator has blocked: who gets no further with it, and what goes on all the same.

use mostik_linking::{Action, ActionName, CodeCheck, Effect, Facts, PasswordHash, Proof, SharedContact, decide};
use mostik_wire::{Code, Messenger};

use crate::world::*;

/// The profile that the step names, and the one under the contact, are blocked.
fn block(facts: &mut Facts) {
    facts.profile.iter_mut().for_each(|profile| profile.blocked = true);
    facts.under_contact.iter_mut().for_each(|found| found.blocked = true);
}

fn found_blocked(is_linked: bool) -> impl FnOnce(&mut Facts) {
    move |facts| {
        facts.under_contact = found(is_linked);
        block(facts);
    }
}

#[test]
fn nobody_gets_to_it_or_does_anything_with_it() {
    let name = || "Анна О.".to_owned();
    let share = |user| Action::ShareInMax { user, name: name(), contact: own(phone()) };
    let accept = |phone| Action::AcceptLaunch { user: VISITOR, name: name(), phone };
    let proof = Proof::Password;
    for (step, action) in [
        ("Code", Action::SubmitCode { entered: CodeCheck::Newest }),
        ("Code, by mail", Action::SubmitCode { entered: CodeCheck::Newest }),
        ("Details", Action::GiveDetails(Box::new(details()))),
        ("Exists", Action::SignInToProfile),
        ("Exists", Action::Recover),
        (
            "Recovery",
            Action::SetNewPassword { entered: CodeCheck::Newest, password: PasswordHash("$argon2id$new".into()) },
        ),
        ("Profile", Action::Confirm { accept_other_name: false }),
        ("Profile, none yet", Action::Confirm { accept_other_name: false }),
        ("Profile, proven in MAX", Action::Confirm { accept_other_name: false }),
        ("Profile, by mail", Action::Confirm { accept_other_name: false }),
        ("Max, to prove a number, opened", share(VISITOR)),
        ("Max, to join", Action::OpenInMax { user: VISITOR }),
        ("Max, to join", Action::RenewMaxLink),
        ("Max, to join", Action::BeginVk),
        ("Max, to join", Action::BindVk { user: 710, name: None }),
        ("Max, to join, opened", share(VISITOR)),
        ("Max, to join, another number there", Action::TakeMaxNumber),
        ("Max, offered, opened", share(VISITOR)),
        ("Contact", accept(Some(phone()))),
        ("Max, to join", accept(Some(phone()))),
        ("Linked", accept(None)),
        ("Linked", Action::RenewMaxLink),
        ("Linked", Action::BeginVk),
        ("Linked", Action::NameVkAccount { user: 710 }),
        ("Linked", Action::BindVk { user: 710, name: None }),
        ("Linked", Action::SendOwnerCode),
        ("Linked", Action::Export { proof }),
        ("Linked", Action::Unlink { proof: Proof::Code(CodeCheck::Newest) }),
        ("Linked, by mail", Action::Unlink { proof }),
        ("Linked, by mail", Action::LeaveMessenger { messenger: Messenger::Max, proof }),
        ("Linked", Action::AskDeletion { proof }),
    ] {
        for is_linked in [false, true] {
            let refusal = refused(step, action.clone(), found_blocked(is_linked));
            assert!(refusal.code == Code::ProfileBlocked && !refusal.shows_linking, "{step}: {refusal:?}");
        }
    }
}

#[test]
fn who_has_not_proven_the_contact_is_answered_as_if_it_were_not() {
    for (step, action) in [
        ("Contact", Action::GiveContact { contact: by_phone() }),
        ("Contact", Action::UseFormer),
        ("Code", Action::Resend),
        ("Code", Action::SubmitCode { entered: CodeCheck::Older }),
        ("Code", Action::SubmitCode { entered: CodeCheck::Neither }),
        ("Max, to prove a number", Action::OpenInMax { user: VISITOR }),
        (
            "Max, to prove a number, opened",
            Action::ShareInMax { user: VISITOR, name: String::new(), contact: SharedContact::Unproven },
        ),
    ] {
        let unblocked = done(step, action.clone(), |facts| facts.under_contact = found(false));
        assert_eq!(done(step, action, found_blocked(false)), unblocked, "{step}");
    }
}

#[test]
fn what_operators_do_what_time_brings_and_every_way_out_go_on() {
    let proof = Proof::Operator;
    let expected = |step: &str, action: Action| {
        let unblocked = done(step, action.clone(), |_| {}).expect(step);
        assert_eq!(done(step, action, block).expect(step), unblocked, "{step}");
    };
    expected("Linked, by mail", Action::Unlink { proof });
    expected("Linked, by mail", Action::LeaveMessenger { messenger: Messenger::Max, proof });
    expected("Linked", Action::Export { proof });
    expected("Linked", Action::AskDeletion { proof });
    expected("Linked", Action::KeepProfile);
    expected("Max, offered", Action::SkipMax);
    expected("Max, offered", Action::Expire);
    expected("Max, to join", Action::Expire);
    expected("Max, to join", Action::Cancel);
    expected("Max, to join", Action::ProveInMax);
    expected("Max, to join, opened", Action::LeaveBot { user: VISITOR });
    expected("Profile", Action::ProfileErased);
    expected("Profile, by mail", Action::PasswordReplaced);
    expected("Profile", Action::GiveContact { contact: by_mail() });
    // To another profile than the blocked one.
    expected("Max, to join, another number there", Action::TakeMaxNumber);
}

#[test]
fn a_decision_is_the_same_as_ever_or_none() {
    for (step_name, step) in steps() {
        for (action_name, action) in actions() {
            for under in [None, found(false), found(true)] {
                let facts = Facts { under_contact: under, ..facts_at(&step) };
                let mut blocked = facts.clone();
                block(&mut blocked);
                let ever = decide(&linking(step.clone()), action.clone(), &facts, NOW);
                match decide(&linking(step.clone()), action.clone(), &blocked, NOW) {
                    Err(refusal) if refusal.code == Code::ProfileBlocked => assert!(ever.is_ok()),
                    same => assert_eq!(same, ever, "{step_name}, {action_name}"),
                }
            }
        }
    }
}

#[test]
fn a_blocked_profile_is_linked_by_nothing() {
    for (step_name, step) in steps() {
        for (action_name, action) in actions() {
            let mut facts = Facts { under_contact: found(false), ..facts_at(&step) };
            block(&mut facts);
            let calls_off = action.name() == ActionName::KeepProfile;
            let Ok(decision) = decide(&linking(step.clone()), action, &facts, NOW) else { continue };
            let touched = decision.effects.iter().any(|effect| match effect {
                Effect::Link { profile }
                | Effect::Unlink { profile }
                | Effect::Bind { profile, .. }
                | Effect::Unbind { profile, .. }
                | Effect::SetPassword { profile, .. }
                | Effect::BeginVk { profile, .. }
                | Effect::SetDeletion { profile, .. } => profile == "p",
                _ => false,
            });
            assert!(!touched || calls_off, "{step_name}, {action_name}: {decision:?}");
        }
    }
}
