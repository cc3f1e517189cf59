//! «Отправить на телефон»: the device that shows the code, and the one that reads it.

use mostik_flow::{CauseKind, Device, Input, Intent, LinkRefusal, News, Reply, SendToPhone, Strip, Verdict, View};
use mostik_wire::{Code, HandOffPlace, HandOffStage, LinkSummary, LinkingId, Problem, StepName};

use crate::world::*;

fn read() -> News {
    News::Link(format!("mostik://continue/{HANDLE}"))
}

fn refused(code: Code) -> Reply {
    Reply::Refused(Box::new(Problem::new(code)))
}

fn dialog(world: &World) -> SendToPhone {
    *world.screen().to_phone.expect("the dialog is open")
}

fn offers(world: &World) -> bool {
    world.screen().sends_to_phone
}

// ── The device that reads it ──

#[test]
fn a_code_that_leads_nowhere_says_why_and_leaves_everything_as_it_is() {
    for (reply, reason) in [
        (refused(Code::HandOffUnknown), LinkRefusal::HandOffUnknown),
        (refused(Code::HandOffExpired), LinkRefusal::HandOffExpired),
        (refused(Code::HandOffUsed), LinkRefusal::HandOffUsed),
        (refused(Code::Overloaded), LinkRefusal::HandOffUnchecked),
        (Reply::Failed(CauseKind::Offline.into()), LinkRefusal::HandOffUnchecked),
        // An answer to another question.
        (Reply::Opened, LinkRefusal::HandOffUnchecked),
    ] {
        let mut world = World::at(code_step());
        let before = world.view();
        world.news(read());
        assert!(world.did("PreviewHandOff"));
        world.answer_hand_off(reply);
        assert!(world.screen().strips.contains(&Strip::LinkRefused { reason }));
        assert_eq!(world.view(), before);
        world.intent(Intent::Dismiss);
        assert!(world.screen().strips.is_empty());
    }
}

#[test]
fn a_code_that_cannot_be_taken_any_more_says_so_too() {
    for (code, reason) in [
        (Code::HandOffExpired, LinkRefusal::HandOffExpired),
        (Code::HandOffUsed, LinkRefusal::HandOffUsed),
        (Code::HandOffHere, LinkRefusal::HandOffHere),
    ] {
        let mut world = World::at(code_step());
        let before = world.view();
        world.news(read()).answer_hand_off(offer());
        assert!(world.did("TakeHandOff"));
        world.answer_hand_off(refused(code));
        assert!(world.screen().strips.contains(&Strip::LinkRefused { reason }));
        assert_eq!(world.view(), before);
    }
}

#[test]
fn an_account_that_does_not_see_the_diary_is_told_whose_it_is_and_another_may_go_on() {
    let mut world = World::at(code_step());
    let before = world.view();
    world.news(read()).answer_hand_off(offer()).answer_hand_off(refused(Code::PupilNotYours));
    let strip = Strip::HandOffNotYours { pupil_name: "Михаил О.".into() };
    assert!(world.screen().strips.contains(&strip));
    assert_eq!(world.view(), before);
    // It is not tried again and again.
    world.intent(Intent::Refresh);
    assert!(!world.did("TakeHandOff"));
    world.intent(Intent::SignOut);
    assert!(matches!(world.view(), View::SignIn { handed_off: Some(name), .. } if name == "Михаил О."));
    world.intent(Intent::SignIn).answer(Reply::SignedIn { not_kept: None }).answer(Reply::Me(olga()));
    assert!(world.did("TakeHandOff"));
}

#[test]
fn what_was_dismissed_is_forgotten() {
    let mut world = World::at(code_step());
    world.news(read()).answer_hand_off(offer()).answer_hand_off(refused(Code::PupilNotYours));
    world.intent(Intent::Dismiss).intent(Intent::SignOut);
    assert!(matches!(world.view(), View::SignIn { handed_off: None, .. }));
}

