//! What the operator's support looks up: who is behind a contact or an id, and how they stand.

use mostik_linking::Step;
use mostik_wire::{CloseReason, Contact, Millis};

use super::{Conn, Error, KeyedHash, contact, inconsistent, sql};

/// The most pupils that one question is answered with.
const MOST: i64 = 50;

/// What a question has led to, by ids.
#[derive(Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Found {
    pub pupils: Vec<String>,
    pub accounts: Vec<String>,
    pub profiles: Vec<String>,
}

/// Whom a contact leads to: profiles under it, pupils who are or were linked to these, and pupils in whose linkings it stands or was
/// written to (`recipient` is its keyed hash in `messages`).
pub async fn by_contact(conn: &mut Conn, of: &Contact, recipient: &KeyedHash) -> Result<Found, Error> {
    let profiles = sql::query_scalar("SELECT id FROM profiles WHERE phone = $1 OR email_key = $1 ORDER BY id")
        .bind(contact::key(of))
        .fetch_all(&mut *conn)
        .await?;
    let pupils = sql::query_scalar(
        "SELECT pupil_id FROM linkings WHERE contact = $1
         UNION SELECT k.pupil_id FROM links k JOIN profiles p ON p.id = k.profile_id WHERE p.phone = $2 OR p.email_key = $2
         UNION SELECT u.id FROM pupils u JOIN profiles p ON p.id = u.former_profile WHERE p.phone = $2 OR p.email_key = $2
         UNION SELECT l.pupil_id FROM messages m JOIN linkings l ON l.id = m.linking_id WHERE m.recipient_hash IN ($3, $4)
         ORDER BY 1 LIMIT $5",
    )
    .bind(contact::text(of))
    .bind(contact::key(of))
    .bind(&*recipient.written)
    .bind(recipient.second())
    .bind(MOST)
    .fetch_all(&mut *conn)
    .await?;
    closed(conn, Found { pupils, accounts: Vec::new(), profiles }).await
}

/// Whom an id leads to: the diary's of an account or a pupil, or the service's own of an account, a pupil, a profile or a linking.
pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Found, Error> {
    let accounts = sql::query_scalar("SELECT id FROM accounts WHERE id = $1 OR diary_user = $1 ORDER BY id")
        .bind(id)
        .fetch_all(&mut *conn)
        .await?;
    let profiles = sql::query_scalar("SELECT id FROM profiles WHERE id = $1").bind(id).fetch_all(&mut *conn).await?;
    let pupils = sql::query_scalar(
        "SELECT id FROM pupils WHERE id = $1 OR diary_student = $1 OR diary_person = $1 OR former_profile = $1
         UNION SELECT pupil_id FROM linkings WHERE id = $1
         UNION SELECT pupil_id FROM links WHERE profile_id = $1
         UNION SELECT p.pupil_id FROM account_pupils p JOIN accounts a ON a.id = p.account_id WHERE a.id = $1 OR a.diary_user = $1
         ORDER BY 1 LIMIT $2",
    )
    .bind(id)
    .bind(MOST)
    .fetch_all(&mut *conn)
    .await?;
    closed(conn, Found { pupils, accounts, profiles }).await
}

// With the accounts that see the pupils, and the profiles that these are or were linked to.
async fn closed(conn: &mut Conn, mut found: Found) -> Result<Found, Error> {
    for pupil in &found.pupils {
        found.accounts.extend(
            sql::query_scalar::<String>("SELECT account_id FROM account_pupils WHERE pupil_id = $1")
                .bind(pupil)
                .fetch_all(&mut *conn)
                .await?,
        );
        found.profiles.extend(
            sql::query_scalar::<String>(
                "SELECT profile_id FROM links WHERE pupil_id = $1
                 UNION SELECT former_profile FROM pupils WHERE id = $1 AND former_profile IS NOT NULL",
            )
            .bind(pupil)
            .fetch_all(&mut *conn)
            .await?,
        );
    }
    for ids in [&mut found.accounts, &mut found.profiles] {
        ids.sort_unstable();
        ids.dedup();
    }
    Ok(found)
}

/// A pupil, as the diary has told.
#[derive(sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of `pupils` and `links`")]
pub struct PupilRow {
    pub first_name: String,
    pub last_name: String,
    pub class_name: String,
    pub school: Option<String>,
    pub former_profile: Option<String>,
    pub profile_id: Option<String>,
    pub linked_at: Option<i64>,
}

