//! What an operator does for people who ask: by the service's own rules, and told to the nodes that serve.

use mostik_linking::{Action, Proof};
use mostik_store::{Conn, sessions, support as stored};
use mostik_wire::{Export, Messenger};

use super::desk::{Desk, DeskError};
use crate::{
    app::App,
    audit::{Action as Audited, Subject},
    linkings::{self, Completed, OnBehalfOf, Operator},
    profiles, service,
};

impl Desk {
    /// Removes a profile's link to its diary, or takes the profile out of one messenger.
    ///
    /// # Errors
    /// What the rules refuse, as they refuse it to the profile's owner.
    pub async fn unlink(&self, profile: &str, messenger: Option<Messenger>) -> Result<(), DeskError> {
        let app = self.node()?;
        let mut tx = app.store.write().await?;
        let row = stored::profile(&mut tx, profile).await?.ok_or(DeskError::Unknown("profile"))?;
        let linking = row.linking_id.ok_or(DeskError::NotLinked)?;
        let proof = Proof::Operator;
        let action = match messenger {
            None => Action::Unlink { proof },
            Some(Messenger::Max) if row.max_at.is_none() => return Err(DeskError::NotIn("MAX")),
            Some(Messenger::Vk) if row.vk_at.is_none() => return Err(DeskError::NotIn("VK")),
            Some(messenger) => Action::LeaveMessenger { messenger, proof },
        };
        let loaded = linkings::by_id(&mut tx, &linking).await?;
        let Completed { changed, refused, .. } = linkings::act(&app, &mut tx, self.behalf(), loaded, action).await?;
        if let Some(refusal) = refused {
            return Err(refusal.into());
        }
        tx.commit().await?;
        self.tell(&app, &changed).await;
        Ok(())
    }

    /// Ends all sessions of an account; answers how many were open.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn end_sessions(&self, account: &str) -> Result<usize, DeskError> {
        let app = self.node()?;
        let mut tx = app.store.write().await?;
        stored::account(&mut tx, account).await?.ok_or(DeskError::Unknown("account"))?;
        let ended = self.end_all_sessions(&mut tx, account).await?;
        if ended.is_empty() {
            let about = Subject { account: Some(account), ..Subject::default() };
            self.record(&mut tx, Audited::SupportLooked, &about).await?;
        }
        tx.commit().await?;
        self.tell(&app, &ended).await;
        Ok(ended.len())
    }

    pub(super) async fn end_all_sessions(
        &self,
        tx: &mut Conn,
        account: &str,
    ) -> Result<Vec<String>, mostik_store::Error> {
        let ended = sessions::end(tx, account, None, self.clock.now()).await?;
        for session in &ended {
            let about = Subject { account: Some(account), session: Some(session), ..Subject::default() };
            self.record(tx, Audited::SessionEnded, &about).await?;
        }
        Ok(ended)
    }

    /// All that is held about a linked profile, for the person who asks for it in writing. The profile's people are told that it was
    /// given out.
    ///
    /// # Errors
    /// When there is no such profile, or it is linked to nobody.
    pub async fn export(&self, profile: &str) -> Result<Export, DeskError> {
        let app = self.node()?;
        let mut tx = app.store.write().await?;
        let row = stored::profile(&mut tx, profile).await?.ok_or(DeskError::Unknown("profile"))?;
        let linking = row.linking_id.ok_or(DeskError::NotLinked)?;
        let loaded = linkings::by_id(&mut tx, &linking).await?;
        let (export, changed) = profiles::export_for_operator(&app, &mut tx, self.behalf(), loaded).await?;
        tx.commit().await?;
        self.tell(&app, &changed).await;
        Ok(export)
    }

    /// A node that serves nobody, to act by its rules.
    pub(super) fn node(&self) -> Result<App, DeskError> {
        Ok(service::idle(
            self.config.clone(),
            self.keys.clone(),
            self.store.clone(),
            self.clock.clone(),
            self.entropy.clone(),
        )?)
    }

    /// On whose behalf this operator acts.
    pub(super) fn behalf(&self) -> OnBehalfOf<'_> {
        OnBehalfOf::Operator(Operator { name: &self.operator.name, reason: self.reason.text() })
    }

    // Nodes look for themselves as well: what cannot be told is heard within 15 seconds.
    pub(super) async fn tell(&self, app: &App, changed: &[String]) {
        drop(app.store.tell(&app.node, changed).await);
    }
}
