//! Lessons, weeks and class chats; and answers that nobody waits for any longer.

use mostik_flow::{Input, Intent, Reply, View};
use mostik_wire::{LessonId, LinkSummary, LinkingId};

use crate::{stories::contact, world::*};

#[test]
fn who_waits_no_longer_is_led_nowhere_by_a_late_answer() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.intent(Intent::PressSferum).intent(Intent::Begin);
    let mostik_flow::Route::Diary(diary) = &world.state.route else { panic!("not in the diary") };
    let begun = diary.pending.as_ref().unwrap().attempt;
    world.intent(Intent::CloseDialog);
    assert!(world.did("ReadMe"), "what came of it is read");
    world.input(Input::Reply(begun, linking(1, contact_step())));
    assert!(matches!(world.view(), View::Diary { dialog: false, .. }));

    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.intent(Intent::PressSferum).intent(Intent::Begin).answer(linking(1, contact_step()));
    world.intent(contact("8 900 000 12 42")).intent(Intent::StopWaiting);
    assert!(world.did("Call(read)") && matches!(world.view(), View::Contact { busy: false, .. }));
    // It was done all the same: the reading says so, and no second SMS was asked for.
    world.answer(linking(2, code_step()));
    assert!(matches!(world.view(), View::Code { .. }));
    world.intent(Intent::StopWaiting);
    assert!(!world.did("Call(read)"), "there is nothing to wait for");
}

fn read_week(world: &mut World, date: &str) {
    let mostik_flow::Route::Diary(diary) = &world.state.route else { panic!("not in the diary") };
    let reading = diary.reading.expect("lessons are being read");
    world.input(Input::Reply(reading, Reply::Schedule(lessons(date))));
}

fn linked_in_max() -> LinkSummary {
    LinkSummary::Linked { linking: LinkingId("l-1".into()), since: NOW, in_max: true, in_vk: false, deletes_at: None }
}

fn join() -> Intent {
    Intent::JoinLesson { lesson: LessonId("501".into()) }
}

fn chat() -> Intent {
    Intent::OpenChat { title: "8 «Б»".into() }
}

#[test]
fn a_lesson_and_a_chat_lead_into_connecting_and_open_once_it_is_done() {
    for intent in [join, chat] {
        let mut world = World::signed_in(misha(LinkSummary::NotLinked));
        read_week(&mut world, TODAY);
        world.intent(intent());
        assert!(world.did("Call(create)"), "straight into the wizard");
        world.answer(linking(1, contact_step()));
        assert!(matches!(world.view(), View::Contact { .. }));
    }
    for intent in [join, chat] {
        let mut me = misha(linked_in_max());
        me.pupils[0].chats[0].url = Some("https://max.ru/join/8b".into());
        let mut world = World::signed_in(me);
        read_week(&mut world, TODAY);
        world.intent(intent());
        assert!(world.did("Open(lesson)") || world.did("Open(chat)"));
    }
}

#[test]
fn what_is_no_lesson_and_no_chat_of_this_diary_opens_nothing() {
    let mut world = World::signed_in(misha(linked_in_max()));
    for intent in [join(), Intent::OpenChat { title: "8 «А»".into() }] {
        let before = world.state.clone();
        world.intent(intent);
        assert!(world.state == before, "no lesson is known yet, and that chat is another class's");
    }
}

#[test]
fn a_chat_without_an_address_leads_to_sferum_itself() {
    let mut world = World::signed_in(misha(linked_in_max()));
    world.intent(chat());
    assert!(world.did("Call(read)"));
    world.answer(linking(5, linked_step()));
    assert!(world.did("Open(Sferum)"));
}

#[test]
fn a_week_is_kept_for_reading_and_read_anew_when_it_has_grown_old() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    read_week(&mut world, TODAY);
    world.intent(Intent::ShowDay { date: "2026-12-01".into() });
    let View::Diary { day, .. } = world.view() else { panic!("not in the diary") };
    assert!(day.week.is_none() && day.read_at.is_none(), "the next week is not known yet");
    world.intent(Intent::ShowDay { date: TODAY.into() });
    let View::Diary { day, .. } = world.view() else { panic!("not in the diary") };
    assert!(day.week.is_some() && day.read_at == Some(world.now), "{day:?}");
    assert!(!world.did("ReadSchedule"));
    let read_at = world.now;
    world.now = world.now.plus(60_000);
    world.intent(Intent::ShowDay { date: TODAY.into() });
    assert!(world.did("ReadSchedule"));
    let View::Diary { day, .. } = world.view() else { panic!("not in the diary") };
    assert_eq!(day.read_at, Some(read_at), "what is known stays in sight meanwhile");
}

#[test]
fn every_child_keeps_their_own_weeks() {
    let mut world = World::signed_in(olga());
    let choose = |world: &World, nth: usize| {
        let View::Children { children, .. } = world.view() else { panic!("not at the children") };
        Intent::ChooseChild { pupil: children[nth].pupil.clone() }
    };
    let first = choose(&world, 0);
    world.intent(first);
    read_week(&mut world, TODAY);
    world.intent(Intent::ChangeChild).answer(Reply::Me(olga()));
    let second = choose(&world, 1);
    world.intent(second);
    let View::Diary { day, .. } = world.view() else { panic!("not in the diary") };
    assert!(day.week.is_none(), "a sister's lessons are not a brother's");
    world.intent(Intent::ChangeChild).answer(Reply::Me(olga()));
    let first = choose(&world, 0);
    world.intent(first);
    let View::Diary { day, .. } = world.view() else { panic!("not in the diary") };
    assert!(day.week.is_some());
}
