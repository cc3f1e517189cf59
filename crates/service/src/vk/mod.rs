//! VK Messenger: binding a person's VK account, by VK ID, to the learning profile that a linking found.
//!
//! The app asks for an address (`begin`) and opens it in the system's browser. VK ID sends the browser back (`callback`) and
//! says whose account it is. Whoever sits there is asked whether that account belongs to that profile, and only the answer
//! binds (`answer`): the address may have been opened by somebody else, or in a browser where VK knows another person.

pub mod answer;
pub mod begin;
pub mod callback;
mod id;
mod outcome;

use mostik_wire::{Millis, VkStep, VkTrouble};

use crate::{
    app::App,
    clock::MINUTE,
    db::{Inconsistent, Tx},
    language::Language,
    linkings::{self, Row},
    refusal::Refusal,
    session::Session,
};

/// The life of a sign-in at VK ID, and of the question after it.
pub const SIGN_IN_LIFE: i64 = 10 * MINUTE;

const TROUBLES: [(&str, VkTrouble); 3] = [
    ("refused", VkTrouble::Refused),
    ("account_taken", VkTrouble::AccountTaken),
    ("unavailable", VkTrouble::Unavailable),
];

impl Row {
    /// VK Messenger as this linking's step shows it; `None`: it is neither offered nor bound.
    ///
    /// # Errors
    /// When the row is one that no code of ours can have written.
    pub fn vk(&self, app: &App) -> Result<Option<VkStep>, Refusal> {
        let Some(profile) = &self.profile_id else { return Ok(None) };
        // Before the link stands the profile may be another pupil's by now, and so is what is bound to it.
        if let (true, Some(name)) = (self.is_linked(), &self.profile_vk_name) {
            let messenger_url = app.config.vk_messenger_url(profile);
            return Ok(Some(VkStep::Bound { name_masked: name.clone(), messenger_url }));
        }
        if !app.config.messengers.vk {
            return Ok(None);
        }
        Ok(Some(match (&self.sealed_vk_state, self.vk_expires_at.map(Millis), &self.sealed_return_handle) {
            (Some(state), Some(expires_at), Some(handle)) if app.now() < expires_at => VkStep::SigningIn {
                url: id::authorize_url(app, &app.keys.open(state)?),
                expires_at,
                return_handle: app.keys.open(handle)?,
            },
            (None, Some(expires_at), _) if app.now() < expires_at => VkStep::Asking { expires_at },
            _ => VkStep::Offered { trouble: self.vk_trouble()? },
        }))
    }

    fn vk_trouble(&self) -> Result<Option<VkTrouble>, Inconsistent> {
        let Some(name) = self.vk_trouble.as_deref() else { return Ok(None) };
        let known = TROUBLES.iter().find(|(known, _)| *known == name);
        known.map(|(_, trouble)| Some(*trouble)).ok_or_else(|| self.wrong("unknown trouble with VK"))
    }
}

/// A sign-in, as the database holds it.
#[derive(sqlx::FromRow)]
struct Kept {
    linking_id: String,
    profile_id: String,
    session_id: String,
    language: String,
    vk_user: Option<i64>,
    vk_name: Option<String>,
}

impl Kept {
    /// Takes it out of the database by the hash of what the browser has brought: it serves once.
    async fn take(app: &App, tx: &mut Tx, column: &'static str, hash: String) -> Result<Option<Self>, Refusal> {
        let sql = format!(
            "DELETE FROM vk_sign_ins WHERE {column} = $1 AND expires_at > $2
             RETURNING linking_id, profile_id, session_id, language, vk_user, vk_name"
        );
        let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hash).bind(app.now().0);
        Ok(query.fetch_optional(&mut **tx).await?)
    }
}

/// A sign-in whose session stands.
struct Begun {
    linking: String,
    profile: String,
    session: Session,
}

impl Begun {
    async fn of(tx: &mut Tx, kept: Kept) -> Result<Option<Self>, Refusal> {
        let session: Option<(String, Option<String>)> =
            sqlx::query_as("SELECT account_id, device FROM sessions WHERE id = $1 AND ended_at IS NULL")
                .bind(&kept.session_id)
                .fetch_optional(&mut **tx)
                .await?;
        let Kept { linking_id: linking, profile_id: profile, session_id: id, language, .. } = kept;
        let language = Language::from_tag(&language);
        Ok(session.map(|(account, device)| {
            let session = Session { id, account, language, device };
            Self { linking, profile, session }
        }))
    }

    /// The linking, if it still stands where VK can be bound to that profile, and its pupil is still the account's.
    async fn linking(&self, tx: &mut Tx) -> Result<Option<Row>, Refusal> {
        let row = linkings::by_id(&mut **tx, &self.linking).await?;
        let fits = |row: &Row| may_be_bound(row) && row.profile_id.as_ref() == Some(&self.profile);
        let Some(row) = row.filter(fits) else { return Ok(None) };
        Ok(if self.session.sees(tx, &row.pupil_id).await? { Some(row) } else { None })
    }

    /// Says at the linking's step what went wrong; unless the person has begun anew meanwhile.
    async fn fail(&self, app: &App, tx: &mut Tx, trouble: VkTrouble) -> Result<(), Refusal> {
        let name = TROUBLES.iter().find(|(_, known)| *known == trouble).map(|(name, _)| *name);
        sqlx::query(
            "UPDATE linkings SET vk_trouble = $2, version = version + 1, updated_at = $3
             WHERE id = $1 AND step IN ('max', 'linked') AND profile_id = $4
               AND NOT EXISTS (SELECT 1 FROM vk_sign_ins v WHERE v.linking_id = linkings.id)",
        )
        .bind(&self.linking)
        .bind(name)
        .bind(app.now().0)
        .bind(&self.profile)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}

/// Whether the linking stands where an account of VK can be bound, and none is.
fn may_be_bound(row: &Row) -> bool {
    let bound = row.is_linked() && row.profile_vk_name.is_some();
    matches!(row.step.as_str(), "max" | "linked") && row.profile_id.is_some() && !bound
}

/// The link back into the app.
fn back(app: &App, row: Option<&Row>) -> Result<Option<String>, Refusal> {
    let sealed = row.and_then(|row| row.sealed_return_handle.as_deref());
    let handle = sealed.map(|sealed| app.keys.open(sealed)).transpose()?;
    Ok(handle.map(|handle| format!("mostik://return/{handle}")))
}
