//! Profiles that the operator has already.

use mostik_wire::{Email, FullName, Phone, Role};
use serde::Deserialize;

use super::new_id;
use crate::{clock::Entropy, db::Db, diary::or_empty, names};

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
    /// First name, taken as it is; who has one name may have none.
    #[serde(default, deserialize_with = "or_empty")]
    pub first_name: String,
    /// Surname, likewise.
    #[serde(default, deserialize_with = "or_empty")]
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
        if FullName::new(&entry.first_name, &entry.last_name).whole().is_empty() {
            return Err(format!("entry {}: first_name or last_name is missing", place + 1));
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
        .bind(&entry.first_name)
        .bind(&entry.last_name)
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
