//! What the system tells while the window is not in front, and what it does not.

use mostik_flow::{Effect, Intent, News, Notice, Reply, Route};
use mostik_wire::{Channel, CloseReason, LinkSummary, LinkedStep, Linking, LinkingId, Millis, Step};

use crate::world::*;

const HOUR: i64 = 3_600_000;

fn told(world: &World) -> Vec<Notice> {
    let notice = |effect: &Effect| match effect {
        Effect::Notify(notice) => Some(*notice),
        _ => None,
    };
    world.effects.iter().filter_map(notice).collect()
}

fn hears(world: &mut World, linking: Linking) -> Vec<Notice> {
    world.news(News::Linking(Box::new(linking)));
    told(world)
}

fn doomed(version: u64, at: i64) -> Linking {
    let Step::Linked(step) = linked_step() else { unreachable!() };
    linking_of(version, Step::Linked(LinkedStep { deletes_at: Some(NOW.plus(at)), ..step }))
}

fn unlinked(version: u64) -> Linking {
    linking_of(version, Step::Closed { reason: CloseReason::Unlinked })
}

/// A diary with a link, and the window somewhere behind.
fn linked_behind() -> World {
    let mut world = World::signed_in(misha(linked(true, None)));
    world.news(News::InFront(false));
    world
}

/// At the step where MAX is awaited.
fn waiting() -> World {
    World::at(max_step())
}

#[test]
fn nothing_is_told_to_who_looks_at_the_window() {
    let mut world = waiting();
    assert_eq!(hears(&mut world, linking_of(3, linked_step())), []);
    let mut world = waiting();
    world.news(News::InFront(false)).news(News::InFront(true));
    assert_eq!(hears(&mut world, linking_of(3, linked_step())), []);
    // Going away afterwards does not bring it up again.
    world.news(News::InFront(false));
    assert_eq!(hears(&mut world, linking_of(4, linked_step())), []);
}

#[test]
fn nothing_is_told_where_it_is_switched_off_or_the_system_does_not_let_it() {
    let mut world = waiting();
    world.intent(Intent::SetNotices { on: false }).news(News::InFront(false));
    assert_eq!(hears(&mut world, linking_of(3, linked_step())), []);
    let mut world = waiting();
    world.news(News::MayNotify(false)).news(News::InFront(false));
    assert_eq!(hears(&mut world, linking_of(3, linked_step())), []);
}

#[test]
fn a_step_on_the_way_is_not_what_was_waited_for() {
    let mut world = World::at(code_step());
    world.news(News::InFront(false));
    assert_eq!(hears(&mut world, linking_of(3, taken_step())), []);
    assert_eq!(hears(&mut world, linking_of(4, max_step())), []);
}

#[test]
fn the_link_is_told_once_over_a_restart_and_a_late_answer_too() {
    let mut world = waiting();
    world.news(News::InFront(false));
    assert_eq!(hears(&mut world, linking_of(3, linked_step())), [Notice::Linked]);
    assert_eq!(hears(&mut world, linking_of(4, linked_step())), []);
    // An answer that was made before the link came.
    world.intent(Intent::BackToDiary);
    let stale = LinkSummary::InProgress { linking: LinkingId("l-1".into()), step: mostik_wire::StepName::Max };
    world.answer(Reply::Me(misha(stale)));
    assert_eq!(hears(&mut world, linking_of(5, linked_step())), []);
    world.restart().news(News::InFront(false)).answer(Reply::Me(misha(linked(true, None))));
    assert_eq!(told(&world), []);
}

#[test]
fn a_profile_by_mail_waits_for_its_messenger_and_that_is_told_from_the_diary_too() {
    let mut world = World::at(max_later_step());
    world.intent(Intent::BackToDiary).answer(Reply::Me(misha(linked(false, None)))).news(News::InFront(false));
    // What the stream begins with, and what is read because of it.
    assert_eq!(hears(&mut world, linking_of(3, max_later_step())), []);
    world.answer(Reply::Me(misha(linked(false, None))));
    assert_eq!(told(&world), []);
    assert_eq!(hears(&mut world, linking_of(4, linked_step())), [Notice::Linked]);
}

