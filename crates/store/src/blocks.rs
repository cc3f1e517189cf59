//! Accounts of the diary and profiles that operators have blocked.

use mostik_wire::Millis;

use super::{Conn, Error, sql};

/// What can be blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blockable<'a> {
    /// An account of the diary.
    Account(&'a str),
    /// A profile.
    Profile(&'a str),
}

/// Blocks what was not blocked, or unblocks what was (`None`); answers whether it did. Whoever holds the row sees it once they let go.
pub async fn set(conn: &mut Conn, what: Blockable<'_>, since: Option<Millis>) -> Result<bool, Error> {
    let (sql, id) = match what {
        Blockable::Account(id) => {
            ("UPDATE accounts SET blocked_at = $2 WHERE id = $1 AND (blocked_at IS NULL) <> ($2 IS NULL)", id)
        }
        Blockable::Profile(id) => {
            ("UPDATE profiles SET blocked_at = $2 WHERE id = $1 AND (blocked_at IS NULL) <> ($2 IS NULL)", id)
        }
    };
    let changed = sql::query(sql).bind(id).bind(since.map(|at| at.0)).execute(conn).await?;
    Ok(changed.rows_affected() == 1)
}

/// Whether it is blocked; what there is not is not.
pub async fn is_set(conn: &mut Conn, what: Blockable<'_>) -> Result<bool, Error> {
    let (sql, id) = match what {
        Blockable::Account(id) => {
            ("SELECT EXISTS (SELECT 1 FROM accounts WHERE id = $1 AND blocked_at IS NOT NULL)", id)
        }
        Blockable::Profile(id) => {
            ("SELECT EXISTS (SELECT 1 FROM profiles WHERE id = $1 AND blocked_at IS NOT NULL)", id)
        }
    };
    Ok(sql::query_scalar(sql).bind(id).fetch_one(conn).await?)
}

/// The blocked account of a person of the diary, if theirs is.
pub async fn account_of(conn: &mut Conn, diary_user: &str) -> Result<Option<String>, Error> {
    Ok(sql::query_scalar("SELECT id FROM accounts WHERE diary_user = $1 AND blocked_at IS NOT NULL")
        .bind(diary_user)
        .fetch_optional(conn)
        .await?)
}
