//! What a parent lives through who makes a child's profile by e-mail. Refusals come before the happy path.

use mostik_flow::{CauseKind, Details, Effect, Intent, Language, Reply, SferumButton, View};
use mostik_wire::{Code, DetailsStep, LinkSummary, LinkingId, PasswordProblem, Problem, Secret, Step, Strength};

use crate::{
    stories::{contact, type_code},
    world::*,
};

#[test]
fn an_address_that_is_none_is_refused_and_a_slip_is_asked_about_once() {
    let mut world = World::for_anya(contact_step());
    world.intent(contact("орлова@"));
    assert_eq!(world.cause().as_deref(), Some("email_malformed"));
    world.intent(contact("orlova@mial.ru"));
    assert!(world.effects.is_empty());
    let View::Contact { suggestion, sendable, email_possible, .. } = world.view() else { panic!("left the field") };
    assert_eq!((suggestion.as_deref(), sendable, email_possible), (Some("orlova@mail.ru"), true, true));
    world.intent(contact("orlova@mial.ru"));
    assert!(world.did("Call(contact)"), "who sends the same again means it");
}

#[test]
fn an_address_in_letters_that_look_the_same_is_asked_about_and_one_without_its_dot_cannot_be_sent() {
    for (typed, meant, sendable) in [
        ("orlova@mаil.ru", "orlova@mail.ru", true),
        ("orlova@mail,ru", "orlova@mail.ru", false),
        ("оrlova@mailru", "orlova@mail.ru", false),
    ] {
        let mut world = World::for_anya(contact_step());
        world.intent(contact(typed));
        let View::Contact { suggestion, sendable: shown, .. } = world.view() else { panic!("left the field") };
        assert_eq!((suggestion.as_deref(), shown), (Some(meant), sendable), "{typed}");
        world.intent(contact(typed));
        assert_eq!(world.did("Call(contact)"), sendable, "{typed}");
        world.intent(contact(meant));
    }
    let mut world = World::for_anya(contact_step());
    for (typed, cause) in [("a@mail.ru, b@mail.ru", "two_addresses"), ("orlovaщ@mail.ru", "email_mixed_alphabets")] {
        world.intent(contact(typed));
        assert_eq!(world.cause().as_deref(), Some(cause));
    }
}

#[test]
fn a_password_is_weighed_while_it_is_typed_and_kept_nowhere() {
    let mut world = World::for_anya(password_step());
    for (typed, strength, problem) in [
        ("анна", None, Some(PasswordProblem::Short)),
        ("орлова2015", None, Some(PasswordProblem::Common)),
        (SECRET_PASSWORD, Some(Strength::Strong), None),
        ("", None, None),
    ] {
        world.intent(Intent::WeighPassword { password: Secret::new(typed) });
        let View::Password { strength: shown, problem: named, .. } = world.view() else { panic!("left the field") };
        assert_eq!((shown, named), (strength, problem), "{typed}");
    }
    world.intent(Intent::SubmitPassword { password: Secret::new("пароль1234") });
    assert_eq!(world.cause().as_deref(), Some("password_too_common"));
    assert!(world.effects.is_empty());
}

#[test]
fn details_with_a_mistake_or_without_consent_are_not_sent() {
    let good = || crate::documents::details(Some("2026-11"));
    for (details, cause, field) in [
        (Details { last_name: "Орлова2".into(), ..good() }, "name_malformed", Some("last_name")),
        (Details { birth_date: "2015-02-30".into(), ..good() }, "birth_date_wrong", Some("birth_date")),
        (crate::documents::details(None), "consent_missing", None),
    ] {
        let mut world = World::for_anya(details_step());
        world.intent(Intent::SubmitDetails(details));
        assert_eq!(world.cause().as_deref(), Some(cause));
        let View::Details { cause: Some(cause), .. } = world.view() else { panic!("left the form") };
        assert_eq!(cause.field.as_deref(), field);
        assert!(world.effects.is_empty());
    }
}

#[test]
fn a_name_goes_as_the_diary_tells_it_whatever_it_is_made_of() {
    // One name alone, with a digit, and a dash for a patronymic: the form as it was filled in.
    let Step::Details(told) = details_step() else { panic!("another step") };
    let told = DetailsStep {
        last_name: String::new(),
        first_name: "Соня-2 (Ким)".into(),
        middle_name: Some("-".into()),
        ..told
    };
    let filled_in = Details {
        last_name: String::new(),
        first_name: "Соня-2 (Ким)".into(),
        middle_name: Some("-".into()),
        ..crate::documents::details(Some("2026-11"))
    };
    let mut world = World::for_anya(Step::Details(told.clone()));
    world.intent(Intent::SubmitDetails(filled_in.clone()));
    assert!(world.did("Call(details)"), "{:?}", world.cause());
    for (changed, field) in [
        (Details { first_name: "Соня-3 (Ким)".into(), ..filled_in.clone() }, "first_name"),
        (Details { first_name: String::new(), ..filled_in.clone() }, "first_name"),
        (Details { last_name: "Ким2".into(), ..filled_in.clone() }, "last_name"),
        (Details { middle_name: Some("--".into()), ..filled_in }, "middle_name"),
    ] {
        let mut world = World::for_anya(Step::Details(told.clone()));
        world.intent(Intent::SubmitDetails(changed));
        let View::Details { cause: Some(cause), .. } = world.view() else { panic!("nothing is said") };
        assert_eq!((cause.kind, cause.field.as_deref()), (CauseKind::NameMalformed, Some(field)));
    }
}

