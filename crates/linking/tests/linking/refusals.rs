//! What the rules refuse by the facts, and what they do where the facts are not in order.

use mostik_linking::{
    Action, Aim, AtMax, Budget, Change, CodeCheck, Decision, Effect, Facts, FormerProfile, Link, LinkedTo, MaxText,
    NewProfile, OwnedBy, Purpose, SentCode, SharedContact, Step, TRIES, Trouble, Visitor, decide,
};
use mostik_wire::{Code, Delivery, DetailsBody, VkTrouble};

use crate::world::*;

fn code(entered: CodeCheck) -> Action {
    Action::SubmitCode { entered }
}

#[test]
fn an_address_is_for_pupils_under_fourteen() {
    let give = || Action::GiveContact { contact: by_mail() };
    for birth_date in [None, mostik_wire::BirthDate::parse("2012-11-24")] {
        let refusal = refused("Contact", give(), |facts| facts.pupil.birth_date = birth_date);
        assert_eq!((refusal.code, refusal.detail), (Code::EmailNeedsUnder14, Some("contact")));
    }
    let young = |facts: &mut Facts| facts.pupil.birth_date = mostik_wire::BirthDate::parse("2012-11-25");
    assert!(matches!(done("Contact", give(), young).unwrap().step, Step::Code { known: false, .. }));
}

#[test]
fn the_same_contact_sends_nothing_while_its_code_is_on_its_way() {
    let give = || Action::GiveContact { contact: by_phone() };
    let at = |resend_in: i64, expires_in: i64| {
        let sent = SentCode { resend_at: NOW.plus(resend_in), expires_at: NOW.plus(expires_in), ..sent() };
        let step = Step::Code { contact: by_phone(), known: false, sent };
        decide(&linking(step.clone()), give(), &facts_at(&step), NOW).unwrap()
    };
    assert_eq!((at(1, 1).change, at(1, 1).effects), (Change::None, Vec::new()));
    for (resend_in, expires_in) in [(0, 1), (1, 0)] {
        let decision = at(resend_in, expires_in);
        assert_eq!(
            (decision.change, names(&decision)),
            (Change::Moved, vec!["SendCode(Contact, Sms)".to_owned(), "CountContact".to_owned()])
        );
        let Step::Code { sent, .. } = decision.step else { panic!() };
        assert_eq!((sent.nth, sent.tries, sent.delivery), (4, 0, Delivery::Queued));
        assert_eq!(sent.expires_at, NOW.plus(10 * MINUTE));
        assert_eq!(sent.resend_at, NOW.plus(MINUTE));
    }
}

#[test]
fn a_code_bears_its_place_among_those_of_its_purpose() {
    let decision = done("Code", Action::Resend, |facts| facts.earlier_codes = 2).unwrap();
    let Step::Code { sent, .. } = decision.step else { panic!() };
    assert_eq!((sent.nth, sent.place), (4, 3));
}

#[test]
fn a_former_profile_that_is_gone_is_not_asked_for() {
    assert_eq!(refused("Contact", Action::UseFormer, |facts| facts.former = None).code, Code::WrongStep);
    let decision = done("Contact", Action::UseFormer, |_| {}).unwrap();
    assert!(matches!(decision.step, Step::Code { known: true, .. }), "it is shown masked");
    let Step::Code { .. } = done("Code", Action::Resend, |_| {}).unwrap().step else { panic!() };
}

