//! Learning profiles: made at the first linking of a number, or brought by the operator.

use mostik_wire::{BirthDate, Email, Gender, PersonName, Phone, Role};
use serde::Deserialize;

use crate::{
    app::App,
    clock::{DAY, Entropy},
    db::{Db, Tx},
    linkings::Row,
    mail::{Event, Letter, News},
    names, outbox,
    refusal::Refusal,
    session::Session,
};

/// For how long a letter of news is tried: mail servers rest over a weekend.
const NEWS_LIFE: i64 = 3 * DAY;

/// A profile's id, as people see it under «Безопасность»: ten digits, not in order.
fn new_id(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    (1_000_000_000 + u64::from_le_bytes(bytes) % 9_000_000_000).to_string()
}

/// The profile under a number; where there is none, a new one in the pupil's name.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure(app: &App, tx: &mut Tx, phone: &Phone, row: &Row) -> Result<String, Refusal> {
    sqlx::query(
        "INSERT INTO profiles (id, phone, first_name, last_name, role, class_name, created_at)
         VALUES ($1, $2, $3, $4, 'pupil', $5, $6) ON CONFLICT (phone) DO NOTHING",
    )
    .bind(new_id(&*app.entropy))
    .bind(phone.e164())
    .bind(&row.pupil_first_name)
    .bind(&row.pupil_last_name)
    .bind(&row.pupil_class_name)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    Ok(sqlx::query_scalar("SELECT id FROM profiles WHERE phone = $1").bind(phone.e164()).fetch_one(&mut **tx).await?)
}

/// A profile that a parent makes for a child.
#[expect(missing_docs, reason = "the columns of `profiles`")]
pub struct NewProfile {
    pub email: Email,
    pub last_name: PersonName,
    pub first_name: PersonName,
    pub middle_name: Option<PersonName>,
    pub birth_date: BirthDate,
    pub gender: Gender,
    pub class_name: Option<String>,
    pub password_hash: String,
}

/// Makes a profile; `None`: its address has one already.
///
/// # Errors
/// When the database does not answer.
pub async fn make(app: &App, tx: &mut Tx, new: &NewProfile) -> Result<Option<String>, Refusal> {
    Ok(sqlx::query_scalar(
        "INSERT INTO profiles (id, email, email_key, first_name, last_name, middle_name, birth_date, gender, role,
             class_name, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pupil', $9, $10, $11) ON CONFLICT (email_key) DO NOTHING RETURNING id",
    )
    .bind(new_id(&*app.entropy))
    .bind(new.email.address())
    .bind(new.email.key())
    .bind(new.first_name.as_str())
    .bind(new.last_name.as_str())
    .bind(new.middle_name.as_ref().map(PersonName::as_str))
    .bind(new.birth_date.to_string())
    .bind(names::gender_name(new.gender))
    .bind(&new.class_name)
    .bind(&new.password_hash)
    .bind(app.now().0)
    .fetch_optional(&mut **tx)
    .await?)
}

/// Links a profile to a linking's pupil; `false`: one of the two was linked meanwhile. The unique keys decide.
///
/// # Errors
/// When the database does not answer.
pub async fn link(app: &App, tx: &mut Tx, row: &Row, profile: &str) -> Result<bool, Refusal> {
    let made = sqlx::query(
        "INSERT INTO links (pupil_id, profile_id, linking_id, linked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(&row.pupil_id)
    .bind(profile)
    .bind(&row.id)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// Tells the profile's address, if it has one, that the profile was linked.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_of_link(app: &App, session: &Session, tx: &mut Tx, profile: &str) -> Result<(), Refusal> {
    tell(app, session, tx, profile, |name, event| News::Linked { name, event }).await
}

/// Tells the profile's address that its password was set anew.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_of_password(app: &App, session: &Session, tx: &mut Tx, profile: &str) -> Result<(), Refusal> {
    tell(app, session, tx, profile, |name, event| News::PasswordChanged { name, event }).await
}

