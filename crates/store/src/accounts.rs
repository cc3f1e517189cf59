//! Accounts of the diary: whose diaries they open.

use mostik_wire::Role;

use super::names;
use super::{Conn, Error, inconsistent, sql};

/// Whether the account opens the pupil's diary.
pub async fn sees(conn: &mut Conn, account: &str, pupil: &str) -> Result<bool, Error> {
    Ok(sql::query_scalar("SELECT EXISTS (SELECT 1 FROM account_pupils WHERE account_id = $1 AND pupil_id = $2)")
        .bind(account)
        .bind(pupil)
        .fetch_one(conn)
        .await?)
}

/// The pupils whose diaries the account opens, in the diary's order.
pub async fn pupils(conn: &mut Conn, account: &str) -> Result<Vec<String>, Error> {
    Ok(sql::query_scalar("SELECT pupil_id FROM account_pupils WHERE account_id = $1 ORDER BY place")
        .bind(account)
        .fetch_all(conn)
        .await?)
}

/// Who the account is to the pupils whose diaries it opens.
pub async fn role(conn: &mut Conn, account: &str) -> Result<Role, Error> {
    let role: String =
        sql::query_scalar("SELECT role FROM accounts WHERE id = $1").bind(account).fetch_one(conn).await?;
    names::role(&role).ok_or_else(|| inconsistent("accounts", account, "unknown role"))
}
