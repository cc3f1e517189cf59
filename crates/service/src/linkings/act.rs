//! One action on one linking: facts, decision, compare-and-set, effects, all in the caller's transaction.

use mostik_linking::{Action, Change, Decision, Effect, decide};
use mostik_store::{
    Tx,
    linkings::{self, Loaded, Next},
    messages,
};
use mostik_wire::Code;

use super::{by::OnBehalfOf, effects, facts, load, show::show, stale::stale};
use crate::{app::App, metrics, refusal::Refusal};

/// An action that was carried out; or that was refused after something had been counted.
pub struct Completed {
    /// The linking as it is now.
    pub loaded: Loaded,
    /// The linkings that have changed: whoever follows them is told after the commit.
    pub changed: Vec<String>,
    /// The answer is this refusal, and what has changed is kept.
    pub refused: Option<Refusal>,
}

/// Carries an action out.
///
/// # Errors
/// What the rules refuse; `stale_version` where the linking moved on meanwhile. The transaction is to be undone then.
pub async fn act(
    app: &App,
    tx: &mut Tx,
    by: OnBehalfOf<'_>,
    loaded: Loaded,
    action: Action,
) -> Result<Completed, Refusal> {
    let facts = facts::gather(app, tx, by, &loaded, &action).await?;
    let now = app.now();
    let code_of = metrics::code_in(&action);
    let decided = decide(&loaded.linking, action, &facts, now);
    let refused = decided.as_ref().map_or_else(Some, |decision| decision.refused.as_ref());
    app.metrics.decided(code_of, refused.map(|refused| refused.code));
    if let Some(limit) = refused.and_then(|refused| refused.limit) {
        app.metrics.limit_reached(limit);
    }
    let Decision { step, change, effects, refused } = decided.map_err(|refused| refusal(app, by, &loaded, refused))?;
    let id = loaded.linking.id.0.clone();
    if code_of.is_some() {
        messages::note_typed(tx, &id, i64::from(loaded.linking.codes), refused.is_none(), now).await?;
    }
    let mut changed = Vec::new();
    if change != Change::None || step != loaded.linking.step {
        let codes = effects.iter().find_map(|effect| match effect {
            Effect::SendCode { sent, .. } => Some(sent.nth),
            _ => None,
        });
        let next = Next {
            step: &step,
            change,
            codes: codes.unwrap_or(loaded.linking.codes),
            moved_by: by.session().filter(|_| change != Change::None).map(|session| session.account.as_str()),
            now,
        };
        // A profile that the step names must be there first.
        effects::make_profile(app, tx, &loaded, &effects).await?;
        if !linkings::compare_and_set(tx, &loaded.linking, &next).await? {
            let present = load::by_id(tx, &id).await?;
            return Err(match by {
                OnBehalfOf::Session(session) => stale(app, session, &present),
                OnBehalfOf::Operator(_) | OnBehalfOf::Event => Refusal::new(Code::StaleVersion),
            });
        }
        if change != Change::None {
            changed.push(id.clone());
        }
    }
    for other in effects::carry_out(app, tx, by, &loaded, effects).await? {
        changed.extend(act_on_all(app, tx, vec![other], || Action::PasswordReplaced).await?);
    }
    let loaded = load::by_id(tx, &id).await?;
    let refused = refused.map(|refused| refusal(app, by, &loaded, refused).kept());
    Ok(Completed { loaded, changed, refused })
}

/// Carries an event out on each of these linkings that takes it; answers with those that have changed.
pub async fn act_on_all(
    app: &App,
    tx: &mut Tx,
    ids: Vec<String>,
    action: impl Fn() -> Action,
) -> Result<Vec<String>, Refusal> {
    let mut changed = Vec::new();
    for id in ids {
        let Some(loaded) = linkings::load(tx, &id).await? else { continue };
        if action().name().is_taken_at(&loaded.linking.step) {
            changed.extend(Box::pin(act(app, tx, OnBehalfOf::Event, loaded, action())).await?.changed);
        }
    }
    Ok(changed)
}

/// What the rules refuse, as it goes over the wire.
fn refusal(app: &App, by: OnBehalfOf<'_>, loaded: &Loaded, refused: mostik_linking::Refusal) -> Refusal {
    let mut answer = Refusal::new(refused.code);
    if let Some(detail) = refused.detail {
        answer = answer.detail(detail);
    }
    if let Some(tries) = refused.tries_left {
        answer = answer.tries_left(tries);
    }
    if let Some(at) = refused.retry_at {
        answer = answer.retry_at(at, app.now());
    }
    match by.session().filter(|_| refused.shows_linking).map(|session| show(app, session.language, loaded)) {
        None => answer,
        Some(Ok(linking)) => answer.linking(linking),
        Some(Err(broken)) => broken,
    }
}
