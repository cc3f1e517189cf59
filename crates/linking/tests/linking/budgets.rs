//! What one contact may cost.

use mostik_linking::{
    Action, ActionName, Budget, GAPS, Step,
    limits::{
        CODES_OF_CONTACT, CODES_OF_SERVICE, CONTACTS_OF_ACCOUNT, CONTACTS_OF_LINKING, CONTACTS_OF_NETWORK, LIMITS,
        Spent, WRONG_CODES_OF_CONTACT, WRONG_CODES_OF_SERVICE,
    },
};
use mostik_wire::{Code, Millis};
use proptest::prelude::*;

use crate::world::*;

fn sent(ago: &[i64]) -> Budget {
    Budget { sends: ago.iter().map(|ago| NOW.plus(-ago)).collect(), failures: Vec::new() }
}

#[test]
fn a_contact_with_too_many_failures_is_neither_tried_nor_written_to_until_the_oldest_is_a_day_old() {
    let failures: Vec<Millis> = (0..WRONG_CODES_OF_CONTACT.most as i64).map(|n| NOW.plus(-n * MINUTE)).collect();
    let oldest = *failures.last().unwrap();
    let mut budget = Budget { sends: Vec::new(), failures };
    for refusal in [budget.admit_try(&WRONG_CODES_OF_CONTACT).unwrap_err(), budget.admit_send(NOW).unwrap_err()] {
        assert_eq!((refusal.code, refusal.retry_at), (Code::ContactBlocked, Some(oldest.plus(DAY))));
    }
    assert_eq!(budget.tries_left(&WRONG_CODES_OF_CONTACT), 0);
    budget.failures.pop();
    assert!(budget.admit_try(&WRONG_CODES_OF_CONTACT).is_ok());
    assert_eq!(budget.tries_left(&WRONG_CODES_OF_CONTACT), 1);
}

#[test]
fn the_pauses_grow_and_after_the_last_one_a_day_must_pass() {
    assert_eq!(Budget::default().admit_send(NOW).unwrap(), NOW.plus(GAPS[0]));
    let mut ago = vec![0];
    for (n, gap) in GAPS.into_iter().enumerate() {
        let early = sent(&ago).admit_send(NOW.plus(gap - 1)).unwrap_err();
        assert_eq!((early.code, early.retry_at), (Code::ResendTooEarly, Some(NOW.plus(gap))), "{n}");
        let next = sent(&ago).admit_send(NOW.plus(gap)).unwrap();
        let expected =
            GAPS.get(n + 1).map_or_else(|| NOW.plus(-ago[ago.len() - 1] + DAY), |gap_after| NOW.plus(gap + gap_after));
        assert_eq!(next, expected, "{n}");
        ago = std::iter::once(0).chain(ago.iter().map(|ago| ago + gap)).collect();
    }
    assert_eq!(ago.len(), CODES_OF_CONTACT.most);
    let used_up = sent(&ago).admit_send(NOW.plus(DAY / 2)).unwrap_err();
    assert_eq!(
        (used_up.code, used_up.retry_at),
        (Code::SendsUsedUp, Some(NOW.plus(-ago[CODES_OF_CONTACT.most - 1] + DAY)))
    );
}

#[test]
fn what_is_admitted_is_what_the_promises_say() {
    assert_eq!(GAPS, [60_000, 120_000, 300_000, 900_000]);
    assert_eq!(mostik_linking::TRIES, 5);
    assert_eq!(CODES_OF_CONTACT.most, GAPS.len() + 1);
    assert_eq!((mostik_linking::CODE_LIFE, mostik_linking::TICKET_LIFE), (600_000, 600_000));
    assert_eq!((mostik_linking::VK_SIGN_IN_LIFE, mostik_linking::DELETION_DELAY), (600_000, 86_400_000));
}

#[test]
fn the_table_says_what_was_asked_for() {
    let said = LIMITS.map(|limit| (limit.name, limit.most, limit.within / MINUTE, limit.can_be_set));
    assert_eq!(
        said,
        [
            ("codes_of_contact", 5, 1440, false),
            ("wrong_codes_of_contact", 25, 1440, false),
            ("wrong_passwords_of_profile", 10, 1440, false),
            ("wrong_digits_of_max_account", 10, 1440, false),
            ("contacts_of_linking", 5, 1440, false),
            ("contacts_of_account", 10, 1440, false),
            ("contacts_of_network", 3, 60, true),
            ("codes_of_service", 5000, 60, true),
            ("wrong_codes_of_service", 1000, 10, true),
        ]
    );
}

