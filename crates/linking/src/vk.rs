//! VK Messenger: binding a person's VK account, by VK ID, to the profile that was found.

use mostik_wire::{Messenger, VkTrouble};

use crate::{
    case::DecisionContext,
    decision::{Account, Decision, Effect, News},
    profile::JoinOutcome,
    refusal::Refusal,
    step::{Aim, AtMax, Step},
};

/// The life of a sign-in at VK ID, and of the question after it.
pub const VK_SIGN_IN_LIFE: i64 = 10 * 60 * 1_000;

impl DecisionContext<'_> {
    pub(crate) fn begin_vk(&self) -> Result<Decision, Refusal> {
        let profile = self.step.profile().filter(|_| self.facts.settings.vk && !self.is_in_vk());
        let profile = profile.ok_or_else(Self::wrong_step)?;
        let mut step = self.with_vk_trouble(None);
        let handle = self.facts.fresh.return_handle.clone();
        match &mut step {
            Step::Max(at_max) => at_max.return_handle = handle,
            Step::Linked(linked) => linked.return_handle = Some(handle),
            _ => return Err(Self::wrong_step()),
        }
        let expires_at = self.now.plus(VK_SIGN_IN_LIFE);
        Ok(Decision::known(step).with(Effect::BeginVk { profile: profile.clone(), expires_at }))
    }

    /// Before the link stands the profile may be another pupil's by now, and so is what is bound to it.
    fn is_in_vk(&self) -> bool {
        self.step.link().is_some() && self.facts.profile.as_ref().is_some_and(|profile| profile.in_vk)
    }

    /// Said before the person is asked for a yes that would come to nothing.
    pub(crate) fn name_vk_account(&self) -> Result<Decision, Refusal> {
        let profile = self.step.profile().filter(|_| !self.is_in_vk()).ok_or_else(Self::wrong_step)?;
        if self.is_bound_elsewhere(profile) {
            return self.fail_vk(VkTrouble::AccountTaken);
        }
        // Begun anew meanwhile: that one counts.
        if self.facts.vk_under_way {
            return Err(Self::wrong_step());
        }
        let expires_at = self.now.plus(VK_SIGN_IN_LIFE);
        Ok(Decision::known(self.step.clone()).with(Effect::AskAboutVk { expires_at }))
    }

    pub(crate) fn fail_vk(&self, trouble: VkTrouble) -> Result<Decision, Refusal> {
        // The person has begun anew meanwhile: that one counts.
        if self.facts.vk_under_way {
            return Ok(self.stays());
        }
        Ok(Decision::known(self.with_vk_trouble(Some(trouble))))
    }

    pub(crate) fn bind_vk(&self, user: i64, name: Option<String>) -> Result<Decision, Refusal> {
        let profile = self.step.profile().filter(|_| !self.is_in_vk()).ok_or_else(Self::wrong_step)?.clone();
        let account = name.clone().unwrap_or_default();
        match self.join(Account { messenger: Messenger::Vk, user, name })? {
            JoinOutcome::Linked(decision) => {
                Ok(decision.with(Effect::Tell { profile, news: News::VkLinked { account } }))
            }
            JoinOutcome::ProfileTaken(decision) => Ok(decision),
            JoinOutcome::AccountTaken => self.fail_vk(VkTrouble::AccountTaken),
        }
    }

    fn with_vk_trouble(&self, trouble: Option<VkTrouble>) -> Step {
        let mut step = self.step.clone();
        match &mut step {
            Step::Max(AtMax { aim: Aim::Join { vk_trouble, .. }, .. }) => *vk_trouble = trouble,
            step => {
                if let Some(link) = step.link_mut() {
                    link.vk_trouble = trouble;
                }
            }
        }
        step
    }
}
