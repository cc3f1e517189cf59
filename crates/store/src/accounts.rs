//! Accounts of the diary: whose diaries they open.

use mostik_wire::Role;

use super::names;
use super::{Conn, Error, inconsistent};

/// Whether the account opens the pupil's diary.
pub async fn sees(conn: &mut Conn, account: &str, pupil: &str) -> Result<bool, Error> {
    let seen: Option<i64> = sqlx::query_scalar("SELECT 1 FROM account_pupils WHERE account_id = $1 AND pupil_id = $2")
        .bind(account)
        .bind(pupil)
        .fetch_optional(conn)
        .await?;
    Ok(seen.is_some())
}

/// Who the account is to the pupils whose diaries it opens.
pub async fn role(conn: &mut Conn, account: &str) -> Result<Role, Error> {
    let role: String =
        sqlx::query_scalar("SELECT role FROM accounts WHERE id = $1").bind(account).fetch_one(conn).await?;
    names::role(&role).ok_or_else(|| inconsistent("accounts", account, "unknown role"))
}