#[test]
fn nobody_is_signed_in_by_a_code() {
    let mut world = World::offered();
    assert!(matches!(world.view(), View::SignIn { handed_off: Some(name), .. } if name == "Михаил О."));
    assert!(world.effects.is_empty(), "{:?}", world.effects);
    world.intent(Intent::SignIn).answer(Reply::SignedIn { not_kept: None });
    assert!(!world.did("TakeHandOff"), "whose account it is is read first");
    let link = LinkSummary::InProgress { linking: LinkingId("l-1".into()), step: StepName::Max };
    world.answer(Reply::Me(misha(link)));
    assert!(world.did("TakeHandOff"));
    world.answer_hand_off(handed_off("p-misha", HandOffPlace::Linking, Some(linking_of(4, max_step()))));
    assert!(matches!(world.view(), View::Max { .. }));
    assert!(world.did("Watch"));
}

#[test]
fn a_session_that_has_ended_meanwhile_is_begun_anew_and_the_code_still_leads_on() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.news(read()).answer_hand_off(offer()).answer_hand_off(refused(Code::SessionEnded));
    assert!(matches!(world.view(), View::SignIn { handed_off: Some(_), .. }));
    world.intent(Intent::SignIn).answer(Reply::SignedIn { not_kept: None });
    world.answer(Reply::Me(misha(LinkSummary::NotLinked)));
    assert!(world.did("TakeHandOff"));
}

#[test]
fn the_same_child_and_the_same_place_are_shown() {
    let mut world = World::signed_in(olga());
    world.news(read()).answer_hand_off(offer());
    world.answer_hand_off(handed_off("p-anya", HandOffPlace::Security, None));
    assert!(matches!(world.view(), View::Security { who, .. } if who.first_name == "Анна"));
    // From one child's step to another child's diary.
    world.news(read()).answer_hand_off(offer());
    world.answer_hand_off(handed_off("p-misha", HandOffPlace::Diary, None));
    assert!(matches!(world.view(), View::Diary { who, .. } if who.first_name == "Михаил"));
    // The linking is not there any more: its diary.
    world.news(read()).answer_hand_off(offer());
    world.answer_hand_off(handed_off("p-anya", HandOffPlace::Linking, None));
    assert!(matches!(world.view(), View::Diary { who, .. } if who.first_name == "Анна"));
}

#[test]
fn a_child_that_this_device_has_not_heard_of_is_read_first() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.news(read()).answer_hand_off(offer());
    world.answer_hand_off(handed_off("p-anya", HandOffPlace::Diary, None));
    assert!(matches!(world.view(), View::Opening { cause: None }) && world.did("ReadMe"));
    world.answer(Reply::Me(olga()));
    assert!(matches!(world.view(), View::Diary { who, .. } if who.first_name == "Анна"));
}

#[test]
fn a_question_out_of_max_is_answered_first() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked)).launched();
    world.news(read()).answer_hand_off(offer());
    assert!(matches!(world.view(), View::FromMax { .. }) && !world.did("TakeHandOff"));
    world.news(News::Reach(false)).news(News::Reach(true));
    assert!(matches!(world.view(), View::FromMax { .. }) && !world.did("TakeHandOff"));
    world.intent(Intent::DeclineLaunch);
    assert!(world.did("TakeHandOff"));
}

#[test]
fn of_two_codes_the_newer_counts() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.news(read());
    let older = hand_off_attempt(&world.state).unwrap();
    world.news(read());
    world.input(Input::Reply(older, offer()));
    assert!(matches!(world.verdict, Verdict::Ignored(_)));
    world.answer_hand_off(offer());
    assert!(world.did("TakeHandOff"));
}

// ── The device that shows it ──

#[test]
fn where_no_diary_is_open_and_on_a_phone_nothing_is_offered() {
    let mut phone = World::at(max_step());
    phone.news(News::Device(Device { system: "android aarch64".into(), ..device() }));
    for mut world in
        [World::new(), World::signed_in(olga()), World::signed_in(teacher()), World::at(max_step()).launched(), phone]
    {
        assert!(!offers(&world), "{:?}", world.state);
        world.intent(Intent::SendToPhone);
        assert!(matches!(world.verdict, Verdict::Refused(_)) && world.effects.is_empty());
    }
    for world in [World::signed_in(misha(LinkSummary::NotLinked)), World::at(max_step()), World::with_profile(own())] {
        assert!(offers(&world), "{:?}", world.state);
    }
}

