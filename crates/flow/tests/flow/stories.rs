//! What a pupil lives through. Refusals come before the happy path.

use mostik_flow::{
    Cause, CauseKind, CodeBusy, Input, Intent, KeyringProblem, News, Reply, SferumButton, Strip, Verdict, View,
};
use mostik_wire::{Code, LinkSummary, LinkingId, Millis, Problem, PupilId, Secret, StepName};

use crate::world::*;

pub fn type_code(world: &mut World) -> &mut World {
    world.intent(Intent::SubmitCode { code: Secret::new(SECRET_CODE) })
}

pub fn contact(text: &str) -> Intent {
    Intent::SubmitContact { text: text.into() }
}

#[test]
fn a_wrong_number_is_refused_before_anything_is_sent_and_stays_to_be_mended() {
    for (text, cause) in [
        ("   ", "contact_empty"),
        ("8 495 123-45-67", "phone_landline"),
        ("+375 29 123-45-67", "phone_foreign"),
        ("привет", "phone_malformed"),
        ("8 916 123", "phone_too_short"),
        ("4276 3800 1234 5678", "phone_too_long"),
        ("8 916 123-45-67 доб. 5", "phone_extension"),
        ("8 916 123-45-67, 8 916 123-45-68", "two_numbers"),
        ("8 916 123-45-67, misha@mail.ru", "number_and_address"),
        ("misha@mail.ru, olga@mail.ru", "email_not_here"),
        ("misha@mail,ru", "email_not_here"),
        ("mishaщ@mail.ru", "email_not_here"),
        ("misha@mail.ru", "email_not_here"),
    ] {
        let mut world = World::at(contact_step());
        world.intent(contact(text));
        assert_eq!(world.cause().as_deref(), Some(cause), "{text}");
        assert!(world.effects.is_empty(), "{text}: {:?}", world.effects);
        let View::Contact { typed, .. } = world.view() else { panic!("left the field") };
        assert_eq!(typed, text);
    }
}

#[test]
fn a_number_among_words_is_shown_before_it_is_sent() {
    let text = "тел. 8 916 123-45-67 (мама)";
    let shown = |world: &World| {
        let View::Contact { understood, .. } = world.view() else { panic!("left the field") };
        understood.map(|understood| (understood.text, understood.contact, understood.plain))
    };
    // Pressed before it was read: it is shown, and a second press sends it.
    let mut world = World::at(contact_step());
    world.intent(contact(text));
    assert!(world.effects.is_empty());
    assert_eq!(shown(&world), Some((text.into(), "+7 916 123-45-67".into(), false)));
    world.intent(contact(text));
    assert!(world.did("Call(contact)"));
    // Read while it was typed: it is on the screen when the button is pressed.
    let mut world = World::at(contact_step());
    world.intent(Intent::ReadContact { text: "мама".into() });
    assert_eq!((shown(&world), world.cause()), (None, None), "nobody is told of an error while typing");
    world.intent(Intent::ReadContact { text: text.into() }).intent(contact(text));
    assert!(world.did("Call(contact)"));
    // What was seen of one text says nothing of another.
    let mut world = World::at(contact_step());
    world.intent(Intent::ReadContact { text: text.into() }).intent(contact("тел. 8 916 123-45-68"));
    assert!(world.effects.is_empty());
    // A number alone is what was typed.
    let mut world = World::at(contact_step());
    world.intent(contact("8 (916) 123-45-67"));
    assert!(world.did("Call(contact)"));
}

#[test]
fn letters_in_place_of_digits_are_asked_about_and_cannot_be_sent() {
    let mut world = World::at(contact_step());
    for _ in 0..2 {
        world.intent(contact("8 9ОО 123-45-67"));
        assert!(world.effects.is_empty());
        let View::Contact { suggestion, sendable, .. } = world.view() else { panic!("left the field") };
        assert_eq!((suggestion.as_deref(), sendable), (Some("+7 900 123-45-67"), false));
    }
    world.intent(contact("+7 900 123-45-67"));
    assert!(world.did("Call(contact)"));
}

#[test]
fn digits_of_any_script_are_a_code() {
    for code in ["٤٨١٩٠٢", "４８１ ９０２", "481\u{2013}902", "\u{200e}481902"] {
        let mut world = World::at(code_step());
        world.intent(Intent::SubmitCode { code: Secret::new(code) });
        let carried = world.effects.iter().any(|effect| {
            matches!(effect, mostik_flow::Effect::Call { call: mostik_flow::Call::Code { code, .. }, .. } if code.expose() == SECRET_CODE)
        });
        assert!(carried, "{code}");
    }
}

