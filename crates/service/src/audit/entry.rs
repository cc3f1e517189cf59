//! Writing an entry, in the transaction of what it tells of.

use std::sync::Arc;

use mostik_store::{
    Conn, Error,
    audit::{self, Entry},
};
use mostik_wire::Millis;

use super::action::Action;
use crate::{
    app::App,
    clock::{self, Entropy},
    keys::{Key, Keys},
};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor<'a> {
    /// Who was signed in with this account.
    Account(&'a str),
    /// The operator of this name.
    Operator(&'a str),
    /// Somebody at an operator's command whom no token has shown to be one.
    Stranger,
    /// Nobody who was signed in: a messenger's word, or time.
    Service,
}

/// What it was done to, by ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Subject<'a> {
    pub profile: Option<&'a str>,
    pub pupil: Option<&'a str>,
    pub account: Option<&'a str>,
    pub linking: Option<&'a str>,
    pub session: Option<&'a str>,
}

/// What an entry is made with: a running service has all of it, a command of the operator its own.
pub struct Author<'a> {
    /// For the entry's hash.
    pub keys: Arc<Keys>,
    /// For its id.
    pub entropy: &'a dyn Entropy,
    /// When it happens.
    pub now: Millis,
}

impl<'a> Author<'a> {
    /// This node, now.
    #[must_use]
    pub fn of(app: &'a App) -> Self {
        Self { keys: Arc::clone(&app.live().keys), entropy: &*app.entropy, now: app.now() }
    }

    /// Writes down what is done in this transaction.
    pub async fn record(
        &self,
        tx: &mut Conn,
        by: Actor<'_>,
        action: Action,
        about: &Subject<'_>,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let own = |id: Option<&str>| id.map(str::to_owned);
        let (actor, actor_id) = match by {
            Actor::Account(id) => ("account", Some(id)),
            Actor::Operator(name) => ("operator", Some(name)),
            Actor::Stranger => ("operator", None),
            Actor::Service => ("service", None),
        };
        let mut entry = Entry {
            id: clock::token::<16>(self.entropy),
            happened_at: self.now.0,
            actor: actor.to_owned(),
            actor_id: own(actor_id),
            action: action.word().to_owned(),
            profile_id: own(about.profile),
            pupil_id: own(about.pupil),
            account_id: own(about.account),
            linking_id: own(about.linking),
            session_id: own(about.session),
            reason: own(reason),
            mac: String::new(),
        };
        entry.mac = mac(&self.keys, &entry);
        audit::write(tx, &entry).await
    }
}

/// The keyed hash of all that an entry says.
pub(super) fn mac(key: &Key, entry: &Entry) -> String {
    let e = entry;
    let all = [
        Some(&e.id),
        Some(&e.actor),
        e.actor_id.as_ref(),
        Some(&e.action),
        e.profile_id.as_ref(),
        e.pupil_id.as_ref(),
        e.account_id.as_ref(),
        e.linking_id.as_ref(),
        e.session_id.as_ref(),
        e.reason.as_ref(),
    ];
    // JSON keeps apart what stands in one field and in the next.
    key.audit_entry(&serde_json::json!([e.happened_at, all]).to_string())
}

/// Writes down which sessions of an account are ended in this transaction.
pub(crate) async fn sessions_ended(
    app: &App,
    tx: &mut Conn,
    by: Actor<'_>,
    account: &str,
    ended: &[String],
) -> Result<(), Error> {
    for session in ended {
        let about = Subject { account: Some(account), session: Some(session), ..Subject::default() };
        Author::of(app).record(tx, by, Action::SessionEnded, &about, None).await?;
    }
    Ok(())
}