#[test]
fn without_a_network_the_dialog_says_so_and_goes_on_by_itself() {
    let mut world = World::at(max_step()).outgoing();
    world.answer_hand_off(Reply::Failed(CauseKind::Offline.into())).news(News::Reach(false));
    let shown = dialog(&world);
    assert!(shown.code.is_none() && !shown.busy);
    assert_eq!(shown.cause.unwrap().kind, CauseKind::Offline);
    world.news(News::Reach(true));
    assert!(world.did("MakeHandOff") && dialog(&world).busy);
}

#[test]
fn the_code_is_shown_and_followed_until_it_is_taken() {
    let mut world = World::at(max_step()).outgoing();
    assert!(world.did("MakeHandOff") && dialog(&world).busy);
    world.intent(Intent::SendToPhone);
    assert!(matches!(world.verdict, Verdict::Ignored(_)), "one code at a time");
    world.answer_hand_off(hand_off());
    assert!(world.did("FollowHandOff"));
    let shown = dialog(&world);
    assert_eq!(shown.place, HandOffPlace::Linking);
    let code = shown.code.unwrap();
    assert_eq!((code.stage, code.name_masked.as_str()), (HandOffStage::Waiting, "Михаил О."));
    world.answer_hand_off(hand_off_status(HandOffStage::Waiting));
    assert!(world.did("FollowHandOff"), "no news: it is asked again");
    world.answer_hand_off(hand_off_status(HandOffStage::Seen));
    assert!(world.did("FollowHandOff") && dialog(&world).code.unwrap().stage == HandOffStage::Seen);
    world.answer_hand_off(hand_off_status(HandOffStage::Taken));
    assert!(!world.did("FollowHandOff"));
    assert_eq!(dialog(&world).code.unwrap().device.as_deref(), Some("Мостик, Android"));
    // The step went on beneath.
    world.intent(Intent::CloseSendToPhone);
    assert!(world.screen().to_phone.is_none() && matches!(world.view(), View::Max { .. }));
    world.intent(Intent::CloseSendToPhone);
    assert!(matches!(world.verdict, Verdict::Ignored(_)));
}

#[test]
fn a_code_that_is_over_gives_way_to_a_new_one() {
    let mut world = World::at(max_step()).sent();
    world.answer_hand_off(hand_off_status(HandOffStage::Over));
    assert!(!world.did("FollowHandOff"));
    world.intent(Intent::SendToPhone);
    assert!(world.did("MakeHandOff"));
    assert_eq!(dialog(&world).code.unwrap().stage, HandOffStage::Over, "in sight until the new one is there");
    world.answer_hand_off(hand_off());
    assert_eq!(dialog(&world).code.unwrap().stage, HandOffStage::Waiting);
}

#[test]
fn a_question_that_failed_is_asked_again_once_the_service_is_in_reach() {
    let mut world = World::at(max_step()).sent();
    world.answer_hand_off(Reply::Failed(CauseKind::Offline.into())).news(News::Reach(false));
    assert!(dialog(&world).code.is_some() && !world.did("FollowHandOff"));
    world.news(News::Reach(true));
    assert!(world.did("FollowHandOff"));
}

#[test]
fn the_dialog_goes_with_the_session_and_with_the_diary() {
    for leave in [Intent::SignOut, Intent::ChangeChild] {
        let mut world = World::for_anya(max_step()).sent();
        let following = hand_off_attempt(&world.state).unwrap();
        world.intent(leave);
        assert!(world.screen().to_phone.is_none());
        world.input(Input::Reply(following, hand_off_status(HandOffStage::Taken)));
        assert!(matches!(world.verdict, Verdict::Ignored(_)));
    }
    let mut world = World::at(max_step()).sent();
    world.answer_hand_off(refused(Code::SessionEnded));
    assert!(matches!(world.view(), View::SignIn { cause: Some(_), .. }) && world.screen().to_phone.is_none());
}

#[test]
fn neither_code_nor_token_reaches_the_disk_or_a_log() {
    for world in [World::at(max_step()).sent(), World::offered(), World::at(max_step()).outgoing()] {
        let kept = mostik_flow::stored::save(&world.state).unwrap();
        let logged = format!("{:?} {:?}", world.state, world.effects);
        assert!(!kept.contains("/continue/") && !logged.contains(HANDLE), "{logged}");
    }
}
