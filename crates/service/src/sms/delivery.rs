//! An SMS on its way: which centre has it, what came of that, and which message a receipt is about.
//!
//! A message is noted as given to a centre before its first octet leaves. From then on it is given to nobody else, after a
//! restart neither, until that centre has said no: by its answer, or by a receipt that says «not delivered». Whether a message
//! arrived whose connection broke before the answer, nobody can know; it is shown as late, and the person may ask for a new code.

use mostik_store::{
    Tx,
    centres::{self, Acceptance, Submission},
    linkings,
    messages::Event,
    outbox::{self as stored, DueQuery, End, Kind, ReturnReason, Share},
    receipts::{self, NewReceipt, Outcome},
};
use mostik_wire::Delivery;

use super::{
    message_id::{answer_keys, folded, receipt_keys},
    receipt::Receipt,
    status::Retry,
};
use crate::{
    app::App,
    clock::SECOND,
    config::{CentreConfig, MessageId},
    keys::Key,
    outbox::{
        Claimed,
        delivery::{change, due, note, reflect, refused, tell_all},
    },
    refusal::Refusal,
};

/// How often a refusal that nobody knows is believed to pass.
const UNKNOWN_AGAIN: i64 = 3;
/// Notes the oldest due message as given to a centre, which is to be done next; gives up those whose life is over.
pub async fn take(app: &App, centre: &str, share: Share<'_>) -> Result<Option<Claimed>, Refusal> {
    let now = app.now();
    // A centre is told whole seconds, and none of them might mean «as long as you like».
    let wanted = DueQuery { kind: Kind::Sms, share, now, alive_until: now.plus(SECOND) };
    let Some((mut tx, message)) = due(app, &wanted).await? else { return Ok(None) };
    let giving = Submission { centre, recipient_key: &recipient_key(&app.live().keys, &message.recipient), now };
    let given = centres::give(&mut tx, &message.id, message.attempts, &giving).await?;
    if given {
        note(app, &mut tx, &message.id, Event::Given, Some(centre), None).await?;
    }
    // What does not open is not given.
    let claimed = Claimed::of(app, Kind::Sms, message)?;
    tx.commit().await?;
    Ok(given.then_some(claimed))
}

/// It was not given after all: the connection had ended before.
///
/// # Errors
/// When the database does not answer; then nobody gets it.
pub async fn not_given(app: &App, message: &Claimed, centre: &str) -> Result<(), Refusal> {
    let mut tx = change(app, message.about.as_ref()).await?;
    stored::take_back(&mut tx, &message.id, ReturnReason::NotGiven, app.now()).await?;
    note(app, &mut tx, &message.id, Event::NotGiven, Some(centre), None).await?;
    tx.commit().await?;
    Ok(())
}

/// The centre has it, and may not have: no answer came.
pub async fn unanswered(app: &App, message: &Claimed, centre: &str) -> Result<(), Refusal> {
    let mut tx = change(app, message.about.as_ref()).await?;
    note(app, &mut tx, &message.id, Event::Unanswered, Some(centre), None).await?;
    tell_all(app, tx, message.about.as_slice(), Delivery::Delayed).await
}

/// The same for what a process that ended had given and not heard of.
pub async fn unanswered_before(app: &App) -> Result<(), Refusal> {
    let mut tx = app.store.write().await?;
    let all = centres::unanswered_codes(&mut tx, app.now()).await?;
    tell_all(app, tx, &all, Delivery::Delayed).await
}

/// What a centre said no with.
pub struct No<'a> {
    /// Its name.
    pub centre: &'a str,
    /// Whether it is tried again.
    pub retry: Retry,
    /// The status of its answer, such as `0x58`.
    pub status: &'a str,
}

/// The centre said no; after `pause` milliseconds the message is to be had again.
///
/// # Errors
/// When the database does not answer; then nobody gets it.
pub async fn note_refused(app: &App, message: &Claimed, no: &No<'_>, pause: i64) -> Result<(), Refusal> {
    let unknown = no.retry == Retry::AFewTimes;
    if no.retry == Retry::Never || (unknown && message.unknown_refusals >= UNKNOWN_AGAIN) {
        return refused(app, message, Delivery::Failed, Some(no.centre), no.status).await;
    }
    let mut tx = change(app, message.about.as_ref()).await?;
    let back = ReturnReason::Refused { by: no.centre, unknown };
    stored::take_back(&mut tx, &message.id, back, app.now().plus(pause)).await?;
    note(app, &mut tx, &message.id, Event::Refused, Some(no.centre), Some(no.status)).await?;
    tell_all(app, tx, message.about.as_slice(), Delivery::Delayed).await?;
    app.sms.wake();
    Ok(())
}