#[test]
fn a_code_that_begins_with_zero_stays_whole() {
    let mut world = World::at(code_step());
    world.intent(Intent::SubmitCode { code: Secret::new("004219") });
    let carried = world.effects.iter().any(|effect| {
        matches!(effect, mostik_flow::Effect::Call { call: mostik_flow::Call::Code { code, .. }, .. } if code.expose() == "004219")
    });
    assert!(carried);
}

#[test]
fn a_code_that_is_not_six_digits_costs_no_try() {
    let mut world = World::at(code_step());
    world.intent(Intent::SubmitCode { code: Secret::new("48190") });
    assert_eq!(world.cause().as_deref(), Some("code_incomplete"));
    assert!(world.effects.is_empty());
}

#[test]
fn a_wrong_code_says_how_many_tries_are_left_and_reads_the_linking_anew() {
    let mut world = World::at(code_step());
    type_code(&mut world)
        .answer(Reply::Refused(Box::new(Problem { tries_left: Some(4), ..Problem::new(Code::CodeWrong) })));
    assert_eq!(world.cause().as_deref(), Some("code_wrong"));
    assert!(world.did("Call(read)"));
    world.answer(linking(3, code_step()));
    assert_eq!(world.cause().as_deref(), Some("code_wrong"), "the reading must not hide why it was read");
}

#[test]
fn a_new_code_cannot_be_asked_for_too_early() {
    let mut world = World::at(code_step());
    world.intent(Intent::Resend);
    assert_eq!(world.cause().as_deref(), Some("resend_too_early"));
    world.now = NOW.plus(60_000);
    world.intent(Intent::Resend);
    assert!(world.did("Call(resend)"));
}

#[test]
fn while_a_code_is_checked_nothing_else_is_sent() {
    let mut world = World::at(code_step());
    type_code(&mut world);
    assert!(matches!(world.view(), View::Code { busy: CodeBusy::Checking, .. }));
    for intent in
        [Intent::Resend, Intent::ChangeContact, Intent::Retry, Intent::SubmitCode { code: Secret::new("000000") }]
    {
        world.intent(intent);
        assert!(matches!(world.verdict, Verdict::Ignored(_)));
        assert!(world.effects.is_empty());
    }
}

#[test]
fn a_code_lost_on_the_way_is_not_sent_again_but_asked_after() {
    let mut world = World::at(code_step());
    type_code(&mut world).answer(Reply::Failed(CauseKind::Timeout.into())).intent(Intent::Retry);
    assert!(world.did("Call(read)") && !world.did("Call(code)"));
}

#[test]
fn a_wish_whose_answer_was_lost_and_that_came_true_is_no_mistake() {
    let mut world = World::at(contact_step());
    world.intent(contact("8 900 000-12-42")).answer(Reply::Failed(CauseKind::Timeout.into())).intent(Intent::Retry);
    assert!(world.did("Call(contact)"));
    let stale = Problem { linking: Some(Box::new(linking_of(2, code_step()))), ..Problem::new(Code::StaleVersion) };
    world.answer(Reply::Refused(Box::new(stale)));
    assert!(matches!(world.view(), View::Code { .. }));
    assert_eq!(world.cause(), None);
}

#[test]
fn a_linking_that_moved_on_elsewhere_is_shown_where_it_stands_and_says_so() {
    let mut world = World::at(code_step());
    world.now = NOW.plus(60_000);
    let moved = Problem { linking: Some(Box::new(linking_of(9, max_step()))), ..Problem::new(Code::StaleVersion) };
    world.intent(Intent::Resend).answer(Reply::Refused(Box::new(moved)));
    assert!(matches!(world.view(), View::Max { .. }));
    assert_eq!(world.cause().as_deref(), Some("moved_on"));
}

#[test]
fn a_profile_with_another_name_needs_an_explicit_yes() {
    let mut world = World::at(profile_step(other_profile()));
    world.intent(Intent::ConfirmProfile { accept_other_name: false });
    assert_eq!(world.cause().as_deref(), Some("other_name_not_accepted"));
    assert!(world.effects.is_empty());
    world.intent(Intent::ConfirmProfile { accept_other_name: true });
    assert!(world.did("Call(confirm)"));
}

#[test]
fn a_number_of_another_pupil_leads_to_another_number() {
    let mut world = World::at(taken_step());
    world.intent(Intent::ChangeContact).intent(contact("8 900 000-23-57"));
    assert!(world.did("Call(contact)"));
}

