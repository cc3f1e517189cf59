use serde::{Deserialize, Deserializer};

/// A text that must never reach a log, a screen or the disk: a code, a token, a password.
///
/// It has no `Debug`, `Display`, `Clone` or `Serialize`, so that it cannot leave by accident; [`Secret::expose`] is the
/// one way out and easy to search for.
#[derive(PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one request or the one keyring entry that carries it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