#[test]
fn what_another_device_does_to_the_link_is_told() {
    let mut world = linked_behind();
    let Step::Linked(step) = linked_step() else { unreachable!() };
    let by_mail = LinkedStep { in_max: false, channel: Channel::Mail, ..step };
    assert_eq!(hears(&mut world, linking_of(3, Step::Linked(by_mail))), [Notice::MessengerLeft]);
    assert_eq!(hears(&mut world, linking_of(4, linked_step())), [Notice::Linked]);
    assert_eq!(hears(&mut world, unlinked(5)), [Notice::Unlinked]);
    assert_eq!(hears(&mut world, unlinked(6)), []);
}

#[test]
fn what_is_done_in_this_very_window_is_not_told() {
    let mut world = World::asking(mostik_flow::ProtectedAction::Unlink);
    world.intent(Intent::ProveByPassword { password: mostik_wire::Secret::new(SECRET_PASSWORD) });
    world.news(News::InFront(false));
    assert_eq!(hears(&mut world, unlinked(3)), []);
    world.answer(Reply::Unlinked);
    assert_eq!(told(&world), []);
}

#[test]
fn a_deletion_is_told_by_its_day_in_moscow_and_once_for_each_time_it_is_asked_for() {
    // It is half past twelve.
    assert_eq!(hears(&mut linked_behind(), doomed(3, -1)), []);
    assert_eq!(hears(&mut linked_behind(), doomed(3, 11 * HOUR)), [Notice::DeletionToday]);
    assert_eq!(hears(&mut linked_behind(), doomed(3, 12 * HOUR)), [Notice::DeletionTomorrow]);
    let mut world = linked_behind();
    assert_eq!(hears(&mut world, doomed(3, 24 * HOUR)), [Notice::DeletionTomorrow]);
    assert_eq!(hears(&mut world, doomed(4, 24 * HOUR)), []);
    // Called off, and asked for again.
    assert_eq!(hears(&mut world, linking_of(5, linked_step())), []);
    assert_eq!(hears(&mut world, doomed(6, 23 * HOUR)), [Notice::DeletionTomorrow]);
    // By the service's clock: on this device it is four days later.
    let mut world = linked_behind();
    world.news(News::ClockOffset(-4 * 24 * HOUR));
    world.now = Millis(NOW.0 + 4 * 24 * HOUR);
    assert_eq!(hears(&mut world, doomed(3, 24 * HOUR)), [Notice::DeletionTomorrow]);
}

#[test]
fn the_system_is_asked_once_when_the_person_begins_to_wait() {
    let mut world = World::new();
    world.start();
    assert!(!world.did("RequestNotifyPermission"));
    let mut world = World::at(code_step());
    assert!(!world.did("RequestNotifyPermission") && !world.state.notices.asked);
    world.news(News::Linking(Box::new(linking_of(3, max_step()))));
    assert!(world.did("RequestNotifyPermission"));
    world.restart().answer(linking(4, max_step()));
    assert!(!world.did("RequestNotifyPermission"), "the answer is the system's to keep");
    // Who has switched it off is not asked, and who switches it on is.
    let mut world = World::at(code_step());
    world.intent(Intent::SetNotices { on: false }).news(News::Linking(Box::new(linking_of(3, max_step()))));
    assert!(!world.did("RequestNotifyPermission"));
    world.intent(Intent::SetNotices { on: true });
    assert!(world.did("RequestNotifyPermission"));
}

#[test]
fn the_switch_outlives_the_app() {
    let mut world = World::at(contact_step());
    world.intent(Intent::SetNotices { on: false }).restart();
    assert!(world.state.notices.off);
}

#[test]
fn whoever_presses_a_notice_comes_to_the_diary_of_whom_it_tells() {
    let mut world = World::signed_in(olga_with(LinkSummary::NotLinked, linked(true, None)));
    world.intent(Intent::ChooseChild { pupil: mostik_wire::PupilId("p-misha".into()) });
    world.news(News::NoticePressed);
    assert!(matches!(world.verdict, mostik_flow::Verdict::Ignored(_)), "nothing was told");
    world.news(News::InFront(false));
    let of_anya = Linking { pupil: mostik_wire::PupilId("p-anya".into()), ..unlinked(3) };
    assert_eq!(hears(&mut world, of_anya), [Notice::Unlinked]);
    world.news(News::NoticePressed);
    assert!(matches!(&world.state.route, Route::Diary(diary) if diary.home.pupil.id.0 == "p-anya"));
}
