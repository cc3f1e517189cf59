//! «Безопасность»: taking the data away, unlinking, deleting.

use mostik_flow::{Effect, Intent, News, ProfileCall, ProtectedAction, Reply, SecurityBusy, Verdict, View};
use mostik_wire::{Code, LinkSummary, OwnerCode, Problem, Profile, Proof, Secret};

use crate::world::*;

fn refused(code: Code) -> Reply {
    Reply::Refused(Box::new(Problem::new(code)))
}

fn password() -> Intent {
    Intent::ProveByPassword { password: Secret::new(SECRET_PASSWORD) }
}

fn action(world: &World) -> Option<ProtectedAction> {
    let View::Security { action, .. } = world.view() else { panic!("not under «Безопасность»") };
    action
}

fn card(world: &World) -> Option<mostik_flow::ProfileCard> {
    let View::Security { profile, .. } = world.view() else { panic!("not under «Безопасность»") };
    profile
}

#[test]
fn without_a_link_nothing_can_be_done_and_the_way_leads_into_the_diarys_dialog() {
    let mut world = World::security(LinkSummary::NotLinked);
    assert!(world.did("ReadMe"), "whether that is still so");
    world.answer(Reply::Me(misha(LinkSummary::NotLinked)));
    for action in [ProtectedAction::Export, ProtectedAction::Unlink, ProtectedAction::Delete] {
        world.intent(Intent::BeginProof { action });
        assert!(matches!(world.verdict, Verdict::Refused(_)));
    }
    world.intent(Intent::PressSferum);
    assert!(matches!(world.view(), View::Diary { dialog: true, .. }));
}

#[test]
fn nothing_is_done_without_a_proof_and_half_a_code_is_none() {
    let mut world = World::with_profile(own());
    world.intent(password());
    assert!(matches!(world.verdict, Verdict::Refused(_)), "nobody asked for anything");
    world
        .intent(Intent::BeginProof { action: ProtectedAction::Unlink })
        .intent(Intent::ProveByCode { code: Secret::new("48 1") });
    assert_eq!((world.cause().as_deref(), world.effects.len()), (Some("code_incomplete"), 0));
    let mut world = World::with_profile(Profile { has_password: false, ..own() });
    world.intent(Intent::BeginProof { action: ProtectedAction::Unlink }).intent(password());
    assert!(matches!(world.verdict, Verdict::Refused(_)), "a profile without a password is proven by a code");
}

#[test]
fn a_wrong_proof_leaves_the_dialog_open_and_reads_what_is_left() {
    let mut world = World::asking(ProtectedAction::Delete);
    world.intent(password());
    assert!(matches!(world.view(), View::Security { busy: SecurityBusy::Doing, .. }));
    world.intent(Intent::CloseDialog);
    assert!(matches!(world.verdict, Verdict::Ignored(_)), "what is under way is not called off by closing");
    world.answer(refused(Code::PasswordWrong));
    assert_eq!((action(&world), world.cause().as_deref()), (Some(ProtectedAction::Delete), Some("password_wrong")));
    assert!(world.did("ProfileCall(read)"));
    world.answer(Reply::Profile(Box::new(own())));
    assert_eq!(world.cause().as_deref(), Some("password_wrong"), "the cause outlives that reading");
}

#[test]
fn an_answer_that_was_lost_is_looked_for_and_not_sent_again() {
    let mut world = World::asking(ProtectedAction::Unlink);
    world.intent(password()).answer(Reply::Failed(mostik_flow::CauseKind::Timeout.into()));
    assert!(world.did("ProfileCall(read)") && !world.did("ProfileCall(unlink)"));
    world.answer(refused(Code::NotLinked));
    let View::Security { linked, profile, action, cause, .. } = world.view() else { panic!() };
    assert_eq!((linked, profile, action, cause), (false, None, None, None), "it had come true");
}

#[test]
fn a_code_is_asked_for_not_too_often_and_proves_the_person() {
    let mut world = World::asking(ProtectedAction::Export);
    world.intent(Intent::SendOwnerCode);
    assert!(world.did("ProfileCall(code)"));
    let code = OwnerCode { expires_at: NOW.plus(600_000), tries_left: 5, delivery: mostik_wire::Delivery::Sent };
    let sent = Profile { code: Some(code), resend_at: Some(NOW.plus(60_000)), ..own() };
    world.answer(Reply::Profile(Box::new(sent)));
    assert_eq!(action(&world), Some(ProtectedAction::Export), "sending a code closes nothing");
    world.intent(Intent::SendOwnerCode);
    assert_eq!((world.cause().as_deref(), world.effects.len()), (Some("resend_too_early"), 0));
    world.intent(Intent::ProveByCode { code: Secret::new("481-902") });
    let sent = world.effects.iter().any(|effect| {
        matches!(effect, Effect::ProfileCall { call: ProfileCall::Export(body), .. }
            if body.profile == "4815162342" && matches!(&body.proof, Proof::Code { code } if code.expose() == SECRET_CODE))
    });
    assert!(sent);
    world.answer(Reply::Saved { file: "/downloads/mostik-1.html".into() });
    let View::Security { saved, action, .. } = world.view() else { panic!() };
    assert_eq!((saved.as_deref(), action), (Some("/downloads/mostik-1.html"), None));
    world.answer(Reply::Profile(Box::new(own()))).intent(Intent::ShowSaved);
    assert!(world.did("Open(file)"));
}

