//! A linking as the database holds it, and what can be read from it.

use mostik_wire::{BirthDate, CloseReason, Contact, Delivery, FullName, MaxTrouble, Millis, Phone, StepName};

use crate::{app::App, contact, dates, db::Inconsistent, names, refusal::Refusal};

/// A linking with what its step shows.
#[derive(sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of `linkings` and of the rows it names")]
pub struct Row {
    pub id: String,
    pub pupil_id: String,
    pub version: i64,
    pub moved_at_version: i64,
    pub moved_by: Option<String>,
    pub moved_by_first_name: Option<String>,
    pub moved_by_last_name: Option<String>,
    pub step: String,
    pub channel: Option<String>,
    pub contact: Option<String>,
    pub nth: i64,
    pub resend_at: Option<i64>,
    pub delivery: Option<String>,
    pub profile_id: Option<String>,
    pub password_hash: Option<String>,
    pub sealed_ticket: Option<String>,
    pub ticket_expires_at: Option<i64>,
    pub sealed_return_handle: Option<String>,
    pub max_user: Option<i64>,
    pub opened_at: Option<i64>,
    pub trouble: Option<String>,
    pub trouble_phone: Option<String>,
    pub vk_trouble: Option<String>,
    pub sealed_trouble_phone: Option<String>,
    pub sealed_ticket_digits: Option<String>,
    pub proven_in_max: Option<i64>,
    pub contact_known: Option<i64>,
    pub linked_at: Option<i64>,
    pub closed_reason: Option<String>,
    pub pupil_first_name: String,
    pub pupil_last_name: String,
    pub pupil_middle_name: Option<String>,
    pub pupil_class_name: String,
    pub pupil_school: Option<String>,
    pub pupil_birth_date: Option<String>,
    pub pupil_gender: Option<String>,
    pub code_expires_at: Option<i64>,
    pub code_tries: Option<i64>,
    pub code_place: Option<i64>,
    pub code_purpose: Option<String>,
    pub profile_first_name: Option<String>,
    pub profile_last_name: Option<String>,
    pub profile_role: Option<String>,
    pub profile_class_name: Option<String>,
    pub profile_phone: Option<String>,
    pub profile_max_user: Option<i64>,
    pub profile_deletes_at: Option<i64>,
    pub profile_vk_name: Option<String>,
    pub sealed_vk_state: Option<String>,
    pub vk_expires_at: Option<i64>,
    pub profile_former_max_user: Option<i64>,
    pub link_made_at: Option<i64>,
    pub former_id: Option<String>,
    pub former_first_name: Option<String>,
    pub former_last_name: Option<String>,
    pub former_phone: Option<String>,
    pub former_email: Option<String>,
}

/// The profile that a linking found.
pub struct Found {
    /// Its id.
    pub id: String,
    /// First name and surname.
    pub name: (String, String),
    /// Pupil or grown-up.
    pub role: mostik_wire::Role,
    /// The class, when known.
    pub class_name: Option<String>,
}

/// Every name a step has in the database.
const STEPS: [(&str, StepName); 11] = [
    ("contact", StepName::Contact),
    ("code", StepName::Code),
    ("taken", StepName::Taken),
    ("password", StepName::Password),
    ("details", StepName::Details),
    ("exists", StepName::Exists),
    ("recovery", StepName::Recovery),
    ("profile", StepName::Profile),
    ("max", StepName::Max),
    ("linked", StepName::Linked),
    ("closed", StepName::Closed),
];

/// Every name a delivery has in the database.
pub const DELIVERIES: [(&str, Delivery); 7] = [
    ("queued", Delivery::Queued),
    ("delayed", Delivery::Delayed),
    ("sent", Delivery::Sent),
    ("delivered", Delivery::Delivered),
    ("failed", Delivery::Failed),
    ("no_such_mailbox", Delivery::NoSuchMailbox),
    ("mailbox_full", Delivery::MailboxFull),
];

pub(super) const REASONS: [(&str, CloseReason); 3] =
    [("cancelled", CloseReason::Cancelled), ("expired", CloseReason::Expired), ("unlinked", CloseReason::Unlinked)];

pub(super) fn named<T: Copy>(table: &[(&str, T)], name: Option<&str>) -> Option<T> {
    table.iter().find(|(n, _)| Some(*n) == name).map(|(_, value)| *value)
}

impl Row {
    /// A row that fits no code of ours.
    #[must_use]
    pub fn wrong(&self, what: &'static str) -> Inconsistent {
        Inconsistent { table: "linkings", id: self.id.clone(), what }
    }

    /// Where the linking stands.
    ///
    /// # Errors
    /// When the row bears a step that no code of ours writes.
    pub fn step_name(&self) -> Result<StepName, Inconsistent> {
        named(&STEPS, Some(&self.step)).ok_or_else(|| self.wrong("unknown step"))
    }

    /// The number or address that the linking is about.
    ///
    /// # Errors
    /// When the row bears none, or one that is none.
    pub fn contact(&self) -> Result<Contact, Inconsistent> {
        let both = self.channel.as_deref().zip(self.contact.as_deref());
        both.and_then(|(channel, text)| contact::stored(channel, text)).ok_or_else(|| self.wrong("no contact"))
    }

