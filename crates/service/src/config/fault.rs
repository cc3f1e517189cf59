//! What is wrong with a setting.

/// One fault in the settings.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The setting.
    pub key: String,
    /// What was found; never a secret's value.
    pub found: String,
    /// What to do.
    pub next: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}. {}", self.key, self.found, self.next)
    }
}
