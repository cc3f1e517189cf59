//! The protocol as it is: nothing happens that must not, and what is wished for can come to be.

use std::time::Instant;

use mostik_model::{Left, Protocol, Story};
use stateright::{Checker as _, Model as _};

/// With fewer, too little is asked.
const FEWEST_STATES: usize = 1_000_000;

const NONE: Left =
    Left { presses: 0, slips: 0, asks: 0, in_max: 0, strange: 0, network: 0, overlaps: 0, deaths: 0, waits: 0 };

/// Each story with what may happen in it: as much as can be looked at in every order in less than a minute.
const STORIES: [(Story, Left); 19] = [
    (Story::OneNumber, Left { presses: 3, asks: 3, in_max: 3, ..NONE }),
    (Story::BothAsked, Left { presses: 2, asks: 2, in_max: 2, network: 1, overlaps: 1, ..NONE }),
    (Story::BothNew, Left { presses: 2, asks: 2, in_max: 2, network: 1, overlaps: 1, ..NONE }),
    (Story::TwoWindows, Left { presses: 2, asks: 2, in_max: 1, network: 1, ..NONE }),
    (Story::TwoWindows, Left { presses: 2, asks: 2, overlaps: 1, deaths: 1, ..NONE }),
    (Story::Stranger, Left { presses: 3, asks: 1, in_max: 2, strange: 3, ..NONE }),
    (Story::Stranger, Left { presses: 3, in_max: 2, strange: 3, network: 1, ..NONE }),
    (Story::Stranger, Left { presses: 2, asks: 1, strange: 3, waits: 1, ..NONE }),
    (Story::LinkedBefore, Left { presses: 9, waits: 2, ..NONE }),
    (Story::LinkedBefore, Left { presses: 3, slips: 1, asks: 3, network: 1, ..NONE }),
    (Story::ByMail, Left { presses: 5, asks: 2, ..NONE }),
    (Story::OfferedByMail, Left { presses: 2, in_max: 3, strange: 3, ..NONE }),
    (Story::OfferedByMail, Left { presses: 2, in_max: 2, strange: 3, network: 1, ..NONE }),
    (Story::OfferedByMail, Left { presses: 1, asks: 3, in_max: 4, ..NONE }),
    (Story::BothByMail, Left { presses: 3, asks: 3, overlaps: 1, ..NONE }),
    (Story::BothByMail, Left { presses: 2, asks: 2, network: 1, deaths: 1, ..NONE }),
    (Story::Guessed, Left { presses: 2, slips: 1, asks: 3, overlaps: 1, deaths: 1, ..NONE }),
    (Story::Guessed, Left { presses: 1, slips: 1, asks: 3, waits: 2, ..NONE }),
    (Story::Guesser, Left { asks: 33, waits: 12, ..NONE }),
];

#[test]
fn in_every_order_nothing_happens_that_must_not_and_what_is_wished_for_can() {
    let begun = Instant::now();
    let checker = Protocol::new(&STORIES).checker().threads(2).spawn_bfs().join();
    println!(
        "{} unique states of {}, up to {} events deep, in {:.1} s",
        checker.unique_state_count(),
        checker.state_count(),
        checker.max_depth(),
        begun.elapsed().as_secs_f32()
    );
    checker.assert_properties();
    assert!(checker.unique_state_count() >= FEWEST_STATES);
}
