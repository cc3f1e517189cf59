//! What the owner of a linked profile may do with it.

use mostik_wire::{CloseReason, Code, LogKind, Messenger, Millis};

use crate::{
    action::Proof,
    case::DecisionContext,
    codes::Proven,
    decision::{Change, Decision, Effect, News},
    facts::Profile,
    refusal::Refusal,
    step::{ProfileId, Step},
};

/// Time to think better of a deletion, and for whoever did not ask for it to notice the letter.
pub const DELETION_DELAY: i64 = 24 * 60 * 60 * 1_000;

impl DecisionContext<'_> {
    /// Carries out what the owner asks for, once the proof is right.
    fn for_owner(
        &self,
        proof: Proof,
        rule: impl FnOnce(Step, ProfileId, &Profile) -> Result<Decision, Refusal>,
    ) -> Result<Decision, Refusal> {
        match self.proven_owner(proof)? {
            Proven::Wrong(decision) => Ok(decision),
            Proven::Right(step) => {
                let (id, profile) = self.linked_profile()?;
                rule(step, id, profile)
            }
        }
    }

    fn linked_profile(&self) -> Result<(ProfileId, &Profile), Refusal> {
        let link = self.step.link().ok_or_else(Self::wrong_step)?;
        let profile = self.facts.profile.as_ref().ok_or_else(Self::wrong_step)?;
        Ok((link.profile.clone(), profile))
    }

    pub(crate) fn export(&self, proof: Proof) -> Result<Decision, Refusal> {
        self.for_owner(proof, |step, id, _| {
            let told = Effect::Tell { profile: id, news: News::Exported };
            Ok(Decision::silently(step).with(Effect::Note(LogKind::Exported)).with(told))
        })
    }

    pub(crate) fn unlink(&self, proof: Proof) -> Result<Decision, Refusal> {
        self.for_owner(proof, |_, id, profile| {
            // Without its link nobody could call the deletion off.
            if profile.deletion_pending {
                return Err(Refusal::new(Code::DeletionPending));
            }
            // Told before the way to MAX is forgotten.
            Ok(Decision::moved(Step::Closed { reason: CloseReason::Unlinked }).with_all([
                Effect::Note(LogKind::Unlinked),
                Effect::Tell { profile: id.clone(), news: News::Unlinked },
                Effect::Unlink { profile: id },
                Effect::EndVk,
                Effect::DropQueuedCodes,
            ]))
        })
    }

    pub(crate) fn leave_messenger(&self, messenger: Messenger, proof: Proof) -> Result<Decision, Refusal> {
        self.for_owner(proof, |step, id, profile| {
            if profile.deletion_pending {
                return Err(Refusal::new(Code::DeletionPending));
            }
            let (bound, other) = match messenger {
                Messenger::Max => (profile.max.is_some(), profile.in_vk),
                Messenger::Vk => (profile.in_vk, profile.max.is_some()),
            };
            // Asked for twice, it is done once.
            if !bound {
                return Ok(Decision::silently(step));
            }
            // The other one may have left since the person decided: who meant one messenger has not said yes to unlinking the
            // whole.
            if !other && !step.is_by_mail() {
                return Err(Refusal::new(Code::LastMessenger));
            }
            let kind = match messenger {
                Messenger::Max => LogKind::LeftMax,
                Messenger::Vk => LogKind::LeftVk,
            };
            // Told before the way to MAX is forgotten.
            Ok(Decision::moved(step).with_all([
                Effect::Note(kind),
                Effect::Tell { profile: id.clone(), news: News::MessengerUnlinked(messenger) },
                Effect::Unbind { profile: id, messenger },
            ]))
        })
    }

    pub(crate) fn ask_deletion(&self, proof: Proof) -> Result<Decision, Refusal> {
        self.for_owner(proof, |step, id, profile| {
            if profile.deletion_pending {
                return Err(Refusal::new(Code::DeletionPending));
            }
            let due = self.now.plus(DELETION_DELAY);
            Ok(Self::deletion(step, id, Some(due), LogKind::DeletionAsked, News::DeletionAsked { due }))
        })
    }

    /// Nothing is proven for that: it only keeps what is there.
    pub(crate) fn keep_profile(&self) -> Result<Decision, Refusal> {
        let (id, profile) = self.linked_profile()?;
        // Asked for twice, it is kept once.
        if !profile.deletion_pending {
            return Ok(self.stays());
        }
        Ok(Self::deletion(self.step.clone(), id, None, LogKind::DeletionCalledOff, News::DeletionCalledOff))
    }

    fn deletion(step: Step, id: ProfileId, due: Option<Millis>, kind: LogKind, news: News) -> Decision {
        Decision::known(step).with_all([
            Effect::SetDeletion { profile: id.clone(), due },
            Effect::Note(kind),
            Effect::Tell { profile: id, news },
        ])
    }
}

impl Decision {
    /// The step bears a spent code, which is nobody's news.
    fn silently(step: Step) -> Self {
        Self { change: Change::None, ..Self::moved(step) }
    }
}
