//! The state as text, for one row on the disk: tagged with its version, so that a later release can read an earlier one's.

use serde::{Deserialize, Serialize};

use crate::State;

#[derive(Serialize, Deserialize)]
#[serde(tag = "schema")]
enum Stored<S> {
    /// Additions need a serde default; anything else needs V2 and a conversion that names no live type.
    V1 { state: S },
}

/// Why a stored state cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the stored state is not one of this app's, or of a newer release: {0}")]
pub struct StoredError(#[from] serde_json::Error);

/// The state as text.
///
/// # Errors
/// Only if a map key were not text, which no state has.
pub fn save(state: &State) -> Result<String, StoredError> {
    Ok(serde_json::to_string(&Stored::V1 { state })?)
}

/// The state from text.
///
/// # Errors
/// [`StoredError`] for what is no stored state, or one of a release to come. The caller keeps the text aside.
pub fn load(text: &str) -> Result<State, StoredError> {
    let Stored::V1 { state } = serde_json::from_str(text)?;
    Ok(state)
}
