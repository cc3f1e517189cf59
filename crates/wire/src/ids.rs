//! Ids that the service gives out: opaque, and not to be guessed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The id of a linking: opaque, not guessable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct LinkingId(pub String);

/// The pupil's id in the service: opaque, stable for a diary account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct PupilId(pub String);