#[test]
fn old_news_and_news_of_another_linking_move_nothing() {
    let mut world = World::at(max_step());
    let before = world.state.clone();
    world.news(News::Linking(Box::new(linking_of(1, code_step()))));
    assert!(matches!(world.verdict, Verdict::Ignored(_)) && world.state == before);
    let mut foreign = linking_of(99, linked_step());
    foreign.id = LinkingId("l-2".into());
    world.news(News::Linking(Box::new(foreign)));
    assert!(matches!(world.verdict, Verdict::Ignored(_)) && world.state == before);
}

#[test]
fn an_answer_that_is_older_than_the_news_does_not_turn_anything_back() {
    let mut world = World::at(max_step());
    world.intent(Intent::RenewMaxLink);
    let attempt = pending(&world.state).unwrap();
    world.news(News::Linking(Box::new(linking_of(9, linked_step()))));
    world.input(Input::Reply(attempt, linking(3, max_step())));
    assert!(matches!(world.view(), View::Linked { .. }));
}

#[test]
fn links_that_are_forged_foreign_or_repeated_do_nothing_and_say_why() {
    let link = format!("mostik://return/{HANDLE}");
    for (mut world, text, reason) in [
        (World::at(max_step()), "mostik://steal/me".to_owned(), "malformed"),
        (World::at(max_step()), "mostik://return/ZZZZZZZZZZZZZZZZZZZZZZ".to_owned(), "foreign"),
        (World::at(code_step()), link.clone(), "foreign"),
        (World::new(), link.clone(), "foreign"),
    ] {
        let route = world.state.route.clone();
        world.news(News::Link(text));
        assert!(world.state.route == route && world.effects.is_empty());
        let strips = serde_json::to_value(world.screen().strips).unwrap();
        assert_eq!(strips[0]["reason"], reason);
    }
    let mut world = World::at(max_step());
    world.news(News::Link(link.clone()));
    assert!(world.did("Call(read)") && world.screen().strips.is_empty());
    world.answer(linking(3, linked_step())).news(News::Link(link));
    let strips = serde_json::to_value(world.screen().strips).unwrap();
    assert_eq!(strips[0]["reason"], "repeated");
    assert!(world.effects.is_empty());
}

#[test]
fn a_keyring_that_cannot_be_used_is_a_screen_with_two_ways_on() {
    for problem in [KeyringProblem::Absent, KeyringProblem::Locked, KeyringProblem::Dismissed, KeyringProblem::Broken] {
        let mut world = World::new();
        world.start().answer(Reply::KeyringFailed(problem));
        assert_eq!(world.view(), View::Keyring { problem, busy: false });
        world.intent(Intent::RetryKeyring);
        assert!(world.did("ReadKeyring"));
        world.answer(Reply::KeyringFailed(problem)).intent(Intent::ContinueWithoutKeyring);
        assert!(world.did("KeepInMemory"));
        assert!(matches!(world.view(), View::SignIn { .. }));
        assert_eq!(world.screen().strips, [Strip::SessionOnly]);
    }
}

#[test]
fn a_refused_or_abandoned_sign_in_leads_back_to_the_start_with_its_cause() {
    for kind in [CauseKind::SignInRefused, CauseKind::SignInAbandoned, CauseKind::BrowserNotOpened] {
        let mut world = World::new();
        world.start().answer(Reply::KeyringRead { session: false }).intent(Intent::SignIn);
        world.answer(Reply::Failed(kind.into()));
        assert_eq!(world.view(), View::SignIn { cause: Some(Cause::new(kind)), from_max: None, handed_off: None });
    }
}

#[test]
fn an_account_without_pupils_is_told_whose_account_it_is() {
    let world = World::signed_in(teacher());
    assert!(matches!(world.view(), View::NoPupil { account_name, .. } if account_name == "Михаил Орлов"));
}

fn choose(pupil: &str) -> Intent {
    Intent::ChooseChild { pupil: PupilId(pupil.into()) }
}

#[test]
fn a_child_of_another_family_cannot_be_chosen() {
    let mut world = World::signed_in(olga());
    world.intent(choose("p-lev"));
    assert!(matches!(world.verdict, Verdict::Refused(_)));
    assert!(matches!(world.view(), View::Children { .. }));
}

#[test]
fn a_pupil_sees_only_himself() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.intent(Intent::ChangeChild);
    assert!(matches!(world.verdict, Verdict::Refused(_)));
    let View::Diary { who, .. } = world.view() else { panic!("not in the diary") };
    assert_eq!(who.parent, None);
}