    /// The number that MAX must confirm; `None`: the profile has none, and any own number will do.
    ///
    /// # Errors
    /// When the row's contact or the profile's number is none.
    pub fn phone_in_max(&self) -> Result<Option<Phone>, Inconsistent> {
        if self.contact.is_none() {
            // MAX is to say which number it is.
            return Ok(None);
        }
        match (self.contact()?, &self.profile_phone) {
            (Contact::Sms { phone }, _) => Ok(Some(phone)),
            (Contact::Mail { .. }, None) => Ok(None),
            (Contact::Mail { .. }, Some(text)) => {
                Phone::parse(text).map(Some).map_err(|_| self.wrong("the profile's number is none"))
            }
        }
    }

    /// The number that MAX has proven in place of the one that was expected, if the person may take it instead.
    ///
    /// # Errors
    /// When it does not unseal, or is none.
    pub fn usable_phone(&self, app: &App) -> Result<Option<Phone>, Refusal> {
        let Some(sealed) = self.sealed_trouble_phone.as_deref().filter(|_| !self.is_linked()) else { return Ok(None) };
        let phone = Phone::parse(&app.keys.open(sealed)?).map_err(|_| self.wrong("the number in MAX is none"))?;
        Ok(Some(phone))
    }

    /// The contact of the pupil's former profile, if that is free; its number rather than its address.
    ///
    /// # Errors
    /// When it is none.
    pub fn former_contact(&self) -> Result<Option<Contact>, Inconsistent> {
        let texts = [("sms", &self.former_phone), ("mail", &self.former_email)];
        let Some((channel, text)) = texts.into_iter().find_map(|(channel, text)| Some((channel, text.as_ref()?)))
        else {
            return Ok(None);
        };
        contact::stored(channel, text).map(Some).ok_or_else(|| self.wrong("the former profile's contact is none"))
    }

    /// The MAX account to join the profile to without asking there again: it has proven the contact just now, or it was
    /// the one of this very profile when this pupil was linked to it last.
    #[must_use]
    pub fn max_user_known(&self) -> Option<i64> {
        if self.proven_in_max.is_some() {
            return self.max_user;
        }
        self.profile_former_max_user.filter(|_| self.former_id.is_some() && self.former_id == self.profile_id)
    }

    /// Whether the link to the diary stands already.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.link_made_at.is_some()
    }

    /// The pupil's birth date in the diary, if it gives one.
    #[must_use]
    pub fn birth_date(&self) -> Option<BirthDate> {
        // The diary may write a time behind the date.
        BirthDate::parse(self.pupil_birth_date.as_deref()?.get(..10)?)
    }

    /// Whether the pupil is surely under fourteen on today's Moscow date.
    #[must_use]
    pub fn is_under_14(&self, now: Millis) -> bool {
        self.birth_date().is_some_and(|birth| birth.is_under_14_on(&dates::today(now)))
    }

    /// The profile that was found, if one was.
    ///
    /// # Errors
    /// When the profile's row is incomplete.
    pub fn found(&self) -> Result<Option<Found>, Inconsistent> {
        let Some(id) = self.profile_id.clone() else { return Ok(None) };
        match (&self.profile_first_name, &self.profile_last_name, self.profile_role.as_deref().and_then(names::role)) {
            (Some(first), Some(last), Some(role)) => {
                let class_name = self.profile_class_name.clone();
                Ok(Some(Found { id, name: (first.clone(), last.clone()), role, class_name }))
            }
            _ => Err(self.wrong("profile_id names no profile")),
        }
    }

    /// The name, masked, of the profile that was found; of a new one, which bears the pupil's.
    #[must_use]
    pub fn profile_name_or_pupils(&self) -> String {
        match (&self.profile_first_name, &self.profile_last_name) {
            (Some(first), Some(last)) => FullName::new(first, last).masked(),
            _ => FullName::new(&self.pupil_first_name, &self.pupil_last_name).masked(),
        }
    }

    /// Whether a profile's name is the pupil's in the diary.
    #[must_use]
    pub fn is_pupils_name(&self, name: &(String, String)) -> bool {
        FullName::new(&self.pupil_first_name, &self.pupil_last_name).is_same(&FullName::new(&name.0, &name.1))
    }

    pub(super) fn trouble(&self) -> Result<Option<MaxTrouble>, Inconsistent> {
        Ok(Some(match (self.trouble.as_deref(), &self.trouble_phone) {
            (None, None) => return Ok(None),
            (Some("number_differs"), Some(phone)) => MaxTrouble::NumberDiffers {
                phone_masked: phone.clone(),
                usable: self.sealed_trouble_phone.is_some() && !self.is_linked(),
            },
            (Some("number_foreign"), Some(phone)) => MaxTrouble::NumberForeign { phone_masked: phone.clone() },
            (Some("foreign_contact"), None) => MaxTrouble::ForeignContact,
            (Some("unproven_contact"), None) => MaxTrouble::UnprovenContact,
            (Some("max_account_taken"), None) => MaxTrouble::MaxAccountTaken,
            _ => return Err(self.wrong("unknown trouble")),
        }))
    }
}
