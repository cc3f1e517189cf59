//! Comparing a typed password with a profile's, safely: the try is counted, and that committed, before anything is compared; a
//! right one is forgiven afterwards.

use mostik_linking::PasswordHash;
use mostik_store::{
    Tx,
    blocks::{self, Blockable},
    budgets, profiles,
};
use mostik_wire::{Code, LONGEST_PASSWORD, Secret};

use super::Verdict;
use crate::{app::App, limits, refusal::Refusal};

/// A try that was counted and is still to be compared.
pub struct CountedTry {
    profile: String,
    event: String,
    hash: Option<String>,
}

/// A try that was compared and is still to be settled.
pub struct Trial {
    profile: String,
    event: String,
    hash: Option<String>,
    right: bool,
    // Today's hash, where the stored one has become too cheap.
    better: Option<String>,
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The password is the profile's.
    Right,
    /// It is not; so many tries are left today.
    Wrong {
        /// Tries.
        left: u32,
    },
    /// The profile's password was set anew meanwhile.
    Outdated,
}

impl Trial {
    /// Counts a try against the profile; the caller commits.
    ///
    /// # Errors
    /// `password_too_long` for what no password can be; `profile_blocked`; `password_blocked`.
    pub async fn count(app: &App, tx: &mut Tx, profile: &str, typed: &Secret) -> Result<CountedTry, Refusal> {
        if typed.expose().len() > LONGEST_PASSWORD * 4 {
            return Err(Refusal::new(Code::PasswordTooLong).detail("password"));
        }
        // Before the try is counted: it would cost the person one, and tell whether it was right.
        if blocks::is_set(tx, Blockable::Profile(profile)).await? {
            return Err(Refusal::new(Code::ProfileBlocked));
        }
        let event = limits::admit_password(app, tx, profile).await?;
        let hash = profiles::password_of(tx, profile).await?;
        Ok(CountedTry { profile: profile.to_owned(), event, hash })
    }

    /// The profile that it is about.
    #[must_use]
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// How many tries are left today, if the password was wrong.
    pub async fn wrong(&self, app: &App, tx: &mut Tx) -> Result<Option<u32>, Refusal> {
        if self.right {
            return Ok(None);
        }
        Ok(Some(limits::passwords_left(app, tx, &self.profile).await?))
    }

    /// Settles a try: a right one is forgiven, and hashed anew where that was too cheap.
    pub async fn settle(self, app: &App, tx: &mut Tx) -> Result<Outcome, Refusal> {
        if let Some(left) = self.wrong(app, tx).await? {
            return Ok(Outcome::Wrong { left });
        }
        if profiles::password_of(tx, &self.profile).await? != self.hash {
            return Ok(Outcome::Outdated);
        }
        budgets::forgive(tx, &self.event).await?;
        if let Some(better) = self.better {
            profiles::set_password(tx, &self.profile, &PasswordHash(better)).await?;
        }
        Ok(Outcome::Right)
    }
}

impl CountedTry {
    /// Compares. If that cannot be done now, nothing is counted.
    ///
    /// # Errors
    /// `overloaded`, and when the database does not answer.
    pub async fn compare(self, app: &App, typed: &Secret) -> Result<Trial, Refusal> {
        match self.verdict(app, typed).await {
            Ok((right, better)) => {
                let Self { profile, event, hash } = self;
                Ok(Trial { profile, event, hash, right, better })
            }
            Err(refusal) => {
                let mut tx = app.store.write().await?;
                budgets::forgive(&mut tx, &self.event).await?;
                tx.commit().await?;
                Err(refusal)
            }
        }
    }

    async fn verdict(&self, app: &App, typed: &Secret) -> Result<(bool, Option<String>), Refusal> {
        Ok(match app.hasher.verify(self.hash.clone(), typed).await? {
            Verdict::Wrong => (false, None),
            Verdict::Right => (true, None),
            Verdict::RightButWeak => (true, Some(app.hasher.rehash(&*app.entropy, typed).await?)),
        })
    }
}
