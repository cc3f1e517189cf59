//! Messages to people, and what becomes of each.
//!
//! A message waits in the queue until a sender takes it. A letter and a message in MAX are lent: whoever has one and is not heard
//! of loses it when the time is over. An SMS is given away, and comes back only with a no.

use mostik_wire::Millis;

use super::{
    Conn, Error,
    hold::{self, Name},
    inconsistent, linkings, sql,
};

/// How a message goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As an SMS.
    Sms,
    /// As a letter.
    Mail,
    /// In MAX, where messages to one person keep their order.
    Max,
}

impl Kind {
    /// As the database writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Mail => "mail",
            Self::Max => "max",
        }
    }

    /// The kind behind [`Kind::name`].
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Sms, Self::Mail, Self::Max].into_iter().find(|kind| kind.name() == name)
    }
}

/// The code that a message bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRef {
    /// Its linking.
    pub linking: String,
    /// Its number among the codes of that linking.
    pub nth: i64,
}

impl CodeRef {
    pub(super) fn of(linking: Option<String>, nth: Option<i64>) -> Option<Self> {
        linking.zip(nth).map(|(linking, nth)| Self { linking, nth })
    }
}

/// A message to be queued.
pub struct NewMessage<'a> {
    /// Its id.
    pub id: &'a str,
    /// How it goes out.
    pub kind: Kind,
    /// A number in digits, an address, or a MAX user's id.
    pub recipient: &'a str,
    /// What it says, sealed.
    pub sealed_payload: &'a str,
    /// The code that it bears: the linking and the code's number there.
    pub about: Option<(&'a str, i64)>,
    /// Now.
    pub now: Millis,
    /// When it is worth nothing any more.
    pub expires_at: Millis,
}

/// Queues a message, behind the others to its recipient.
pub async fn queue(conn: &mut Conn, message: &NewMessage<'_>) -> Result<(), Error> {
    let (linking, nth) = message.about.unzip();
    // Whoever gets a place commits before the next one is given out: a sender never sees a later message alone.
    hold::name(conn, Name::Dialog { kind: message.kind.name(), recipient: message.recipient }).await?;
    sql::query(
        "INSERT INTO outbox (id, kind, recipient, sealed_payload, linking_id, nth, state, created_at, expires_at, next_at, place)
         VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $7,
             (SELECT COALESCE(MAX(place), 0) + 1 FROM outbox WHERE recipient = $3 AND kind = $2 AND state = 'queued'))",
    )
    .bind(message.id)
    .bind(message.kind.name())
    .bind(message.recipient)
    .bind(message.sealed_payload)
    .bind(linking)
    .bind(nth)
    .bind(message.now.0)
    .bind(message.expires_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Which messages an SMS centre takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share<'a> {
    /// All.
    All,
    /// Those that this centre has not refused last.
    NotRefusedBy(&'a str),
    /// Those that this centre has refused last.
    RefusedBy(&'a str),
}

/// What a sender looks for.
#[derive(Clone, Copy)]
pub struct DueQuery<'a> {
    /// Messages of this kind.
    pub kind: Kind,
    /// Of these, what the sender takes.
    pub share: Share<'a>,
    /// Now.
    pub now: Millis,
    /// Until when a message must be worth something.
    pub alive_until: Millis,
}

impl<'a> DueQuery<'a> {
    fn refused_by(&self) -> (Option<&'a str>, Option<&'a str>) {
        match self.share {
            Share::All => (None, None),
            Share::NotRefusedBy(centre) => (Some(centre), None),
            Share::RefusedBy(centre) => (None, Some(centre)),
        }
    }
}

// Of queued messages `o`: its pause is over ($2), it is for this sender ($3, $4), and in MAX it is its dialog's first.
macro_rules! due {
    () => {
        "o.next_at <= $2 AND ($3 IS NULL OR o.refused_by IS NULL OR o.refused_by <> $3) AND ($4 IS NULL OR o.refused_by = $4)
         AND (o.kind <> 'max' OR NOT EXISTS (SELECT 1 FROM outbox e WHERE e.recipient = o.recipient
             AND e.kind = o.kind AND e.state = 'queued' AND e.place < o.place))"
    };
}

/// Whether there is something to do: a message that is due, or one whose life is over.
pub async fn has_work(conn: &mut Conn, wanted: &DueQuery<'_>) -> Result<bool, Error> {
    let (except, only) = wanted.refused_by();
    Ok(sql::query_scalar(concat!(
        "SELECT EXISTS (SELECT 1 FROM outbox o WHERE o.kind = $1 AND o.state = 'queued' AND (o.expires_at <= $2 OR (",
        due!(),
        ")))"
    ))
    .bind(wanted.kind.name())
    .bind(wanted.now.0)
    .bind(except)
    .bind(only)
    .fetch_one(conn)
    .await?)
}

/// A queued message.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// A number in digits, an address, or a MAX user's id.
    pub recipient: String,
    /// What it says, sealed.
    pub sealed_payload: String,
    /// The code that it bears.
    pub about: Option<CodeRef>,
    /// When it was queued.
    pub created_at: Millis,
    /// When it is worth nothing any more.
    pub expires_at: Millis,
    /// How often it was taken.
    pub attempts: i64,
    /// How often it was refused for a cause that nobody knows.
    pub unknown_refusals: i64,
}

