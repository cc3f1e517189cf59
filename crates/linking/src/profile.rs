//! The profile that was found: the person's yes to it, and joining it to a messenger.

use mostik_wire::{Code, Contact, LogKind, Messenger};

use crate::{
    case::DecisionContext,
    decision::{Account, Decision, Effect, MaxText, NewProfile, News},
    facts::LinkedTo,
    refusal::Refusal,
    step::{Aim, AtMax, Link, Linked, MaxUser, ProfileId, Sealed, Step},
};

/// What became of joining an account of a messenger to a profile.
pub(crate) enum JoinOutcome {
    /// The link stands.
    Linked(Decision),
    /// Another pupil's diary was linked to the profile first.
    ProfileTaken(Decision),
    /// The account is joined to another profile.
    AccountTaken,
}

impl DecisionContext<'_> {
    /// Takes the profile, or makes one where there is none, and goes on to MAX. A profile by e-mail is linked at once.
    pub(crate) fn confirm(&self, accept_other_name: bool) -> Result<Decision, Refusal> {
        let Step::Profile { contact, profile: found, proven_in_max } = self.step else {
            return Err(Self::wrong_step());
        };
        if let Some(found) = self.facts.profile.as_ref().filter(|_| found.is_some())
            && !self.facts.pupil.name().is_same(&found.name())
            && !accept_other_name
        {
            return Err(Refusal::new(Code::OtherNameNotAccepted).with_linking());
        }
        // Another may have made or taken the contact's profile since it was shown.
        let (profile, made, taken) = match (found, &self.facts.under_contact, contact) {
            (Some(found), _, _) => (found.clone(), None, self.is_taken()),
            (None, Some(under), _) => (under.id.clone(), None, under.is_linked),
            (None, None, Contact::Sms { phone }) => {
                let id = self.facts.fresh.profile.clone();
                (id.clone(), Some(NewProfile::ByPhone { id, phone: phone.clone() }), false)
            }
            (None, None, Contact::Mail { .. }) => return Err(Self::wrong_step()),
        };
        if taken {
            return Ok(Decision::moved(Step::Taken { contact: contact.clone() }));
        }
        let made = made.map(|new| Effect::MakeProfile(Box::new(new)));
        if self.step.is_by_mail() {
            // A profile by e-mail needs no MAX: its password was shown to be known.
            return Ok(Decision::moved(self.offering_max(contact.clone(), profile.clone())).with_all(made).with_all([
                Effect::Link { profile: profile.clone() },
                Effect::Note(LogKind::Linked),
                Effect::Tell { profile, news: News::Linked },
            ]));
        }
        if let Some(user) = self.max_user_known(*proven_in_max, &profile)
            && !self.is_bound_elsewhere(&profile)
        {
            // MAX has said already whose it is: nothing is left to ask there.
            let account = Account { messenger: Messenger::Max, user, name: None };
            let decision = self.linked(contact.clone(), &profile, account, None, made);
            return Ok(decision.with(Effect::SayInMax { user, text: MaxText::Linked { with_way_back: false } }));
        }
        let aim = Aim::Join { contact: contact.clone(), profile, vk_trouble: None };
        Ok(Decision::moved(self.awaiting_max(aim)).with_all(made))
    }

    /// The MAX account to join the profile to without asking there again: it has proven the contact just now, or it was the
    /// one of this very profile when this pupil was linked to it last.
    fn max_user_known(&self, proven_in_max: Option<MaxUser>, profile: &ProfileId) -> Option<MaxUser> {
        let former = || {
            self.facts.former.as_ref().filter(|former| former.id == *profile)?;
            self.facts.profile.as_ref()?.former_max
        };
        proven_in_max.or_else(former)
    }

    fn is_taken(&self) -> bool {
        self.facts.profile.as_ref().is_some_and(|profile| profile.linked_to == LinkedTo::AnotherPupil)
    }

    /// Whether the messenger account of the action is bound to another profile than this one.
    pub(crate) fn is_bound_elsewhere(&self, profile: &ProfileId) -> bool {
        self.facts.bound_to.as_ref().is_some_and(|bound| bound != profile)
    }

    /// Joins an account to the profile that MAX or VK is awaited for, and the profile to the pupil where that is not so yet.
    pub(crate) fn join(&self, account: Account) -> Result<JoinOutcome, Refusal> {
        let profile = self.step.profile().ok_or_else(Self::wrong_step)?;
        if self.is_bound_elsewhere(profile) {
            return Ok(JoinOutcome::AccountTaken);
        }
        let contact = self.step.contact().ok_or_else(Self::wrong_step)?;
        if self.step.link().is_none() && self.is_taken() {
            return Ok(JoinOutcome::ProfileTaken(Decision::moved(Step::Taken { contact }).with(Effect::EndVk)));
        }
        let handle = self.step.return_handle().cloned();
        Ok(JoinOutcome::Linked(self.linked(contact, profile, account, handle, None)))
    }

    fn linked(
        &self,
        contact: Contact,
        profile: &ProfileId,
        account: Account,
        return_handle: Option<Sealed>,
        made: Option<Effect>,
    ) -> Decision {
        let kind = match account.messenger {
            Messenger::Max => LogKind::InMax,
            Messenger::Vk => LogKind::InVk,
        };
        let (link, new) = match self.step.link() {
            Some(link) => (Link { vk_trouble: None, ..link.clone() }, false),
            None => (self.new_link(contact, profile.clone()), true),
        };
        let mut decision = Decision::moved(Step::Linked(Linked { link, return_handle })).with_all(made);
        if new {
            decision = decision.with(Effect::Link { profile: profile.clone() }).with(Effect::Note(LogKind::Linked));
        }
        decision.with(Effect::Bind { profile: profile.clone(), account }).with(Effect::Note(kind))
    }

    fn new_link(&self, contact: Contact, profile: ProfileId) -> Link {
        Link { contact, profile, linked_at: self.now, owner_code: None, vk_trouble: None }
    }

    /// The link to the diary stands from now on, and MAX is offered.
    pub(crate) fn offering_max(&self, contact: Contact, profile: ProfileId) -> Step {
        self.awaiting_max(Aim::Offer { link: self.new_link(contact, profile) })
    }

    /// MAX is awaited from now on, with a first ticket.
    pub(crate) fn awaiting_max(&self, aim: Aim) -> Step {
        Step::Max(AtMax {
            aim,
            ticket: self.new_ticket(),
            visitor: None,
            trouble: None,
            return_handle: self.facts.fresh.return_handle.clone(),
        })
    }
}