#[test]
fn each_child_has_an_own_state_and_a_half_finished_wizard_waits_where_it_was_left() {
    let mut world = World::signed_in(olga());
    world.intent(choose("p-misha")).intent(Intent::PressSferum).intent(Intent::Begin).answer(linking(1, code_step()));
    let View::Code { head, .. } = world.view() else { panic!("not at the code") };
    assert_eq!((head.who.first_name.as_str(), head.who.parent.as_deref()), ("Михаил", Some("Ольга Орлова")));

    world.intent(Intent::ChangeChild);
    assert!(world.did("Watch(account)"));
    let View::Children { children, .. } = world.view() else { panic!("not at the children") };
    assert_eq!(
        children.iter().map(|child| child.button).collect::<Vec<_>>(),
        [SferumButton::Continue, SferumButton::NotLinked]
    );

    world.intent(choose("p-anya"));
    let View::Diary { who, button, .. } = world.view() else { panic!("not in the diary") };
    assert_eq!((who.first_name.as_str(), button), ("Анна", SferumButton::NotLinked));
    // What arrives for the other child is known of that child, and changes nothing here.
    let before = world.view();
    world.news(News::Linking(Box::new(linking_of(7, code_step()))));
    assert_eq!(world.view(), before);

    world
        .intent(Intent::ChangeChild)
        .intent(choose("p-misha"))
        .intent(Intent::PressSferum)
        .answer(linking(2, code_step()));
    assert!(matches!(world.view(), View::Code { .. }));
}

#[test]
fn after_a_kill_the_parent_stands_with_the_same_child() {
    let mut world = World::signed_in(olga());
    world.intent(choose("p-anya")).restart();
    assert!(matches!(world.view(), View::Diary { who, .. } if who.first_name == "Анна"));
    world.intent(Intent::ChangeChild).restart();
    assert!(matches!(world.view(), View::Children { .. }));
}

#[test]
fn a_child_that_the_diary_no_longer_shows_is_left() {
    let mut world = World::signed_in(olga());
    world.intent(choose("p-anya")).intent(Intent::Refresh);
    let mut fewer = olga();
    fewer.pupils.pop();
    world.answer(Reply::Me(fewer));
    assert!(matches!(world.view(), View::Children { children, .. } if children.len() == 1));
}

#[test]
fn a_session_that_ends_midway_comes_back_to_the_same_step_after_the_sign_in() {
    let mut world = World::at(code_step());
    world.news(News::SessionEnded(Box::new(Problem::new(Code::SessionEnded))));
    assert!(matches!(world.view(), View::SignIn { cause: Some(cause), .. } if cause.kind == CauseKind::SessionEnded));
    world.intent(Intent::SignIn).answer(Reply::SignedIn { not_kept: None });
    let link = LinkSummary::InProgress { linking: LinkingId("l-1".into()), step: StepName::Code };
    world.answer(Reply::Me(misha(link))).answer(linking(2, code_step()));
    assert!(matches!(world.view(), View::Code { .. }));
}

#[test]
fn a_linking_that_is_gone_leads_to_the_diary_and_says_so() {
    let mut world = World::at(max_step());
    world.news(News::LinkingGone(LinkingId("l-2".into())));
    assert!(matches!(world.verdict, Verdict::Ignored(_)));
    world.news(News::LinkingGone(LinkingId("l-1".into())));
    assert!(matches!(world.view(), View::Diary { .. }));
    assert_eq!(world.cause().as_deref(), Some("linking_gone"));
}

#[test]
fn a_clock_that_is_off_by_days_is_named_and_does_not_bend_the_countdown() {
    let days = 3 * 24 * 3_600_000;
    let mut world = World::at(code_step());
    world.now = NOW.plus(days);
    world.news(News::ClockOffset(-days));
    let View::Code { expires_at, .. } = world.view() else { panic!("not at the code") };
    assert_eq!(expires_at.since(world.now), 600_000);
    assert_eq!(world.screen().strips, [Strip::ClockOff { by_ms: days }]);
}

#[test]
fn out_of_reach_the_last_known_state_stays_and_is_marked() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.news(News::Reach(false));
    assert!(matches!(world.view(), View::Diary { button: SferumButton::Offline, .. }));
    assert_eq!(world.screen().strips, [Strip::Offline { as_of: Some(NOW) }]);
    world.news(News::Reach(true));
    assert!(world.did("ReadMe"));
}

