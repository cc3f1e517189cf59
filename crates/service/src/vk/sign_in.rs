//! A sign-in that VK ID, or the person, has answered.

use mostik_linking::Action;
use mostik_store::{
    Tx, accounts,
    linkings::{self, Loaded},
    vk_sign_ins::{self, TakenSignIn},
};
use mostik_wire::Code;

use super::outcome::Outcome;
use crate::{
    app::App,
    language::Language,
    linkings::{Completed, OnBehalfOf, act},
    refusal::Refusal,
    session::Session,
};

/// A sign-in whose session stands.
pub(super) struct SignIn {
    pub(super) linking: String,
    pub(super) profile: String,
    pub(super) session: Session,
}

impl SignIn {
    pub(super) async fn of(tx: &mut Tx, taken: TakenSignIn) -> Result<Option<Self>, Refusal> {
        let TakenSignIn { linking_id: linking, profile_id: profile, session_id: id, language, .. } = taken;
        let language = Language::from_tag(&language);
        let session = vk_sign_ins::session(tx, &id).await?;
        Ok(session.map(|(account, device)| {
            let session = Session { id, account, language, device, network: None };
            Self { linking, profile, session }
        }))
    }

    /// The linking, if it still stands where VK can be bound to that profile, and its pupil is still the account's.
    pub(super) async fn linking(&self, tx: &mut Tx) -> Result<Option<Loaded>, Refusal> {
        let loaded = linkings::load(tx, &self.linking).await?;
        let Some(loaded) = loaded.filter(|loaded| loaded.linking.step.profile() == Some(&self.profile)) else {
            return Ok(None);
        };
        let sees = accounts::sees(tx, &self.session.account, &loaded.linking.pupil.0).await?;
        Ok(if sees { Some(loaded) } else { None })
    }

    /// Carries an action out on the linking; or says how it ended: the linking has moved on, or the profile is blocked.
    pub(super) async fn act(
        &self,
        app: &App,
        tx: &mut Tx,
        loaded: Loaded,
        action: Action,
    ) -> Result<Result<Completed, Outcome>, Refusal> {
        if !action.name().is_taken_at(&loaded.linking.step) {
            return Ok(Err(Outcome::MovedOn));
        }
        match act(app, tx, OnBehalfOf::Session(&self.session), loaded, action).await {
            Ok(done) => Ok(Ok(done)),
            Err(refusal) => match refusal.code() {
                Code::WrongStep => Ok(Err(Outcome::MovedOn)),
                Code::ProfileBlocked => Ok(Err(Outcome::ProfileBlocked)),
                _ => Err(refusal),
            },
        }
    }
}

/// The link back into the app.
pub(super) fn back(app: &App, loaded: Option<&Loaded>) -> Result<Option<String>, Refusal> {
    let sealed = loaded.and_then(|loaded| loaded.linking.step.return_handle());
    let handle = sealed.map(|sealed| app.live().keys.open(&sealed.0)).transpose()?;
    Ok(handle.map(|handle| format!("mostik://return/{handle}")))
}