#[test]
fn a_code_is_weighed_by_its_life_then_the_budget_then_its_own_tries_and_only_then_itself() {
    let with = |change: &dyn Fn(&mut SentCode), spent: bool, entered| {
        let mut sent = sent();
        change(&mut sent);
        let step = Step::Code { contact: by_phone(), known: false, sent };
        let failures = if spent { vec![NOW; mostik_linking::limits::WRONG_CODES_OF_CONTACT.most] } else { Vec::new() };
        let facts = Facts { budget: Budget { sends: Vec::new(), failures }, ..facts_at(&step) };
        decide(&linking(step), code(entered), &facts, NOW)
    };
    let over = |sent: &mut SentCode| (sent.expires_at, sent.tries) = (NOW, TRIES);
    let used_up = |sent: &mut SentCode| sent.tries = TRIES;
    for entered in [CodeCheck::Newest, CodeCheck::Older, CodeCheck::Neither] {
        let refusal = with(&over, true, entered).unwrap_err();
        assert!(refusal.code == Code::CodeExpired && refusal.shows_linking);
        assert_eq!(with(&used_up, true, entered).unwrap_err().code, Code::ContactBlocked);
        let refusal = with(&used_up, false, entered).unwrap_err();
        assert_eq!((refusal.code, refusal.tries_left, refusal.shows_linking), (Code::CodeTriesUsedUp, Some(0), true));
    }
    for (entered, expected) in [(CodeCheck::Older, Code::CodeSuperseded), (CodeCheck::Neither, Code::CodeWrong)] {
        let wrong = with(&|sent| sent.tries = 1, false, entered).unwrap();
        assert_eq!(names(&wrong), ["CountFailure(Contact)"]);
        assert_eq!(wrong.change, Change::Known, "what was typed does not move the linking");
        let (_, sent) = wrong.step.sent_code().unwrap();
        assert_eq!((sent.tries, sent.tries_left()), (2, TRIES - 2));
        let refusal = wrong.refused.unwrap();
        assert_eq!((refusal.code, refusal.tries_left, refusal.shows_linking), (expected, Some(TRIES - 2), true));
    }
}

#[test]
fn a_right_code_leads_where_the_profile_is() {
    let lead = |name: &str, under| done(name, code(CodeCheck::Newest), |facts| facts.under_contact = under).unwrap();
    for name in ["Code", "Code, by mail"] {
        assert!(matches!(lead(name, found(true)).step, Step::Taken { .. }), "{name}");
    }
    let found_by_phone = lead("Code", found(false)).step;
    assert!(matches!(found_by_phone, Step::Profile { profile: Some(_), proven_in_max: None, .. }));
    assert!(matches!(lead("Code", None).step, Step::Profile { profile: None, .. }));
    assert!(matches!(lead("Code, by mail", found(false)).step, Step::Exists { .. }), "its password opens it, no code");
    assert!(matches!(lead("Code, by mail", None).step, Step::Password { .. }));
}

#[test]
fn details_are_a_parents_and_the_diarys_and_agreed_to() {
    let give = |change: &dyn Fn(&mut DetailsBody)| {
        let mut details = details();
        change(&mut details);
        Action::GiveDetails(Box::new(details))
    };
    let refusal = refused("Details", give(&|_| {}), |facts| facts.asked_by = OwnedBy::Another);
    assert_eq!(refusal.code, Code::NeedsParent);
    type Case<'a> = (&'a dyn Fn(&mut DetailsBody), Code, Option<&'a str>);
    let cases: [Case<'_>; 7] = [
        (&|d| d.first_name = "4".into(), Code::NameMalformed, Some("first_name")),
        (&|d| d.last_name = "<b>".into(), Code::NameMalformed, Some("last_name")),
        (&|d| d.birth_date = "2015-02-30".into(), Code::BirthDateWrong, Some("birth_date: no date of the calendar")),
        (&|d| d.birth_date = "2015-03-04".into(), Code::BirthDateWrong, Some("birth_date: not the diary's")),
        (&|d| d.consent = None, Code::ConsentMissing, Some("consent")),
        (&|d| d.consent = Some("2020-01-01".into()), Code::ConsentMissing, Some("consent")),
        (&|d| d.middle_name = Some("1".into()), Code::NameMalformed, Some("middle_name")),
    ];
    for (change, expected, detail) in cases {
        let refusal = refused("Details", give(change), |_| {});
        assert_eq!((refusal.code, refusal.detail), (expected, detail));
    }
    let fourteen = |facts: &mut Facts| facts.today = "2029-03-03".into();
    assert_eq!(refused("Details", give(&|_| {}), fourteen).code, Code::NotUnder14);
}

