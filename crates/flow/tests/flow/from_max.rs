//! A link out of MAX, and what the person is asked.

use mostik_flow::{CauseKind, Input, Intent, LinkRefusal, News, Reply, Route, Strip, Verdict, View};
use mostik_wire::{Code, LinkSummary, LinkingId, Problem, PupilId, StepName};

use crate::world::*;

fn open() -> News {
    News::Link(format!("mostik://open/{HANDLE}"))
}

fn refused(code: Code) -> Reply {
    Reply::Refused(Box::new(Problem::new(code)))
}

fn answer_claim(world: &mut World, reply: Reply) {
    let claiming = world.state.conditions.claiming.expect("the service is asked");
    world.input(Input::Reply(claiming, reply));
}

fn misha_yes() -> Intent {
    Intent::AcceptLaunch { pupil: PupilId("p-misha".into()) }
}

#[test]
fn a_link_that_opens_nothing_says_why_and_leaves_everything_as_it_is() {
    for (reply, reason) in [
        (refused(Code::LaunchUnknown), LinkRefusal::Foreign),
        (refused(Code::LaunchExpired), LinkRefusal::Expired),
        (refused(Code::LaunchUsed), LinkRefusal::Repeated),
        (refused(Code::Overloaded), LinkRefusal::Unchecked),
        (Reply::Failed(CauseKind::Offline.into()), LinkRefusal::Unchecked),
    ] {
        let mut world = World::at(code_step());
        let before = world.view();
        world.news(open());
        assert!(world.did("ClaimLaunch"));
        answer_claim(&mut world, reply);
        assert!(world.screen().strips.contains(&Strip::LinkRefused { reason }));
        assert_eq!(world.view(), before);
    }
}

#[test]
fn who_came_is_shown_and_nothing_is_sent_before_the_yes() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked)).launched();
    assert!(matches!(world.view(), View::FromMax { max_name, phone_masked: Some(_), chosen: Some(_), busy: false, .. }
        if max_name == "Михаил О."));
    world.intent(Intent::AcceptLaunch { pupil: PupilId("p-lev".into()) });
    assert!(matches!(world.verdict, Verdict::Refused(_)) && world.effects.is_empty());
    world.intent(misha_yes());
    assert!(world.did("AcceptLaunch"));
    world.intent(misha_yes());
    assert!(matches!(world.verdict, Verdict::Ignored(_)));
    world.answer(linking(2, profile_step(own_profile())));
    assert!(matches!(world.view(), View::Profile { .. }));
}

#[test]
fn a_no_leads_back_to_what_was_shown() {
    let mut world = World::at(code_step()).launched();
    world.intent(Intent::DeclineLaunch);
    assert!(matches!(world.view(), View::Code { .. }));
    assert!(world.did("Call(read)"));
}

#[test]
fn what_lies_underneath_goes_on_meanwhile() {
    let mut world = World::at(code_step());
    world.intent(Intent::Resend);
    let resending = pending(&world.state);
    let mut world = world.launched();
    assert!(matches!(world.view(), View::FromMax { .. }));
    world.now = world.now.plus(61_000);
    world.news(News::Linking(Box::new(linking_of(7, profile_step(own_profile())))));
    if let Some(attempt) = resending {
        world.input(Input::Reply(attempt, linking(6, code_step())));
    }
    assert!(matches!(world.view(), View::FromMax { .. }));
    world.intent(Intent::DeclineLaunch);
    assert!(matches!(world.view(), View::Profile { .. }));
}

#[test]
fn a_device_where_nobody_is_signed_in_asks_after_the_sign_in() {
    let mut world = World::new();
    world.start().answer(Reply::KeyringRead { session: false }).news(open());
    answer_claim(&mut world, launch());
    assert!(matches!(world.view(), View::SignIn { from_max: Some(name), .. } if name == "Михаил О."));
    world.intent(Intent::SignIn).answer(Reply::SignedIn { not_kept: None }).answer(Reply::Me(olga()));
    assert!(matches!(world.view(), View::FromMax { children, chosen: None, .. } if children.len() == 2));
    world.intent(Intent::AcceptLaunch { pupil: PupilId("p-anya".into()) }).answer(linking(1, profile_step(None)));
    assert!(matches!(world.view(), View::Profile { head, .. } if head.who.first_name == "Анна"));
}

