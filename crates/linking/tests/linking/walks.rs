//! Walks at random: whatever is done in whatever order, a linking holds together.

use mostik_linking::{Aim, AtMax, Change, Effect, Facts, LinkedTo, Linking, Step, TRIES, decide};
use mostik_wire::Millis;
use proptest::prelude::*;

use crate::world::*;

/// What the store would hold beside the linking.
struct World {
    linking: Linking,
    now: Millis,
    linked: bool,
    in_max: bool,
    in_vk: bool,
    deletion_pending: bool,
}

#[derive(Clone, Debug)]
struct Move {
    action: usize,
    wait: i64,
    under_contact: Option<bool>,
    taken: bool,
    bound_elsewhere: bool,
    vk_under_way: bool,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0..actions().len(), 0..MINUTE, any::<Option<bool>>(), any::<[bool; 3]>()).prop_map(
        |(action, wait, under_contact, [taken, bound_elsewhere, vk_under_way])| Move {
            action,
            wait,
            under_contact,
            taken,
            bound_elsewhere,
            vk_under_way,
        },
    );
    prop::collection::vec(one, 1..60)
}

impl World {
    fn facts(&self, one: &Move) -> Facts {
        let mut facts = facts_at(&self.linking.step);
        facts.under_contact = one.under_contact.and_then(found);
        facts.bound_to = one.bound_elsewhere.then(|| "another".into());
        facts.vk_under_way = one.vk_under_way;
        if let Some(profile) = &mut facts.profile {
            profile.max = self.in_max.then_some(VISITOR);
            profile.in_vk = self.in_vk;
            profile.deletion_pending = self.deletion_pending;
            if !self.linked && one.taken {
                profile.linked_to = LinkedTo::AnotherPupil;
            }
        }
        facts
    }

    fn take(&mut self, one: &Move) -> Result<(), TestCaseError> {
        self.now = self.now.plus(one.wait);
        let (name, action) = actions().swap_remove(one.action);
        let facts = self.facts(one);
        let before = self.linking.clone();
        let Ok(decision) = decide(&self.linking, action.clone(), &facts, self.now) else { return Ok(()) };
        // The same question has the same answer.
        prop_assert_eq!(&decide(&before, action, &facts, self.now).unwrap(), &decision);
        // What is stored is what was decided.
        let text = serde_json::to_string(&decision.step).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Step>(&text).unwrap(), &decision.step);
        prop_assert!(!matches!(before.step, Step::Closed { .. }), "{name} moved a closed linking");
        if decision.refused.is_some() {
            prop_assert_eq!(decision.change, Change::Known);
            let counted = matches!(decision.effects.as_slice(), [Effect::CountFailure { .. }]);
            prop_assert!(counted, "{} was refused and did more than count", name);
        }
        self.linking.step = decision.step.clone();
        self.linking.version += u64::from(decision.change != Change::None);
        if decision.change == Change::Moved {
            self.linking.moved_at_version = self.linking.version;
        }
        for effect in &decision.effects {
            self.carry_out(effect)?;
        }
        self.hold(name)
    }

    fn carry_out(&mut self, effect: &Effect) -> Result<(), TestCaseError> {
        match effect {
            Effect::SendCode { sent, .. } => {
                prop_assert_eq!(sent.nth, self.linking.codes + 1);
                prop_assert!(self.linking.step.sent_code().is_some_and(|(_, awaited)| awaited == sent));
                self.linking.codes = sent.nth;
            }
            Effect::Link { profile } => {
                prop_assert!(!self.linked, "linked twice");
                prop_assert_eq!(self.linking.step.profile(), Some(profile));
                self.linked = true;
            }
            Effect::Unlink { .. } => {
                prop_assert!(self.linked);
                (self.linked, self.in_max, self.in_vk) = (false, false, false);
            }
            Effect::Bind { account, .. } => match account.messenger {
                mostik_wire::Messenger::Max => self.in_max = true,
                mostik_wire::Messenger::Vk => self.in_vk = true,
            },
            Effect::Unbind { messenger, .. } => match messenger {
                mostik_wire::Messenger::Max => self.in_max = false,
                mostik_wire::Messenger::Vk => self.in_vk = false,
            },
            Effect::SetDeletion { due, .. } => self.deletion_pending = due.is_some(),
            _ => {}
        }
        Ok(())
    }

    fn hold(&self, name: &str) -> Result<(), TestCaseError> {
        let linking = &self.linking;
        prop_assert!(linking.moved_at_version <= linking.version);
        prop_assert_eq!(linking.step.link().is_some(), self.linked, "{}: {:?}", name, &linking.step);
        if let Some((_, sent)) = linking.step.sent_code() {
            prop_assert!(sent.tries <= TRIES && sent.nth <= linking.codes);
            prop_assert!(sent.expires_at.since(self.now) <= 10 * MINUTE);
        }
        if let Step::Max(AtMax { ticket, aim, trouble, visitor, .. }) = &linking.step {
            prop_assert!(ticket.expires_at.since(self.now) <= 10 * MINUTE);
            let offered = matches!(aim, Aim::Offer { .. });
            prop_assert!(!(offered && linking.step.at_max().is_some_and(|at_max| at_max.usable_number().is_some())));
            prop_assert!(trouble.is_none() || visitor.is_some(), "{}", name);
        }
        // A link by phone stands on a messenger.
        if self.linked && !linking.step.is_by_mail() {
            prop_assert!(self.in_max || self.in_vk, "{}: {:?}", name, &linking.step);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_a_linking_holds_together(moves in moves()) {
        let mut world = World {
            linking: Linking { codes: 0, version: 1, moved_at_version: 1, ..linking(Step::Contact) },
            now: NOW,
            linked: false,
            in_max: false,
            in_vk: false,
            deletion_pending: false,
        };
        for one in &moves {
            world.take(one)?;
        }
    }
}