#[test]
fn who_has_one_name_is_called_by_it_and_no_sentence_is_turned_by_a_name() {
    let mut me = olga();
    me.account.last_name = String::new();
    let anya = me.pupils.last_mut().expect("Anya");
    (anya.first_name, anya.last_name) = (String::new(), " Сугиарто ".into());
    let misha = &mut me.pupils[0];
    (misha.first_name, misha.last_name) = ("عمر".into(), "الفارسي".into());
    let View::Children { account_name, children, .. } = World::signed_in(me).view() else { panic!("not among them") };
    assert_eq!(account_name, "Ольга");
    let shown: Vec<_> = children
        .iter()
        .map(|child| (child.who.first_name.as_str(), child.who.full_name.as_str(), child.who.initials.as_str()))
        .collect();
    let isolated = ("\u{2068}عمر\u{2069}", "\u{2068}عمر الفارسي\u{2069}", "ع\u{200c}ا");
    assert_eq!(shown, [isolated, ("Сугиарто", "Сугиарто", "С")]);
    assert_eq!(children[1].who.parent.as_deref(), Some("Ольга"));
}

#[test]
fn a_child_alone_cannot_agree_for_the_parent() {
    let mut world = World::at(details_step());
    assert!(matches!(world.view(), View::Details { can_agree: false, .. }));
    world.intent(Intent::SubmitDetails(crate::documents::details(Some("2026-11"))));
    assert_eq!(world.cause().as_deref(), Some("needs_parent"));
}

#[test]
fn the_language_goes_with_every_request_also_after_a_restart() {
    let mut world = World::new();
    world.start().intent(Intent::SetLanguage { language: Language::En });
    assert!(world.effects == [Effect::UseLanguage(Language::En)]);
    let text = mostik_flow::stored::save(&world.state).unwrap();
    world.state = mostik_flow::stored::load(&text).unwrap();
    world.start();
    assert!(world.effects.contains(&Effect::UseLanguage(Language::En)));
}

#[test]
fn a_forgotten_password_is_recovered_and_the_profile_is_confirmed() {
    let mut world = World::for_anya(exists_step());
    world.intent(Intent::SignInToProfile { password: Secret::new("не тот пароль") });
    let wrong = Problem { tries_left: Some(9), ..Problem::new(Code::PasswordWrong) };
    world.answer(Reply::Refused(Box::new(wrong))).answer(linking(3, exists_step()));
    assert_eq!(world.cause().as_deref(), Some("password_wrong"));
    world.intent(Intent::RecoverPassword).answer(linking(4, recovery_step()));
    let recovery =
        |code: &str| Intent::SubmitRecovery { code: Secret::new(code), password: Secret::new(SECRET_PASSWORD) };
    world.intent(recovery("481902"));
    assert_eq!(world.cause().as_deref(), Some("code_incomplete"), "eight digits, not six");
    world.intent(recovery(SECRET_RECOVERY));
    assert!(world.did("Call(recovery)"));
    world.answer(linking(5, profile_step(own_profile())));
    assert!(matches!(world.view(), View::Profile { .. }));
}

#[test]
fn a_parent_makes_the_childs_profile_by_mail_and_leaves_max_for_later() {
    let mut world = World::for_anya(contact_step());
    world.intent(contact(" Орлова@Почта.РФ ")).answer(linking(2, letter_step()));
    let View::Code { head, contact: shown, .. } = world.view() else { panic!("not at the code") };
    assert_eq!((shown.as_str(), head.of), ("орлова@почта.рф", 5));
    type_code(&mut world).answer(linking(3, password_step()));
    world.intent(Intent::SubmitPassword { password: Secret::new(SECRET_PASSWORD) }).answer(linking(4, details_step()));
    assert!(matches!(world.view(), View::Details { can_agree: true, .. }));
    world
        .intent(Intent::SubmitDetails(crate::documents::details(Some("2026-11"))))
        .answer(linking(5, max_later_step()));
    assert!(matches!(world.view(), View::Max { skippable: true, phone_masked: None, .. }));
    world.intent(Intent::SkipMax).answer(linking(6, linked_by_mail_step()));
    let View::Linked { head, in_max, .. } = world.view() else { panic!("not linked") };
    assert_eq!((head.step, in_max), (6, false));
    world.intent(Intent::BackToDiary);
    assert!(matches!(world.view(), View::Diary { button: SferumButton::LinkedWithoutMessenger, .. }));
    // The diary offers what was left for later.
    let link = LinkSummary::Linked {
        linking: LinkingId("l-1".into()),
        since: NOW,
        in_max: false,
        in_vk: false,
        deletes_at: None,
    };
    world.answer(Reply::Me(olga_with(LinkSummary::NotLinked, link))).intent(Intent::PressSferum);
    world.answer(linking(6, linked_by_mail_step())).intent(Intent::RenewMaxLink);
    assert!(world.did("Call(max-link)"));
    world.answer(linking(7, max_later_step()));
    assert!(world.did("Watch"), "what MAX answers must be heard again");
}
