// The short run on stable: the corpus as it is, then many small changes of it, the same ones every time.

use std::{fs, path::Path};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// Gives each case of the corpus and `cases` mutants to `holds`. Comes back with how many it said yes to.
pub fn run(corpus: &str, words: &[&str], cases: usize, holds: fn(&[u8]) -> bool) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(corpus);
    let listed = fs::read_dir(&folder).expect("a corpus");
    let mut paths: Vec<_> = listed.map(|entry| entry.expect("a file of the corpus").path()).collect();
    paths.sort();
    let seeds: Vec<_> = paths.iter().map(|path| fs::read(path).expect("a readable case")).collect();
    assert!(!seeds.is_empty(), "an empty corpus tries nothing");
    let mut yes = seeds.iter().filter(|seed| holds(seed)).count();
    let mut dice = StdRng::seed_from_u64(0x4d6f_7374_696b);
    for _ in 0..cases {
        let mut case = seeds[dice.random_range(0..seeds.len())].clone();
        for _ in 0..dice.random_range(1..=3) {
            change(&mut case, &seeds, words, &mut dice);
        }
        yes += usize::from(holds(&case));
    }
    yes
}

/// One change, anywhere.
fn change(case: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&str], dice: &mut StdRng) {
    let at = dice.random_range(0..=case.len());
    let end = dice.random_range(at..=case.len().min(at + 8));
    match dice.random_range(0..6) {
        0 if at < case.len() => case[at] ^= 1 << dice.random_range(0..8),
        1 => case.insert(at, dice.random()),
        2 => drop(case.drain(at..end)),
        3 => {
            let word = words[dice.random_range(0..words.len())];
            drop(case.splice(at..end, word.bytes()));
        }
        4 => {
            let other = &seeds[dice.random_range(0..seeds.len())];
            case.truncate(at);
            case.extend_from_slice(&other[dice.random_range(0..=other.len())..]);
        }
        _ => {
            let again = case[at..end].to_vec();
            drop(case.splice(at..at, again));
        }
    }
}
