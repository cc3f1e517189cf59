//! Codes: sending one, and proving by one.

use mostik_wire::{Channel, CloseReason, Code, Contact, Delivery, Millis};

use crate::{
    action::{CodeCheck, Proof},
    case::DecisionContext,
    decision::{Decision, Effect},
    limits::{self, WRONG_CODES_OF_CONTACT},
    refusal::Refusal,
    step::{Purpose, SentCode, Step},
};

/// The life of a code: the most that NIST 800-63B and ASVS allow.
pub const CODE_LIFE: i64 = 10 * 60 * 1_000;
/// Tries that one code admits.
pub const TRIES: u32 = 5;

impl SentCode {
    /// Tries that remain for it.
    #[must_use]
    pub const fn tries_left(&self) -> u32 {
        TRIES.saturating_sub(self.tries)
    }

    // Single use: what was right once is worth nothing afterwards.
    const fn spend(&mut self) {
        self.tries = TRIES;
    }
}

/// What becomes of a code that was typed.
pub(crate) enum Proven {
    /// It is right, and spent; here is the step with it.
    Right(Step),
    /// It is wrong, and that was counted: the whole decision.
    Wrong(Decision),
}

impl DecisionContext<'_> {
    pub(crate) fn give_contact(&self, contact: Contact) -> Result<Decision, Refusal> {
        if contact.channel() == Channel::Mail && !self.facts.pupil.is_under_14(&self.facts.today) {
            return Err(Refusal::new(Code::EmailNeedsUnder14).detail("contact"));
        }
        // The same contact again while its code is on its way changes nothing.
        if let Step::Code { contact: present, sent, .. } = self.step
            && *present == contact
            && self.now < sent.resend_at
            && self.now < sent.expires_at
        {
            return Ok(self.stays());
        }
        let limits = limits::of_new_contacts(&self.facts.spent);
        Ok(self.await_code(contact.clone(), false)?.with(Effect::CountContact { contact, limits }))
    }

    pub(crate) fn resend(&self) -> Result<Decision, Refusal> {
        let Step::Code { contact, known, .. } = self.step else { return Err(Self::wrong_step()) };
        self.await_code(contact.clone(), *known)
    }

    pub(crate) fn use_former(&self) -> Result<Decision, Refusal> {
        let former = self.facts.former.as_ref().ok_or_else(Self::wrong_step)?;
        self.await_code(former.contact.clone(), true)
    }

    fn await_code(&self, contact: Contact, known: bool) -> Result<Decision, Refusal> {
        let sent = self.new_code()?;
        let step = Step::Code { contact: contact.clone(), known, sent: sent.clone() };
        Ok(Decision::moved(step).with(Effect::SendCode { purpose: Purpose::Contact, to: contact, sent }))
    }

    pub(crate) fn recover(&self) -> Result<Decision, Refusal> {
        let (Step::Exists { email, profile } | Step::Recovery { email, profile, .. }) = self.step else {
            return Err(Self::wrong_step());
        };
        let sent = self.new_code()?;
        let step = Step::Recovery { email: email.clone(), profile: profile.clone(), sent: sent.clone() };
        let to = Contact::Mail { email: email.clone() };
        Ok(Decision::moved(step).with(Effect::SendCode { purpose: Purpose::Recovery, to, sent }))
    }

    pub(crate) fn send_owner_code(&self) -> Result<Decision, Refusal> {
        let sent = self.new_code()?;
        let mut step = self.step.clone();
        let link = step.link_mut().ok_or_else(Self::wrong_step)?;
        link.owner_code = Some(sent.clone());
        let to = link.contact.clone();
        Ok(Decision::known(step).with(Effect::SendCode { purpose: Purpose::Owner, to, sent }))
    }

    fn new_code(&self) -> Result<SentCode, Refusal> {
        let own = self.facts.budget.admit_send(self.now);
        let resend_at = limits::admit(&self.facts.spent, own)?;
        Ok(SentCode {
            nth: self.linking.codes + 1,
            place: self.facts.earlier_codes + 1,
            expires_at: self.now.plus(CODE_LIFE),
            resend_at,
            tries: 0,
            delivery: Delivery::Queued,
        })
    }

    pub(crate) fn submit_code(&self, entered: CodeCheck) -> Result<Decision, Refusal> {
        let Step::Code { contact, .. } = self.step else { return Err(Self::wrong_step()) };
        if let Proven::Wrong(decision) = self.proven(Purpose::Contact, entered)? {
            return Ok(decision);
        }
        // Only now does the profile count: who cannot prove the contact learns nothing of it.
        Ok(Decision::moved(match (contact, &self.facts.under_contact) {
            (_, Some(found)) if found.is_linked => Step::Taken { contact: contact.clone() },
            (Contact::Sms { .. }, found) => Step::Profile {
                contact: contact.clone(),
                profile: found.as_ref().map(|found| found.id.clone()),
                proven_in_max: None,
            },
            // A code to an address never opens a profile that exists: its password does.
            (Contact::Mail { email }, Some(found)) => Step::Exists { email: email.clone(), profile: found.id.clone() },
            (Contact::Mail { email }, None) => Step::Password { email: email.clone() },
        }))
    }

    /// Weighs a code: its life, the contact's budget, the code's own tries, and only then whether it is right.
    pub(crate) fn proven(&self, purpose: Purpose, entered: CodeCheck) -> Result<Proven, Refusal> {
        let is_alive = |expires_at: Option<Millis>| expires_at.is_some_and(|at| self.now < at);
        let sent = self.step.sent_code().filter(|(of, _)| *of == purpose).map(|(_, sent)| sent);
        // A newest code of another purpose is worth nothing here, however fresh it is.
        if !is_alive(sent.map_or(self.facts.newest_code_expires_at, |sent| Some(sent.expires_at))) {
            return Err(Refusal::new(Code::CodeExpired).with_linking());
        }
        self.facts.budget.admit_try(&WRONG_CODES_OF_CONTACT)?;
        if sent.is_none_or(|sent| sent.tries_left() == 0) {
            return Err(Refusal::new(Code::CodeTriesUsedUp).tries_left(0).with_linking());
        }
        let mut step = self.step.clone();
        let counted = step.sent_code_mut().ok_or_else(Self::wrong_step)?;
        let code = match entered {
            CodeCheck::Newest => {
                counted.spend();
                return Ok(Proven::Right(step));
            }
            CodeCheck::Older => Code::CodeSuperseded,
            CodeCheck::Neither => Code::CodeWrong,
        };
        counted.tries += 1;
        let refusal = Refusal::new(code).tries_left(counted.tries_left()).with_linking();
        let contact = self.step.contact().ok_or_else(Self::wrong_step)?;
        let count = Effect::CountFailure { purpose, contact };
        Ok(Proven::Wrong(Decision::known(step).with(count).refusing(refusal)))
    }

    /// Weighs the proof that a linked profile is the person's; a password was compared before.
    pub(crate) fn proven_owner(&self, proof: Proof) -> Result<Proven, Refusal> {
        match proof {
            Proof::Password | Proof::Operator => Ok(Proven::Right(self.step.clone())),
            Proof::Code(entered) => self.proven(Purpose::Owner, entered),
        }
    }

    pub(crate) fn note_delivery(&self, nth: u32, delivery: Delivery) -> Result<Decision, Refusal> {
        let mut step = self.step.clone();
        let sent = step.sent_code_mut().ok_or_else(Self::wrong_step)?;
        if sent.nth != nth || sent.delivery == delivery {
            return Ok(self.stays());
        }
        sent.delivery = delivery;
        Ok(Decision::known(step))
    }

    pub(crate) fn cancel(&self) -> Decision {
        self.closed(CloseReason::Cancelled)
    }

    pub(crate) fn closed(&self, reason: CloseReason) -> Decision {
        Decision::moved(Step::Closed { reason }).with_all([Effect::DropQueuedCodes, Effect::EndVk])
    }

    pub(crate) fn profile_erased(&self) -> Decision {
        Decision::moved(Step::Contact).with_all([Effect::DropQueuedCodes, Effect::EndVk])
    }

    /// Where the link to the diary stands, MAX was only an offer; anything else is over.
    pub(crate) fn expire(&self) -> Decision {
        self.without_max().unwrap_or_else(|| self.closed(CloseReason::Expired))
    }
}