#[test]
fn a_cold_start_by_a_link_asks_once_the_diary_is_known() {
    let mut world = World::new();
    world.start().news(open());
    assert!(world.did("ClaimLaunch"));
    answer_claim(&mut world, launch());
    world.answer(Reply::KeyringRead { session: true }).answer(Reply::Me(misha(LinkSummary::NotLinked)));
    assert!(matches!(world.view(), View::FromMax { .. }));
}

#[test]
fn a_session_that_ends_in_between_is_signed_in_again_and_asked_again() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked)).launched();
    world.intent(misha_yes()).answer(refused(Code::SessionEnded));
    assert!(matches!(world.view(), View::SignIn { from_max: Some(_), .. }));
    world.intent(Intent::SignIn).answer(Reply::SignedIn { not_kept: None });
    world.answer(Reply::Me(misha(LinkSummary::NotLinked)));
    assert!(matches!(world.view(), View::FromMax { .. }));
}

#[test]
fn a_yes_that_fails_says_why_and_can_be_said_again() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked)).launched();
    world.intent(misha_yes()).answer(Reply::Failed(CauseKind::Offline.into()));
    assert_eq!(world.cause().as_deref(), Some("offline"));
    world.intent(misha_yes());
    assert!(world.did("AcceptLaunch"));
}

#[test]
fn a_newer_link_takes_the_place_of_the_older() {
    let world = World::at(max_step()).launched().launched();
    let Route::FromMax(from_max) = &world.state.route else { panic!("{:?}", world.state) };
    assert!(matches!(*from_max.beneath, Route::Wizard(_)));
}

#[test]
fn after_a_restart_the_question_is_gone_and_its_place_is_there() {
    let mut world = World::at(max_step()).launched();
    world.restart();
    assert!(matches!(world.view(), View::Max { .. }));
}

#[test]
fn links_made_and_removed_elsewhere_are_shown() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    assert!(world.did("Watch(account)"));
    world.news(News::Linking(Box::new(linking_of(3, linked_step()))));
    assert!(world.did("ReadMe"), "who and what else has changed is read anew");
    world.answer(Reply::Me(misha(linked(true, None))));
    world.news(News::Linking(Box::new(linking_of(3, linked_step()))));
    assert!(matches!(world.verdict, Verdict::Ignored(_)));
    let closed = mostik_wire::Step::Closed { reason: mostik_wire::CloseReason::Unlinked };
    world.news(News::Linking(Box::new(linking_of(4, closed))));
    assert!(matches!(&world.state.route, Route::Diary(diary) if diary.home.pupil.link == LinkSummary::NotLinked));

    let mut world = World::signed_in(olga());
    let mut begun = linking_of(1, code_step());
    begun.pupil = PupilId("p-anya".into());
    world.news(News::Linking(Box::new(begun)));
    let Route::Family(family) = &world.state.route else { panic!("{:?}", world.state) };
    let in_progress = LinkSummary::InProgress { linking: LinkingId("l-1".into()), step: StepName::Code };
    assert_eq!(family.children[1].link, in_progress);
}

#[test]
fn max_proves_the_number_in_place_of_an_sms() {
    let mut world = World::at(contact_step());
    world.intent(Intent::ProveByMax);
    assert!(world.did("Call(max-proof)"));
    world.answer(linking(3, proof_step()));
    assert!(matches!(world.view(), View::Max { proves: true, head, .. } if head.step == 2));
    world.news(News::MaxHere(Some(false)));
    assert!(matches!(world.view(), View::Max { here: Some(false), .. }));

    let mut world = World::at(differing_step());
    world.intent(Intent::TakeMaxNumber);
    assert!(world.did("Call(max-number)"));
    let mut world = World::at(max_step());
    world.intent(Intent::TakeMaxNumber);
    assert!(matches!(world.verdict, Verdict::Refused(_)));

    let mut world = World::at(former_step());
    world.intent(Intent::SignInToFormer);
    assert!(world.did("Call(former)"));
}
