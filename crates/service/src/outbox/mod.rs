//! Messages to people, written in the transaction that makes them due. Letters and messages in MAX are handed over at least once,
//! an SMS at most once: see `sms`.

pub mod sms;

use mostik_linking::Action;
use mostik_wire::{Delivery, Email, Millis, Phone};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    clock::{DAY, SECOND},
    linkings::act_on_all,
    mail::Letter,
    max::dialogs,
    refusal::Refusal,
    store::{
        Tx,
        outbox::{self as stored, About, End, Kind, Message, NewMessage, Share, Wanted},
    },
};

/// For how long a claimed message belongs to its sender; after that another may try.
const LEASE: i64 = 60 * SECOND;
/// The longest pause between two attempts.
const LONGEST_PAUSE: i64 = 30 * SECOND;

/// A message in MAX.
#[derive(Serialize, Deserialize)]
pub struct MaxMessage {
    /// What it says.
    pub text: String,
    /// At most one button.
    pub button: Option<MaxButton>,
}

/// A button under a message in MAX.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaxButton {
    /// Asks for the person's own number.
    ShareContact,
    /// Opens a page.
    Page {
        /// What the button says.
        text: String,
        /// An https address.
        url: String,
    },
}

/// A claimed message.
pub struct Claimed {
    /// Its id.
    pub id: String,
    /// A number in digits, an address, or a MAX user's id.
    pub recipient: String,
    /// When it was queued.
    pub created_at: Millis,
    /// When it is worth nothing any more.
    pub expires_at: Millis,
    /// The payload, opened.
    pub payload: String,
    /// How often it was tried, this time among them.
    pub attempts: i64,
    about: Option<About>,
    unknown_refusals: i64,
}

impl Claimed {
    // As it was looked at, and then taken once more.
    fn of(app: &App, message: Message) -> Result<Self, Refusal> {
        Ok(Self {
            payload: app.keys.open(&message.sealed_payload)?,
            id: message.id,
            recipient: message.recipient,
            created_at: message.created_at,
            expires_at: message.expires_at,
            attempts: message.attempts + 1,
            about: message.about,
            unknown_refusals: message.unknown_refusals,
        })
    }
}

#[cfg(test)]
impl Claimed {
    /// One that is in no outbox.
    pub(crate) fn for_test(recipient: &str, payload: &str, created_at: Millis, expires_at: Millis) -> Self {
        let (recipient, payload) = (recipient.to_owned(), payload.to_owned());
        let (id, attempts, about, unknown_refusals) = ("test".into(), 1, None, 0);
        Self { id, recipient, created_at, expires_at, payload, attempts, about, unknown_refusals }
    }
}

/// Queues the SMS with a code.
///
/// # Errors
/// When the database does not answer.
pub async fn queue_sms(
    app: &App,
    tx: &mut Tx,
    phone: &Phone,
    text: &str,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    queue(app, tx, Kind::Sms, phone.digits(), text, about, expires_at).await
}

/// Queues a letter; `about` is the linking and the number of the code that it bears.
///
/// # Errors
/// When the database does not answer.
pub async fn queue_mail(
    app: &App,
    tx: &mut Tx,
    email: &Email,
    letter: &Letter,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let text = serde_json::to_string(letter).map_err(|e| Refusal::internal(&e))?;
    queue(app, tx, Kind::Mail, &email.address(), &text, about, expires_at).await
}

/// Queues a message in MAX; none to who has stopped the bot.
///
/// # Errors
/// When the database does not answer.
pub async fn queue_max(app: &App, tx: &mut Tx, user: i64, message: &MaxMessage) -> Result<(), Refusal> {
    if !dialogs::runs(app, tx, user).await? {
        return Ok(());
    }
    let text = serde_json::to_string(message).map_err(|e| Refusal::internal(&e))?;
    queue(app, tx, Kind::Max, &user.to_string(), &text, None, app.now().plus(DAY)).await
}

async fn queue(
    app: &App,
    tx: &mut Tx,
    kind: Kind,
    recipient: &str,
    payload: &str,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let message = NewMessage {
        id: &app.new_id(),
        kind,
        recipient,
        sealed_payload: &app.keys.seal(&*app.entropy, payload),
        about,
        now: app.now(),
        expires_at,
    };
    Ok(stored::queue(tx, &message).await?)
}

/// Takes back the linking's codes that were not handed over yet, and lets those that were never go out once more.
///
/// # Errors
/// When the database does not answer.
pub async fn drop_codes_of(tx: &mut Tx, linking: &str) -> Result<(), Refusal> {
    Ok(stored::drop_codes(tx, linking).await?)
}

/// Claims the oldest due letter or message in MAX; gives up those that nobody needs any more. In a dialog of MAX a message waits
/// until the one before it is gone, whichever node has that: people read them in the order in which they were written.
///
/// # Errors
/// When the database does not answer, or a payload does not open.
pub async fn claim(app: &App, kind: Kind) -> Result<Option<Claimed>, Refusal> {
    let now = app.now();
    let wanted = Wanted { kind, share: Share::All, now, alive_until: now };
    let Some((mut tx, message)) = due(app, &wanted).await? else { return Ok(None) };
    let claimed = stored::lend(&mut tx, &message.id, message.attempts, now.plus(LEASE)).await?;
    tx.commit().await?;
    if claimed { Ok(Some(Claimed::of(app, message)?)) } else { Ok(None) }
}

