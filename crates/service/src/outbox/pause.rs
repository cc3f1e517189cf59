//! How long a message waits for its next attempt.

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{app::App, clock::SECOND};

/// The longest pause between two attempts.
const LONGEST_PAUSE: i64 = 30 * SECOND;

/// The pause after so many attempts, in milliseconds.
pub fn pause_after(app: &App, attempts: i64) -> i64 {
    let mut seed = [0; 32];
    app.entropy.fill(&mut seed);
    pause(attempts, &mut StdRng::from_seed(seed))
}

// Doubles from one second on, with half of it left to chance, so that many messages do not return at once.
fn pause(attempts: i64, rng: &mut StdRng) -> i64 {
    let whole = (SECOND << attempts.clamp(1, 6).saturating_sub(1)).min(LONGEST_PAUSE);
    whole / 2 + rng.random_range(0..=whole / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_stay_capped_and_differ() {
        let mut rng = StdRng::seed_from_u64(1);
        for attempts in 1..100 {
            let longest = (SECOND << (attempts - 1).min(5)).min(LONGEST_PAUSE);
            let pauses: Vec<i64> = (0..50).map(|_| pause(attempts, &mut rng)).collect();
            assert!(pauses.iter().all(|p| (longest / 2..=longest).contains(p)), "{attempts}: {pauses:?}");
            assert!(pauses.iter().any(|p| *p != pauses[0]));
        }
    }
}
