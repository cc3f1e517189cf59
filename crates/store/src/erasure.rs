//! Deleting a profile for good, with everything that names its person.
//!
//! What the diary has told about the pupil goes too, and with it the sessions of the accounts that see the pupil: who signs in
//! again brings it anew from the diary. What stays are counts and keyed hashes that name nobody, and the
//! entries of the audit log, which bear ids.

use mostik_wire::Millis;

use super::{
    Conn, Error,
    hold::{self, Row},
    sql,
};

/// A profile whose deletion is due.
#[derive(sqlx::FromRow)]
pub struct Due {
    /// The tag of the language in which it is told.
    pub deletion_language: Option<String>,
    /// Its address, as it is stored.
    pub email: Option<String>,
    /// Its number, as it is stored.
    pub phone: Option<String>,
    /// Since when it is due.
    pub deletes_at: i64,
    /// The pupil who is linked to it.
    pub pupil_id: Option<String>,
}

/// The ids of the profiles whose deletion is due.
pub async fn all_due(conn: &mut Conn, now: Millis) -> Result<Vec<String>, Error> {
    Ok(sql::query_scalar("SELECT id FROM profiles WHERE deletes_at <= $1").bind(now.0).fetch_all(conn).await?)
}

/// A profile whose deletion is due; `None`: it was called off, or carried out, since it was listed.
pub async fn due(conn: &mut Conn, profile: &str, now: Millis) -> Result<Option<Due>, Error> {
    hold::row(conn, Row::Profile(profile)).await?;
    Ok(sql::query_as(
        "SELECT p.deletion_language, p.email, p.phone, p.deletes_at, k.pupil_id
         FROM profiles p LEFT JOIN links k ON k.profile_id = p.id WHERE p.id = $1 AND p.deletes_at <= $2",
    )
    .bind(profile)
    .bind(now.0)
    .fetch_optional(conn)
    .await?)
}

/// Deletes the codes of a linking, its messages, and its sign-in at VK ID.
pub async fn codes_and_messages(conn: &mut Conn, linking: &str) -> Result<(), Error> {
    run(conn, CODES_AND_MESSAGES, linking).await
}

/// Deletes a profile, and the pupil who is linked to it; answers with the linkings that went. Other linkings that name the
/// profile must have let go of it before.
pub async fn profile(conn: &mut Conn, profile: &str, pupil: Option<&str>) -> Result<Vec<String>, Error> {
    let about = [
        "DELETE FROM consents WHERE profile_id = $1",
        "DELETE FROM links WHERE profile_id = $1",
        "DELETE FROM vk_sign_ins WHERE profile_id = $1",
    ];
    run(conn, &about, profile).await?;
    let gone = match pupil {
        Some(pupil) => forget_pupil(conn, pupil).await?,
        None => Vec::new(),
    };
    let last = [
        "UPDATE pupils SET former_profile = NULL WHERE former_profile = $1",
        "DELETE FROM launches WHERE max_user IN (SELECT COALESCE(max_user, former_max_user) FROM profiles WHERE id = $1)",
        "DELETE FROM profiles WHERE id = $1",
    ];
    run(conn, &last, profile).await?;
    Ok(gone)
}

const CODES_AND_MESSAGES: &[&str] = &[
    "DELETE FROM codes WHERE linking_id = $1",
    "DELETE FROM outbox WHERE linking_id = $1",
    "DELETE FROM messages WHERE linking_id = $1",
    "DELETE FROM vk_sign_ins WHERE linking_id = $1",
];

// A pupil whom no account sees and no linking is about.
const FORGOTTEN: &str = "DELETE FROM pupils WHERE id = $1
    AND NOT EXISTS (SELECT 1 FROM account_pupils a WHERE a.pupil_id = pupils.id)
    AND NOT EXISTS (SELECT 1 FROM linkings l WHERE l.pupil_id = pupils.id)";

