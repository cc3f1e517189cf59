//! Keyed hashes under which something is kept while the key changes.

/// A keyed hash of something, and what the same hashes to under the other key that is read: it is kept under the first, and may have been
/// kept under the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyedHash {
    /// Under the key that is written with.
    pub written: String,
    /// Under the one that is read besides, if there is one.
    pub other: Option<String>,
}

impl From<&str> for KeyedHash {
    fn from(hash: &str) -> Self {
        Self { written: hash.to_owned(), other: None }
    }
}

impl KeyedHash {
    /// What all nodes lock, whichever of the two they write.
    pub(crate) fn least(&self) -> &str {
        self.other.as_ref().map_or(&self.written, |other| other.min(&self.written))
    }

    /// The other one, or the same again: for `IN ($1, $2)`.
    pub(crate) fn second(&self) -> &str {
        self.other.as_ref().unwrap_or(&self.written)
    }
}