#[test]
fn an_address_that_got_a_profile_meanwhile_gets_no_second_one() {
    let give = || Action::GiveDetails(Box::new(details()));
    let decision = done("Details", give(), |facts| facts.under_contact = found(true)).unwrap();
    assert!(matches!(decision.step, Step::Taken { .. }) && decision.effects.is_empty());
    let decision = done("Details", give(), |facts| facts.under_contact = found(false)).unwrap();
    assert!(matches!(decision.step, Step::Exists { .. }) && decision.effects.is_empty());
    let made = done("Details", give(), |facts| facts.pupil.class_name = String::new()).unwrap();
    let Effect::MakeProfile(new) = &made.effects[0] else { panic!() };
    let NewProfile::ByMail { class_name: None, id, name, .. } = &**new else { panic!() };
    assert_eq!((id.as_str(), name.first_name.as_str()), ("new", details().first_name.as_str()));
    assert_eq!(format!("{name:?}"), "ConfirmedNameParts", "no name gets into a log");
    let link = made.step.link().unwrap();
    assert_eq!((link.profile.as_str(), link.linked_at, link.owner_code.clone()), ("new", NOW, None));
}

#[test]
fn a_profile_of_another_name_takes_an_explicit_yes() {
    let other = |facts: &mut Facts| facts.profile.as_mut().unwrap().first_name = "Ольга".into();
    let refusal = refused("Profile", Action::Confirm { accept_other_name: false }, other);
    assert!(refusal.code == Code::OtherNameNotAccepted && refusal.shows_linking);
    assert!(done("Profile", Action::Confirm { accept_other_name: true }, other).is_ok());
}

#[test]
fn a_profile_that_was_taken_meanwhile_is_told_and_nothing_is_made() {
    let yes = || Action::Confirm { accept_other_name: true };
    for name in ["Profile", "Profile, proven in MAX", "Profile, by mail"] {
        let taken = |facts: &mut Facts| facts.profile.as_mut().unwrap().linked_to = LinkedTo::AnotherPupil;
        let decision = done(name, yes(), taken).unwrap();
        assert!(matches!(decision.step, Step::Taken { .. }) && decision.effects.is_empty(), "{name}");
    }
    let decision = done("Profile, none yet", yes(), |facts| facts.under_contact = found(true)).unwrap();
    assert!(matches!(decision.step, Step::Taken { .. }) && decision.effects.is_empty());
    let decision = done("Profile, none yet", yes(), |facts| facts.under_contact = found(false)).unwrap();
    assert!(decision.effects.is_empty(), "another has made it meanwhile: {:?}", decision.effects);
    assert_eq!(decision.step.profile().unwrap(), "p");
    let made = done("Profile, none yet", yes(), |_| {}).unwrap();
    assert_eq!(
        (names(&made), made.step.profile().unwrap().as_str()),
        (vec!["MakeProfile(by phone)".to_owned()], "new")
    );
    let step = Step::Profile { contact: by_mail(), profile: None, proven_in_max: None };
    let refusal = decide(&linking(step.clone()), yes(), &facts_at(&step), NOW).unwrap_err();
    assert_eq!(refusal.code, Code::WrongStep);
}

#[test]
fn who_is_known_in_max_is_not_asked_there_again() {
    let yes = || Action::Confirm { accept_other_name: true };
    let linked = done("Profile, proven in MAX", yes(), |_| {}).unwrap();
    assert!(matches!(&linked.step, Step::Linked(linked) if linked.return_handle.is_none()));
    assert_eq!(names(&linked), ["Link", "Note(Linked)", "Bind(Max)", "Note(InMax)", "SayInMax(Linked)"]);
    let elsewhere = |facts: &mut Facts| facts.bound_to = Some("another".into());
    let asked = done("Profile, proven in MAX", yes(), elsewhere).unwrap();
    assert!(matches!(&asked.step, Step::Max(AtMax { aim: Aim::Join { .. }, visitor: None, .. })));
    // The account of the very profile that the pupil was linked to last; of another one it says nothing.
    let former = |id: &'static str| {
        move |facts: &mut Facts| {
            facts.profile.as_mut().unwrap().former_max = Some(VISITOR);
            facts.former = Some(FormerProfile { id: id.into(), contact: by_phone() });
        }
    };
    assert!(matches!(done("Profile", yes(), former("p")).unwrap().step, Step::Linked(_)));
    assert!(matches!(done("Profile", yes(), former("another")).unwrap().step, Step::Max(_)));
}