macro_rules! next {
    () => {
        concat!(
            "SELECT o.id, o.recipient, o.sealed_payload, o.linking_id, o.nth, o.created_at, o.expires_at, o.attempts,
                 o.unknown_refusals
             FROM outbox o WHERE o.kind = $1 AND o.state = 'queued' AND o.expires_at >= $5 AND ",
            due!(),
            " ORDER BY o.next_at, o.created_at LIMIT 1"
        )
    };
}

/// The message to be sent next; looking at it changes nothing. In a change of one of many nodes, those that another one looks at are
/// passed over, and this one is held until that ends.
pub async fn next(conn: &mut Conn, wanted: &DueQuery<'_>) -> Result<Option<Message>, Error> {
    type Row = (String, Option<String>, Option<String>, Option<String>, Option<i64>, i64, i64, i64, i64);
    let (except, only) = wanted.refused_by();
    let sql = if conn.is_shared_writer() { concat!(next!(), " FOR UPDATE OF o SKIP LOCKED") } else { next!() };
    let row: Option<Row> = sql::query_as(sql)
        .bind(wanted.kind.name())
        .bind(wanted.now.0)
        .bind(except)
        .bind(only)
        .bind(wanted.alive_until.0)
        .fetch_optional(conn)
        .await?;
    let Some((id, recipient, payload, linking, nth, created_at, expires_at, attempts, unknown_refusals)) = row else {
        return Ok(None);
    };
    let Some((recipient, sealed_payload)) = recipient.zip(payload) else {
        return Err(inconsistent("outbox", &id, "it is queued, and says nothing to nobody"));
    };
    let (created_at, expires_at) = (Millis(created_at), Millis(expires_at));
    let about = CodeRef::of(linking, nth);
    Ok(Some(Message { id, recipient, sealed_payload, about, created_at, expires_at, attempts, unknown_refusals }))
}

/// Lends a message that was looked at, until that moment; answers whether nobody else was faster.
pub async fn lend(conn: &mut Conn, id: &str, attempts: i64, until: Millis) -> Result<bool, Error> {
    wait(conn, id, attempts, attempts + 1, until).await
}

/// Lets a message wait until then, whose sender has taken it for the so manieth time; nothing, where another sender has it by now.
pub async fn put_off(conn: &mut Conn, id: &str, attempts: i64, until: Millis) -> Result<(), Error> {
    wait(conn, id, attempts, attempts, until).await?;
    Ok(())
}

async fn wait(conn: &mut Conn, id: &str, known: i64, attempts: i64, until: Millis) -> Result<bool, Error> {
    let written = sql::query(
        "UPDATE outbox SET next_at = $4, attempts = $3 WHERE id = $1 AND state = 'queued' AND attempts = $2",
    )
    .bind(id)
    .bind(known)
    .bind(attempts)
    .bind(until.0)
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Why a message comes back from an SMS centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnReason<'a> {
    /// The centre never had it.
    NotGiven,
    /// The centre said no.
    Refused {
        /// Its name.
        by: &'a str,
        /// For a cause that nobody knows.
        unknown: bool,
    },
    /// The centre could not deliver it.
    Undelivered {
        /// Its name.
        by: &'a str,
    },
}

/// Queues a message again that was given to an SMS centre; one that was taken back meanwhile is dropped.
pub async fn take_back(conn: &mut Conn, id: &str, why: ReturnReason<'_>, next_at: Millis) -> Result<(), Error> {
    let (by, unknown, undelivered) = match why {
        ReturnReason::NotGiven => (None, false, false),
        ReturnReason::Refused { by, unknown } => (Some(by), unknown, false),
        ReturnReason::Undelivered { by } => (Some(by), false, true),
    };
    sql::query(
        "UPDATE outbox SET state = CASE WHEN sealed_payload IS NULL THEN 'dropped' ELSE 'queued' END, next_at = $2,
             refused_by = COALESCE($3, refused_by), unknown_refusals = unknown_refusals + $4,
             undelivered = undelivered + $5, provider_id = NULL, provider_key = NULL
         WHERE id = $1 AND state = 'sent'",
    )
    .bind(id)
    .bind(next_at.0)
    .bind(by)
    .bind(i64::from(unknown))
    .bind(i64::from(undelivered))
    .execute(conn)
    .await?;
    Ok(())
}

