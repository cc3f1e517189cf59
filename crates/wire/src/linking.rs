use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{BirthDate, Email, Gender, LinkingId, Millis, NameTexts, Phone, PupilId, VkStep};

/// One attempt of one pupil to get linked: a resource with a version, moved by POSTs.
///
/// A pupil has at most one open linking. Each change raises `version` by one; a POST names the version it is based on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Linking {
    /// Opaque id.
    pub id: LinkingId,
    /// Whose linking it is.
    pub pupil: PupilId,
    /// Starts at 1, grows with each change.
    pub version: u64,
    /// Where it stands, with all that is known there.
    #[serde(flatten)]
    pub step: Step,
    /// The service's clock when this was written down for you.
    pub server_time: Millis,
}

/// Where a linking stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// A phone number or, under 14, an e-mail address is awaited: `POST …/contact`; or MAX proves the number in place of an
    /// SMS, `POST …/max-proof`.
    Contact {
        /// The profile that the pupil was linked to before and may be again: `POST …/former`.
        #[serde(default)]
        former: Option<FormerProfile>,
    },
    /// A code was sent and is awaited: `POST …/code`, `…/resend`, or another `…/contact`.
    Code(CodeStep),
    /// The contact is proven, and its profile is linked to another pupil. Another `POST …/contact` goes on.
    Taken {
        /// What kind of contact it is.
        channel: Channel,
        /// The contact, masked: `+7 900 •••-••-42`, `о•••@почта.рф`.
        contact_masked: String,
    },
    /// The address is proven and has no profile: a password is awaited, `POST …/password`.
    Password(PasswordStep),
    /// The password stands: the child's details and the consent are awaited, `POST …/details`.
    Details(DetailsStep),
    /// The address is proven and has a profile: its password is awaited, `POST …/profile-sign-in`; or `POST …/recover`.
    Exists(ExistsStep),
    /// A code of eight digits was sent to set a new password: `POST …/recovery`, `…/recover` again.
    Recovery(RecoveryStep),
    /// The contact is proven; the person says whether the profile is theirs: `POST …/confirm`, or another `…/contact`.
    Profile(ProfileStep),
    /// MAX must prove that the same person holds that number there, or which number is theirs; `POST …/max-link` renews the
    /// link.
    Max(MaxStep),
    /// Linked. The end.
    Linked(LinkedStep),
    /// Over without a link. The end.
    Closed {
        /// Why.
        reason: CloseReason,
    },
}

/// The name of a step alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is documented at Step")]
pub enum StepName {
    Contact,
    Code,
    Taken,
    Password,
    Details,
    Exists,
    Recovery,
    Profile,
    Max,
    Linked,
    Closed,
}

impl Step {
    /// The name alone.
    #[must_use]
    pub const fn name(&self) -> StepName {
        match self {
            Self::Contact { .. } => StepName::Contact,
            Self::Code(_) => StepName::Code,
            Self::Taken { .. } => StepName::Taken,
            Self::Password(_) => StepName::Password,
            Self::Details(_) => StepName::Details,
            Self::Exists(_) => StepName::Exists,
            Self::Recovery(_) => StepName::Recovery,
            Self::Profile(_) => StepName::Profile,
            Self::Max(_) => StepName::Max,
            Self::Linked(_) => StepName::Linked,
            Self::Closed { .. } => StepName::Closed,
        }
    }

    /// Whether nothing can follow.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Linked(_) | Self::Closed { .. })
    }

    /// Whether it may still change without a request of the app's: what is over does not, unless VK is being bound to it.
    #[must_use]
    pub const fn moves_by_itself(&self) -> bool {
        match self {
            Self::Linked(step) => matches!(step.vk, Some(VkStep::SigningIn { .. } | VkStep::Asking { .. })),
            Self::Closed { .. } => false,
            _ => true,
        }
    }
}

/// Where a code goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "channel", rename_all = "snake_case")]
pub enum Contact {
    /// By SMS.
    Sms {
        /// To this number.
        phone: Phone,
    },
    /// By e-mail.
    Mail {
        /// To this address.
        email: Email,
    },
}

/// What kind of contact it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A phone number.
    Sms,
    /// An e-mail address.
    Mail,
}

