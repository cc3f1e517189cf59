//! Passwords: hashed with argon2id on a bounded pool whose memory is used again.

mod trial;

use std::sync::{Arc, Mutex};

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use mostik_store::linkings::Loaded;
use mostik_wire::{Code, Password, PasswordProblem, Secret};
use tokio::sync::Semaphore;
pub use trial::{CountedTry, Outcome, Trial};

use crate::{clock::Entropy, refusal::Refusal};

/// OWASP's first choice: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT: usize = 32;
const SALT: usize = 16;

/// Requests that may wait for a free place; more are told to come again.
const MOST_WAITING: usize = 64;

/// Memory of one hash.
type Memory = Vec<Block>;

/// The pool. Memory is made once for each place and used again: a burst of sign-ins takes no more than that.
pub struct Hasher {
    size: usize,
    places: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Memory>>>,
}

/// How much the pool has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Passwords that can be hashed at once.
    pub places: u32,
    /// Passwords that are being hashed.
    pub hashing: u32,
    /// Requests that wait for a place.
    pub waiting: u32,
}

/// What a comparison found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another password, or none is set.
    Wrong,
    /// The right one.
    Right,
    /// The right one, hashed with less than today's cost: hash it anew.
    RightButWeak,
}

impl Hasher {
    /// A pool of so many places.
    #[must_use]
    pub fn new(threads: u32) -> Self {
        let threads = usize::try_from(threads).unwrap_or(1).max(1);
        Self {
            size: threads,
            places: Arc::new(Semaphore::new(threads)),
            waiting: Arc::new(Semaphore::new(threads + MOST_WAITING)),
            memory: Arc::default(),
        }
    }

    /// How much it has to do at this moment.
    #[must_use]
    pub fn load(&self) -> Load {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let hashing = self.size.saturating_sub(self.places.available_permits());
        let inside = (self.size + MOST_WAITING).saturating_sub(self.waiting.available_permits());
        Load { places: number(self.size), hashing: number(hashing), waiting: number(inside.saturating_sub(hashing)) }
    }

    /// Hashes a password for the database, as a PHC string.
    ///
    /// # Errors
    /// `overloaded` when too many wait already.
    pub async fn hash(&self, entropy: &dyn Entropy, password: &Password) -> Result<String, Refusal> {
        self.hash_text(entropy, Secret::new(password.expose())).await
    }

    /// Hashes anew what was compared with success, whatever today's rules say of it.
    ///
    /// # Errors
    /// As [`Hasher::hash`].
    pub async fn rehash(&self, entropy: &dyn Entropy, typed: &Secret) -> Result<String, Refusal> {
        self.hash_text(entropy, Secret::new(Password::normal(typed))).await
    }

    async fn hash_text(&self, entropy: &dyn Entropy, text: Secret) -> Result<String, Refusal> {
        let mut salt = [0; SALT];
        entropy.fill(&mut salt);
        self.run(move |memory| {
            let output = output(memory, &params()?, text.expose(), &salt)?;
            let hash = PasswordHash {
                algorithm: ARGON2ID_IDENT,
                version: Some(Version::V0x13.into()),
                params: ParamsString::try_from(&params()?).map_err(|_| "the parameters")?,
                salt: Some(Salt::new(&salt).map_err(|_| "the salt")?),
                hash: Some(Output::new(&output).map_err(|_| "the output")?),
            };
            Ok(hash.to_string())
        })
        .await
    }

    /// Compares a password with a stored hash. Without one the same work is done for nothing, so that the time taken tells
    /// nothing.
    ///
    /// # Errors
    /// `overloaded` when too many wait already; `internal` for a hash that is none.
    pub async fn verify(&self, stored: Option<String>, typed: &Secret) -> Result<Verdict, Refusal> {
        let text = Secret::new(Password::normal(typed));
        self.run(move |memory| {
            let Some(stored) = stored else {
                output(memory, &params()?, text.expose(), &[0; SALT])?;
                return Ok(Verdict::Wrong);
            };
            let stored = PasswordHash::new(&stored).map_err(|_| "a stored hash is none")?;
            let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
                return Err("a stored hash is empty");
            };
            let used = Params::try_from(&stored).map_err(|_| "a stored hash's parameters")?;
            let found = output(memory, &used, text.expose(), salt)?;
            // Output compares in constant time.
            if Output::new(&found).map_err(|_| "the output")? != *expected {
                return Ok(Verdict::Wrong);
            }
            let weak = used.m_cost() < MEMORY_KIB || used.t_cost() < PASSES || stored.algorithm != ARGON2ID_IDENT;
            Ok(if weak { Verdict::RightButWeak } else { Verdict::Right })
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> Result<T, &'static str> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _waiting = self.waiting.try_acquire().map_err(|_| Refusal::new(Code::Overloaded))?;
        let place = self.places.clone().acquire_owned().await.map_err(|e| Refusal::internal(&e))?;
        let memory = self.memory.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut blocks = memory.lock().ok().and_then(|mut free| free.pop()).unwrap_or_default();
            let result = work(&mut blocks);
            if let Ok(mut free) = memory.lock() {
                free.push(blocks);
            }
            // Held until the work is done, also where nobody waits for it any more.
            drop(place);
            result
        });
        done.await.map_err(|e| Refusal::internal(&e))?.map_err(|what| Refusal::internal(&what))
    }
}

