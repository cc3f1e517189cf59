//! Row → step, by a total match: a row that fits no step is an error that names it.

use mostik_wire::{
    CloseReason, CodeStep, Delivery, FoundProfile, LinkedStep, MaxStep, MaxTrouble, Millis, Phone, ProfileStep, Step,
    StepName,
};

use super::TRIES;
use crate::{app::App, db::Inconsistent, names, refusal::Refusal};

/// A linking with what its step shows.
#[derive(sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of `linkings` and of the rows it names")]
pub struct Row {
    pub id: String,
    pub pupil_id: String,
    pub version: i64,
    pub moved_at_version: i64,
    pub step: String,
    pub phone: Option<String>,
    pub nth: i64,
    pub resend_at: Option<i64>,
    pub delivery: Option<String>,
    pub profile_id: Option<String>,
    pub sealed_ticket: Option<String>,
    pub ticket_expires_at: Option<i64>,
    pub sealed_return_handle: Option<String>,
    pub max_user: Option<i64>,
    pub opened_at: Option<i64>,
    pub trouble: Option<String>,
    pub trouble_phone: Option<String>,
    pub linked_at: Option<i64>,
    pub closed_reason: Option<String>,
    pub pupil_first_name: String,
    pub pupil_last_name: String,
    pub pupil_class_name: String,
    pub code_expires_at: Option<i64>,
    pub code_tries: Option<i64>,
    pub profile_first_name: Option<String>,
    pub profile_last_name: Option<String>,
    pub profile_role: Option<String>,
    pub profile_class_name: Option<String>,
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
const STEPS: [(&str, StepName); 7] = [
    ("contact", StepName::Contact),
    ("code", StepName::Code),
    ("taken", StepName::Taken),
    ("profile", StepName::Profile),
    ("max", StepName::Max),
    ("linked", StepName::Linked),
    ("closed", StepName::Closed),
];

/// Every name a delivery has in the database.
pub const DELIVERIES: [(&str, Delivery); 5] = [
    ("queued", Delivery::Queued),
    ("delayed", Delivery::Delayed),
    ("sent", Delivery::Sent),
    ("delivered", Delivery::Delivered),
    ("failed", Delivery::Failed),
];

const REASONS: [(&str, CloseReason); 3] =
    [("cancelled", CloseReason::Cancelled), ("expired", CloseReason::Expired), ("unlinked", CloseReason::Unlinked)];

fn named<T: Copy>(table: &[(&str, T)], name: Option<&str>) -> Option<T> {
    table.iter().find(|(n, _)| Some(*n) == name).map(|(_, value)| *value)
}

impl Row {
    fn wrong(&self, what: &'static str) -> Inconsistent {
        Inconsistent { table: "linkings", id: self.id.clone(), what }
    }

    /// Where the linking stands.
    ///
    /// # Errors
    /// When the row bears a step that no code of ours writes.
    pub fn step_name(&self) -> Result<StepName, Inconsistent> {
        named(&STEPS, Some(&self.step)).ok_or_else(|| self.wrong("unknown step"))
    }

    /// The number that the linking is about.
    ///
    /// # Errors
    /// When the row bears none, or one that is none.
    pub fn phone(&self) -> Result<Phone, Inconsistent> {
        self.phone.as_deref().and_then(|p| Phone::parse(p).ok()).ok_or_else(|| self.wrong("no phone"))
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

    /// Whether a profile's name is the pupil's in the diary.
    #[must_use]
    pub fn is_pupils_name(&self, name: &(String, String)) -> bool {
        names::same((&self.pupil_first_name, &self.pupil_last_name), (&name.0, &name.1))
    }

    fn trouble(&self) -> Result<Option<MaxTrouble>, Inconsistent> {
        Ok(Some(match (self.trouble.as_deref(), &self.trouble_phone) {
            (None, None) => return Ok(None),
            (Some("number_differs"), Some(phone)) => MaxTrouble::NumberDiffers { phone_masked: phone.clone() },
            (Some("foreign_contact"), None) => MaxTrouble::ForeignContact,
            (Some("unproven_contact"), None) => MaxTrouble::UnprovenContact,
            (Some("max_account_taken"), None) => MaxTrouble::MaxAccountTaken,
            _ => return Err(self.wrong("unknown trouble")),
        }))
    }

    pub(super) fn into_step(self, app: &App) -> Result<Step, Refusal> {
        Ok(match self.step_name()? {
            StepName::Contact => Step::Contact,
            StepName::Code => {
                let (Some(expires_at), Some(tries), Some(resend_at), Some(delivery)) = (
                    self.code_expires_at,
                    self.code_tries,
                    self.resend_at,
                    named(&DELIVERIES, self.delivery.as_deref()),
                ) else {
                    return Err(self.wrong("a code is awaited that was not made").into());
                };
                Step::Code(CodeStep {
                    phone: self.phone()?,
                    expires_at: Millis(expires_at),
                    resend_at: Millis(resend_at),
                    tries_left: TRIES.saturating_sub(u32::try_from(tries).unwrap_or(TRIES)),
                    nth: u32::try_from(self.nth).unwrap_or(u32::MAX),
                    delivery,
                })
            }
            StepName::Taken => Step::Taken { phone_masked: self.phone()?.masked() },
            StepName::Profile => Step::Profile(ProfileStep {
                phone_masked: self.phone()?.masked(),
                found: self.found()?.map(|found| FoundProfile {
                    same_name: self.is_pupils_name(&found.name),
                    name_masked: names::masked(&found.name.0, &found.name.1),
                    role: found.role,
                    class_name: found.class_name,
                }),
            }),
            StepName::Max => {
                let (Some(ticket), Some(expires_at), Some(handle), Some(found)) =
                    (&self.sealed_ticket, self.ticket_expires_at, &self.sealed_return_handle, self.found()?)
                else {
                    return Err(self.wrong("MAX is awaited without ticket, handle or profile").into());
                };
                Step::Max(MaxStep {
                    url: app.config.max_link(&app.keys.open(ticket)?),
                    expires_at: Millis(expires_at),
                    phone_masked: self.phone()?.masked(),
                    opened: self.opened_at.is_some(),
                    trouble: self.trouble()?,
                    return_handle: app.keys.open(handle)?,
                    profile_name: names::masked(&found.name.0, &found.name.1),
                })
            }
            StepName::Linked => {
                let (Some(found), Some(linked_at)) = (self.found()?, self.linked_at) else {
                    return Err(self.wrong("linked without profile or time").into());
                };
                Step::Linked(LinkedStep {
                    sferum_url: app.config.sferum_url(&found.id),
                    profile: found.id,
                    profile_name: names::masked(&found.name.0, &found.name.1),
                    phone_masked: self.phone()?.masked(),
                    linked_at: Millis(linked_at),
                })
            }
            StepName::Closed => Step::Closed {
                reason: named(&REASONS, self.closed_reason.as_deref())
                    .ok_or_else(|| self.wrong("closed without reason"))?,
            },
        })
    }
}
