//! A launch: the way from MAX into the app, as a one-time handle in a `mostik://open/…` link.
//!
//! Whoever has the handle learns whose MAX account it is, masked, and no more; what is linked to what is said by the person
//! who is signed in, in [`AcceptLaunchBody`].

use serde::{Deserialize, Serialize};

use crate::{Millis, PupilId, Secret, bodies::expose};

/// `POST /v1/launches/claim`, without a session. Not `Debug`, not `Clone`: it bears what opens the launch.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClaimLaunchBody {
    /// From the link: 22 characters of base64url, good once and for 60 seconds.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub handle: Secret,
    /// Made by the app, 22 characters of base64url: with it alone the launch can be accepted. The same claim once more gets
    /// the same answer.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub grant: Secret,
}

/// A claimed launch: who comes from MAX.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Launch {
    /// The name in MAX, masked: `Михаил О.`
    pub max_name: String,
    /// The number that MAX has proven, masked; `None`: it was not asked for yet.
    pub phone_masked: Option<String>,
    /// Until when it may be accepted.
    pub expires_at: Millis,
    /// The service's clock when this was written down for you.
    pub server_time: Millis,
}

/// `POST /v1/launches/accept`: yes, this MAX account and this pupil's diary. Answered by the pupil's linking.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptLaunchBody {
    /// What the launch was claimed with.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub grant: Secret,
    /// For whom.
    pub pupil: PupilId,
}

/// `POST /v1/launches/mini-app`, from the page that MAX shows as a mini app.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MiniAppBody {
    /// `window.WebApp.initData`, as MAX wrote it.
    #[serde(serialize_with = "expose")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub init_data: Secret,
}

/// The page that leads on into the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LaunchPage {
    /// Its address.
    pub url: String,
}
