//! Blocking an account of the diary or a profile, and unblocking it.

use mostik_store::{
    blocks::{self, Blockable},
    support as stored,
};
use mostik_wire::Millis;

use super::desk::{Desk, DeskError};
use crate::audit::{Action as Audited, Subject};

/// What became of blocking or unblocking. What was so already is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Since when it is blocked now; `None`: it is not.
    pub since: Option<Millis>,
    /// Whether that has changed.
    pub changed: bool,
    /// How many sessions were ended by it.
    pub ended: usize,
}

impl Desk {
    /// Blocks an account, which ends its sessions, or a profile.
    ///
    /// # Errors
    /// When there is no such account or profile.
    pub async fn block(&self, what: Blockable<'_>) -> Result<Block, DeskError> {
        self.set_block(what, Some(self.clock.now())).await
    }

    /// Unblocks it: everything is as it was, but for the sessions.
    ///
    /// # Errors
    /// When there is no such account or profile.
    pub async fn unblock(&self, what: Blockable<'_>) -> Result<Block, DeskError> {
        self.set_block(what, None).await
    }

    async fn set_block(&self, what: Blockable<'_>, since: Option<Millis>) -> Result<Block, DeskError> {
        let app = self.node()?;
        let mut tx = app.store.write().await?;
        // Held by that: who links the profile, or begins a session of the account, has done so before, or finds it blocked.
        let changed = blocks::set(&mut tx, what, since).await?;
        let (mut pupil, mut about) = (None, Subject::default());
        let (since, done) = match what {
            Blockable::Account(id) => {
                let row = stored::account(&mut tx, id).await?.ok_or(DeskError::Unknown("account"))?;
                about.account = Some(id);
                (row.blocked_at, if since.is_some() { Audited::AccountBlocked } else { Audited::AccountUnblocked })
            }
            Blockable::Profile(id) => {
                let row = stored::profile(&mut tx, id).await?.ok_or(DeskError::Unknown("profile"))?;
                about.profile = Some(id);
                pupil = row.pupil_id;
                (row.blocked_at, if since.is_some() { Audited::ProfileBlocked } else { Audited::ProfileUnblocked })
            }
        };
        about.pupil = pupil.as_deref();
        self.record(&mut tx, if changed { done } else { Audited::SupportLooked }, &about).await?;
        let ended = match what {
            Blockable::Account(id) if changed && since.is_some() => self.end_all_sessions(&mut tx, id).await?,
            _ => Vec::new(),
        };
        tx.commit().await?;
        self.tell(&app, &ended).await;
        Ok(Block { since: since.map(Millis), changed, ended: ended.len() })
    }
}
