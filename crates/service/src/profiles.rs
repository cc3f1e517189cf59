//! Learning profiles: made at the first linking of a number, or brought by the operator.

use mostik_wire::{Phone, Role};
use serde::Deserialize;

use crate::{
    app::App,
    clock::Entropy,
    db::{Db, Tx},
    linkings::Row,
    names,
    refusal::Refusal,
};

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

/// One entry of the file that `import-profiles` reads.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The number, as people write it.
    pub phone: String,
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

/// Brings existing profiles in: all of them or none. The same number again updates its profile.
///
/// # Errors
/// A sentence that names the entry and what is wrong with it.
pub async fn import(db: &Db, entropy: &dyn Entropy, now: i64, json: &str) -> Result<usize, String> {
    let entries: Vec<Entry> = serde_json::from_str(json).map_err(|e| format!("not a list of profiles: {e}"))?;
    let trouble = |e: sqlx::Error| format!("the database does not take it: {e}");
    let mut tx = db.write().await.map_err(trouble)?;
    for (place, entry) in entries.iter().enumerate() {
        let phone = Phone::parse(&entry.phone).map_err(|e| format!("entry {}: phone: {e}", place + 1))?;
        if entry.role == Role::Other {
            return Err(format!("entry {}: role: pupil or parent is expected", place + 1));
        }
        if entry.first_name.trim().is_empty() || entry.last_name.trim().is_empty() {
            return Err(format!("entry {}: first_name and last_name must not be empty", place + 1));
        }
        sqlx::query(
            "INSERT INTO profiles (id, phone, first_name, last_name, role, class_name, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (phone) DO UPDATE SET first_name = $3, last_name = $4, role = $5, class_name = $6",
        )
        .bind(new_id(entropy))
        .bind(phone.e164())
        .bind(entry.first_name.trim())
        .bind(entry.last_name.trim())
        .bind(names::role_name(entry.role))
        .bind(&entry.class_name)
        .bind(now)
        .execute(&mut *tx)
        .await
        .map_err(trouble)?;
    }
    tx.commit().await.map_err(trouble)?;
    Ok(entries.len())
}
