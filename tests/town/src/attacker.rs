//! What an attacker knows.

/// What an attacker knows of the own account.
#[derive(Default)]
pub struct Attacker {
    /// The device that is signed in.
    pub(crate) device: usize,
    /// The only pupil of the account.
    pub(crate) pupil: Option<String>,
    /// The own linking, and its version.
    pub(crate) linking: Option<(String, u64)>,
    /// The number that codes were sent to.
    pub(crate) victim: Option<String>,
    /// Attacks in a row.
    pub(crate) count: u32,
    pub(crate) keys: u64,
}
