//! What a decision is made of.

use mostik_wire::{Code, Millis};

use crate::{
    decision::{Change, Decision},
    facts::Facts,
    refusal::Refusal,
    step::{Linking, Step},
};

/// One decision's arguments; the rules of each topic are its methods.
pub(crate) struct DecisionContext<'a> {
    pub(crate) linking: &'a Linking,
    pub(crate) step: &'a Step,
    pub(crate) facts: &'a Facts,
    pub(crate) now: Millis,
}

impl DecisionContext<'_> {
    /// Nothing changes: what was asked for is so already.
    pub(crate) fn stays(&self) -> Decision {
        Decision { change: Change::None, ..Decision::moved(self.step.clone()) }
    }

    // The step takes the action, so it is not of this kind: only a mistake in the table of `is_taken_at` leads here.
    pub(crate) const fn wrong_step() -> Refusal {
        Refusal::new(Code::WrongStep).with_linking()
    }
}
