//! Linkings: one pupil's way to a learning profile, as a versioned resource.
//!
//! Every change is compare-and-set on the version that was read. A request is stale when the person's choice has changed
//! since the version it names (`moved_at_version`); what merely became known meanwhile, such as an SMS on its way, makes
//! no request stale.

pub mod all;
pub mod cancel;
pub mod code;
pub mod confirm;
pub mod consent;
pub mod contact;
pub mod create;
pub mod details;
pub mod events;
pub mod former;
mod in_max;
mod join;
pub mod max_link;
pub mod max_number;
pub mod max_proof;
pub mod password;
pub mod profile_sign_in;
mod proof;
pub mod read;
pub mod recover;
pub mod recovery;
pub mod resend;
mod row;
mod send_code;
mod show;
pub mod skip_max;

use mostik_wire::{Code, FullName, Linking, LinkingId, Step, StepName};
use sqlx::{Executor, Sqlite};

use crate::{app::App, clock::MINUTE, db::Tx, refusal::Refusal, session::Session};
pub(crate) use create::of_pupil;
pub(crate) use in_max::{ask_in_max, note_trouble, number_proven, opened_by};
pub use join::{Account, Joined, join};
pub(crate) use proof::prove;
pub use row::{DELIVERIES, Found, Row};
pub(crate) use send_code::make_code;

/// The life of a code: the most that NIST 800-63B and ASVS allow.
pub const CODE_LIFE: i64 = 10 * MINUTE;
/// The life of a ticket into MAX; opening it gives as much again for sharing the number.
pub const TICKET_LIFE: i64 = 10 * MINUTE;
/// Tries that one code admits.
pub const TRIES: u32 = 5;

/// What a code proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// That the contact is the person's.
    Contact,
    /// That the password of the address's profile may be set anew.
    Recovery,
    /// That a linked profile is the person's.
    Owner,
}

impl Purpose {
    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Recovery => "recovery",
            Self::Owner => "owner",
        }
    }
}

const BY_ID: &str = "SELECT l.*, u.first_name AS pupil_first_name, u.last_name AS pupil_last_name,
       u.middle_name AS pupil_middle_name, u.class_name AS pupil_class_name, u.school AS pupil_school,
       u.birth_date AS pupil_birth_date, u.gender AS pupil_gender,
       c.expires_at AS code_expires_at, c.tries AS code_tries, c.place AS code_place,
       c.purpose AS code_purpose,
       p.first_name AS profile_first_name, p.last_name AS profile_last_name, p.role AS profile_role,
       p.class_name AS profile_class_name, p.phone AS profile_phone, p.max_user AS profile_max_user,
       p.deletes_at AS profile_deletes_at,
       p.former_max_user AS profile_former_max_user, p.vk_name AS profile_vk_name,
       v.sealed_state AS sealed_vk_state, v.expires_at AS vk_expires_at, k.linked_at AS link_made_at,
       a.first_name AS moved_by_first_name, a.last_name AS moved_by_last_name,
       f.id AS former_id, f.first_name AS former_first_name, f.last_name AS former_last_name, f.phone AS former_phone,
       f.email AS former_email
FROM linkings l
JOIN pupils u ON u.id = l.pupil_id
LEFT JOIN codes c ON c.linking_id = l.id AND c.nth = l.nth
LEFT JOIN profiles p ON p.id = l.profile_id
LEFT JOIN links k ON k.linking_id = l.id
LEFT JOIN vk_sign_ins v ON v.linking_id = l.id AND v.profile_id = l.profile_id
LEFT JOIN accounts a ON a.id = l.moved_by
LEFT JOIN profiles f ON f.id = u.former_profile AND NOT EXISTS (SELECT 1 FROM links o WHERE o.profile_id = f.id)
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

/// Reads the linking for work that comes before its change, such as hashing a password: [`for_change`] looks again.
///
/// # Errors
/// `linking_not_found`; `stale_version` and `wrong_step` with the present linking.
pub async fn at_step(app: &App, session: &Session, id: &str, version: u64, step: StepName) -> Result<Row, Refusal> {
    let row = of_session(app, session, id).await?;
    fresh(app, session, row, version, step)
}

