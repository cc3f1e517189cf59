//! A hand-off: the way from a signed-in device to another device of the same people, to the same diary and the same place in
//! it, as a QR code or a link.
//!
//! Its token signs nobody in and proves nothing. It says where to go on, and only to an account that may see that pupil.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Linking, Millis, PupilId, Secret, bodies::expose};

/// The hand-off's id: opaque, of use to the session alone that has made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct HandOffId(pub String);

/// Where in a pupil's diary the person goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HandOffPlace {
    /// The lessons.
    Diary,
    /// The pupil's linking, at the step where it stands by then.
    Linking,
    /// «Безопасность».
    Security,
}

/// `POST /v1/hand-offs`. Puts an end to an earlier one of the same session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOffBody {
    /// Whose diary.
    pub pupil: PupilId,
    /// Where in it.
    pub place: HandOffPlace,
}

/// A hand-off, for the session that has made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandOff {
    /// For `GET /v1/hand-offs/{id}`.
    pub id: HandOffId,
    /// What the other device opens, for the QR code and for copying.
    pub url: String,
    /// What whoever opens it gets to see: the pupil's name, masked.
    pub name_masked: String,
    /// How far it is.
    pub status: HandOffStatus,
}

/// How far a hand-off is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandOffStatus {
    /// Its stage.
    pub stage: HandOffStage,
    /// Until when it can be opened, or, once seen, taken.
    pub expires_at: Millis,
    /// The family of the device that has taken it, where that is known: `Мостик, Android`.
    pub device: Option<String>,
    /// The service's clock when this was written down for you.
    pub server_time: Millis,
}

/// The stages of a hand-off; it goes through them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HandOffStage {
    /// Nobody has opened it.
    Waiting,
    /// An app has opened it; the person may have to sign in there.
    Seen,
    /// Gone on with on the other device.
    Taken,
    /// Its time is over, or a newer one took its place.
    Over,
}

impl HandOffStage {
    /// Whether nothing more becomes of it.
    #[must_use]
    pub const fn is_last(self) -> bool {
        matches!(self, Self::Taken | Self::Over)
    }
}

/// `POST /v1/hand-offs/look` (without a session) and `POST /v1/hand-offs/take`. Not `Debug`, not `Clone`: it bears the token.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOffTokenBody {
    /// From the link: 22 characters of base64url.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub token: Secret,
}

/// What whoever holds the token learns: whose diary it leads to, masked, and no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandOffOffer {
    /// The pupil's name, masked: `Анна О.`
    pub pupil_name: String,
    /// Until when it can be taken.
    pub expires_at: Millis,
    /// The service's clock when this was written down for you.
    pub server_time: Millis,
}

/// The answer to `POST /v1/hand-offs/take`: where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandedOff {
    /// Whose diary.
    pub pupil: PupilId,
    /// Where in it.
    pub place: HandOffPlace,
    /// The pupil's linking as it is now, where the place is that and there is one.
    pub linking: Option<Linking>,
}