#[test]
fn one_limit_that_is_reached_refuses_and_of_several_the_one_that_lasts_longest_says_when() {
    let give = || Action::GiveContact { contact: by_phone() };
    let free = |limit| Spent { limit, full_since: None };
    let full = |limit, ago: i64| Spent { limit, full_since: Some(NOW.plus(-ago)) };
    for limit in ActionName::GiveContact.limits() {
        let refusal = refused("Contact", give(), |facts| facts.spent = vec![free(&CODES_OF_CONTACT), full(limit, 7)]);
        assert_eq!((refusal.code, refusal.limit), (limit.code, Some(limit.name)));
        assert_eq!(refusal.retry_at, Some(NOW.plus(limit.within - 7)));
    }
    let all = vec![full(&CODES_OF_SERVICE, 0), full(&CONTACTS_OF_ACCOUNT, 0), full(&CONTACTS_OF_NETWORK, 0)];
    let refusal = refused("Contact", give(), |facts| facts.spent = all.clone());
    assert_eq!((refusal.code, refusal.retry_at), (Code::ContactsUsedUp, Some(NOW.plus(DAY))));
    // What the contact itself has cost is weighed with them.
    let failures = vec![NOW.plus(-MINUTE); WRONG_CODES_OF_CONTACT.most];
    let blocked = Budget { failures, ..sent(&[1]) };
    for (budget, spent, said, at) in [
        (blocked.clone(), full(&CODES_OF_SERVICE, 0), Code::ContactBlocked, DAY - MINUTE),
        (sent(&[1]), full(&CODES_OF_SERVICE, 0), Code::CodesPaused, 60 * MINUTE),
        (sent(&[1]), full(&CODES_OF_SERVICE, 60 * MINUTE - 1), Code::ResendTooEarly, GAPS[0] - 1),
        (sent(&[0; CODES_OF_CONTACT.most]), free(&CODES_OF_SERVICE), Code::SendsUsedUp, DAY),
        (
            Budget { failures: blocked.failures, ..sent(&[0; CODES_OF_CONTACT.most]) },
            free(&CODES_OF_SERVICE),
            Code::ContactBlocked,
            DAY,
        ),
    ] {
        let refusal = refused("Contact", give(), |facts| (facts.budget, facts.spent) = (budget, vec![spent]));
        assert_eq!((refusal.code, refusal.retry_at), (said, Some(NOW.plus(at))));
    }
    let admitted = done("Contact", give(), |facts| facts.spent = vec![free(&CONTACTS_OF_LINKING)]).unwrap();
    assert_eq!(names(&admitted), ["SendCode(Contact, Sms)", "CountContact"]);
}

#[test]
fn another_code_to_the_same_contact_is_no_new_contact_and_a_former_one_costs_the_service_nothing() {
    assert_eq!(ActionName::Resend.limits(), [&CODES_OF_SERVICE]);
    let full = Spent { limit: &CODES_OF_SERVICE, full_since: Some(NOW) };
    let refusal = refused("Code", Action::Resend, |facts| facts.spent = vec![full.clone()]);
    assert_eq!((refusal.code, refusal.retry_at), (Code::CodesPaused, Some(NOW.plus(60 * MINUTE))));
    let again = done("Code", Action::Resend, |_| {}).unwrap();
    assert_eq!(names(&again), ["SendCode(Contact, Sms)"]);
    assert!(ActionName::UseFormer.limits().is_empty());
    let former = done("Contact", Action::UseFormer, |_| {}).unwrap();
    assert!(matches!(former.step, Step::Code { known: true, .. }));
    // Who guesses at many contacts needs further ones: who has a code goes on.
    assert!(!ActionName::Resend.limits().contains(&&WRONG_CODES_OF_SERVICE));
    assert!(ActionName::SubmitCode.limits().is_empty());
}

#[test]
fn the_same_contact_whose_code_is_on_its_way_needs_no_limits_leave() {
    let full = Spent { limit: &CONTACTS_OF_LINKING, full_since: Some(NOW) };
    let same = Action::GiveContact { contact: by_phone() };
    let stays = done("Code", same, |facts| facts.spent = vec![full]).unwrap();
    assert!(stays.effects.is_empty(), "{stays:?}");
}

#[test]
fn a_day_back_is_what_counts() {
    assert_eq!(Budget::horizon(NOW), NOW.plus(-DAY));
}

proptest! {
    /// Whoever waits as told is admitted, and whoever comes a moment earlier is not.
    #[test]
    fn the_moment_that_is_told_is_the_moment(mut ago in prop::collection::vec(0..DAY, 1..CODES_OF_CONTACT.most)) {
        ago.sort_unstable();
        let budget = sent(&ago);
        let now = NOW.plus(-ago[0]);
        if let Err(refusal) = budget.admit_send(now) {
            let at = refusal.retry_at.unwrap();
            prop_assert!(at > now);
            prop_assert!(budget.admit_send(at.plus(-1)).is_err());
            prop_assert!(budget.admit_send(at).is_ok());
            prop_assert!(at.since(now) <= 900 * SECOND);
        }
    }
}
