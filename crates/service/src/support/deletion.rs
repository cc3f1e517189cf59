//! Deleting a profile by two people: one asks, another one confirms.

use mostik_store::{
    deletions::{self, Pending},
    support as stored,
};
use mostik_wire::Millis;

use super::desk::{Desk, DeskError};
use crate::{
    audit::{Action as Audited, Subject},
    clock::{self, DAY},
    profiles,
};

/// For how long a deletion that was asked for can be confirmed.
const LIFE: i64 = 3 * DAY;

impl Desk {
    /// Asks for a profile's deletion; answers what has to be confirmed, and until when.
    ///
    /// # Errors
    /// When there is no such profile, or its deletion was asked for already.
    pub async fn ask_deletion(&self, profile: &str) -> Result<Pending, DeskError> {
        let mut tx = self.store.write().await?;
        let row = stored::profile(&mut tx, profile).await?.ok_or(DeskError::Unknown("profile"))?;
        let now = self.clock.now();
        let asked = Pending {
            id: clock::token::<16>(&*self.entropy),
            profile_id: profile.to_owned(),
            asked_by: self.operator.name.clone(),
            asked_at: now.0,
            expires_at: now.plus(LIFE).0,
        };
        if !deletions::ask(&mut tx, &asked).await? {
            return Err(DeskError::AskedAlready);
        }
        let about = Subject { profile: Some(profile), pupil: row.pupil_id.as_deref(), ..Subject::default() };
        self.record(&mut tx, Audited::DeletionAsked, &about).await?;
        tx.commit().await?;
        Ok(asked)
    }

    /// Confirms a deletion that another operator has asked for, and carries it out; answers the profile's id.
    ///
    /// # Errors
    /// When nothing of that id waits any more; when it was this operator who has asked, which is in the audit log then.
    pub async fn confirm_deletion(&self, id: &str) -> Result<String, DeskError> {
        let app = self.node()?;
        let mut tx = app.store.write().await?;
        let asked = deletions::take(&mut tx, id).await?.ok_or(DeskError::Unknown("deletion that waits"))?;
        if Millis(asked.expires_at) <= app.now() {
            return Err(DeskError::Outlived);
        }
        let profile = asked.profile_id;
        if asked.asked_by == self.operator.name {
            tx.rollback().await?;
            let mut tx = self.store.write().await?;
            let about = Subject { profile: Some(&profile), ..Subject::default() };
            self.record(&mut tx, Audited::SupportRefused, &about).await?;
            tx.commit().await?;
            return Err(DeskError::SameOperator);
        }
        let changed = profiles::erase_for_operator(&app, &mut tx, self.behalf(), &profile).await?;
        tx.commit().await?;
        self.tell(&app, &changed).await;
        // What was erased must not linger in the journal.
        app.store.empty_journal().await?;
        Ok(profile)
    }

    /// The deletions that wait for another operator, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pending_deletions(&self) -> Result<Vec<Pending>, DeskError> {
        let pending = deletions::pending(&mut *self.store.reader().await?, self.clock.now()).await?;
        let mut tx = self.store.write().await?;
        self.record(&mut tx, Audited::SupportLooked, &Subject::default()).await?;
        tx.commit().await?;
        Ok(pending)
    }
}
