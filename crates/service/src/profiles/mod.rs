//! Learning profiles: made at the first linking of a number, by a parent, or brought by the operator; and what the people of
//! a linked one may do with it.

pub mod code;
pub mod deletion;
mod erase;
pub mod export;
mod held;
mod import;
mod news;
mod proof;
pub mod read;
pub mod unlink;
pub mod unlink_messenger;

use mostik_wire::{BirthDate, ConfirmedName, Email, Gender, PersonName, Phone};

pub use erase::erase_due;
pub use import::{Entry, import};
pub use news::{tell_of_link, tell_of_password, tell_of_vk};

use crate::{app::App, clock::Entropy, db::Tx, linkings::Row, names, refusal::Refusal};

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
    pub name: ConfirmedName,
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
    .bind(new.name.first_name.as_str())
    .bind(new.name.last_name.as_str())
    .bind(new.name.middle_name.as_ref().map(PersonName::as_str))
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
