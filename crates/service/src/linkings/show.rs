//! Row → step, by a total match: a row that fits no step is an error that names it.

use mostik_wire::{
    Channel, CodeStep, Delivery, DetailsStep, ExistsStep, FormerProfile, FoundProfile, FullName, LinkedStep, MaxStep,
    Millis, PasswordStep, ProfileStep, RecoveryStep, Step, StepName,
};

use super::{
    Purpose, TRIES, consent,
    row::{DELIVERIES, REASONS, Row, named},
};
use crate::{app::App, language::Language, names, refusal::Refusal};

/// What is known of the newest code.
pub struct Newest {
    /// When it stops working.
    pub expires_at: Millis,
    /// When another may follow.
    pub resend_at: Millis,
    /// Tries that remain.
    pub tries_left: u32,
    /// Its place among its linking's codes of the same purpose, from 1.
    pub nth: u32,
    /// The message's way.
    pub delivery: Delivery,
}

impl Row {
    /// The newest code, if it serves that purpose.
    ///
    /// # Errors
    /// When the row is incomplete.
    pub fn code_for(&self, purpose: Purpose) -> Result<Option<Newest>, Refusal> {
        if self.code_purpose.as_deref() == Some(purpose.name()) { self.newest_code().map(Some) } else { Ok(None) }
    }

    fn newest_code(&self) -> Result<Newest, Refusal> {
        let (Some(expires_at), Some(tries), Some(place), Some(resend_at), Some(delivery)) = (
            self.code_expires_at,
            self.code_tries,
            self.code_place,
            self.resend_at,
            named(&DELIVERIES, self.delivery.as_deref()),
        ) else {
            return Err(self.wrong("a code is awaited that was not made").into());
        };
        Ok(Newest {
            expires_at: Millis(expires_at),
            resend_at: Millis(resend_at),
            tries_left: TRIES.saturating_sub(u32::try_from(tries).unwrap_or(TRIES)),
            nth: u32::try_from(place).unwrap_or(u32::MAX),
            delivery,
        })
    }

    pub(super) fn into_step(self, app: &App, language: Language) -> Result<Step, Refusal> {
        let step = self.step_name()?;
        Ok(match step {
            StepName::Contact => Step::Contact { former: self.former()? },
            StepName::Code => {
                let Newest { expires_at, resend_at, tries_left, nth, delivery } = self.newest_code()?;
                let contact = self.contact()?;
                let shown = if self.contact_known.is_some() { contact.masked() } else { contact.display() };
                let channel = contact.channel();
                Step::Code(CodeStep { channel, contact: shown, expires_at, resend_at, tries_left, nth, delivery })
            }
            StepName::Taken => {
                let contact = self.contact()?;
                Step::Taken { channel: contact.channel(), contact_masked: contact.masked() }
            }
            StepName::Password => Step::Password(PasswordStep {
                contact_masked: self.contact()?.masked(),
                shortest: app.config.passwords.shortest,
            }),
            StepName::Details => Step::Details(self.details(language)?),
            StepName::Exists => {
                let found = self.found()?.ok_or_else(|| self.wrong("a profile exists that is none"))?;
                Step::Exists(ExistsStep {
                    contact_masked: self.contact()?.masked(),
                    profile_name: FullName::new(&found.name.0, &found.name.1).masked(),
                    shortest: app.config.passwords.shortest,
                })
            }
            StepName::Recovery => {
                let Newest { expires_at, resend_at, tries_left, nth, delivery } = self.newest_code()?;
                Step::Recovery(RecoveryStep {
                    contact_masked: self.contact()?.masked(),
                    shortest: app.config.passwords.shortest,
                    expires_at,
                    resend_at,
                    tries_left,
                    nth,
                    delivery,
                })
            }
            StepName::Profile => Step::Profile(ProfileStep {
                channel: self.contact()?.channel(),
                contact_masked: self.contact()?.masked(),
                found: self.found()?.map(|found| FoundProfile {
                    same_name: self.is_pupils_name(&found.name),
                    name_masked: FullName::new(&found.name.0, &found.name.1).masked(),
                    role: found.role,
                    class_name: found.class_name,
                }),
            }),
            StepName::Max => {
                let (Some(ticket), Some(digits), Some(expires_at), Some(handle)) = (
                    &self.sealed_ticket,
                    &self.sealed_ticket_digits,
                    self.ticket_expires_at,
                    &self.sealed_return_handle,
                ) else {
                    return Err(self.wrong("MAX is awaited without ticket or handle").into());
                };
                Step::Max(MaxStep {
                    url: app.config.max_link(&app.keys.open(ticket)?),
                    code: app.keys.open(digits)?,
                    expires_at: Millis(expires_at),
                    phone_masked: self.phone_in_max()?.map(|phone| phone.masked()),
                    skippable: self.is_linked(),
                    opened: self.opened_at.is_some(),
                    trouble: self.trouble()?,
                    return_handle: app.keys.open(handle)?,
                    profile_name: self.found()?.map(|found| FullName::new(&found.name.0, &found.name.1).masked()),
                    // Where MAX is to prove the number, there is no contact yet.
                    channel: if self.profile_id.is_some() { self.contact()?.channel() } else { Channel::Sms },
                    vk: self.vk(app)?,
                })
            }
            StepName::Linked => {
                let (Some(found), Some(linked_at)) = (self.found()?, self.linked_at) else {
                    return Err(self.wrong("linked without profile or time").into());
                };
                let contact = self.contact()?;
                Step::Linked(LinkedStep {
                    sferum_url: app.config.sferum_url(&found.id),
                    profile: found.id,
                    profile_name: FullName::new(&found.name.0, &found.name.1).masked(),
                    channel: contact.channel(),
                    contact_masked: contact.masked(),
                    in_max: self.profile_max_user.is_some(),
                    linked_at: Millis(linked_at),
                    vk: self.vk(app)?,
                    deletes_at: self.profile_deletes_at.map(Millis),
                })
            }
            StepName::Closed => Step::Closed {
                reason: named(&REASONS, self.closed_reason.as_deref())
                    .ok_or_else(|| self.wrong("closed without reason"))?,
            },
        })
    }

    // The profile that the pupil was linked to before, as long as no other is.
    fn former(&self) -> Result<Option<FormerProfile>, Refusal> {
        Ok(self.former_contact()?.map(|contact| FormerProfile {
            name_masked: FullName::new(
                self.former_first_name.as_deref().unwrap_or_default(),
                self.former_last_name.as_deref().unwrap_or_default(),
            )
            .masked(),
            channel: contact.channel(),
            contact_masked: contact.masked(),
        }))
    }

    fn details(&self, language: Language) -> Result<DetailsStep, Refusal> {
        Ok(DetailsStep {
            contact_masked: self.contact()?.masked(),
            last_name: self.pupil_last_name.clone(),
            first_name: self.pupil_first_name.clone(),
            middle_name: self.pupil_middle_name.clone(),
            birth_date: self.birth_date(),
            gender: self.pupil_gender.as_deref().and_then(names::gender),
            consent: consent::wording(language),
        })
    }
}