#[test]
fn a_ticket_serves_the_first_who_opens_it_and_not_for_ever() {
    let open = |user| Action::OpenInMax { user };
    assert_eq!(refused("Max, to join, opened", open(STRANGER), |_| {}).code, Code::WrongStep);
    let again = done("Max, to join, opened", open(VISITOR), |_| {}).unwrap();
    assert_eq!((again.change, names(&again)), (Change::None, vec!["SayInMax(WhoseDiary)".to_owned()]));
    for (ago, alive) in [(0, false), (-1, true)] {
        let mut at_max = at_max(join());
        at_max.ticket.expires_at = NOW.plus(-ago);
        let step = Step::Max(at_max);
        let opened = decide(&linking(step.clone()), open(STRANGER), &facts_at(&step), NOW);
        assert_eq!(opened.is_ok(), alive, "{ago}");
    }
    let opened = done("Max, to join", open(VISITOR), |_| {}).unwrap();
    let Step::Max(at_max) = &opened.step else { panic!() };
    assert_eq!((at_max.visitor.as_ref().unwrap().user, at_max.visitor.as_ref().unwrap().at), (VISITOR, NOW));
    assert_eq!((at_max.ticket.expires_at, opened.change), (NOW.plus(10 * MINUTE), Change::Known));
    assert_eq!(at_max.ticket.hash, ticket("the ticket").hash, "opening makes no new ticket");
}

#[test]
fn a_renewed_ticket_forgets_who_came_with_the_old_one() {
    let renewed = done("Max, to join, another number there", Action::RenewMaxLink, |_| {}).unwrap();
    let Step::Max(at_max) = &renewed.step else { panic!() };
    assert_eq!((&at_max.visitor, &at_max.trouble), (&None, &None));
    assert_eq!(at_max.ticket.hash, ticket("a new ticket").hash);
    assert_eq!(at_max.ticket.expires_at, NOW.plus(10 * MINUTE));
    let bound = |facts: &mut Facts| facts.profile.as_mut().unwrap().max = Some(VISITOR);
    assert_eq!(refused("Linked", Action::RenewMaxLink, bound).code, Code::WrongStep, "it is in MAX already");
}

#[test]
fn who_opens_the_ticket_gets_ten_minutes_from_then_and_begins_without_trouble() {
    let step = Step::Max(AtMax { trouble: Some(Trouble::MaxAccountTaken), ..at_max(join()) });
    let opened = decide(&linking(step.clone()), Action::OpenInMax { user: VISITOR }, &facts_at(&step), NOW).unwrap();
    let at_max = opened.step.at_max().unwrap();
    assert_eq!((&at_max.ticket.hash, at_max.ticket.expires_at), (&ticket("the ticket").hash, NOW.plus(10 * MINUTE)));
    assert_eq!((at_max.visitor.as_ref().unwrap().user, &at_max.trouble), (VISITOR, &None));
}

// Whether the bot offers to take the other number.
fn offers_number(decision: &Decision) -> bool {
    let [Effect::SayInMax { text: MaxText::NumberDiffers { usable, .. }, .. }] = &decision.effects[..] else {
        panic!("{:?}", names(decision))
    };
    *usable
}

fn share(phone: mostik_wire::Phone) -> Action {
    Action::ShareInMax { user: VISITOR, name: "Анна О.".into(), contact: own(phone) }
}

