//! Randomness of a seed. Each part of the town draws from a stream of its own, so that leaving one out changes no other.

use rand::{Rng, RngCore, SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};

/// A stream of random numbers.
pub struct Stream(StdRng);

impl Stream {
    /// The stream of the `nth` of its kind.
    #[must_use]
    pub fn of(seed: u64, kind: &str, nth: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update(kind);
        hash.update(nth.to_le_bytes());
        Self(StdRng::from_seed(hash.finalize().into()))
    }

    /// Whether something happens that does so `per_mille` times of a thousand. Draws nothing where it never does.
    pub fn happens(&mut self, per_mille: u32) -> bool {
        per_mille > 0 && self.0.random_range(0..1000) < per_mille
    }

    /// A number between the two, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.random_range(least..=most)
    }

    /// A wait in milliseconds: mostly about `usual`, now and then many times as long.
    pub fn wait(&mut self, usual: i64) -> i64 {
        let unit: f64 = self.0.random_range(1e-6..1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "milliseconds of a wait")]
        let wait = (usual as f64 * -unit.ln()) as i64;
        wait.clamp(1, usual * 20)
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.0.random_range(0..of.len())]
    }

    /// Fills `bytes`.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }
}
