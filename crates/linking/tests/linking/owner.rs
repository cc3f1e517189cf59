//! What the owner of a linked profile may do with it, and by which proof.

use mostik_linking::{Action, Change, CodeCheck, Effect, Facts, Proof, Step, decide};
use mostik_wire::{Code, LogKind, Messenger};

use crate::world::*;

#[test]
fn a_profile_that_is_about_to_be_deleted_is_left_alone() {
    let pending = |facts: &mut Facts| facts.profile.as_mut().unwrap().deletion_pending = true;
    let proof = Proof::Password;
    for action in [
        Action::Unlink { proof },
        Action::LeaveMessenger { messenger: Messenger::Vk, proof },
        Action::AskDeletion { proof },
    ] {
        assert_eq!(refused("Linked, by mail", action, pending).code, Code::DeletionPending);
    }
    let kept = done("Linked", Action::KeepProfile, pending).unwrap();
    assert_eq!(names(&kept), ["SetDeletion(none)", "Note(DeletionCalledOff)", "Tell(DeletionCalledOff)"]);
    assert_eq!(kept.change, Change::Known);
    assert_eq!(done("Linked", Action::KeepProfile, |_| {}).unwrap().change, Change::None);
    let asked = done("Linked", Action::AskDeletion { proof }, |_| {}).unwrap();
    assert_eq!(asked.effects[0], Effect::SetDeletion { profile: "p".into(), due: Some(NOW.plus(DAY)) });
}

#[test]
fn the_last_messenger_does_not_leave_a_link_by_phone() {
    let leave = |messenger| Action::LeaveMessenger { messenger, proof: Proof::Password };
    let bound = |max: bool, vk: bool| {
        move |facts: &mut Facts| {
            let profile = facts.profile.as_mut().unwrap();
            (profile.max, profile.in_vk) = (max.then_some(VISITOR), vk);
        }
    };
    assert_eq!(refused("Linked", leave(Messenger::Max), bound(true, false)).code, Code::LastMessenger);
    assert_eq!(refused("Linked", leave(Messenger::Vk), bound(false, true)).code, Code::LastMessenger);
    for (messenger, kind) in [(Messenger::Max, LogKind::LeftMax), (Messenger::Vk, LogKind::LeftVk)] {
        let left = done("Linked", leave(messenger), bound(true, true)).unwrap();
        assert_eq!(left.effects[0], Effect::Note(kind));
        assert_eq!(left.effects[2], Effect::Unbind { profile: "p".into(), messenger });
        let by_mail = bound(messenger == Messenger::Max, messenger == Messenger::Vk);
        assert_eq!(done("Linked, by mail", leave(messenger), by_mail).unwrap().change, Change::Moved);
        let gone = bound(messenger != Messenger::Max, messenger != Messenger::Vk);
        assert!(done("Linked", leave(messenger), gone).unwrap().effects.is_empty(), "asked for twice, it is done once");
    }
}

#[test]
fn a_code_for_the_owner_proves_once_and_no_other_code_does() {
    let unlink = |entered| Action::Unlink { proof: Proof::Code(entered) };
    let wrong = done("Linked", unlink(CodeCheck::Neither), |_| {}).unwrap();
    assert_eq!(
        (names(&wrong), wrong.refused.as_ref().unwrap().code),
        (vec!["CountFailure(Owner)".to_owned()], Code::CodeWrong)
    );
    let export = |step: &Step| {
        let action = Action::Export { proof: Proof::Code(CodeCheck::Newest) };
        decide(&linking(step.clone()), action, &facts_at(step), NOW)
    };
    let spent = export(&step_named("Linked")).unwrap();
    assert_eq!(
        (spent.change, names(&spent)),
        (Change::None, vec!["Note(Exported)".to_owned(), "Tell(Exported)".into()])
    );
    assert_eq!(export(&spent.step).unwrap_err().code, Code::CodeTriesUsedUp);
    // No code was sent to the owner: one that was sent for something else is worth nothing, however fresh.
    let without = |newest| {
        let Step::Linked(mut linked) = step_named("Linked") else { panic!() };
        linked.link.owner_code = None;
        let step = Step::Linked(linked);
        let facts = Facts { newest_code_expires_at: newest, ..facts_at(&step) };
        decide(&linking(step), unlink(CodeCheck::Newest), &facts, NOW).unwrap_err().code
    };
    assert_eq!(without(None), Code::CodeExpired);
    assert_eq!(without(Some(NOW)), Code::CodeExpired);
    assert_eq!(without(Some(NOW.plus(1))), Code::CodeTriesUsedUp);
}
