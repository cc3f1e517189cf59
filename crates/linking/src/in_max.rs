//! MAX: it proves a number in place of an SMS, or joins the profile that was found.

use mostik_wire::{Code, Contact, Messenger, Phone};

use crate::{
    action::SharedContact,
    case::DecisionContext,
    decision::{Account, Change, Decision, Effect, MaxText},
    profile::JoinOutcome,
    refusal::Refusal,
    step::{Aim, AtMax, Linked, MaxUser, Step, Ticket, Trouble, Visitor},
};

/// The life of a ticket into MAX; opening it gives as much again for sharing the number.
pub const TICKET_LIFE: i64 = 10 * 60 * 1_000;

impl DecisionContext<'_> {
    pub(crate) fn new_ticket(&self) -> Ticket {
        Ticket { expires_at: self.now.plus(TICKET_LIFE), ..self.facts.fresh.ticket.clone() }
    }

    pub(crate) fn prove_in_max(&self) -> Decision {
        Decision::moved(self.awaiting_max(Aim::Number)).with_all([Effect::DropQueuedCodes, Effect::EndVk])
    }

    pub(crate) fn renew_max_link(&self) -> Result<Decision, Refusal> {
        match self.step {
            Step::Max(at_max) => Ok(Decision::moved(Step::Max(self.with_new_ticket(at_max)))),
            // MAX was left out before.
            Step::Linked(linked) if self.facts.profile.as_ref().is_some_and(|profile| profile.max.is_none()) => {
                Ok(Decision::moved(self.awaiting_max(Aim::Offer { link: linked.link.clone() })))
            }
            _ => Err(Self::wrong_step()),
        }
    }

    fn with_new_ticket(&self, at_max: &AtMax) -> AtMax {
        AtMax { ticket: self.new_ticket(), visitor: None, trouble: None, ..at_max.clone() }
    }

    pub(crate) fn skip_max(&self) -> Result<Decision, Refusal> {
        self.without_max().ok_or_else(Self::wrong_step)
    }

    /// MAX is left out, where the link to the diary stands without it.
    pub(crate) fn without_max(&self) -> Option<Decision> {
        let Step::Max(AtMax { aim: Aim::Offer { link }, return_handle, .. }) = self.step else { return None };
        let linked = Linked { link: link.clone(), return_handle: Some(return_handle.clone()) };
        Some(Decision::moved(Step::Linked(linked)))
    }

    pub(crate) fn take_max_number(&self) -> Result<Decision, Refusal> {
        let visitor = self.step.at_max().and_then(|at_max| at_max.visitor.as_ref());
        if let (Some(at_max), Some(visitor)) = (self.step.at_max(), visitor)
            && let Some(Trouble::ToConfirm { name, .. }) = &at_max.trouble
        {
            return self.join_in_max(at_max, visitor.user, name.clone());
        }
        let (Some(visitor), Some(phone)) = (visitor, &self.facts.usable_number) else { return Err(Self::wrong_step()) };
        Ok(self.number_proven(visitor.user, phone))
    }

    /// Somebody has come to the bot with the ticket: from now on it waits for their number.
    pub(crate) fn open_in_max(&self, user: MaxUser) -> Result<Decision, Refusal> {
        let at_max = self.step.at_max().ok_or_else(Self::wrong_step)?;
        let say = Effect::SayInMax { user, text: MaxText::WhoseDiary };
        match &at_max.visitor {
            _ if self.now >= at_max.ticket.expires_at => Err(Self::wrong_step()),
            Some(visitor) if visitor.user != user => Err(Self::wrong_step()),
            // The same person comes again: the same answer, nothing new.
            Some(_) => Ok(self.stays().with(say)),
            None => Ok(Decision::known(Step::Max(self.visited(at_max, user))).with(say)),
        }
    }

    fn visited(&self, at_max: &AtMax, user: MaxUser) -> AtMax {
        AtMax {
            ticket: Ticket { expires_at: self.now.plus(TICKET_LIFE), ..at_max.ticket.clone() },
            visitor: Some(Visitor { user, at: self.now }),
            trouble: None,
            ..at_max.clone()
        }
    }

    /// Whoever has come to the bot has stopped it: nobody is there any more.
    pub(crate) fn leave_bot(&self, user: MaxUser) -> Decision {
        match self.step {
            Step::Max(at_max) if at_max.visitor.as_ref().is_some_and(|visitor| visitor.user == user) => {
                Decision::known(Step::Max(AtMax { visitor: None, trouble: None, ..at_max.clone() }))
            }
            _ => self.stays(),
        }
    }

    pub(crate) fn share_in_max(
        &self,
        user: MaxUser,
        name: String,
        contact: SharedContact,
    ) -> Result<Decision, Refusal> {
        let at_max = self.step.at_max().ok_or_else(Self::wrong_step)?;
        // Only who has come with the ticket is asked, and not for ever.
        let is_visitor = at_max.visitor.as_ref().is_some_and(|visitor| visitor.user == user);
        if !is_visitor || self.now >= at_max.ticket.expires_at {
            return Err(Self::wrong_step());
        }
        let (masked, shared) = match contact {
            SharedContact::Foreign => {
                return Ok(self.troubled(at_max, user, Trouble::ForeignContact, MaxText::ForeignContact));
            }
            SharedContact::Unproven => {
                return Ok(self.troubled(at_max, user, Trouble::UnprovenContact, MaxText::UnprovenContact));
            }
            SharedContact::Own { masked, phone } => (masked, phone),
        };
        let profiles = self.facts.profile.as_ref().and_then(|profile| profile.phone.as_ref());
        let expected = self.step.phone_in_max(profiles);
        let phone = shared.as_ref().map(|(phone, _)| phone);
        match (&at_max.aim, phone) {
            (Aim::Number, Some(phone)) => {
                let decision = self.number_proven(user, phone);
                let text = match decision.step {
                    Step::Taken { .. } => MaxText::ProfileTaken,
                    _ => MaxText::NumberProven,
                };
                Ok(decision.with(Effect::SayInMax { user, text }))
            }
            (Aim::Number, None) => {
                Ok(self.troubled(at_max, user, Trouble::NumberForeign { masked }, MaxText::NumberForeign))
            }
            // A profile without a number takes any that is the person's own. That it is the visitor's own is proven, and not that the
            // visitor is the person.
            _ if expected.is_none() => {
                let taken = self.step.profile().is_some_and(|profile| self.is_bound_elsewhere(profile));
                Ok(if taken {
                    self.troubled(at_max, user, Trouble::MaxAccountTaken, MaxText::AccountTaken)
                } else {
                    self.asking(at_max, user, Trouble::ToConfirm { masked, name }, MaxText::ToConfirm)
                })
            }
            _ if phone == expected.as_ref() => self.join_in_max(at_max, user, name),
            (aim, phone) => {
                let usable = phone.is_some() && !matches!(aim, Aim::Offer { .. });
                let ours = expected.map(|phone| phone.masked()).unwrap_or_default();
                let text = MaxText::NumberDiffers { theirs: masked.clone(), ours, usable };
                let number = shared.map(|(_, sealed)| sealed);
                let trouble = Trouble::NumberDiffers { masked, number };
                Ok(if usable {
                    self.asking(at_max, user, trouble, text)
                } else {
                    self.troubled(at_max, user, trouble, text)
                })
            }
        }
    }

    fn join_in_max(&self, at_max: &AtMax, user: MaxUser, name: String) -> Result<Decision, Refusal> {
        let account = Account { messenger: Messenger::Max, user, name: Some(name) };
        Ok(match self.join(account)? {
            JoinOutcome::Linked(decision) => {
                decision.with(Effect::SayInMax { user, text: MaxText::Linked { with_way_back: true } })
            }
            JoinOutcome::ProfileTaken(decision) => {
                decision.with(Effect::SayInMax { user, text: MaxText::ProfileTaken })
            }
            JoinOutcome::AccountTaken => self.troubled(at_max, user, Trouble::MaxAccountTaken, MaxText::AccountTaken),
        })
    }

    fn troubled(&self, at_max: &AtMax, user: MaxUser, trouble: Trouble, text: MaxText) -> Decision {
        let at_max = AtMax { trouble: Some(trouble), ..at_max.clone() };
        Decision::known(Step::Max(at_max)).with(Effect::SayInMax { user, text })
    }

    /// Asks the window about whoever has shared a number. A yes to one visitor must never be taken for the next, so it moves the step.
    fn asking(&self, at_max: &AtMax, user: MaxUser, trouble: Trouble, text: MaxText) -> Decision {
        Decision { change: Change::Moved, ..self.troubled(at_max, user, trouble, text) }
    }

    /// Takes a number that MAX has proven as the linking's contact, as a right code would.
    fn number_proven(&self, user: MaxUser, phone: &Phone) -> Decision {
        let contact = Contact::Sms { phone: phone.clone() };
        let step = match &self.facts.under_contact {
            Some(found) if found.is_linked => Step::Taken { contact },
            found => Step::Profile {
                contact,
                profile: found.as_ref().map(|found| found.id.clone()),
                proven_in_max: Some(user),
            },
        };
        // A code that still waits would only confuse.
        Decision::moved(step).with_all([Effect::DropQueuedCodes, Effect::EndVk])
    }

    /// Somebody comes from MAX into the app, perhaps with a proven number, and says that it is about this pupil.
    pub(crate) fn accept_launch(&self, user: MaxUser, name: String, phone: Option<Phone>) -> Result<Decision, Refusal> {
        let profile = self.facts.profile.as_ref();
        let linked = self.step.link().is_some();
        match profile.filter(|_| linked).and_then(|profile| profile.max) {
            // Nothing is left to do: the window shows that it is done.
            Some(bound) if bound == user => return Ok(self.stays()),
            Some(_) => return Err(Refusal::new(Code::AlreadyLinked).with_linking()),
            None => {}
        }
        let Some(phone) = phone else { return Ok(self.ask_in_max(user)) };
        if self.step.link().is_none() && self.step.at_max().is_none_or(|at_max| matches!(at_max.aim, Aim::Number)) {
            return Ok(self.number_proven(user, &phone));
        }
        // The profile is chosen and waits for this number, or for any: this is the answer.
        let expected = self.step.phone_in_max(profile.and_then(|profile| profile.phone.as_ref()));
        if expected.as_ref().is_some_and(|expected| *expected != phone) {
            return Ok(if linked { self.ask_in_max(user) } else { self.number_proven(user, &phone) });
        }
        let account = Account { messenger: Messenger::Max, user, name: Some(name) };
        Ok(match self.join(account)? {
            JoinOutcome::Linked(decision) => {
                decision.with(Effect::SayInMax { user, text: MaxText::Linked { with_way_back: false } })
            }
            JoinOutcome::ProfileTaken(decision) => decision,
            // Said where the person is led: the linking waits for another account.
            JoinOutcome::AccountTaken => {
                let mut decision = self.ask_in_max(user);
                if let Step::Max(at_max) = &mut decision.step {
                    at_max.trouble = Some(Trouble::MaxAccountTaken);
                }
                decision
            }
        })
    }

    /// Leads the linking to MAX with somebody who is there already; the bot asks them for their number.
    fn ask_in_max(&self, user: MaxUser) -> Decision {
        let (at_max, effects) = match self.step {
            Step::Max(at_max) => (self.with_new_ticket(at_max), Vec::new()),
            step => {
                let aim = step.link().map_or(Aim::Number, |link| Aim::Offer { link: link.clone() });
                let dropped = if step.link().is_some() { Vec::new() } else { vec![Effect::EndVk] };
                match self.awaiting_max(aim) {
                    Step::Max(at_max) => (at_max, dropped),
                    _ => return self.stays(),
                }
            }
        };
        Decision::moved(Step::Max(self.visited(&at_max, user)))
            .with_all(effects)
            .with(Effect::SayInMax { user, text: MaxText::WhoseDiary })
    }
}
