//! Why an action is not carried out.

use mostik_wire::{Code, Millis};

/// Why an action is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable name.
    pub code: Code,
    /// The field that was wrong, never its value.
    pub detail: Option<&'static str>,
    /// Tries that remain.
    pub tries_left: Option<u32>,
    /// When the same can succeed.
    pub retry_at: Option<Millis>,
    /// The limit that is reached, by its name.
    pub limit: Option<&'static str>,
    /// The answer shows the linking as it is.
    pub shows_linking: bool,
}

impl Refusal {
    pub(crate) const fn new(code: Code) -> Self {
        Self { code, detail: None, tries_left: None, retry_at: None, limit: None, shows_linking: false }
    }

    pub(crate) const fn detail(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }

    pub(crate) const fn tries_left(mut self, tries: u32) -> Self {
        self.tries_left = Some(tries);
        self
    }

    pub(crate) const fn retry_at(mut self, at: Millis) -> Self {
        self.retry_at = Some(at);
        self
    }

    pub(crate) const fn with_linking(mut self) -> Self {
        self.shows_linking = true;
        self
    }
}