/// A pupil, and the link; `None`: there is none of that id.
pub async fn pupil(conn: &mut Conn, id: &str) -> Result<Option<PupilRow>, Error> {
    Ok(sql::query_as(
        "SELECT u.first_name, u.last_name, u.class_name, u.school, u.former_profile, k.profile_id, k.linked_at
         FROM pupils u LEFT JOIN links k ON k.pupil_id = u.id WHERE u.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// A linking of a pupil.
#[derive(Debug, PartialEq, Eq)]
pub struct LinkingRow {
    /// Its id.
    pub id: String,
    /// The step where it is, as `names::step_name` writes it.
    pub step: String,
    /// Why it was closed, where it was.
    pub closed_reason: Option<CloseReason>,
    /// Its contact.
    pub contact: Option<Contact>,
    /// When it was begun.
    pub begun_at: Millis,
    /// When it changed last.
    pub changed_at: Millis,
}

/// The newest linkings of a pupil, newest first.
pub async fn linkings(conn: &mut Conn, pupil: &str) -> Result<Vec<LinkingRow>, Error> {
    let rows: Vec<(String, String, String, i64, i64)> = sql::query_as(
        "SELECT id, step, state, created_at, updated_at FROM linkings WHERE pupil_id = $1
         ORDER BY created_at DESC, id LIMIT $2",
    )
    .bind(pupil)
    .bind(MOST)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(id, step, state, begun_at, changed_at)| {
            let state: Step =
                serde_json::from_str(&state).map_err(|_| inconsistent("linkings", &id, "its state is none"))?;
            let closed_reason = match state {
                Step::Closed { reason } => Some(reason),
                _ => None,
            };
            let (begun_at, changed_at) = (Millis(begun_at), Millis(changed_at));
            Ok(LinkingRow { id, step, closed_reason, contact: state.contact(), begun_at, changed_at })
        })
        .collect()
}

/// An account of the diary.
#[derive(sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of `accounts`, and counts of its sessions")]
pub struct AccountRow {
    pub first_name: String,
    pub last_name: String,
    pub role: String,
    /// Sessions that were not ended, and gave tokens.
    pub sessions: i64,
    /// When the tokens of one were renewed last, ended ones among them.
    pub seen_at: Option<i64>,
    pub blocked_at: Option<i64>,
}

/// An account; `None`: there is none of that id.
pub async fn account(conn: &mut Conn, id: &str) -> Result<Option<AccountRow>, Error> {
    Ok(sql::query_as(
        "SELECT a.first_name, a.last_name, a.role, a.blocked_at,
                (SELECT COUNT(*) FROM sessions s WHERE s.account_id = a.id AND s.ended_at IS NULL AND s.generation > 0)
                    AS sessions,
                (SELECT MAX(COALESCE(s.seen_at, s.created_at)) FROM sessions s WHERE s.account_id = a.id) AS seen_at
         FROM accounts a WHERE a.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// A learning profile.
#[derive(sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of `profiles` and `links`")]
pub struct ProfileRow {
    pub first_name: String,
    pub last_name: String,
    pub role: String,
    pub class_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub has_password: bool,
    pub max_name: Option<String>,
    pub max_at: Option<i64>,
    pub vk_name: Option<String>,
    pub vk_at: Option<i64>,
    pub created_at: i64,
    pub deletes_at: Option<i64>,
    pub blocked_at: Option<i64>,
    pub pupil_id: Option<String>,
    /// The linking that made the link.
    pub linking_id: Option<String>,
}

/// A profile; `None`: there is none of that id.
pub async fn profile(conn: &mut Conn, id: &str) -> Result<Option<ProfileRow>, Error> {
    Ok(sql::query_as(
        "SELECT p.first_name, p.last_name, p.role, p.class_name, p.phone, p.email, p.password_hash IS NOT NULL AS has_password,
                p.max_name, p.max_at, p.vk_name, p.vk_at, p.created_at, p.deletes_at, p.blocked_at, k.pupil_id,
                k.linking_id
         FROM profiles p LEFT JOIN links k ON k.profile_id = p.id WHERE p.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}