fn params() -> Result<Params, &'static str> {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT)).map_err(|_| "the parameters")
}

fn output(memory: &mut Memory, params: &Params, text: &str, salt: &[u8]) -> Result<[u8; OUTPUT], &'static str> {
    if memory.len() < params.block_count() {
        memory.resize(params.block_count(), Block::default());
    }
    let mut out = [0; OUTPUT];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into_with_memory(text.as_bytes(), salt, &mut out, memory.as_mut_slice())
        .map_err(|_| "argon2")?;
    Ok(out)
}

/// Checks a new password; the refusal says what is wrong with it.
///
/// # Errors
/// `password_too_short`, `password_too_long`, `password_too_common`.
pub fn check(typed: &Secret, shortest: u32, context: &[String]) -> Result<Password, Refusal> {
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let shortest = usize::try_from(shortest).unwrap_or(usize::MAX);
    Password::check(typed, shortest, &context).map(|(password, _)| password).map_err(|problem| {
        Refusal::new(match problem {
            PasswordProblem::Short => Code::PasswordTooShort,
            PasswordProblem::Long => Code::PasswordTooLong,
            PasswordProblem::Common => Code::PasswordTooCommon,
        })
        .detail("password")
    })
}

/// What makes a password easy to guess for whoever knows the child.
#[must_use]
pub fn easily_guessed(loaded: &Loaded) -> Vec<String> {
    let pupil = &loaded.pupil;
    let mut words = vec![pupil.first_name.clone(), pupil.last_name.clone(), pupil.class_name.clone()];
    words.extend(pupil.middle_name.clone());
    words.extend(loaded.school.iter().flat_map(|school| school.split_whitespace()).map(str::to_owned));
    let profile = loaded.profile.as_ref().map(|profile| &profile.facts);
    words.extend(profile.into_iter().flat_map(|found| [found.first_name.clone(), found.last_name.clone()]));
    if let Some(birth) = pupil.birth_date {
        let date = birth.to_string();
        let (year, month, day) = (&date[..4], &date[5..7], &date[8..]);
        words.extend([date.clone(), format!("{day}{month}{year}"), format!("{day}.{month}.{year}"), year.to_owned()]);
    }
    let contact = loaded.linking.step.contact().map(|contact| mostik_store::contact::text(&contact));
    words.extend(contact.and_then(|text| text.split('@').next().map(str::to_owned)));
    words.extend(["школа", "школьный", "мэш", "дневник", "сферум", "мостик"].map(str::to_owned));
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    fn checked(text: &str) -> Password {
        check(&Secret::new(text), 10, &[]).unwrap()
    }

    #[tokio::test]
    async fn a_stored_hash_meets_the_policy_and_knows_its_password_alone() {
        let hasher = Hasher::new(2);
        let stored = hasher.hash(&SystemEntropy, &checked("жёлтый чайник поёт")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let verify = async |text: &str| hasher.verify(Some(stored.clone()), &Secret::new(text)).await.unwrap();
        assert_eq!(verify("жёлтый чайник поет").await, Verdict::Wrong);
        assert_eq!(verify("").await, Verdict::Wrong);
        assert_eq!(verify("жёлтый чайник поёт").await, Verdict::Right);
        // The same text, typed with separate dots.
        assert_eq!(verify("же\u{308}лтый чайник пое\u{308}т").await, Verdict::Right);
        assert_eq!(hasher.verify(None, &Secret::new("жёлтый чайник поёт")).await.unwrap(), Verdict::Wrong);
        assert!(hasher.verify(Some("$argon2id$broken".into()), &Secret::new("x")).await.is_err());
    }

    #[tokio::test]
    async fn a_cheaper_hash_is_right_and_named_weak() {
        // 4 MiB and three passes, hashed by the reference implementation in C.
        let stored = "$argon2id$v=19$m=4096,t=3,p=1$BwcHBwcHBwcHBwcHBwcHBw$SlmQW/WKp5rXVrqqtRUXBzX+jJ1PbBGLl+uyYo4tDo4";
        let hasher = Hasher::new(1);
        let verdict = hasher.verify(Some(stored.into()), &Secret::new("an old password")).await.unwrap();
        assert_eq!(verdict, Verdict::RightButWeak);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_crowd_takes_no_more_memory_than_there_are_places_and_the_rest_is_sent_away() {
        let hasher = Arc::new(Hasher::new(2));
        let all = futures_util::future::join_all((0..100).map(|n| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.verify(None, &Secret::new(format!("password {n}"))).await })
        }))
        .await;
        let refused = all.iter().filter(|one| one.as_ref().unwrap().is_err()).count();
        assert!(refused <= 100 - 2 - MOST_WAITING, "{refused}");
        assert!(hasher.memory.lock().unwrap().len() <= 2);
        assert_eq!(hasher.verify(None, &Secret::new("x")).await.unwrap(), Verdict::Wrong);
    }
}