#[test]
fn a_number_in_max_is_held_against_the_one_that_was_proven() {
    let differs = done("Max, to join, opened", share(other_phone()), |_| {}).unwrap();
    let Step::Max(at_max) = &differs.step else { panic!() };
    assert!(matches!(&at_max.trouble, Some(Trouble::NumberDiffers { number: Some(_), .. })));
    assert!(at_max.usable_number().is_some() && differs.change == Change::Moved && offers_number(&differs));
    let foreign = SharedContact::Own { masked: "+37•••67".into(), phone: None };
    let foreign = Action::ShareInMax { user: VISITOR, name: "Анна О.".into(), contact: foreign };
    assert!(!offers_number(&done("Max, to join, opened", foreign, |_| {}).unwrap()), "it is none that we could use");
    // Where the link stands no other number may be taken.
    let step = Step::Max(at_max_offered_by_phone());
    let differs = decide(&linking(step.clone()), share(other_phone()), &facts_at(&step), NOW).unwrap();
    assert!(differs.step.at_max().unwrap().usable_number().is_none() && !offers_number(&differs));
    assert!(matches!(done("Max, offered, opened", share(phone()), |_| {}).unwrap().step, Step::Linked(_)));
    assert!(done("Max, offered, opened", share(other_phone()), |_| {}).unwrap().step.at_max().is_some());
}

#[test]
fn where_no_number_is_known_the_person_says_whose_max_it_is() {
    let without = |facts: &mut Facts| facts.profile.as_mut().unwrap().phone = None;
    // Whoever has photographed the code of the window has a number of their own too.
    let asked = done("Max, offered, opened", share(other_phone()), without).unwrap();
    assert!(asked.step.at_max().unwrap().waits_for_a_yes());
    // A yes that is under way to one visitor is not taken for the next.
    assert_eq!(asked.change, Change::Moved);
    assert_eq!(names(&asked), ["SayInMax(ToConfirm)"]);
    let elsewhere = |facts: &mut Facts| {
        without(facts);
        facts.bound_to = Some("another".into());
    };
    let taken = done("Max, offered, opened", share(other_phone()), elsewhere).unwrap();
    assert_eq!(taken.step.at_max().unwrap().trouble, Some(Trouble::MaxAccountTaken));
    let yes = done("Max, offered, to be confirmed", Action::TakeMaxNumber, without).unwrap();
    assert!(matches!(yes.step, Step::Linked(_)));
    assert_eq!(names(&yes)[0], "Bind(Max)");
    // Between question and answer the account went to another profile.
    let late = done("Max, offered, to be confirmed", Action::TakeMaxNumber, elsewhere).unwrap();
    assert_eq!(late.step.at_max().unwrap().trouble, Some(Trouble::MaxAccountTaken));
    // A new link leaves whoever has come behind.
    let anew = done("Max, offered, to be confirmed", Action::RenewMaxLink, without).unwrap();
    let at_max = anew.step.at_max().unwrap();
    assert!(at_max.visitor.is_none() && at_max.trouble.is_none());
}

#[test]
fn what_went_wrong_with_vk_is_forgotten_once_max_is_joined() {
    let link = Link { vk_trouble: Some(VkTrouble::Refused), ..link(by_phone()) };
    let step = Step::Max(AtMax { aim: Aim::Offer { link }, ..at_max_offered_by_phone() });
    let joined = decide(&linking(step.clone()), share(phone()), &facts_at(&step), NOW).unwrap();
    assert!(matches!(&joined.step, Step::Linked(linked) if linked.link.vk_trouble.is_none()));
}

fn at_max_offered_by_phone() -> AtMax {
    let visitor = Some(Visitor { user: VISITOR, at: NOW });
    AtMax { visitor, ..at_max(Aim::Offer { link: link(by_phone()) }) }
}

