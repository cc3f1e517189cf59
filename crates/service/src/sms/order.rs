//! Which of the centres speaks.

use mostik_store::{centres, outbox::Share};

use crate::{app::App, clock::MINUTE, outbox::pause_after, refusal::Refusal};

/// For how long a message without a receipt speaks against its centre: after that the centre gets another chance.
const HELD_AGAINST: i64 = 10 * MINUTE;

/// The centres that messages can be given to at this moment, the best first; `None`: it is too early to tell.
pub async fn order(app: &App) -> Result<Option<Vec<usize>>, Refusal> {
    let Some(mut order) = app.sms.bound(app.now()) else { return Ok(None) };
    if order.len() > 1 {
        let silent = silent(app).await?;
        // Stable: those that send receipts in their order, and then those that do not.
        order.sort_by_key(|at| silent.iter().any(|name| name == app.sms.name(*at)));
    }
    Ok(Some(order))
}

/// What this centre takes at this moment; `None`: nothing.
pub(super) async fn share(app: &App, at: usize) -> Result<Option<Share<'_>>, Refusal> {
    let order = order(app).await?.unwrap_or_default();
    Ok(match order[..] {
        [only] if only == at => Some(Share::All),
        [first, _, ..] if first == at => Some(Share::NotRefusedBy(app.sms.name(at))),
        [first, second, ..] if second == at => Some(Share::RefusedBy(app.sms.name(first))),
        _ => None,
    })
}

/// How each centre is, for the health endpoint: name and state in one word.
pub async fn states(app: &App) -> Result<Vec<(String, &'static str)>, Refusal> {
    Ok(app.sms.states(app.now(), &silent(app).await?))
}

/// Lets a centre rest, longer each time.
pub(super) fn rest(app: &App, at: usize) {
    app.sms.rests(at, |refusals| app.now().plus(pause_after(app, refusals)));
}

// The centres that have left a message without a receipt for as long as the settings say, and have sent none for a later one.
async fn silent(app: &App) -> Result<Vec<String>, Refusal> {
    let within = app.live().config.sms.receipt_within;
    if within <= 0 {
        return Ok(Vec::new());
    }
    let late = app.now().plus(-within);
    Ok(centres::silent_centres(&mut *app.store.reader().await?, late.plus(-HELD_AGAINST), late).await?)
}
