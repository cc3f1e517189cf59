//! What the app sends to move a linking.

use serde::{Deserialize, Serialize, Serializer};

use crate::{Gender, PupilId, Secret};

/// `POST /v1/linkings`: begin, or get the open one back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateLinkingBody {
    /// For whom.
    pub pupil: PupilId,
}

/// `POST /v1/linkings/{id}/contact`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    /// The version this is based on.
    pub version: u64,
    /// The number or address as typed; the service reads it with the same rules as the app ([`crate::Contact::read`]), and
    /// takes what the app would ask about as it stands.
    pub contact: String,
}

/// `POST /v1/linkings/{id}/code`. Not `Debug`, not `Clone`: it bears the code.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SubmitCodeBody {
    /// The version this is based on.
    pub version: u64,
    /// Six digits.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{6}$"))]
    pub code: Secret,
}

/// `POST /v1/linkings/{id}/password` and `…/profile-sign-in`. Not `Debug`, not `Clone`: it bears the password.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The version this is based on.
    pub version: u64,
    /// As typed.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub password: Secret,
}

/// `POST /v1/linkings/{id}/recovery`. Not `Debug`, not `Clone`: it bears a code and a password.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecoveryBody {
    /// The version this is based on.
    pub version: u64,
    /// Eight digits.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{8}$"))]
    pub code: Secret,
    /// The new password.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub password: Secret,
}

/// `POST /v1/linkings/{id}/details`: the details as the parent confirms them, with the consent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DetailsBody {
    /// The version this is based on.
    pub version: u64,
    /// Surname: the diary's own text, whatever it is, or up to 60 letters of any script with blanks, hyphens, apostrophes and
    /// full stops between them. May be empty where the diary's is and the first name is not.
    pub last_name: String,
    /// First name, by the same rule.
    pub first_name: String,
    /// Patronymic, by the same rule, never empty; `None`: «нет отчества».
    pub middle_name: Option<String>,
    /// Birth date, `YYYY-MM-DD`.
    pub birth_date: String,
    /// Gender.
    pub gender: Gender,
    /// The version of the wording that the legal representative agreed to; `None`: no consent.
    pub consent: Option<String>,
}

/// `POST /v1/linkings/{id}/confirm`: yes, this profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// The version this is based on.
    pub version: u64,
    /// The explicit yes to a profile that bears another name; ignored where the names agree.
    pub accept_other_name: bool,
}

/// `POST /v1/linkings/{id}/resend`, `…/former`, `…/max-proof`, `…/max-link`, `…/max-number`, `…/vk`, `…/skip-max`, `…/recover`,
/// `…/cancel`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VersionBody {
    /// The version this is based on.
    pub version: u64,
}

// The one body whose secret must travel: the request that spends it.
pub(crate) fn expose<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}