/// How a message ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It was handed over; nothing more will be heard of it.
    HandedOver,
    /// It has arrived.
    Delivered,
    /// It was given up.
    Failed,
}

/// Ends a message that is queued or was sent: what it said and to whom is erased. One that was dropped stays so.
pub async fn end(conn: &mut Conn, id: &str, end: End) -> Result<(), Error> {
    let state = match end {
        End::HandedOver => "sent",
        End::Delivered => "delivered",
        End::Failed => "failed",
    };
    sql::query(
        "UPDATE outbox SET state = $2, recipient = NULL, sealed_payload = NULL WHERE id = $1 AND state IN ('queued', 'sent')",
    )
    .bind(id)
    .bind(state)
    .execute(conn)
    .await?;
    Ok(())
}

/// A message that something was done to, with the code that it bore.
#[derive(Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its id.
    pub id: String,
    /// The code.
    pub about: Option<CodeRef>,
}

impl Touched {
    fn all(rows: Vec<(String, Option<String>, Option<i64>)>) -> Vec<Self> {
        rows.into_iter().map(|(id, linking, nth)| Self { id, about: CodeRef::of(linking, nth) }).collect()
    }
}

/// Holds the linkings that queued messages of a kind are about, those alone whose life was over at that moment where there is one:
/// before the messages, as people's requests do.
pub async fn hold_linkings(conn: &mut Conn, kind: Kind, over_at: Option<Millis>) -> Result<(), Error> {
    let linkings: Vec<String> = sql::query_scalar(
        "SELECT DISTINCT linking_id FROM outbox
         WHERE kind = $1 AND state = 'queued' AND linking_id IS NOT NULL AND expires_at <= $2 ORDER BY linking_id",
    )
    .bind(kind.name())
    .bind(over_at.map_or(i64::MAX, |at| at.0))
    .fetch_all(&mut *conn)
    .await?;
    for linking in linkings {
        linkings::hold(conn, &linking).await?;
    }
    Ok(())
}

/// Gives up the queued messages of a kind whose life is over; answers with them.
pub async fn give_up_late(conn: &mut Conn, kind: Kind, now: Millis) -> Result<Vec<Touched>, Error> {
    let late = sql::query_as(
        "UPDATE outbox SET state = 'failed', recipient = NULL, sealed_payload = NULL
         WHERE kind = $1 AND state = 'queued' AND expires_at <= $2 RETURNING id, linking_id, nth",
    )
    .bind(kind.name())
    .bind(now.0)
    .fetch_all(conn)
    .await?;
    Ok(Touched::all(late))
}

/// Drops the queued messages of a kind to a recipient; answers with their ids.
pub async fn drop_queued(conn: &mut Conn, kind: Kind, recipient: &str) -> Result<Vec<String>, Error> {
    Ok(sql::query_scalar(
        "UPDATE outbox SET state = 'dropped', recipient = NULL, sealed_payload = NULL
         WHERE kind = $1 AND state = 'queued' AND recipient = $2 RETURNING id",
    )
    .bind(kind.name())
    .bind(recipient)
    .fetch_all(conn)
    .await?)
}

/// Drops the queued codes of a linking, and erases those that were sent, so that they never go out once more. Answers with the ids of
/// those that were queued.
pub async fn drop_codes(conn: &mut Conn, linking: &str) -> Result<Vec<String>, Error> {
    let touched: Vec<(String, String)> = sql::query_as(
        "UPDATE outbox SET state = CASE state WHEN 'queued' THEN 'dropped' ELSE state END, recipient = NULL, sealed_payload = NULL
         WHERE linking_id = $1 AND kind IN ('sms', 'mail') AND state IN ('queued', 'sent') RETURNING id, state",
    )
    .bind(linking)
    .fetch_all(conn)
    .await?;
    Ok(touched.into_iter().filter(|(_, state)| state == "dropped").map(|(id, _)| id).collect())
}

/// Whether a code is queued whose linking was not told yet that it is late, or whose life is over.
pub async fn has_unsaid(conn: &mut Conn, kind: Kind, now: Millis) -> Result<bool, Error> {
    Ok(sql::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE kind = $1 AND state = 'queued' AND linking_id IS NOT NULL
             AND (said_delayed = 0 OR expires_at <= $2))",
    )
    .bind(kind.name())
    .bind(now.0)
    .fetch_one(conn)
    .await?)
}

/// The messages that are queued; from now on their linkings count as told that they are late.
pub async fn say_delayed(conn: &mut Conn, kind: Kind) -> Result<Vec<Touched>, Error> {
    let queued = sql::query_as(
        "UPDATE outbox SET said_delayed = 1 WHERE kind = $1 AND state = 'queued' RETURNING id, linking_id, nth",
    )
    .bind(kind.name())
    .fetch_all(conn)
    .await?;
    Ok(Touched::all(queued))
}