impl Contact {
    /// What kind it is.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Sms { .. } => Channel::Sms,
            Self::Mail { .. } => Channel::Mail,
        }
    }

    /// As people write it, whole.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Sms { phone } => phone.display(),
            Self::Mail { email } => email.display(),
        }
    }

    /// Masked.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Sms { phone } => phone.masked(),
            Self::Mail { email } => email.masked(),
        }
    }
}

/// A profile that the pupil was linked to before, is linked to no other, and still exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerProfile {
    /// Whose it is, masked: `Михаил О.`
    pub name_masked: String,
    /// Where a code would go.
    pub channel: Channel,
    /// Its number or address, masked.
    pub contact_masked: String,
}

/// A code is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeStep {
    /// What kind of contact the code went to.
    pub channel: Channel,
    /// Where it went: whole where the person typed it, masked where the service knew it.
    pub contact: String,
    /// When the newest code stops working: ten minutes after it was made.
    pub expires_at: Millis,
    /// When a new code may be asked for.
    pub resend_at: Millis,
    /// Tries that remain for the newest code, 0 to 5.
    pub tries_left: u32,
    /// Which code of this linking is the newest, from 1; above 1 older ones exist and no longer work.
    pub nth: u32,
    /// What is known of the message's way.
    pub delivery: Delivery,
}

/// What is known of a message's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// In the outbox, not yet handed over.
    Queued,
    /// Not handed over because the provider does not answer; tried again by itself.
    Delayed,
    /// Handed over to the provider.
    Sent,
    /// The phone has confirmed it.
    Delivered,
    /// The provider or the network refused it for good.
    Failed,
    /// The mail server knows no such mailbox.
    NoSuchMailbox,
    /// The mailbox is full.
    MailboxFull,
}

/// A password for the new profile is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordStep {
    /// The address, masked.
    pub contact_masked: String,
    /// The fewest characters that the operator asks for.
    pub shortest: u32,
}

/// The child's details and the consent are awaited; filled in from the diary.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DetailsStep {
    /// The address, masked.
    pub contact_masked: String,
    /// Surname, as the diary has it; may be empty.
    pub last_name: String,
    /// First name, as the diary has it; may be empty.
    pub first_name: String,
    /// Patronymic, as the diary has it; `None`: the diary has none.
    pub middle_name: Option<String>,
    /// Birth date; `None`: the diary has none.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub birth_date: Option<BirthDate>,
    /// Gender; `None`: the diary does not say.
    pub gender: Option<Gender>,
    /// The wording to agree to.
    pub consent: ConsentText,
}

impl DetailsStep {
    /// The name as the diary tells it.
    #[must_use]
    pub fn names(&self) -> NameTexts<'_> {
        NameTexts { last_name: &self.last_name, first_name: &self.first_name, middle_name: self.middle_name.as_deref() }
    }
}

// Names and a birth date: they go to the screen, never to a log.
impl std::fmt::Debug for DetailsStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DetailsStep")
    }
}

/// The wording of the legal representative's consent, in the language asked for (`Accept-Language`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentText {
    /// Names the wording; sent back with the consent and recorded.
    pub version: String,
    /// The wording, paragraphs apart by a blank line.
    pub text: String,
}

/// The address has a profile; only who has proven the address is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExistsStep {
    /// The address, masked.
    pub contact_masked: String,
    /// Whose profile it is, masked: `Анна О.`
    pub profile_name: String,
    /// The fewest characters of a new password, should it be recovered.
    pub shortest: u32,
}

/// A code of eight digits was sent to the address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryStep {
    /// The address, masked.
    pub contact_masked: String,
    /// The fewest characters of the new password.
    pub shortest: u32,
    /// When the newest code stops working.
    pub expires_at: Millis,
    /// When a new one may be asked for.
    pub resend_at: Millis,
    /// Tries that remain for it.
    pub tries_left: u32,
    /// Which code is the newest, from 1.
    pub nth: u32,
    /// What is known of the letter's way.
    pub delivery: Delivery,
}

