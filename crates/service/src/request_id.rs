//! The id of a request: in its answer, and in every line of the log that it causes.

use crate::clock::Entropy;

/// The header of an answer that bears it.
pub const HEADER: &str = "x-request-id";

/// Letters and digits of which no two look or sound alike enough to be mistaken on the telephone.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A new one, `7F3K-9QWX-2TBM`: 60 bits, short enough to read out. Always made here: what a client sends is nobody's id.
#[must_use]
pub fn new(entropy: &dyn Entropy) -> String {
    letters::<12>(entropy).chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// So many characters to read out.
#[must_use]
pub fn letters<const N: usize>(entropy: &dyn Entropy) -> [char; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn ids_are_three_groups_of_four_and_differ() {
        let ids: std::collections::BTreeSet<String> = (0..1_000).map(|_| new(&SystemEntropy)).collect();
        assert_eq!(ids.len(), 1_000);
        for id in ids {
            let groups: Vec<&str> = id.split('-').collect();
            assert!(groups.len() == 3 && groups.iter().all(|group| group.len() == 4), "{id}");
            assert!(id.bytes().all(|sign| sign == b'-' || ALPHABET.contains(&sign)), "{id}");
        }
    }
}
