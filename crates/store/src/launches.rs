//! Launches: from MAX into the app, by a landing page, a link with a one-time handle, and a grant of the app's own.

use mostik_wire::Millis;

use super::{
    Conn, DbRow, Error,
    hold::{self, Row},
    sql,
};

/// A launch to be made.
pub struct NewLaunch<'a> {
    /// The keyed hash of what the page's address bears.
    pub page_hash: &'a str,
    /// Who comes from MAX.
    pub max_user: i64,
    /// What MAX tells of that person, sealed.
    pub sealed_person: &'a str,
    /// When the page stops working.
    pub expires_at: Millis,
}

/// Makes a launch.
pub async fn make(conn: &mut Conn, launch: &NewLaunch<'_>) -> Result<(), Error> {
    sql::query("INSERT INTO launches (page_hash, max_user, sealed_person, page_expires_at) VALUES ($1, $2, $3, $4)")
        .bind(launch.page_hash)
        .bind(launch.max_user)
        .bind(launch.sealed_person)
        .bind(launch.expires_at.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// A secret of a launch, as a keyed hash, with until when it works.
#[derive(Debug, PartialEq, Eq)]
pub struct Hashed {
    /// The keyed hash.
    pub hash: String,
    /// When it stops working.
    pub expires_at: Millis,
}

/// A launch.
#[derive(Debug, PartialEq, Eq)]
pub struct Launch {
    /// Who comes from MAX.
    pub max_user: i64,
    /// What MAX tells of that person, sealed.
    pub sealed_person: String,
    /// What the page's address bears.
    pub page: Hashed,
    /// What the newest link of the page bears.
    pub handle: Option<Hashed>,
    /// What the app that has claimed it holds.
    pub grant: Option<Hashed>,
    /// When the person said yes.
    pub accepted_at: Option<Millis>,
}

fn read(row: &DbRow) -> Result<Launch, Error> {
    let hashed = |hash: &str, expires_at: &str| -> Result<Option<Hashed>, Error> {
        let (hash, at): (Option<String>, Option<i64>) = (row.try_get(hash)?, row.try_get(expires_at)?);
        Ok(hash.zip(at).map(|(hash, at)| Hashed { hash, expires_at: Millis(at) }))
    };
    Ok(Launch {
        max_user: row.try_get("max_user")?,
        sealed_person: row.try_get("sealed_person")?,
        page: Hashed { hash: row.try_get("page_hash")?, expires_at: Millis(row.try_get("page_expires_at")?) },
        handle: hashed("handle_hash", "handle_expires_at")?,
        grant: hashed("grant_hash", "grant_expires_at")?,
        accepted_at: row.try_get::<Option<i64>>("accepted_at")?.map(Millis),
    })
}

/// What a launch is found by: keyed hashes.
#[derive(Clone, Copy)]
pub enum LaunchKey<'a> {
    /// What the page's address bears.
    Page(&'a str),
    /// What the page's link bears, or its address where the app was opened by that.
    HandleOrPage {
        /// As a handle.
        handle: &'a str,
        /// As the address.
        page: &'a str,
    },
    /// What the app holds.
    Grant(&'a str),
}

/// The launch that is found by this.
pub async fn find(conn: &mut Conn, by: LaunchKey<'_>) -> Result<Option<Launch>, Error> {
    let (page, handle, grant) = match by {
        LaunchKey::Page(page) => (Some(page), None, None),
        LaunchKey::HandleOrPage { handle, page } => (Some(page), Some(handle), None),
        LaunchKey::Grant(grant) => (None, None, Some(grant)),
    };
    if conn.is_shared_writer() {
        let found: Option<String> = sql::query_scalar(
            "SELECT page_hash FROM launches WHERE page_hash = $1 OR handle_hash = $2 OR grant_hash = $3",
        )
        .bind(page)
        .bind(handle)
        .bind(grant)
        .fetch_optional(conn)
        .await?;
        if let Some(page) = found {
            hold::row(conn, Row::Launch(&page)).await?;
        }
    }
    let row = sql::query("SELECT * FROM launches WHERE page_hash = $1 OR handle_hash = $2 OR grant_hash = $3")
        .bind(page)
        .bind(handle)
        .bind(grant)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Gives a launch a handle in place of an earlier one, if no app has claimed it; answers whether it did.
pub async fn lead_on(conn: &mut Conn, page_hash: &str, handle: &Hashed) -> Result<bool, Error> {
    let led = sql::query(
        "UPDATE launches SET handle_hash = $2, handle_expires_at = $3 WHERE page_hash = $1 AND grant_hash IS NULL",
    )
    .bind(page_hash)
    .bind(&handle.hash)
    .bind(handle.expires_at.0)
    .execute(conn)
    .await?;
    Ok(led.rows_affected() == 1)
}

/// Puts a launch into the hands of one app, if it is in nobody's; answers whether it was.
pub async fn claim(conn: &mut Conn, page_hash: &str, grant: &Hashed) -> Result<bool, Error> {
    let claimed = sql::query(
        "UPDATE launches SET grant_hash = $2, grant_expires_at = $3 WHERE page_hash = $1 AND grant_hash IS NULL",
    )
    .bind(page_hash)
    .bind(&grant.hash)
    .bind(grant.expires_at.0)
    .execute(conn)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Notes that the person said yes; answers whether that is new.
pub async fn accept(conn: &mut Conn, page_hash: &str, now: Millis) -> Result<bool, Error> {
    let accepted = sql::query("UPDATE launches SET accepted_at = $2 WHERE page_hash = $1 AND accepted_at IS NULL")
        .bind(page_hash)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(accepted.rows_affected() == 1)
}
