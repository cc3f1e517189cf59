//! Passwords of profiles by e-mail, and the details that such a profile is made of.

use mostik_wire::{BirthDate, Code, ConfirmedName, Contact, DetailsBody, LogKind, NameTexts};

use crate::{
    action::CodeCheck,
    case::DecisionContext,
    codes::Proven,
    decision::{Decision, Effect, NewProfile, News},
    facts::OwnedBy,
    refusal::Refusal,
    step::{PasswordHash, Purpose, Step},
};

impl DecisionContext<'_> {
    pub(crate) fn set_password(&self, password: PasswordHash) -> Result<Decision, Refusal> {
        let Step::Password { email } = self.step else { return Err(Self::wrong_step()) };
        Ok(Decision::moved(Step::Details { email: email.clone(), password }))
    }

    pub(crate) fn sign_in_to_profile(&self) -> Result<Decision, Refusal> {
        let Step::Exists { email, profile } = self.step else { return Err(Self::wrong_step()) };
        Ok(Decision::moved(Step::Profile {
            contact: Contact::Mail { email: email.clone() },
            profile: Some(profile.clone()),
            proven_in_max: None,
        }))
    }

    pub(crate) fn set_new_password(&self, entered: CodeCheck, password: PasswordHash) -> Result<Decision, Refusal> {
        let Step::Recovery { email, profile, .. } = self.step else { return Err(Self::wrong_step()) };
        if let Proven::Wrong(decision) = self.proven(Purpose::Recovery, entered)? {
            return Ok(decision);
        }
        let step = Step::Profile {
            contact: Contact::Mail { email: email.clone() },
            profile: Some(profile.clone()),
            proven_in_max: None,
        };
        let profile = profile.clone();
        Ok(Decision::moved(step).with_all([
            Effect::SetPassword { profile: profile.clone(), password },
            Effect::ReplacePasswordElsewhere { profile: profile.clone() },
            Effect::Note(LogKind::PasswordChanged),
            Effect::Tell { profile, news: News::PasswordChanged },
        ]))
    }

    /// Who signed in with the old password and has not linked yet must show the new one.
    pub(crate) fn password_replaced(&self) -> Result<Decision, Refusal> {
        match self.step {
            Step::Profile { contact: Contact::Mail { email }, profile: Some(profile), .. } => {
                Ok(Decision::moved(Step::Exists { email: email.clone(), profile: profile.clone() }))
            }
            _ => Ok(self.stays()),
        }
    }

    /// Makes the profile, records the consent, and links the profile to the diary.
    pub(crate) fn give_details(&self, details: &DetailsBody) -> Result<Decision, Refusal> {
        let Step::Details { email, password } = self.step else { return Err(Self::wrong_step()) };
        if self.facts.asked_by != OwnedBy::Parent {
            return Err(Refusal::new(Code::NeedsParent));
        }
        let (name, birth_date) = self.checked(details)?;
        if details.consent.as_deref() != Some(self.facts.settings.consent) {
            return Err(Refusal::new(Code::ConsentMissing).detail("consent"));
        }
        let contact = Contact::Mail { email: email.clone() };
        // Another window may have made a profile with the address since its code was right.
        match &self.facts.under_contact {
            Some(found) if found.is_linked => return Ok(Decision::moved(Step::Taken { contact })),
            Some(found) => {
                return Ok(Decision::moved(Step::Exists { email: email.clone(), profile: found.id.clone() }));
            }
            None => {}
        }
        let profile = self.facts.fresh.profile.clone();
        let new = NewProfile::ByMail {
            id: profile.clone(),
            email: email.clone(),
            name: (&name).into(),
            birth_date,
            gender: details.gender,
            class_name: Some(self.facts.pupil.class_name.clone()).filter(|name| !name.is_empty()),
            password: password.clone(),
        };
        Ok(Decision::moved(self.offering_max(contact, profile.clone())).with_all([
            Effect::MakeProfile(Box::new(new)),
            Effect::Link { profile: profile.clone() },
            Effect::RecordConsent { profile: profile.clone(), wording: self.facts.settings.consent.to_owned() },
            Effect::Note(LogKind::Linked),
            Effect::Tell { profile, news: News::Linked },
        ]))
    }

    fn checked(&self, details: &DetailsBody) -> Result<(ConfirmedName, BirthDate), Refusal> {
        let pupil = &self.facts.pupil;
        let typed = NameTexts {
            last_name: &details.last_name,
            first_name: &details.first_name,
            middle_name: details.middle_name.as_deref(),
        };
        let told = NameTexts {
            last_name: &pupil.last_name,
            first_name: &pupil.first_name,
            middle_name: pupil.middle_name.as_deref(),
        };
        let name = ConfirmedName::read(typed, told)
            .map_err(|(part, _)| Refusal::new(Code::NameMalformed).detail(part.field()))?;
        let birth_date = BirthDate::parse(&details.birth_date)
            .ok_or_else(|| Refusal::new(Code::BirthDateWrong).detail("birth_date: no date of the calendar"))?;
        if pupil.birth_date != Some(birth_date) {
            return Err(Refusal::new(Code::BirthDateWrong).detail("birth_date: not the diary's"));
        }
        if !pupil.is_under_14(&self.facts.today) {
            return Err(Refusal::new(Code::NotUnder14).detail("birth_date"));
        }
        Ok((name, birth_date))
    }
}
