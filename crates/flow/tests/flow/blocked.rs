//! An account or a profile that the service's operator has blocked: said where the person stands, with what to name to support.

use mostik_flow::{CauseKind, Intent, News, ProtectedAction, Reply, View};
use mostik_wire::{Code, Problem, Secret};

use crate::world::*;

const REQUEST: &str = "7F3K-9QWX-2TBM";

fn blocked(code: Code) -> Box<Problem> {
    Box::new(Problem { request_id: Some(REQUEST.into()), ..Problem::new(code) })
}

#[test]
fn a_blocked_account_is_signed_out_wherever_it_is() {
    let told = |world: &World| match world.view() {
        View::SignIn { cause: Some(cause), .. } => (cause.kind, cause.support),
        other => panic!("{other:?}"),
    };
    let expected = (CauseKind::AccountBlocked, Some(REQUEST.to_owned()));
    let mut world = World::at(code_step());
    world.news(News::SessionEnded(blocked(Code::AccountBlocked)));
    assert_eq!(told(&world), expected);
    // The next sign-in is refused as well, and none begins by itself.
    world.intent(Intent::SignIn).answer(Reply::Refused(blocked(Code::AccountBlocked)));
    assert_eq!((told(&world), world.effects.len()), (expected.clone(), 0));
    let mut world = World::signed_in(olga());
    world.intent(Intent::Refresh).answer(Reply::Refused(blocked(Code::AccountBlocked)));
    assert_eq!(told(&world), expected);
}

#[test]
fn a_blocked_profile_leaves_the_step_with_a_way_to_another_number() {
    let mut world = World::at(code_step());
    world.intent(Intent::SubmitCode { code: Secret::new(SECRET_CODE) });
    world.answer(Reply::Refused(blocked(Code::ProfileBlocked)));
    let View::Code { cause: Some(cause), .. } = world.view() else { panic!() };
    assert_eq!((cause.kind, cause.support.as_deref()), (CauseKind::ProfileBlocked, Some(REQUEST)));
    world.intent(Intent::ChangeContact);
    assert!(matches!(world.view(), View::Contact { .. }));
}

#[test]
fn a_blocked_profile_under_security_closes_the_question() {
    let mut world = World::asking(ProtectedAction::Unlink);
    world.intent(Intent::ProveByPassword { password: Secret::new(SECRET_PASSWORD) });
    world.answer(Reply::Refused(blocked(Code::ProfileBlocked)));
    let View::Security { action, cause: Some(cause), .. } = world.view() else { panic!() };
    assert_eq!((action, cause.kind), (None, CauseKind::ProfileBlocked));
}