/// The centre took it, under this id; its receipt may have been faster.
///
/// # Errors
/// When the database does not answer; then the message stays without an answer.
pub async fn accepted(app: &App, centre: &CentreConfig, message: &Claimed, provider_id: &str) -> Result<(), Refusal> {
    let key = folded(provider_id);
    let mut tx = app.store.write().await?;
    // In the order in which a receipt holds them.
    if let Some(key) = &key {
        receipts::hold_all(&mut tx, &centre.name, &receipt_keys(centre.message_id, key)).await?;
    }
    if let Some(about) = &message.about {
        linkings::hold(&mut tx, &about.linking).await?;
    }
    // Another centre may have to have it yet, when a receipt says that this one could not deliver it.
    let erase = app.live().config.sms.centres.len() == 1;
    let yes = Acceptance { provider_id, provider_key: key.as_deref(), erase };
    let recipient = centres::note_yes(&mut tx, &message.id, &yes).await?;
    note(app, &mut tx, &message.id, Event::Taken, Some(&centre.name), named(provider_id).as_deref()).await?;
    reflect(app, &mut tx, message.about.as_ref(), Delivery::Sent).await?;
    app.metrics.message(Kind::Sms, Delivery::Sent);
    if let Some(key) = key {
        let sure = centre.message_id != MessageId::Auto;
        let early = receipts::of(&mut tx, &centre.name, &receipt_keys(centre.message_id, &key)).await?;
        let ours: Vec<_> = early
            .iter()
            .filter(|early| is_ours(recipient.as_deref(), sure || early.provider_key == key, &early.recipient_keys))
            .collect();
        // The same one twice is no question; one that contradicts another is.
        if let Some(first) = ours.first()
            && ours.iter().all(|other| other.outcome == first.outcome)
        {
            for early in &ours {
                receipts::forget(&mut tx, &early.id).await?;
            }
            settle(app, &mut tx, &centre.name, &message.id, first.outcome, None).await?;
        }
    }
    tx.commit().await?;
    app.announce(message.about.as_ref().map_or("", |about| &about.linking));
    Ok(())
}

/// A receipt came. It is taken for the one message of this centre that it can be about; where there are two, for none.
pub async fn receipt(app: &App, centre: &CentreConfig, receipt: &Receipt) -> Result<(), Refusal> {
    let ids: Vec<String> = receipt.ids.iter().filter_map(|id| folded(id)).collect();
    let keys: Vec<String> = ids.iter().flat_map(|id| answer_keys(centre.message_id, id)).collect();
    let own = &centre.source;
    let addresses = receipt.addresses.iter().filter(|address| *address != own).filter(|address| address.len() >= 10);
    let live = app.live();
    let to: Vec<String> =
        addresses.flat_map(|digits| live.keys.readable().map(move |key| recipient_key(key, digits))).collect();
    let mut tx = app.store.write().await?;
    let taken = centres::taken_as(&mut tx, &centre.name, &keys).await?;
    let sure = |of: &String| centre.message_id != MessageId::Auto || ids.contains(of);
    let ours: Vec<_> =
        taken.iter().filter(|taken| is_ours(taken.recipient_key.as_deref(), sure(&taken.provider_key), &to)).collect();
    let about = match ours[..] {
        [taken] => {
            if let Some(about) = &taken.about {
                linkings::hold(&mut tx, &about.linking).await?;
            }
            settle(app, &mut tx, &centre.name, &taken.id, receipt.outcome, receipt.said.as_deref()).await?;
            taken.about.as_ref()
        }
        [] if receipt.marked && !ids.is_empty() => {
            let early = NewReceipt {
                id: &app.new_id(),
                centre: &centre.name,
                provider_keys: &ids,
                recipient_keys: &to,
                outcome: receipt.outcome,
                now: app.now(),
            };
            receipts::keep(&mut tx, &early).await?;
            None
        }
        [] => None,
        _ => {
            tracing::warn!(centre = centre.name, "a receipt fits several messages: see sms.centre.message_id");
            None
        }
    };
    tx.commit().await?;
    if let Some(about) = about {
        app.announce(&about.linking);
    }
    Ok(())
}

// An id that may be in another base is believed only together with the recipient, and no id against the recipient.
fn is_ours(recipient: Option<&str>, sure: bool, to: &[String]) -> bool {
    if to.is_empty() { sure } else { to.iter().any(|key| Some(key.as_str()) == recipient) }
}

// The centre's id for a message, for who asks the centre about it.
fn named(provider_id: &str) -> Option<String> {
    let id: String = provider_id.chars().filter(|sign| sign.is_ascii_graphic()).take(65).collect();
    (!id.is_empty()).then(|| format!("as {id}"))
}

async fn settle(
    app: &App,
    tx: &mut Tx,
    centre: &str,
    id: &str,
    outcome: Outcome,
    said: Option<&str>,
) -> Result<(), Refusal> {
    let now = app.now();
    // Told already: a receipt may come twice.
    let Some(message) = centres::note_receipt(tx, id, now).await? else { return Ok(()) };
    let event = match outcome {
        Outcome::Delivered => Event::Delivered,
        Outcome::Undelivered => Event::Undelivered,
        Outcome::Expired => Event::Outlived,
    };
    note(app, tx, id, event, Some(centre), said).await?;
    let centres = i64::try_from(app.live().config.sms.centres.len()).unwrap_or(i64::MAX);
    let may_go_on = message.is_kept && now < message.expires_at && message.undelivered + 1 < centres;
    let delivery = match outcome {
        Outcome::Undelivered if may_go_on => {
            stored::take_back(tx, id, ReturnReason::Undelivered { by: centre }, now).await?;
            Delivery::Delayed
        }
        Outcome::Delivered => {
            stored::end(tx, id, End::Delivered).await?;
            Delivery::Delivered
        }
        Outcome::Undelivered | Outcome::Expired => {
            stored::end(tx, id, End::Failed).await?;
            Delivery::Failed
        }
    };
    app.metrics.message(Kind::Sms, delivery);
    reflect(app, tx, message.about.as_ref(), delivery).await
}

// Centres write a number with a plus, with another prefix, or without the country: its last ten digits are the same.
fn recipient_key(key: &Key, digits: &str) -> String {
    let start = digits.len().saturating_sub(10);
    key.contact(&format!("sms-recipient:{}", digits.get(start..).unwrap_or(digits)))
}
