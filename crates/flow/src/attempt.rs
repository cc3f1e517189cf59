//! The number of an effect.

use serde::{Deserialize, Serialize};

/// Numbers the effects of one installation, one after another; the idempotency key of a POST is made from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attempt(pub u64);
