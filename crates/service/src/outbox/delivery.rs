//! Messages on their way: claimed, handed over, put off, refused; and what their linkings show of it.

use mostik_linking::Action;
use mostik_store::{
    Tx, linkings,
    messages::{self, Event, Happened},
    outbox::{self as stored, CodeRef, DueQuery, End, Kind, Message, Share, Touched},
};
use mostik_wire::Delivery;

use super::{Claimed, pause_after};
use crate::{app::App, clock::SECOND, linkings::act_on_all, refusal::Refusal};

/// For how long a claimed message belongs to its sender; after that another may try.
const LEASE: i64 = 60 * SECOND;

/// Claims the oldest due letter or message in MAX; gives up those that nobody needs any more. In a dialog of MAX a message waits
/// until the one before it is gone, whichever node has that: people read them in the order in which they were written.
///
/// # Errors
/// When the database does not answer, or a payload does not open.
pub async fn claim(app: &App, kind: Kind) -> Result<Option<Claimed>, Refusal> {
    let now = app.now();
    let wanted = DueQuery { kind, share: Share::All, now, alive_until: now };
    let Some((mut tx, message)) = due(app, &wanted).await? else { return Ok(None) };
    let claimed = stored::lend(&mut tx, &message.id, message.attempts, now.plus(LEASE)).await?;
    tx.commit().await?;
    if claimed { Ok(Some(Claimed::of(app, kind, message)?)) } else { Ok(None) }
}

/// The message to be sent next, in the transaction in which it is to be taken; gives up those that nobody needs any more.
pub async fn due(app: &App, wanted: &DueQuery<'_>) -> Result<Option<(Tx, Message)>, Refusal> {
    // Read first: most looks find nothing, and must not make the others wait for the one writer.
    if !stored::has_work(&mut *app.store.reader().await?, wanted).await? {
        return Ok(None);
    }
    give_up_late(app, wanted.kind).await?;
    let mut tx = app.store.write().await?;
    Ok(stored::next(&mut tx, wanted).await?.map(|message| (tx, message)))
}

// Messages that nobody needs any more.
async fn give_up_late(app: &App, kind: Kind) -> Result<(), Refusal> {
    let mut tx = app.store.write().await?;
    stored::hold_linkings(&mut tx, kind, Some(app.now())).await?;
    let late = stored::give_up_late(&mut tx, kind, app.now()).await?;
    let late = noted(app, &mut tx, late, Event::Expired).await?;
    tell_all(app, tx, &late, Delivery::Failed).await
}

/// While a provider cannot be reached its messages stay due: they only say that they are late.
pub async fn mark_delayed(app: &App, kind: Kind) -> Result<(), Refusal> {
    if !stored::has_unsaid(&mut *app.store.reader().await?, kind, app.now()).await? {
        return Ok(());
    }
    give_up_late(app, kind).await?;
    let mut tx = app.store.write().await?;
    stored::hold_linkings(&mut tx, kind, None).await?;
    let queued = stored::say_delayed(&mut tx, kind).await?;
    let queued = noted(app, &mut tx, queued, Event::Unreachable).await?;
    tell_all(app, tx, &queued, Delivery::Delayed).await
}

// Notes the same of all; answers with their codes.
async fn noted(app: &App, tx: &mut Tx, all: Vec<Touched>, event: Event) -> Result<Vec<CodeRef>, Refusal> {
    for message in &all {
        note(app, tx, &message.id, event, None, None).await?;
    }
    Ok(all.into_iter().filter_map(|message| message.about).collect())
}

/// Notes what happened to a message, for who asks later: `answer` is the provider's status or words of ours, never words of its own.
pub async fn note(
    app: &App,
    tx: &mut Tx,
    id: &str,
    event: Event,
    centre: Option<&str>,
    answer: Option<&str>,
) -> Result<(), Refusal> {
    Ok(messages::note(tx, id, &Happened { event, centre, answer, now: app.now() }).await?)
}

/// Begins a change of a message that its linking shows. The linking is held first, as by people's requests: held in another order the
/// two would wait for each other.
pub async fn change(app: &App, about: Option<&CodeRef>) -> Result<Tx, Refusal> {
    let mut tx = app.store.write().await?;
    if let Some(about) = about {
        linkings::hold(&mut tx, &about.linking).await?;
    }
    Ok(tx)
}

/// Reflects what became of the messages with these codes, commits, and tells listeners. It does not wake the senders: they know.
pub async fn tell_all(app: &App, mut tx: Tx, all: &[CodeRef], delivery: Delivery) -> Result<(), Refusal> {
    for about in all {
        reflect(app, &mut tx, Some(about), delivery).await?;
    }
    tx.commit().await?;
    for about in all {
        app.changes.publish(&about.linking);
    }
    Ok(())
}

/// The message was handed over; what it said and to whom is erased.
///
/// # Errors
/// When the database does not answer; then the message goes out once more.
pub async fn handed_over(app: &App, message: &Claimed) -> Result<(), Refusal> {
    ended(app, message, End::HandedOver, Delivery::Sent, (Event::HandedOver, None, None)).await
}

/// The provider did not take it this time, with this answer; it is tried again after a growing pause.
///
/// # Errors
/// When the database does not answer; then the lease brings it back.
pub async fn postponed(app: &App, message: &Claimed, answer: &str) -> Result<(), Refusal> {
    put_off(app, message, pause_after(app, message.attempts), answer).await
}

/// The provider asked to come again after this many milliseconds.
///
/// # Errors
/// When the database does not answer; then the lease brings it back.
pub async fn put_off(app: &App, message: &Claimed, pause: i64, answer: &str) -> Result<(), Refusal> {
    let mut tx = change(app, message.about.as_ref()).await?;
    stored::put_off(&mut tx, &message.id, message.attempts, app.now().plus(pause)).await?;
    note(app, &mut tx, &message.id, Event::PutOff, None, Some(answer)).await?;
    tell_all(app, tx, message.about.as_slice(), Delivery::Delayed).await
}

/// The provider refused it for good: what people are told, the SMS centre, and the answer.
pub async fn refused(
    app: &App,
    message: &Claimed,
    cause: Delivery,
    centre: Option<&str>,
    answer: &str,
) -> Result<(), Refusal> {
    ended(app, message, End::Failed, cause, (Event::GivenUp, centre, Some(answer))).await
}

async fn ended(
    app: &App,
    message: &Claimed,
    end: End,
    delivery: Delivery,
    (event, centre, answer): (Event, Option<&str>, Option<&str>),
) -> Result<(), Refusal> {
    let mut tx = change(app, message.about.as_ref()).await?;
    stored::end(&mut tx, &message.id, end).await?;
    note(app, &mut tx, &message.id, event, centre, answer).await?;
    reflect(app, &mut tx, message.about.as_ref(), delivery).await?;
    tx.commit().await?;
    app.metrics.message(message.kind, delivery);
    app.announce(message.about.as_ref().map_or("", |about| &about.linking));
    Ok(())
}

/// Shows the way of the newest code's message in its linking; older ones' are nobody's concern any more.
pub async fn reflect(app: &App, tx: &mut Tx, about: Option<&CodeRef>, delivery: Delivery) -> Result<(), Refusal> {
    if let Some(CodeRef { linking, nth }) = about
        && let Ok(nth) = u32::try_from(*nth)
    {
        act_on_all(app, tx, vec![linking.clone()], || Action::NoteDelivery { nth, delivery }).await?;
    }
    Ok(())
}
