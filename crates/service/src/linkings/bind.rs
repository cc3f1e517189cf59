//! Binding a messenger's account to the profile that a linking found: the end of the way, whichever messenger it is.

use mostik_wire::{LogKind, Messenger};

use super::{Found, Row};
use crate::{app::App, db::Tx, history, profiles, refusal::Refusal, session::Session};

/// An account of a messenger that was shown to be the person's own.
pub struct Account {
    /// Where.
    pub messenger: Messenger,
    /// Its id there.
    pub user: i64,
    /// Whose it is, masked: more is not kept.
    pub name: String,
}

/// What became of it.
pub enum Bound {
    /// Bound to this profile, and the profile is linked to the diary.
    Done(Found),
    /// The account is another profile's; nothing has changed.
    AccountTaken,
    /// The profile went to another pupil meanwhile; the linking says so.
    ProfileTaken,
}

impl Account {
    /// Whether it is bound to another profile.
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

/// Binds the account, links the profile to the diary where that was not done before, and ends the linking. `by` is who did it;
/// `None`: the bot.
///
/// # Errors
/// When the database does not answer.
pub async fn bind(
    app: &App,
    tx: &mut Tx,
    row: &Row,
    account: &Account,
    by: Option<&Session>,
) -> Result<Bound, Refusal> {
    let found = row.found()?.ok_or_else(|| row.wrong("a messenger is bound without a profile"))?;
    if account.is_elsewhere(tx, &found.id).await? {
        return Ok(Bound::AccountTaken);
    }
    let now = app.now().0;
    // The unique keys decide between two who come at once. A profile by e-mail was linked before it came here.
    if !row.is_linked() && !profiles::link(app, tx, row, &found.id).await? {
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
        return Ok(Bound::ProfileTaken);
    }
    let (note, kind) = match account.messenger {
        Messenger::Max => {
            ("UPDATE profiles SET max_user = $2, max_name = $3, max_at = $4 WHERE id = $1", LogKind::InMax)
        }
        Messenger::Vk => ("UPDATE profiles SET vk_user = $2, vk_name = $3, vk_at = $4 WHERE id = $1", LogKind::InVk),
    };
    sqlx::query(note).bind(&found.id).bind(account.user).bind(&account.name).bind(now).execute(&mut **tx).await?;
    sqlx::query(
        "UPDATE linkings SET step = 'linked', linked_at = COALESCE(linked_at, $3), ticket_hash = NULL, sealed_ticket = NULL,
             trouble = NULL, trouble_phone = NULL, vk_trouble = NULL,
             version = version + 1, moved_at_version = version + 1, updated_at = $3
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if !row.is_linked() {
        history::note(app, tx, &row.pupil_id, by, LogKind::Linked).await?;
    }
    history::note(app, tx, &row.pupil_id, by, kind).await?;
    Ok(Bound::Done(found))
}
