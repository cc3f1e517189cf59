//! VK Messenger: binding a person's VK account, by VK ID, to the learning profile that a linking found.
//!
//! The app asks for an address (`begin`) and opens it in the system's browser. VK ID sends the browser back (`callback`) and
//! says whose account it is. Whoever sits there is asked whether that account belongs to that profile, and only the answer
//! binds (`answer`): the address may have been opened by somebody else, or in a browser where VK knows another person.

pub mod answer;
pub mod callback;
mod id;
mod outcome;

pub(crate) use id::authorize_url;
use mostik_linking::Action;
use mostik_wire::Millis;

use crate::{
    app::App,
    clock,
    db::Tx,
    language::Language,
    linkings::{By, Done, act},
    refusal::Refusal,
    session::Session,
    store::{
        accounts,
        linkings::{self, Loaded},
        vk_sign_ins::{self, NewSignIn, Taken},
    },
};

/// Begins a sign-in at VK ID for a profile: what VK ID brings back is made and kept.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn begin(
    app: &App,
    tx: &mut Tx,
    by: By<'_>,
    linking: &str,
    profile: &str,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let session = by.session().ok_or_else(|| Refusal::internal(&"a sign-in at VK ID that nobody began"))?;
    let state = clock::token::<32>(&*app.entropy);
    let hash = app.keys.token_hash("vk_state", &state);
    let new =
        NewSignIn { linking, profile, session: &session.id, language: session.language.tag(), hash: &hash, expires_at };
    Ok(vk_sign_ins::begin(tx, &new, &app.keys.seal(&*app.entropy, &state)).await?)
}

/// A sign-in whose session stands.
struct Begun {
    linking: String,
    profile: String,
    session: Session,
}

impl Begun {
    async fn of(tx: &mut Tx, taken: Taken) -> Result<Option<Self>, Refusal> {
        let Taken { linking_id: linking, profile_id: profile, session_id: id, language, .. } = taken;
        let language = Language::from_tag(&language);
        let session = vk_sign_ins::session(tx, &id).await?;
        Ok(session.map(|(account, device)| {
            let session = Session { id, account, language, device };
            Self { linking, profile, session }
        }))
    }

    /// The linking, if it still stands where VK can be bound to that profile, and its pupil is still the account's.
    async fn linking(&self, tx: &mut Tx) -> Result<Option<Loaded>, Refusal> {
        let loaded = linkings::load(tx, &self.linking).await?;
        let Some(loaded) = loaded.filter(|loaded| loaded.linking.step.profile() == Some(&self.profile)) else {
            return Ok(None);
        };
        let sees = accounts::sees(tx, &self.session.account, &loaded.linking.pupil.0).await?;
        Ok(if sees { Some(loaded) } else { None })
    }

    /// Carries an action out on the linking; `None`: it has moved on.
    async fn act(&self, app: &App, tx: &mut Tx, loaded: Loaded, action: Action) -> Result<Option<Done>, Refusal> {
        if !action.name().is_taken_at(&loaded.linking.step) {
            return Ok(None);
        }
        match act(app, tx, By::Session(&self.session), loaded, action).await {
            Ok(done) => Ok(Some(done)),
            Err(refusal) if refusal.code() == mostik_wire::Code::WrongStep => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

/// The link back into the app.
fn back(app: &App, loaded: Option<&Loaded>) -> Result<Option<String>, Refusal> {
    let sealed = loaded.and_then(|loaded| loaded.linking.step.return_handle());
    let handle = sealed.map(|sealed| app.keys.open(&sealed.0)).transpose()?;
    Ok(handle.map(|handle| format!("mostik://return/{handle}")))
}