#[test]
fn an_unlinked_diary_says_so_and_can_be_linked_again_at_once() {
    let mut world = World::asking(ProtectedAction::Unlink);
    world.intent(password()).answer(Reply::Unlinked);
    assert!(matches!(world.view(), View::Security { linked: false, profile: None, action: None, .. }));
    world.intent(Intent::PressSferum);
    assert!(matches!(world.view(), View::Diary { dialog: true, .. }));
}

#[test]
fn a_deletion_is_shown_in_the_diary_too_and_can_be_called_off() {
    let mut world = World::asking(ProtectedAction::Delete);
    let due = NOW.plus(86_400_000);
    world.intent(password()).answer(Reply::Profile(Box::new(Profile { deletes_at: Some(due), ..own() })));
    assert_eq!((action(&world), card(&world).unwrap().deletes_at), (None, Some(due)));
    for other in [ProtectedAction::Unlink, ProtectedAction::Delete] {
        world.intent(Intent::BeginProof { action: other });
        assert_eq!((action(&world), world.cause().as_deref()), (None, Some("deletion_pending")));
    }
    world.intent(Intent::BackToDiary).answer(Reply::Me(misha(linked(true, Some(due)))));
    assert!(matches!(world.view(), View::Diary { deletes_at: Some(at), .. } if at == due));
    world.intent(Intent::OpenSecurity).answer(Reply::Profile(Box::new(Profile { deletes_at: Some(due), ..own() })));
    world.intent(Intent::KeepProfile);
    assert!(world.did("ProfileCall(keep)"));
    world.answer(Reply::Profile(Box::new(own())));
    assert_eq!(card(&world).unwrap().deletes_at, None);
    world.intent(Intent::KeepProfile);
    assert!(matches!(world.verdict, Verdict::Refused(_)), "there is nothing to call off");
}

#[test]
fn after_a_kill_the_page_is_there_again_and_nothing_was_done_twice() {
    let mut world = World::asking(ProtectedAction::Delete);
    world.intent(password()).restart();
    assert!(
        world.did("ProfileCall(read)") && world.effects.iter().all(|effect| effect.name() != "ProfileCall(delete)")
    );
    assert!(matches!(world.view(), View::Security { .. }));
    // Another parent unlinked the child meanwhile.
    world.answer(refused(Code::NotLinked)).news(News::Reach(false)).news(News::Reach(true));
    assert!(world.did("ReadMe"));
}

#[test]
fn a_device_is_signed_out_by_its_row_and_never_this_one_by_mistake() {
    let mut world = World::with_profile(own());
    for session in ["s-1", "s-9"] {
        world.intent(Intent::EndSession { session: session.into() });
        assert!(matches!(world.verdict, Verdict::Refused(_)), "{session}");
    }
    world.intent(Intent::EndSession { session: "s-2".into() });
    assert!(world.did("EndSessions"));
    world.answer(Reply::SessionsEnded);
    assert!(world.did("ReadSecurity"), "what is left is looked at");
}

#[test]
fn signing_out_everywhere_ends_here_as_well() {
    let mut world = World::with_profile(own());
    world.intent(Intent::SignOutEverywhere).answer(Reply::Failed(mostik_flow::CauseKind::Timeout.into()));
    assert!(matches!(world.view(), View::Security { .. }), "not signed out before it is done");
    world.answer(Reply::Profile(Box::new(own()))).intent(Intent::SignOutEverywhere).answer(Reply::SessionsEnded);
    assert!(world.did("SignOut"));
    assert_eq!(world.state.name(), "SignedOut");
}

#[test]
fn a_log_that_cannot_be_read_takes_nothing_away() {
    let mut world = World::with_profile(own());
    world.intent(Intent::Refresh).answer_reading(Reply::Failed(mostik_flow::CauseKind::Timeout.into()));
    let View::Security { events, sessions, cause, .. } = world.view() else { panic!() };
    assert_eq!((events.map(|e| e.len()), sessions.len(), cause), (Some(1), 2, None));
}
