//! Why VK ID does not do what it is asked for.

/// Why VK ID does not do what it is asked for.
pub(super) struct Refusal {
    pub(super) error: &'static str,
    pub(super) description: String,
}

impl Refusal {
    pub(super) fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into() }
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::new("invalid_request", format!("{name} is missing or invalid"))
    }
}