/// Reads the linking for a change that is based on `version` and served at one step alone.
///
/// # Errors
/// As [`at_step`].
pub async fn for_change_at(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    id: &str,
    version: u64,
    step: StepName,
) -> Result<Row, Refusal> {
    let row = for_change(app, session, tx, id, version).await?;
    fresh(app, session, row, version, step)
}

fn fresh(app: &App, session: &Session, row: Row, version: u64, step: StepName) -> Result<Row, Refusal> {
    if row.is_stale(version) {
        return Err(row.stale(app, session)?);
    }
    if row.step_name()? != step {
        return Err(wrong_step(app, session, row)?);
    }
    Ok(row)
}

/// Reads the linking for a change that is based on `version`.
///
/// # Errors
/// `linking_not_found`; `stale_version` with the present linking.
pub async fn for_change(app: &App, session: &Session, tx: &mut Tx, id: &str, version: u64) -> Result<Row, Refusal> {
    let mine: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM account_pupils a JOIN linkings l ON l.pupil_id = a.pupil_id WHERE a.account_id = $1 AND l.id = $2",
    )
    .bind(&session.account)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    let row = by_id(&mut **tx, id).await?.filter(|_| mine.is_some());
    let row = row.ok_or_else(|| Refusal::new(Code::LinkingNotFound))?;
    if row.is_stale(version) {
        return Err(row.stale(app, session)?);
    }
    Ok(row)
}

/// The refusal of a request that the linking's step does not serve.
///
/// # Errors
/// When the row is inconsistent.
pub fn wrong_step(app: &App, session: &Session, row: Row) -> Result<Refusal, Refusal> {
    Ok(Refusal::new(Code::WrongStep).linking(row.linking(app, session)?))
}

/// The linking after a change in this transaction.
///
/// # Errors
/// When the row is gone or inconsistent.
pub async fn after(app: &App, session: &Session, tx: &mut Tx, id: &str) -> Result<Linking, Refusal> {
    let row = by_id(&mut **tx, id).await?.ok_or_else(|| Refusal::new(Code::LinkingNotFound))?;
    row.linking(app, session)
}

/// Answers a compare-and-set: one row changed, or the linking moved on meanwhile.
///
/// # Errors
/// `stale_version` with the present linking.
pub async fn must_have_changed(app: &App, session: &Session, tx: &mut Tx, id: &str, rows: u64) -> Result<(), Refusal> {
    if rows == 1 {
        return Ok(());
    }
    let row = by_id(&mut **tx, id).await?.ok_or_else(|| Refusal::new(Code::LinkingNotFound))?;
    Err(row.stale(app, session)?)
}

impl Row {
    // Whether the person's choice has changed since that version, or the version is none of ours.
    fn is_stale(&self, version: u64) -> bool {
        let version = i64::try_from(version).unwrap_or(i64::MAX);
        version < self.moved_at_version || version > self.version
    }

    // Says what the linking is now, and, where another account moved it, whose.
    pub(super) fn stale(self, app: &App, session: &Session) -> Result<Refusal, Refusal> {
        let another = self.moved_by.as_ref().is_some_and(|account| *account != session.account);
        let name = self.moved_by_first_name.as_deref().zip(self.moved_by_last_name.as_deref()).filter(|_| another);
        let name = name.map(|(first, last)| FullName::new(first, last).called());
        Ok(Refusal::new(Code::StaleVersion).moved_by(name).linking(self.linking(app, session)?))
    }

    /// The linking as it goes over the wire.
    ///
    /// # Errors
    /// When the row is one that no code of ours can have written.
    pub fn linking(self, app: &App, session: &Session) -> Result<Linking, Refusal> {
        let (id, pupil, version) = (LinkingId(self.id.clone()), self.pupil_id.clone(), self.version);
        let step: Step = self.into_step(app, session.language)?;
        Ok(Linking {
            id,
            pupil: mostik_wire::PupilId(pupil),
            version: u64::try_from(version).unwrap_or_default(),
            step,
            server_time: app.now(),
        })
    }
}