async fn tell(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    profile: &str,
    news: impl FnOnce(String, Event) -> News,
) -> Result<(), Refusal> {
    let (email, first, last): (Option<String>, String, String) =
        sqlx::query_as("SELECT email, first_name, last_name FROM profiles WHERE id = $1")
            .bind(profile)
            .fetch_one(&mut **tx)
            .await?;
    let Some(email) = email.and_then(|text| Email::parse(&text).ok()) else { return Ok(()) };
    let event = Event { at: app.now(), device: session.device.clone() };
    let letter = Letter { language: session.language, news: news(names::masked(&first, &last), event) };
    outbox::queue_mail(app, tx, &email, &letter, None, app.now().plus(NEWS_LIFE)).await
}

/// One entry of the file that `import-profiles` reads.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The number, as people write it.
    #[serde(default)]
    pub phone: Option<String>,
    /// The address, as people write it; a number or an address there must be.
    #[serde(default)]
    pub email: Option<String>,
    /// First name.
    pub first_name: String,
    /// Surname.
    pub last_name: String,
    /// `pupil` or `parent`.
    pub role: Role,
    /// The class, when known.
    #[serde(default)]
    pub class_name: Option<String>,
}

/// Brings existing profiles in: all of them or none. The same number or address again updates its profile.
///
/// # Errors
/// A sentence that names the entry and what is wrong with it.
pub async fn import(db: &Db, entropy: &dyn Entropy, now: i64, json: &str) -> Result<usize, String> {
    let entries: Vec<Entry> = serde_json::from_str(json).map_err(|e| format!("not a list of profiles: {e}"))?;
    let trouble = |e: sqlx::Error| format!("the database does not take it: {e}");
    let mut tx = db.write().await.map_err(trouble)?;
    for (place, entry) in entries.iter().enumerate() {
        let phone = entry.phone.as_deref().map(Phone::parse).transpose();
        let phone = phone.map_err(|e| format!("entry {}: phone: {e}", place + 1))?;
        let email = entry.email.as_deref().map(Email::parse).transpose();
        let email = email.map_err(|e| format!("entry {}: email: {e}", place + 1))?;
        if phone.is_none() && email.is_none() {
            return Err(format!("entry {}: phone or email is missing", place + 1));
        }
        if entry.role == Role::Other {
            return Err(format!("entry {}: role: pupil or parent is expected", place + 1));
        }
        if entry.first_name.trim().is_empty() || entry.last_name.trim().is_empty() {
            return Err(format!("entry {}: first_name and last_name must not be empty", place + 1));
        }
        let known: Vec<String> = sqlx::query_scalar("SELECT id FROM profiles WHERE phone = $1 OR email_key = $2")
            .bind(phone.as_ref().map(Phone::e164))
            .bind(email.as_ref().map(Email::key))
            .fetch_all(&mut *tx)
            .await
            .map_err(trouble)?;
        let id = match known.as_slice() {
            [] => new_id(entropy),
            [id] => id.clone(),
            _ => return Err(format!("entry {}: phone and email belong to two profiles", place + 1)),
        };
        sqlx::query(
            "INSERT INTO profiles (id, phone, first_name, last_name, role, class_name, created_at, email, email_key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (id) DO UPDATE SET first_name = $3, last_name = $4, role = $5, class_name = $6,
                 phone = COALESCE($2, profiles.phone), email = COALESCE($8, profiles.email),
                 email_key = COALESCE($9, profiles.email_key)",
        )
        .bind(id)
        .bind(phone.as_ref().map(Phone::e164))
        .bind(entry.first_name.trim())
        .bind(entry.last_name.trim())
        .bind(names::role_name(entry.role))
        .bind(&entry.class_name)
        .bind(now)
        .bind(email.as_ref().map(Email::address))
        .bind(email.as_ref().map(Email::key))
        .execute(&mut *tx)
        .await
        .map_err(trouble)?;
    }
    tx.commit().await.map_err(trouble)?;
    Ok(entries.len())
}
