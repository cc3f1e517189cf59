//! Time and randomness, as arguments.

use std::time::{SystemTime, UNIX_EPOCH};

use mostik_wire::Millis;
use rand::{TryRngCore, rngs::OsRng};

/// One second, in the unit of [`Millis`].
pub const SECOND: i64 = 1_000;
/// One minute.
pub const MINUTE: i64 = 60 * SECOND;
/// One day.
pub const DAY: i64 = 24 * 60 * MINUTE;

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Millis;
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock enters")]
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Unguessable bytes.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no code and no token may be made: stopping the request is the safe answer.
        OsRng.try_fill_bytes(bytes).expect("the operating system gives randomness");
    }
}

/// Six digits, each of the million codes as likely as the next.
#[must_use]
pub fn six_digits(entropy: &dyn Entropy) -> String {
    format!("{:06}", below(1_000_000, entropy))
}

/// Eight digits, each of the hundred million codes as likely as the next.
#[must_use]
pub fn eight_digits(entropy: &dyn Entropy) -> String {
    format!("{:08}", below(100_000_000, entropy))
}

/// Nine digits, each of the thousand million codes as likely as the next.
#[must_use]
pub fn nine_digits(entropy: &dyn Entropy) -> String {
    format!("{:09}", below(1_000_000_000, entropy))
}

fn below(bound: u32, entropy: &dyn Entropy) -> u32 {
    let fair = u32::MAX - u32::MAX % bound;
    loop {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes);
        let n = u32::from_le_bytes(bytes);
        // The tail above the last full round would make low codes likelier.
        if n < fair {
            return n % bound;
        }
    }
}

/// `N` random bytes in base64url without padding.
#[must_use]
pub fn token<const N: usize>(entropy: &dyn Entropy) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a text can be a [`token`] of 16 bytes: 22 characters of base64url.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use rand::{RngCore, SeedableRng, rngs::StdRng};

    use super::*;

    struct Seeded(Mutex<StdRng>);
    impl Entropy for Seeded {
        fn fill(&self, bytes: &mut [u8]) {
            self.0.lock().unwrap().fill_bytes(bytes);
        }
    }

    struct Scripted(Mutex<Vec<u32>>);
    impl Entropy for Scripted {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.copy_from_slice(&self.0.lock().unwrap().remove(0).to_le_bytes());
        }
    }

    // χ² with `bins - 1` degrees of freedom, normal approximation: 4 sigma is far beyond p = 0.001.
    fn looks_uniform(counts: &[u64]) -> bool {
        let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
        let chi2: f64 = counts.iter().map(|&c| (c as f64 - expected).powi(2) / expected).sum();
        let freedom = (counts.len() - 1) as f64;
        (chi2 - freedom).abs() < 4.0 * (2.0 * freedom).sqrt()
    }

    #[test]
    fn the_unfair_tail_is_thrown_away() {
        let entropy = Scripted(Mutex::new(vec![u32::MAX, 4_294_000_000, 4_293_999_999]));
        assert_eq!(six_digits(&entropy), "999999");
    }

    #[test]
    fn the_uniformity_test_sees_a_bias() {
        let mut counts = vec![1_000u64; 1_000];
        counts[..100].fill(1_200);
        assert!(!looks_uniform(&counts));
    }

    #[test]
    fn codes_are_uniform_by_value_and_by_digit() {
        let entropy = Seeded(Mutex::new(StdRng::seed_from_u64(1)));
        let mut values = vec![0u64; 1_000];
        let mut digits = vec![[0u64; 10]; 6];
        for _ in 0..1_000_000 {
            let code = six_digits(&entropy);
            assert_eq!(code.len(), 6);
            values[code.parse::<usize>().unwrap() / 1_000] += 1;
            for (place, digit) in code.bytes().enumerate() {
                digits[place][usize::from(digit - b'0')] += 1;
            }
        }
        assert!(looks_uniform(&values));
        for place in digits {
            assert!(looks_uniform(&place), "{place:?}");
        }
    }
}
