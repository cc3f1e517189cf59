//! Profiles that the operator has already.

use mostik_store::{
    Store,
    profiles::{self, Imported},
};
use mostik_wire::{Email, FullName, Phone, Role};
use serde::Deserialize;

use super::new_id;
use crate::{
    audit::{Action, Actor, Author, Subject},
    diary::or_empty,
};

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

/// Who it was, for the audit log: whoever may run the command.
const COMMAND: &str = "import-profiles";

/// Brings existing profiles in: all of them or none. The same number or address again updates its profile.
///
/// # Errors
/// A sentence that names the entry and what is wrong with it.
pub async fn import(db: &Store, author: &Author<'_>, json: &str) -> Result<usize, String> {
    let entries: Vec<Entry> = serde_json::from_str(json).map_err(|e| format!("not a list of profiles: {e}"))?;
    let trouble = |e: mostik_store::Error| format!("the database does not take it: {e}");
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
        let new_id = new_id(author.entropy);
        let profile = Imported {
            new_id: &new_id,
            phone: phone.as_ref(),
            email: email.as_ref(),
            first_name: &entry.first_name,
            last_name: &entry.last_name,
            role: entry.role,
            class_name: entry.class_name.as_deref(),
        };
        let Some(id) = profiles::import(&mut tx, &profile, author.now).await.map_err(trouble)? else {
            return Err(format!("entry {}: phone and email belong to two profiles", place + 1));
        };
        let (by, about) = (Actor::Operator(COMMAND), Subject { profile: Some(&id), ..Subject::default() });
        author.record(&mut tx, by, Action::ProfileImported, &about, None).await.map_err(trouble)?;
    }
    tx.commit().await.map_err(trouble)?;
    Ok(entries.len())
}