const FORGOTTEN_HISTORY: &str = "DELETE FROM history WHERE pupil_id = $1
    AND NOT EXISTS (SELECT 1 FROM account_pupils a WHERE a.pupil_id = history.pupil_id)
    AND NOT EXISTS (SELECT 1 FROM linkings l WHERE l.pupil_id = history.pupil_id)";

// What the diary told of the pupil, the pupil's linkings, and the sessions that show them.
async fn forget_pupil(conn: &mut Conn, pupil: &str) -> Result<Vec<String>, Error> {
    let accounts: Vec<String> = sql::query_scalar("SELECT account_id FROM account_pupils WHERE pupil_id = $1")
        .bind(pupil)
        .fetch_all(&mut *conn)
        .await?;
    let linkings: Vec<String> =
        sql::query_scalar("SELECT id FROM linkings WHERE pupil_id = $1").bind(pupil).fetch_all(&mut *conn).await?;
    for linking in &linkings {
        run(conn, CODES_AND_MESSAGES, linking).await?;
    }
    // An earlier profile of the same child, unlinked since, keeps its consent and the linking that the consent is about.
    let gone = [
        "DELETE FROM linkings WHERE pupil_id = $1 AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.linking_id = linkings.id)",
        "DELETE FROM account_pupils WHERE pupil_id = $1",
        "DELETE FROM history WHERE pupil_id = $1",
        FORGOTTEN,
    ];
    run(conn, &gone, pupil).await?;
    for account in &accounts {
        forget_account(conn, account).await?;
    }
    Ok(linkings)
}

// Ends the account's sessions; the account itself goes where it holds nothing else.
async fn forget_account(conn: &mut Conn, account: &str) -> Result<(), Error> {
    let of_session =
        |table| format!("DELETE FROM {table} WHERE session_id IN (SELECT id FROM sessions WHERE account_id = $1)");
    for table in ["auth_codes", "access_tokens", "refresh_tokens", "vk_sign_ins"] {
        sql::query(sqlx::AssertSqlSafe(of_session(table))).bind(account).execute(&mut *conn).await?;
    }
    run(
        conn,
        &["DELETE FROM sessions WHERE account_id = $1", "DELETE FROM idempotency WHERE account_id = $1"],
        account,
    )
    .await?;
    let holds: bool = sql::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM accounts a WHERE a.id = $1 AND (
             EXISTS (SELECT 1 FROM consents c WHERE c.account_id = a.id)
             OR EXISTS (SELECT 1 FROM account_pupils p JOIN linkings l ON l.pupil_id = p.pupil_id
                        WHERE p.account_id = a.id AND l.step <> 'closed')))",
    )
    .bind(account)
    .fetch_one(&mut *conn)
    .await?;
    if holds {
        return Ok(());
    }
    let siblings: Vec<String> = sql::query_scalar("SELECT pupil_id FROM account_pupils WHERE account_id = $1")
        .bind(account)
        .fetch_all(&mut *conn)
        .await?;
    let own = [
        "DELETE FROM account_pupils WHERE account_id = $1",
        "UPDATE linkings SET moved_by = NULL WHERE moved_by = $1",
        "UPDATE history SET account_id = NULL WHERE account_id = $1",
    ];
    run(conn, &own, account).await?;
    // A blocked one stays blocked, whoever it is: its id in the diary is kept, and nothing that names the person.
    let itself = [
        "UPDATE accounts SET first_name = '', last_name = '', sealed_diary_tokens = NULL
         WHERE id = $1 AND blocked_at IS NOT NULL",
        "DELETE FROM accounts WHERE id = $1 AND blocked_at IS NULL",
    ];
    run(conn, &itself, account).await?;
    for pupil in siblings {
        run(conn, &[FORGOTTEN_HISTORY, FORGOTTEN], &pupil).await?;
    }
    Ok(())
}

async fn run(conn: &mut Conn, statements: &[&'static str], id: &str) -> Result<(), Error> {
    for sql in statements {
        sql::query(*sql).bind(id).execute(&mut *conn).await?;
    }
    Ok(())
}