// The message to be sent next, in the transaction in which it is to be taken.
async fn due(app: &App, wanted: &Wanted<'_>) -> Result<Option<(Tx, Message)>, Refusal> {
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
    let late = stored::give_up_late(&mut tx, kind, app.now()).await?;
    tell_all(app, tx, &late, Delivery::Failed).await
}

/// While a provider cannot be reached its messages stay due: they only say that they are late.
///
/// # Errors
/// When the database does not answer.
pub async fn held_up(app: &App, kind: Kind) -> Result<(), Refusal> {
    if !stored::has_unsaid(&mut *app.store.reader().await?, kind, app.now()).await? {
        return Ok(());
    }
    give_up_late(app, kind).await?;
    let mut tx = app.store.write().await?;
    let queued = stored::say_delayed(&mut tx, kind).await?;
    tell_all(app, tx, &queued, Delivery::Delayed).await
}

// Reflects what became of these, commits, and tells listeners.
async fn tell_all(app: &App, mut tx: Tx, all: &[About], delivery: Delivery) -> Result<(), Refusal> {
    for about in all {
        reflect(app, &mut tx, Some(about), delivery).await?;
    }
    tx.commit().await?;
    for about in all {
        show(app, Some(about));
    }
    Ok(())
}

// Tells listeners, and does not wake the senders: they know.
fn show(app: &App, about: Option<&About>) {
    if let Some(about) = about {
        drop(app.changes.send(about.linking.clone()));
    }
}

/// The message was handed over; what it said and to whom is erased.
///
/// # Errors
/// When the database does not answer; then the message goes out once more.
pub async fn handed_over(app: &App, message: &Claimed) -> Result<(), Refusal> {
    ended(app, message, End::HandedOver, Delivery::Sent).await
}

/// The provider did not take it this time; it is tried again after a growing pause.
///
/// # Errors
/// When the database does not answer; then the lease brings it back.
pub async fn postponed(app: &App, message: &Claimed) -> Result<(), Refusal> {
    put_off(app, message, pause_after(app, message.attempts)).await
}

/// The provider asked to come again after this many milliseconds.
///
/// # Errors
/// When the database does not answer; then the lease brings it back.
pub async fn put_off(app: &App, message: &Claimed, pause: i64) -> Result<(), Refusal> {
    let mut tx = app.store.write().await?;
    stored::put_off(&mut tx, &message.id, message.attempts, app.now().plus(pause)).await?;
    reflect(app, &mut tx, message.about.as_ref(), Delivery::Delayed).await?;
    tx.commit().await?;
    show(app, message.about.as_ref());
    Ok(())
}

/// The pause after so many attempts, in milliseconds.
pub fn pause_after(app: &App, attempts: i64) -> i64 {
    let mut seed = [0; 32];
    app.entropy.fill(&mut seed);
    pause(attempts, &mut StdRng::from_seed(seed))
}

// Doubles from one second on, with half of it left to chance, so that many messages do not return at once.
fn pause(attempts: i64, rng: &mut StdRng) -> i64 {
    let whole = (SECOND << attempts.clamp(1, 6).saturating_sub(1)).min(LONGEST_PAUSE);
    whole / 2 + rng.random_range(0..=whole / 2)
}

/// The provider refused it for good, with a cause.
///
/// # Errors
/// When the database does not answer.
pub async fn refused(app: &App, message: &Claimed, cause: Delivery) -> Result<(), Refusal> {
    ended(app, message, End::Failed, cause).await
}

async fn ended(app: &App, message: &Claimed, end: End, delivery: Delivery) -> Result<(), Refusal> {
    let mut tx = app.store.write().await?;
    stored::end(&mut tx, &message.id, end).await?;
    reflect(app, &mut tx, message.about.as_ref(), delivery).await?;
    tx.commit().await?;
    app.announce(message.about.as_ref().map_or("", |about| &about.linking));
    Ok(())
}

// Shows the way of the newest code's message in its linking; older ones' are nobody's concern any more.
async fn reflect(app: &App, tx: &mut Tx, about: Option<&About>, delivery: Delivery) -> Result<(), Refusal> {
    if let Some(About { linking, nth }) = about
        && let Ok(nth) = u32::try_from(*nth)
    {
        act_on_all(app, tx, vec![linking.clone()], || Action::NoteDelivery { nth, delivery }).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_stay_capped_and_differ() {
        let mut rng = StdRng::seed_from_u64(1);
        for attempts in 1..100 {
            let longest = (SECOND << (attempts - 1).min(5)).min(LONGEST_PAUSE);
            let pauses: Vec<i64> = (0..50).map(|_| pause(attempts, &mut rng)).collect();
            assert!(pauses.iter().all(|p| (longest / 2..=longest).contains(p)), "{attempts}: {pauses:?}");
            assert!(pauses.iter().any(|p| *p != pauses[0]));
        }
    }
}