/// The contact is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfileStep {
    /// What kind of contact was proven.
    pub channel: Channel,
    /// The contact, masked.
    pub contact_masked: String,
    /// The profile found under it; `None`: a new one will be made.
    pub found: Option<FoundProfile>,
}

/// A learning profile that exists under the proven number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundProfile {
    /// First name and the surname's first letter: `Михаил О.`
    pub name_masked: String,
    /// Pupil or grown-up.
    pub role: crate::Role,
    /// The class, when the profile names one.
    pub class_name: Option<String>,
    /// Name, ё equal to е and case aside, is the diary's.
    pub same_name: bool,
}

/// MAX is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MaxStep {
    /// The deep link into MAX with a one-time ticket; also what the QR code says.
    pub url: String,
    /// Nine digits that do the same when the person writes them to the bot.
    pub code: String,
    /// When the ticket and the digits stop working.
    pub expires_at: Millis,
    /// The number that MAX must confirm, masked; `None`: the profile has none, and any number will do.
    pub phone_masked: Option<String>,
    /// The link to the diary stands already: this step may be left out, `POST …/skip-max`.
    pub skippable: bool,
    /// The link was opened in MAX and the bot awaits the person's number.
    pub opened: bool,
    /// What went wrong in MAX, if anything did.
    pub trouble: Option<MaxTrouble>,
    /// The one-time handle that a `mostik://return/…` link of this linking bears.
    pub return_handle: String,
    /// What kind of contact the profile has.
    pub channel: Channel,
    /// VK Messenger, where it is offered or bound already.
    pub vk: Option<VkStep>,
    /// The name of the person in the learning profile that will be linked, masked; `None`: MAX proves the number in place of
    /// an SMS, and the profile is looked up then.
    pub profile_name: Option<String>,
}

/// What can go wrong in MAX; each leaves the step where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum MaxTrouble {
    /// MAX is signed in with another number.
    NumberDiffers {
        /// That number, masked.
        phone_masked: String,
        /// It may be taken in place of the other one: `POST …/max-number`.
        usable: bool,
    },
    /// The number in MAX is no Russian mobile one.
    NumberForeign {
        /// That number, masked.
        phone_masked: String,
    },
    /// Somebody else's contact was shared.
    ForeignContact,
    /// The contact's proof does not match.
    UnprovenContact,
    /// The MAX account is bound to another learning profile.
    MaxAccountTaken,
    /// MAX has proven a number, and the profile has none that it could be compared with: is it the person's? `POST …/max-number` says yes.
    ToConfirm {
        /// That number, masked.
        phone_masked: String,
        /// The name in MAX, masked; may be empty.
        name_masked: String,
    },
}

/// The link stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkedStep {
    /// The id of the learning profile, as «Безопасность» shows it.
    pub profile: String,
    /// Whose it is, masked: `Михаил О.`
    pub profile_name: String,
    /// What kind of contact it has.
    pub channel: Channel,
    /// Its number or address, masked.
    pub contact_masked: String,
    /// It is linked in MAX too; `false`: `POST …/max-link` goes on with that.
    pub in_max: bool,
    /// When it was linked.
    pub linked_at: Millis,
    /// The profile's page in MAX: «Перейти в Сферум».
    pub sferum_url: String,
    /// VK Messenger, where it is offered or bound already.
    pub vk: Option<VkStep>,
    /// When the profile will be deleted, if that was asked for.
    #[serde(default)]
    pub deletes_at: Option<Millis>,
}

/// Why a linking is over without a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The person cancelled it.
    Cancelled,
    /// It lay still for 30 days.
    Expired,
    /// The link it had made was removed.
    Unlinked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linking_reads_flat_on_the_wire() {
        let linking = Linking {
            id: LinkingId("l1".into()),
            pupil: PupilId("p1".into()),
            version: 3,
            step: Step::Taken { channel: Channel::Sms, contact_masked: "+7 900 •••-••-42".into() },
            server_time: Millis(5),
        };
        let json = serde_json::to_value(&linking).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "id": "l1", "pupil": "p1", "version": 3, "step": "taken", "channel": "sms",
                "contact_masked": "+7 900 •••-••-42", "server_time": 5,
            })
        );
        assert_eq!(serde_json::from_value::<Linking>(json).unwrap(), linking);
    }
}
