//! Joining an account of a messenger to the profile that a linking found: the end of the way, whichever messenger it is.

use mostik_wire::{LogKind, Messenger};

use super::Row;
use crate::{app::App, db::Tx, history, profiles, refusal::Refusal, session::Session};

/// An account of a messenger that was shown to be the person's own.
pub struct Account {
    /// Where.
    pub messenger: Messenger,
    /// Its id there.
    pub user: i64,
    /// Whose it is, masked: more is not kept. `None`: not said.
    pub name: Option<String>,
}

/// What became of joining an account to a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// The link stands.
    Linked,
    /// Another pupil's diary was linked to the profile first; the linking says so.
    ProfileTaken,
    /// The account is joined to another profile; nothing has changed.
    AccountTaken,
}

impl Account {
    /// One of MAX.
    #[must_use]
    pub const fn in_max(user: i64, name: Option<String>) -> Self {
        Self { messenger: Messenger::Max, user, name }
    }

    /// Whether it is joined to another profile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_elsewhere(&self, tx: &mut Tx, profile: &str) -> Result<bool, Refusal> {
        let other: Option<i64> = sqlx::query_scalar(match self.messenger {
            Messenger::Max => "SELECT 1 FROM profiles WHERE max_user = $1 AND id <> $2",
            Messenger::Vk => "SELECT 1 FROM profiles WHERE vk_user = $1 AND id <> $2",
        })
        .bind(self.user)
        .bind(profile)
        .fetch_optional(&mut **tx)
        .await?;
        Ok(other.is_some())
    }
}

/// Joins an account to a profile, and the profile to the linking's pupil where that is not so yet. The unique keys decide
/// between two who come at once.
///
/// # Errors
/// When the database does not answer.
pub async fn join(
    app: &App,
    tx: &mut Tx,
    session: Option<&Session>,
    account: &Account,
    row: &Row,
    profile: &str,
) -> Result<Joined, Refusal> {
    if account.is_elsewhere(tx, profile).await? {
        return Ok(Joined::AccountTaken);
    }
    let now = app.now().0;
    // A profile by e-mail was linked before it came here.
    if !row.is_linked() && !profiles::link(app, tx, row, profile).await? {
        sqlx::query(
            "UPDATE linkings SET step = 'taken', profile_id = NULL, ticket_hash = NULL, sealed_ticket = NULL,
                 version = version + 1, moved_at_version = version + 1, updated_at = $3
             WHERE id = $1 AND version = $2",
        )
        .bind(&row.id)
        .bind(row.version)
        .bind(now)
        .execute(&mut **tx)
        .await?;
        return Ok(Joined::ProfileTaken);
    }
    let (note, kind) = match account.messenger {
        Messenger::Max => (
            "UPDATE profiles SET max_user = $2, max_name = $3, max_at = $4, former_max_user = NULL WHERE id = $1",
            LogKind::InMax,
        ),
        Messenger::Vk => ("UPDATE profiles SET vk_user = $2, vk_name = $3, vk_at = $4 WHERE id = $1", LogKind::InVk),
    };
    sqlx::query(note).bind(profile).bind(account.user).bind(&account.name).bind(now).execute(&mut **tx).await?;
    sqlx::query(
        "UPDATE linkings SET step = 'linked', profile_id = $4, linked_at = COALESCE(linked_at, $3), ticket_hash = NULL,
             sealed_ticket = NULL, ticket_digits_hash = NULL, sealed_ticket_digits = NULL, trouble = NULL,
             trouble_phone = NULL, sealed_trouble_phone = NULL, vk_trouble = NULL,
             version = version + 1, moved_at_version = version + 1, updated_at = $3
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(now)
    .bind(profile)
    .execute(&mut **tx)
    .await?;
    if !row.is_linked() {
        history::note(app, tx, &row.pupil_id, session, LogKind::Linked).await?;
    }
    history::note(app, tx, &row.pupil_id, session, kind).await?;
    Ok(Joined::Linked)
}
