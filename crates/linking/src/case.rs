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

    /// Whether the decision leads to a blocked profile, or does something with one that is linked. A wrong code is a wrong code: who
    /// cannot prove the contact learns nothing of its profile.
    pub(crate) fn is_about_a_blocked_profile(&self, decision: &Decision) -> bool {
        if decision.refused.is_some() {
            return false;
        }
        let here = self.step.profile().filter(|_| self.facts.profile.as_ref().is_some_and(|profile| profile.blocked));
        let found = self.facts.under_contact.as_ref().filter(|found| found.blocked).map(|found| &found.id);
        // Unlinking leads away from the profile.
        let of_link = self.step.link().map(|link| &link.profile);
        let mut named = decision.step.profile().into_iter().chain(of_link);
        named.any(|id| here == Some(id) || found == Some(id))
            || (found.is_some() && matches!(decision.step, Step::Taken { .. }))
    }

    // The step takes the action, so it is not of this kind: only a mistake in the table of `is_taken_at` leads here.
    pub(crate) const fn wrong_step() -> Refusal {
        Refusal::new(Code::WrongStep).with_linking()
    }
}