#[test]
fn only_who_came_with_the_ticket_shares_a_number_and_in_time() {
    let share = |user| Action::ShareInMax { user, name: "Анна О.".into(), contact: own(phone()) };
    assert_eq!(refused("Max, to join", share(VISITOR), |_| {}).code, Code::WrongStep, "nobody has come");
    assert_eq!(refused("Max, to join, opened", share(STRANGER), |_| {}).code, Code::WrongStep);
    let step = step_named("Max, to join, opened");
    let late = |now| decide(&linking(step.clone()), share(VISITOR), &facts_at(&step), now);
    assert_eq!(late(NOW.plus(9 * MINUTE)).unwrap_err().code, Code::WrongStep);
    assert!(late(NOW.plus(9 * MINUTE - 1)).is_ok());
}

#[test]
fn an_account_or_a_profile_that_is_taken_joins_nothing() {
    let elsewhere = |facts: &mut Facts| facts.bound_to = Some("another".into());
    let taken = done("Max, to join, opened", share(phone()), elsewhere).unwrap();
    assert_eq!(taken.step.at_max().unwrap().trouble, Some(Trouble::MaxAccountTaken));
    assert_eq!(names(&taken), ["SayInMax(AccountTaken)"]);
    let own_already = |facts: &mut Facts| facts.bound_to = Some("p".into());
    assert!(matches!(done("Max, to join, opened", share(phone()), own_already).unwrap().step, Step::Linked(_)));
    let another = |facts: &mut Facts| facts.profile.as_mut().unwrap().linked_to = LinkedTo::AnotherPupil;
    let taken = done("Max, to join, opened", share(phone()), another).unwrap();
    assert!(matches!(taken.step, Step::Taken { .. }));
    assert_eq!(names(&taken), ["EndVk", "SayInMax(ProfileTaken)"]);
    let number = done("Max, to prove a number, opened", share(phone()), |facts| facts.under_contact = found(true));
    let number = number.unwrap();
    let free = done("Max, to prove a number, opened", share(phone()), |facts| facts.under_contact = found(false));
    assert!(matches!(free.unwrap().step, Step::Profile { profile: Some(_), .. }));
    assert!(matches!(number.step, Step::Taken { .. }) && names(&number).contains(&"SayInMax(ProfileTaken)".into()));
}

#[test]
fn the_number_in_max_is_taken_only_where_it_was_proven() {
    let name = "Max, to join, another number there";
    let refusal = refused(name, Action::TakeMaxNumber, |facts| facts.usable_number = None);
    assert_eq!(refusal.code, Code::WrongStep);
    let taken = done(name, Action::TakeMaxNumber, |_| {}).unwrap();
    let Step::Profile { contact, proven_in_max, .. } = &taken.step else { panic!() };
    assert_eq!((contact.display(), *proven_in_max), (other_phone().display(), Some(VISITOR)));
}

#[test]
fn who_stops_the_bot_is_nobodys_visitor_any_more() {
    let left = done("Max, to join, another number there", Action::LeaveBot { user: VISITOR }, |_| {}).unwrap();
    let at_max = left.step.at_max().unwrap();
    assert_eq!((&at_max.visitor, &at_max.trouble, left.change), (&None, &None, Change::Known));
    let stayed = done("Max, to join, opened", Action::LeaveBot { user: STRANGER }, |_| {}).unwrap();
    assert_eq!(stayed.change, Change::None);
}

