// On stable: the corpus as it is, then many small changes of it. A test has a fixed number of them, the same ones every time;
// `cargo xtask soak` as many as fit into its time, other ones from each seed, on every processor.

use std::{
    env, fs,
    panic::resume_unwind,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// For how many seconds a long run goes on, and from which seed.
const SECONDS: &str = "MOSTIK_SOAK_SECONDS";
const SEED: &str = "MOSTIK_SOAK_SEED";
const SEED_OF_THE_TESTS: u64 = 0x4d6f_7374_696b;

/// Gives each case of the corpus and `cases` mutants to `holds`. Comes back with how many it said yes to; from a long run, to how many
/// of so many cases.
pub fn run(corpus: &str, words: &[&str], cases: usize, holds: fn(&[u8]) -> bool) -> usize {
    let trial = Trial { corpus, words, seeds: seeds(corpus), holds, failed: AtomicBool::new(false) };
    assert!(!trial.seeds.is_empty(), "an empty corpus tries nothing");
    let number = |name| env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let seed = number(SEED).unwrap_or(SEED_OF_THE_TESTS);
    let yes = trial.seeds.iter().filter(|seed| trial.of(seed)).count();
    let Some(seconds) = number(SECONDS) else {
        return yes + trial.of_mutants(seed, |tried| tried < cases).1;
    };
    let end = Instant::now() + Duration::from_secs(seconds);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let all: Vec<_> = thread::scope(|scope| {
        let trial = &trial;
        let one = |nth| scope.spawn(move || trial.of_mutants(seed.wrapping_add(nth), |_| Instant::now() < end));
        let all: Vec<_> = (0..).take(threads).map(one).collect();
        all.into_iter().map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let (tried, yes) = all.iter().fold((trial.seeds.len(), yes), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("soak: {tried} cases");
    yes * (trial.seeds.len() + cases) / tried
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn seeds(corpus: &str) -> Vec<Vec<u8>> {
    let listed = fs::read_dir(folder("fuzz/corpus").join(corpus)).expect("a corpus");
    let mut paths: Vec<_> = listed.map(|entry| entry.expect("a file of the corpus").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a readable case")).collect()
}

struct Trial<'a> {
    corpus: &'a str,
    words: &'a [&'a str],
    seeds: Vec<Vec<u8>>,
    holds: fn(&[u8]) -> bool,
    /// On one of the threads: then the others end too.
    failed: AtomicBool,
}

impl Trial<'_> {
    /// How many were tried, and how many of them were said yes to.
    fn of_mutants(&self, seed: u64, goes_on: impl Fn(usize) -> bool) -> (usize, usize) {
        let mut dice = StdRng::seed_from_u64(seed);
        let (mut tried, mut yes) = (0, 0);
        while goes_on(tried) && !self.failed.load(Ordering::Relaxed) {
            let mut case = self.seeds[dice.random_range(0..self.seeds.len())].clone();
            for _ in 0..dice.random_range(1..=3) {
                change(&mut case, &self.seeds, self.words, &mut dice);
            }
            tried += 1;
            yes += usize::from(self.of(&case));
        }
        (tried, yes)
    }

    fn of(&self, case: &[u8]) -> bool {
        let _told = Told { trial: self, case };
        (self.holds)(case)
    }
}

/// A case that is tried: told and kept if it fails, for the corpus.
struct Told<'a> {
    trial: &'a Trial<'a>,
    case: &'a [u8],
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.trial.failed.store(true, Ordering::Relaxed);
            let place = folder("target/soak");
            let file = place.join(self.trial.corpus);
            let kept = fs::create_dir_all(&place).and_then(|()| fs::write(&file, self.case));
            let place = kept.map_or_else(|error| error.to_string(), |()| file.display().to_string());
            let shown = self.case.get(..300).unwrap_or(self.case).escape_ascii();
            eprintln!("it does not hold for b\"{shown}\", {} octets in {place}", self.case.len());
        }
    }
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
