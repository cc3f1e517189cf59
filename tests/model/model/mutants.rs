//! The protocol with one mistake at a time.

use std::{collections::BTreeSet, time::Instant};

use mostik_model::{Left, Mutant, Protocol, Story, names};
use stateright::{Checker as _, HasDiscoveries, Model as _};

/// Where a mistake is looked for, and what has to find it.
fn trial(mutant: Mutant) -> (Story, Left, &'static str) {
    let none = Left::default();
    match mutant {
        Mutant::FailuresOfEachLinking => (Story::Guessed, Left { asks: 4, ..none }, names::FAILURES_OF_A_DAY),
        Mutant::FailuresInMemory => (Story::Guessed, Left { asks: 4, deaths: 1, ..none }, names::FAILURES_OF_A_DAY),
        Mutant::ReissueForgetsFailures => (Story::Guessed, Left { asks: 1, waits: 1, ..none }, names::COUNTED_STAYS),
        Mutant::TriesNotKept => (Story::Guesser, Left { asks: 7, ..none }, names::FIVE_TRIES),
        Mutant::BudgetNotLocked => {
            let left = Left { presses: 1, slips: 1, asks: 3, overlaps: 1, ..none };
            (Story::Guessed, left, names::FAILURES_OF_A_DAY)
        }
        Mutant::SendsOfEachLinking => {
            (Story::Guessed, Left { presses: 2, asks: 2, waits: 2, ..none }, names::CODES_OF_A_DAY)
        }
        Mutant::NoCompareAndSet => (Story::TwoWindows, Left { presses: 1, asks: 1, overlaps: 1, ..none }, names::STALE),
        Mutant::NumberNotUnique => {
            (Story::BothNew, Left { presses: 1, asks: 1, overlaps: 1, ..none }, names::ONE_NUMBER)
        }
        Mutant::LinkNotUnique => {
            (Story::BothAsked, Left { presses: 1, asks: 1, overlaps: 1, ..none }, names::ONE_PUPIL)
        }
        Mutant::MaxAccountNotUnique => {
            (Story::OfferedByMail, Left { presses: 1, asks: 3, in_max: 4, ..none }, names::ONE_MAX_ACCOUNT)
        }
        Mutant::HalfOfAChange => {
            (Story::BothAsked, Left { presses: 1, overlaps: 1, deaths: 1, ..none }, names::STEPS_AGREE)
        }
        Mutant::CodeOutlivesItsLife => (Story::Stranger, Left { presses: 2, waits: 2, ..none }, names::CODE_LIFE),
        Mutant::OlderCodeWorks => (Story::Stranger, Left { presses: 3, waits: 1, ..none }, names::NEWEST_CODE),
        Mutant::SpentCodeNotKept => (Story::LinkedBefore, Left { asks: 3, ..none }, names::CODE_ONCE),
        Mutant::CodeOfAnotherLinking => {
            (Story::OneNumber, Left { presses: 1, asks: 2, waits: 1, ..none }, names::OWN_CODE)
        }
        Mutant::CodeOfAnotherPurpose => (Story::LinkedBefore, Left { asks: 2, ..none }, names::OWN_CODE),
        Mutant::MessageBeforeCommit => {
            (Story::TwoWindows, Left { presses: 1, overlaps: 1, deaths: 1, ..none }, names::NO_FALSE_MESSAGE)
        }
        Mutant::AnswerBeforeCommit => {
            (Story::TwoWindows, Left { presses: 1, overlaps: 1, deaths: 1, ..none }, names::TOLD_STAYS)
        }
        Mutant::AnswerNotKept | Mutant::AnotherKeyForRepeats => {
            (Story::Stranger, Left { presses: 1, network: 1, ..none }, names::ONE_EFFECT)
        }
        Mutant::SentAgainAfterRestart => (Story::Stranger, Left { presses: 1, deaths: 1, ..none }, names::ONE_EFFECT),
        Mutant::StaleVersionTaken => (Story::TwoWindows, Left { presses: 1, asks: 1, ..none }, names::STALE),
        Mutant::NumberInMaxNotCompared => {
            (Story::Stranger, Left { presses: 3, strange: 3, ..none }, names::NO_STRANGER)
        }
        Mutant::ForeignContactTaken => (Story::Stranger, Left { presses: 2, strange: 3, ..none }, names::PROVEN),
        Mutant::NobodyAsked => (Story::OfferedByMail, Left { strange: 3, ..none }, names::NO_STRANGER),
        Mutant::QuestionLeavesOldAnswers => {
            (Story::OfferedByMail, Left { presses: 1, in_max: 3, strange: 3, ..none }, names::NO_STRANGER)
        }
        Mutant::VisitorNotHeld => {
            (Story::Stranger, Left { presses: 1, in_max: 1, strange: 2, ..none }, names::ONE_VISITOR)
        }
        Mutant::TicketOutlivesItsLife => {
            (Story::Stranger, Left { presses: 1, in_max: 1, waits: 1, ..none }, names::TICKET_LIFE)
        }
        Mutant::UpdateHandledTwice => {
            (Story::Stranger, Left { presses: 3, in_max: 3, network: 1, ..none }, names::UPDATE_ONCE)
        }
        Mutant::LetterOpensProfile => (Story::ByMail, Left { presses: 3, ..none }, names::LETTER_ALONE),
        Mutant::OldPasswordStays => (Story::BothByMail, Left { presses: 2, asks: 2, ..none }, names::PASSWORD_OF_TODAY),
    }
}

#[test]
fn each_mistake_in_the_protocol_is_found() {
    let begun = Instant::now();
    let mut missed = Vec::new();
    for mutant in Mutant::ALL {
        let (story, left, property) = trial(mutant);
        let started = Instant::now();
        let checker = Protocol::with(mutant, story, left)
            .checker()
            .finish_when(HasDiscoveries::AllOf(BTreeSet::from([property])))
            .spawn_bfs()
            .join();
        let length = checker.discovery(property).map(|path| path.into_actions().len());
        println!(
            "{mutant:?}: {} after {} ({} states, {:.1} s)",
            property,
            length.map_or("—".into(), |length| length.to_string()),
            checker.unique_state_count(),
            started.elapsed().as_secs_f32()
        );
        if length.is_none() {
            println!("   but {:?}", checker.discoveries().keys());
            missed.push(mutant);
        }
    }
    println!("{} mistakes, {:.1} s", Mutant::ALL.len(), begun.elapsed().as_secs_f32());
    assert!(missed.is_empty(), "not found: {missed:?}");
}