#[test]
fn a_launch_out_of_max_goes_on_where_the_linking_stands() {
    let accept = |phone| Action::AcceptLaunch { user: VISITOR, name: "Анна О.".into(), phone };
    let bound = |user| move |facts: &mut Facts| facts.profile.as_mut().unwrap().max = Some(user);
    assert_eq!(done("Linked", accept(None), bound(VISITOR)).unwrap().change, Change::None, "it is done already");
    let refusal = refused("Linked", accept(Some(phone())), bound(STRANGER));
    assert!(refusal.code == Code::AlreadyLinked && refusal.shows_linking);
    // What a profile is bound to that is not linked to this diary is nobody's business here.
    assert!(matches!(done("Max, to join", accept(Some(phone())), bound(STRANGER)).unwrap().step, Step::Linked(_)));
    let elsewhere = |facts: &mut Facts| facts.bound_to = Some("another".into());
    let asked = done("Max, to join", accept(Some(phone())), elsewhere).unwrap();
    let at_max = asked.step.at_max().unwrap();
    assert_eq!(at_max.trouble, Some(Trouble::MaxAccountTaken));
    assert_eq!(
        (at_max.visitor.as_ref().unwrap().user, names(&asked)),
        (VISITOR, vec!["SayInMax(WhoseDiary)".to_owned()])
    );
    let another = |facts: &mut Facts| facts.profile.as_mut().unwrap().linked_to = LinkedTo::AnotherPupil;
    assert!(matches!(done("Max, to join", accept(Some(phone())), another).unwrap().step, Step::Taken { .. }));
    // Another number than the expected one: before the link it is a new contact, afterwards a question.
    assert!(matches!(done("Max, to join", accept(Some(other_phone())), |_| {}).unwrap().step, Step::Profile { .. }));
    let asked = done("Linked", accept(Some(other_phone())), |_| {}).unwrap();
    assert!(matches!(&asked.step, Step::Max(AtMax { aim: Aim::Offer { .. }, visitor: Some(_), .. })));
    let asked = done("Contact", accept(None), |_| {}).unwrap();
    assert!(matches!(&asked.step, Step::Max(AtMax { aim: Aim::Number, visitor: Some(_), .. })));
}

#[test]
fn news_of_an_older_message_are_nobodys_concern() {
    let note = |nth, delivery| Action::NoteDelivery { nth, delivery };
    assert_eq!(done("Code", note(2, Delivery::Delivered), |_| {}).unwrap().change, Change::None);
    assert_eq!(done("Code", note(3, Delivery::Sent), |_| {}).unwrap().change, Change::None);
    let noted = done("Code", note(3, Delivery::Failed), |_| {}).unwrap();
    assert_eq!((noted.step.sent_code().unwrap().1.delivery, noted.change), (Delivery::Failed, Change::Known));
}

#[test]
fn a_password_that_was_replaced_is_asked_for_by_mail_alone() {
    assert!(matches!(done("Profile, by mail", Action::PasswordReplaced, |_| {}).unwrap().step, Step::Exists { .. }));
    for name in ["Profile", "Profile, none yet"] {
        assert_eq!(done(name, Action::PasswordReplaced, |_| {}).unwrap().change, Change::None, "{name}");
    }
}

#[test]
fn a_right_recovery_sets_the_password_and_is_told() {
    let decision = done(
        "Recovery",
        Action::SetNewPassword { entered: CodeCheck::Newest, password: mostik_linking::PasswordHash("x".into()) },
        |_| {},
    )
    .unwrap();
    let expected = ["SetPassword", "ReplacePasswordElsewhere", "Note(PasswordChanged)", "Tell(PasswordChanged)"];
    assert_eq!(names(&decision), expected);
    let (purpose, _) = step_named("Recovery").sent_code().map(|(purpose, sent)| (purpose, sent.clone())).unwrap();
    assert_eq!(purpose, Purpose::Recovery);
}

#[test]
fn a_request_is_stale_when_the_choice_has_changed_or_the_version_never_was() {
    let linking = linking(Step::Contact);
    let stale: Vec<u64> = (0..10).filter(|version| linking.is_stale(*version)).collect();
    assert_eq!(stale, [0, 1, 2, 3, 4, 8, 9]);
}

#[test]
fn nothing_secret_is_in_what_is_printed_for_debugging() {
    let step = step_named("Details");
    assert!(!format!("{step:?}").contains("argon2"));
    let decision = done("Max, to join", Action::RenewMaxLink, |_| {}).unwrap();
    assert!(!format!("{decision:?}").contains("\"a new ticket\""), "{decision:?}");
    let made = done("Details", Action::GiveDetails(Box::new(details())), |_| {}).unwrap();
    assert!(!format!("{made:?}").contains("Сергеевна"));
}
