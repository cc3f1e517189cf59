//! What a message in MAX consists of.

use serde::{Deserialize, Serialize};

/// A message in MAX.
#[derive(Serialize, Deserialize)]
pub struct MaxMessage {
    /// What it says.
    pub text: String,
    /// At most one button.
    pub button: Option<MaxButton>,
}

/// A button under a message in MAX.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaxButton {
    /// Asks for the person's own number.
    ShareContact,
    /// Opens a page.
    Page {
        /// What the button says.
        text: String,
        /// An https address.
        url: String,
    },
}
