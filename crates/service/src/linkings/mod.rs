//! Linkings: one pupil's way to a learning profile, as a versioned resource.
//!
//! Every change is compare-and-set on the version that was read. A request is stale when the person's choice has changed
//! since the version it names (`moved_at_version`); what merely became known meanwhile, such as an SMS on its way, makes
//! no request stale.

pub mod cancel;
pub mod code;
pub mod confirm;
pub mod contact;
pub mod create;
pub mod events;
pub mod max_link;
pub mod read;
pub mod resend;
mod row;
mod send_code;

use mostik_wire::{Code, Linking, LinkingId, Step};
use sqlx::{Executor, Sqlite};

use crate::{app::App, clock::MINUTE, db::Tx, refusal::Refusal, session::Session};
pub use row::{Found, Row};

/// The life of a code: the most that NIST 800-63B and ASVS allow.
pub const CODE_LIFE: i64 = 10 * MINUTE;
/// The life of a ticket into MAX; opening it gives as much again for sharing the number.
pub const TICKET_LIFE: i64 = 10 * MINUTE;
/// Tries that one code admits.
pub const TRIES: u32 = 5;

const BY_ID: &str = "SELECT l.*, u.first_name AS pupil_first_name, u.last_name AS pupil_last_name,
       u.class_name AS pupil_class_name, c.expires_at AS code_expires_at, c.tries AS code_tries,
       p.first_name AS profile_first_name, p.last_name AS profile_last_name, p.role AS profile_role,
       p.class_name AS profile_class_name
FROM linkings l
JOIN pupils u ON u.id = l.pupil_id
LEFT JOIN codes c ON c.linking_id = l.id AND c.nth = l.nth
LEFT JOIN profiles p ON p.id = l.profile_id
WHERE l.id = $1";

/// The linking with this id, whoever's it is.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id<'e>(db: impl Executor<'e, Database = Sqlite>, id: &str) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as(BY_ID).bind(id).fetch_optional(db).await
}

/// The linking, if the session's account may act for its pupil.
///
/// # Errors
/// `linking_not_found`, also where it is another's: nobody learns which ids exist.
pub async fn of_session(app: &App, session: &Session, id: &str) -> Result<Row, Refusal> {
    let row = by_id(app.db.read(), id).await?;
    let mine: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM account_pupils a JOIN linkings l ON l.pupil_id = a.pupil_id WHERE a.account_id = $1 AND l.id = $2",
    )
    .bind(&session.account)
    .bind(id)
    .fetch_optional(app.db.read())
    .await?;
    row.filter(|_| mine.is_some()).ok_or_else(|| Refusal::new(Code::LinkingNotFound))
}

/// Reads the linking for a change that is based on `version`.
///
/// # Errors
/// `linking_not_found`; `stale_version` with the present linking.
pub async fn for_change(app: &App, tx: &mut Tx, session: &Session, id: &str, version: u64) -> Result<Row, Refusal> {
    let mine: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM account_pupils a JOIN linkings l ON l.pupil_id = a.pupil_id WHERE a.account_id = $1 AND l.id = $2",
    )
    .bind(&session.account)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    let row = by_id(&mut **tx, id).await?.filter(|_| mine.is_some());
    let row = row.ok_or_else(|| Refusal::new(Code::LinkingNotFound))?;
    let version = i64::try_from(version).unwrap_or(i64::MAX);
    if version < row.moved_at_version || version > row.version {
        return Err(Refusal::new(Code::StaleVersion).linking(row.linking(app)?));
    }
    Ok(row)
}

/// The refusal of a request that the linking's step does not serve.
///
/// # Errors
/// When the row is inconsistent.
pub fn wrong_step(app: &App, row: Row) -> Result<Refusal, Refusal> {
    Ok(Refusal::new(Code::WrongStep).linking(row.linking(app)?))
}

/// The linking after a change in this transaction.
///
/// # Errors
/// When the row is gone or inconsistent.
pub async fn after(app: &App, tx: &mut Tx, id: &str) -> Result<Linking, Refusal> {
    let row = by_id(&mut **tx, id).await?.ok_or_else(|| Refusal::new(Code::LinkingNotFound))?;
    row.linking(app)
}

/// Answers a compare-and-set: one row changed, or the linking moved on meanwhile.
///
/// # Errors
/// `stale_version` with the present linking.
pub async fn must_have_changed(app: &App, tx: &mut Tx, id: &str, rows: u64) -> Result<(), Refusal> {
    if rows == 1 {
        return Ok(());
    }
    Err(Refusal::new(Code::StaleVersion).linking(after(app, tx, id).await?))
}

impl Row {
    /// The linking as it goes over the wire.
    ///
    /// # Errors
    /// When the row is one that no code of ours can have written.
    pub fn linking(self, app: &App) -> Result<Linking, Refusal> {
        let (id, pupil, version) = (LinkingId(self.id.clone()), self.pupil_id.clone(), self.version);
        let step: Step = self.into_step(app)?;
        Ok(Linking {
            id,
            pupil: mostik_wire::PupilId(pupil),
            version: u64::try_from(version).unwrap_or_default(),
            step,
            server_time: app.now(),
        })
    }
}
