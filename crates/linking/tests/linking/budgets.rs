//! What one contact may cost.

use mostik_linking::{Budget, FAILURES, GAPS, SENDS};
use mostik_wire::{Code, Millis};
use proptest::prelude::*;

use crate::world::{DAY, MINUTE, NOW, SECOND};

fn sent(ago: &[i64]) -> Budget {
    Budget { sends: ago.iter().map(|ago| NOW.plus(-ago)).collect(), failures: Vec::new() }
}

#[test]
fn a_contact_with_too_many_failures_is_neither_tried_nor_written_to_until_the_oldest_is_a_day_old() {
    let failures: Vec<Millis> = (0..FAILURES as i64).map(|n| NOW.plus(-n * MINUTE)).collect();
    let oldest = *failures.last().unwrap();
    let mut budget = Budget { sends: Vec::new(), failures };
    for refusal in [budget.admit_try(FAILURES, Code::ContactBlocked).unwrap_err(), budget.admit_send(NOW).unwrap_err()]
    {
        assert_eq!((refusal.code, refusal.retry_at), (Code::ContactBlocked, Some(oldest.plus(DAY))));
    }
    assert_eq!(budget.tries_left(FAILURES), 0);
    budget.failures.pop();
    assert!(budget.admit_try(FAILURES, Code::ContactBlocked).is_ok());
    assert_eq!(budget.tries_left(FAILURES), 1);
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
    assert_eq!(ago.len(), SENDS);
    let used_up = sent(&ago).admit_send(NOW.plus(DAY / 2)).unwrap_err();
    assert_eq!((used_up.code, used_up.retry_at), (Code::SendsUsedUp, Some(NOW.plus(-ago[SENDS - 1] + DAY))));
}

#[test]
fn what_is_admitted_is_what_the_promises_say() {
    assert_eq!(GAPS, [60_000, 120_000, 300_000, 900_000]);
    assert_eq!((FAILURES, SENDS), (25, 5));
    assert_eq!((mostik_linking::WRONG_PASSWORDS, mostik_linking::WRONG_DIGITS, mostik_linking::TRIES), (10, 10, 5));
    assert_eq!((mostik_linking::CODE_LIFE, mostik_linking::TICKET_LIFE), (600_000, 600_000));
    assert_eq!((mostik_linking::VK_SIGN_IN_LIFE, mostik_linking::DELETION_DELAY), (600_000, 86_400_000));
}

#[test]
fn a_day_back_is_what_counts() {
    assert_eq!(Budget::horizon(NOW), NOW.plus(-DAY));
}

proptest! {
    /// Whoever waits as told is admitted, and whoever comes a moment earlier is not.
    #[test]
    fn the_moment_that_is_told_is_the_moment(mut ago in prop::collection::vec(0..DAY, 1..SENDS)) {
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