#[test]
fn after_a_kill_at_every_step_the_person_stands_where_they_stood_and_nothing_is_sent_twice() {
    let steps = [
        contact_step(),
        code_step(),
        taken_step(),
        profile_step(own_profile()),
        profile_step(None),
        max_step(),
        linked_step(),
    ];
    for step in steps {
        let mut world = World::at(step.clone());
        let name = world.state.name();
        world.restart();
        assert_eq!(world.state.name(), name);
        assert!(world.did("Call(read)"), "{name}: {:?}", world.effects);
        assert!(world.effects.iter().all(|effect| matches!(effect.name(), "Call(read)" | "Watch" | "DetectMax")));
        world.answer(linking(2, step));
        assert_eq!(world.state.name(), name);
    }
}

#[test]
fn a_pupil_gets_linked() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    assert!(matches!(world.view(), View::Diary { button: SferumButton::NotLinked, invited: true, dialog: false, .. }));
    world.intent(Intent::PressSferum);
    assert!(matches!(world.view(), View::Diary { dialog: true, .. }));
    world.intent(Intent::Begin);
    assert!(world.did("Call(create)"));
    world.answer(linking(1, contact_step())).intent(contact("8 900 000 12 42"));
    assert!(world.did("Call(contact)"));
    world.answer(linking(2, code_step()));
    assert!(matches!(world.view(), View::Code { contact, .. } if contact == "+7 900 000-12-42"));
    type_code(&mut world).answer(linking(3, profile_step(own_profile())));
    assert!(matches!(world.view(), View::Profile { other_name: false, .. }));
    world.intent(Intent::ConfirmProfile { accept_other_name: false }).answer(linking(4, max_step()));
    world.intent(Intent::OpenMax);
    assert!(world.did("Open(MAX)"));
    world.answer(Reply::Opened).news(News::Linking(Box::new(linking_of(5, linked_step()))));
    let View::Linked { head, .. } = world.view() else { panic!("not linked") };
    assert_eq!(head.step, head.of + 1, "all planks lie");
    world.intent(Intent::OpenSferum);
    assert!(world.did("Open(Sferum)"));
    world.answer(Reply::Opened).intent(Intent::BackToDiary);
    assert!(matches!(world.view(), View::Diary { button: SferumButton::Linked, invited: false, .. }));
}

#[test]
fn the_day_is_moscows_whatever_the_device_says() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    // 21:30 UTC is half past midnight of the next day in Moscow.
    world.now = Millis(NOW.0 + 12 * 3_600_000);
    let View::Diary { day, .. } = world.view() else { panic!("not in the diary") };
    assert_eq!((day.date.as_str(), day.today.as_str()), (TODAY, "2026-11-25"));
}

#[test]
fn the_next_remote_lesson_is_one_of_today_whatever_day_the_diary_shows() {
    for (date, expected) in [(TODAY, true), ("2026-11-25", false)] {
        let mut world = World::signed_in(misha(LinkSummary::NotLinked));
        world.intent(Intent::ShowDay { date: date.into() });
        let mostik_flow::Route::Diary(diary) = &world.state.route else { panic!("not in the diary") };
        let reading = diary.reading.unwrap();
        world.input(Input::Reply(reading, Reply::Schedule(lessons(date))));
        world.intent(Intent::PressSferum).intent(Intent::Begin).answer(linking(5, linked_step()));
        let View::Linked { next_remote, .. } = world.view() else { panic!("not linked") };
        assert_eq!(next_remote.is_some(), expected, "{date}");
    }
}

#[test]
fn the_day_that_is_looked_at_stays_and_its_lessons_come_back_after_the_wizard() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.intent(Intent::ShowDay { date: "2026-11-20".into() }).intent(Intent::PressSferum).intent(Intent::Begin);
    world.answer(linking(1, contact_step())).intent(Intent::BackToDiary);
    world.answer(Reply::Me(misha(LinkSummary::NotLinked)));
    let mostik_flow::Route::Diary(diary) = &world.state.route else { panic!("not in the diary") };
    let reading = diary.reading.unwrap();
    world.input(Input::Reply(reading, Reply::Schedule(lessons("2026-11-20"))));
    let View::Diary { day, .. } = world.view() else { panic!("not in the diary") };
    assert!(day.date == "2026-11-20" && day.week.is_some(), "{day:?}");
}

#[test]
fn who_looked_at_today_goes_on_to_the_new_day() {
    let mut world = World::signed_in(misha(LinkSummary::NotLinked));
    world.now = Millis(NOW.0 + 24 * 3_600_000);
    world.intent(Intent::Refresh).answer(Reply::Me(misha(LinkSummary::NotLinked)));
    assert!(world.did("ReadSchedule"));
    let View::Diary { day, .. } = world.view() else { panic!("not in the diary") };
    assert_eq!(day.date, "2026-11-25");
}
