//! One update of MAX: deduplicated, handled and answered in one transaction.

use maxoxide::types::ContactPayload;
use mostik_linking::{Action, AtMax, Sealed, SharedContact};
use mostik_store::{
    Tx, budgets,
    linkings::{self, Loaded, Selection},
    profiles,
};
use mostik_wire::{Code, FullName, Messenger, Millis, Phone};

use super::{
    dialogs, leaving,
    read::{BotEvent, BotUpdate, Contact, User},
    texts,
};
use crate::{
    app::App,
    clock::is_token,
    launches, limits,
    linkings::{OnBehalfOf, act},
    live::Live,
    outbox,
    outbox::MaxMessage,
    refusal::Refusal,
};

/// Handles one update; the same one again changes nothing and says nothing.
///
/// # Errors
/// When the database does not answer; then the update comes again.
pub async fn handle(app: &App, update: BotUpdate) -> Result<(), Refusal> {
    let BotUpdate { key, user, at, event } = update;
    let mut tx = app.store.write().await?;
    // Hashed, because the key bears the number of the dialog.
    if !mostik_store::max::hear(&mut tx, &app.live().keys.keyed(|made| made.token_hash("max update", &key)), app.now())
        .await?
    {
        return Ok(());
    }
    let newest = dialogs::note(app, &mut tx, user.id, !matches!(event, BotEvent::Stopped), at).await?;
    let mut changed = Vec::new();
    // What was said before the bot was stopped, and is heard only now, is said no more.
    if newest || dialogs::runs(app, &mut tx, user.id).await? {
        let answered = match event {
            BotEvent::Stopped if newest => {
                changed = leaving::close(app, &mut tx, user.id).await?;
                None
            }
            // The dialog was started again since.
            BotEvent::Stopped => None,
            BotEvent::Started { ticket: Some(ticket) } => Some(by_ticket(app, &mut tx, &user, &ticket).await?),
            BotEvent::Started { ticket: None } => Some(greeted(app, &mut tx, &user).await?),
            BotEvent::Wrote { text } => Some(wrote(app, &mut tx, &user, &text).await?),
            BotEvent::Shared { contact } => Some(shared(app, &mut tx, &user, &contact).await?),
        };
        if let Some((answer, moved)) = answered {
            if let Some(answer) = answer {
                outbox::queue_max(app, &mut tx, user.id, &answer).await?;
            }
            changed.extend(moved);
        }
    }
    tx.commit().await?;
    app.publish_changes(&changed);
    Ok(())
}

// What to say beside what the linking's rules say, and the linkings that have changed.
type Answer = (Option<MaxMessage>, Vec<String>);

async fn wrote(app: &App, tx: &mut Tx, user: &User, text: &str) -> Result<Answer, Refusal> {
    if let Some(digits) = digits(text) {
        return by_digits(app, tx, user, &digits).await;
    }
    // Where MAX loses the payload, people paste the link or its end.
    let ticket = text.rsplit_once("start=").map_or(text, |(_, ticket)| ticket);
    if is_token(ticket) {
        return by_ticket(app, tx, user, ticket).await;
    }
    greeted(app, tx, user).await
}

/// The nine digits of the window, as people copy them: in threes, with blanks or dashes.
fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '–' | '—'));
    (plain && digits.len() == 9).then_some(digits)
}

async fn by_digits(app: &App, tx: &mut Tx, user: &User, digits: &str) -> Result<Answer, Refusal> {
    let Ok(counted) = limits::admit_digits(app, tx, user.id).await else {
        return Ok((Some(texts::too_many_digits()), Vec::new()));
    };
    for hash in app.live().keys.token_hashes("digits", digits) {
        if let Some(answer) = opened(app, tx, user, &Selection::Digits(&hash)).await? {
            budgets::forgive(tx, &counted).await?;
            return Ok(answer);
        }
    }
    Ok((Some(texts::stale_digits()), Vec::new()))
}

async fn by_ticket(app: &App, tx: &mut Tx, user: &User, ticket: &str) -> Result<Answer, Refusal> {
    for hash in app.live().keys.token_hashes("ticket", ticket) {
        if let Some(answer) = opened(app, tx, user, &Selection::Ticket(&hash)).await? {
            return Ok(answer);
        }
    }
    Ok((Some(texts::stale_link()), Vec::new()))
}

/// Opens the linking that waits for this ticket or these digits, unless another person came with them first; `None`: there is
/// none.
async fn opened(app: &App, tx: &mut Tx, user: &User, which: &Selection<'_>) -> Result<Option<Answer>, Refusal> {
    let mut waiting = Vec::new();
    for id in linkings::find(tx, which).await? {
        let loaded = linkings::load(tx, &id).await?;
        let alive = |loaded: &Loaded| {
            waits(loaded, app.now())
                .is_some_and(|at_max| at_max.visitor.as_ref().is_none_or(|visitor| visitor.user == user.id))
        };
        waiting.extend(loaded.filter(alive));
    }
    // Two with the same digits at once: neither can be told from the other.
    if waiting.len() != 1 {
        return Ok(None);
    }
    let Some(loaded) = waiting.pop() else { return Ok(None) };
    Ok(Some(act_in_max(app, tx, loaded, Action::OpenInMax { user: user.id }).await?))
}

/// What MAX is awaited for, if the ticket still works and nobody who is blocked has asked for it.
fn waits(loaded: &Loaded, now: Millis) -> Option<&AtMax> {
    loaded.linking.step.at_max().filter(|at_max| now < at_max.ticket.expires_at && !loaded.moved_by_blocked)
}

async fn act_in_max(app: &App, tx: &mut Tx, loaded: Loaded, action: Action) -> Result<Answer, Refusal> {
    match act(app, tx, OnBehalfOf::Event, loaded, action).await {
        Ok(done) => Ok((None, done.changed)),
        Err(refusal) if refusal.code() == Code::ProfileBlocked => Ok((Some(texts::profile_blocked()), Vec::new())),
        Err(refusal) => Err(refusal),
    }
}

/// Somebody without a ticket. Who is linked gets the way into the app; anyone else is asked for the number first, so that the
/// app opens at the right step.
async fn greeted(app: &App, tx: &mut Tx, user: &User) -> Result<Answer, Refusal> {
    let linked = profiles::bound_to(tx, Messenger::Max, user.id).await?;
    if linked.is_none() {
        return Ok((Some(texts::hello()), Vec::new()));
    }
    let url = launches::make(app, tx, user.id, &person(user, None)).await?;
    Ok((Some(texts::open_linked(&url)), Vec::new()))
}

fn person(user: &User, phone: Option<Phone>) -> launches::Person {
    launches::Person { first_name: user.first_name.clone(), last_name: user.last_name.clone(), phone }
}

async fn shared(app: &App, tx: &mut Tx, user: &User, contact: &Contact) -> Result<Answer, Refusal> {
    let read = read_contact(contact, user.id, &app.live(), app.now());
    let Some(loaded) = awaiting(app, tx, user.id).await? else {
        return Ok(match read {
            Ok(Shared { phone: Some(phone), .. }) => {
                let url = launches::make(app, tx, user.id, &person(user, Some(phone))).await?;
                (Some(texts::open_proven(&url)), Vec::new())
            }
            Ok(_) => (Some(texts::number_foreign()), Vec::new()),
            Err(Unproven::Foreign) => (Some(texts::foreign_contact()), Vec::new()),
            Err(Unproven::Hash) => (Some(texts::unproven_contact()), Vec::new()),
        });
    };
    let contact = match read {
        Ok(Shared { masked, phone }) => {
            let seal = |phone: Phone| {
                let sealed = Sealed(app.live().keys.seal(&*app.entropy, phone.e164()));
                (phone, sealed)
            };
            SharedContact::Own { masked, phone: phone.map(seal) }
        }
        Err(Unproven::Foreign) => SharedContact::Foreign,
        Err(Unproven::Hash) => SharedContact::Unproven,
    };
    let name = FullName::new(&user.first_name, &user.last_name).masked();
    act_in_max(app, tx, loaded, Action::ShareInMax { user: user.id, name, contact }).await
}

/// The linking that waits for the person's number: the one that they came with last.
async fn awaiting(app: &App, tx: &mut Tx, user: i64) -> Result<Option<Loaded>, Refusal> {
    let mut newest: Option<(Millis, Loaded)> = None;
    for id in linkings::find(tx, &Selection::Visitor(user)).await? {
        let Some(loaded) = linkings::load(tx, &id).await? else { continue };
        let came = waits(&loaded, app.now()).and_then(|at_max| at_max.visitor.as_ref()).map(|visitor| visitor.at);
        if let Some(came) = came
            && newest.as_ref().is_none_or(|(newest, _)| came > *newest)
        {
            newest = Some((came, loaded));
        }
    }
    Ok(newest.map(|(_, loaded)| loaded))
}

/// A contact that MAX has proven to be the sender's own.
struct Shared {
    /// For screens.
    masked: String,
    /// `None`: no Russian mobile number.
    phone: Option<Phone>,
}

enum Unproven {
    /// Somebody else's.
    Foreign,
    /// Its hash is missing or another one.
    Hash,
}

fn read_contact(contact: &Contact, user: i64, live: &Live, now: Millis) -> Result<Shared, Unproven> {
    match contact.of.map(|owner| owner == user) {
        Some(false) => return Err(Unproven::Foreign),
        Some(true) if live.max_tokens(now).any(|token| is_proven(&contact.card, token)) => {}
        _ => return Err(Unproven::Hash),
    }
    let numbers = with_real_line_ends(&contact.card).phones_from_vcf();
    Ok(Shared {
        phone: numbers.iter().find_map(|number| Phone::parse(number).ok()),
        masked: numbers.first().map_or_else(|| "•••".to_owned(), |number| masked(number)),
    })
}

// The card may arrive with its line ends spelt out (`\r\n` as four characters), while its hash is of the real ones.
fn with_real_line_ends(contact: &ContactPayload) -> ContactPayload {
    let vcf_info = contact.vcf_info.as_ref().map(|card| card.replace("\\r\\n", "\r\n"));
    ContactPayload { vcf_info, ..contact.clone() }
}

fn is_proven(contact: &ContactPayload, token: &str) -> bool {
    contact.validate_hash(token) || with_real_line_ends(contact).validate_hash(token)
}

// As a Russian number where it is one; else its first and last two digits.
fn masked(number: &str) -> String {
    if let Ok(phone) = Phone::parse(number) {
        return phone.masked();
    }
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    match digits.as_slice() {
        [a, b, middle @ .., y, z] if middle.len() >= 4 => format!("+{a}{b}•••{y}{z}"),
        _ => "•••".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(card: &str, hash: &str) -> ContactPayload {
        serde_json::from_value(serde_json::json!({ "vcf_info": card, "hash": hash })).unwrap()
    }

    const CARD: &str = "BEGIN:VCARD\nTEL;TYPE=CELL:+1 (234) 567-890\nEND:VCARD";
    const HASH: &str = "ee3d82750cc421d596d2bac3350e80c763406417768bbba9292ed95463139807";

    #[test]
    fn a_card_without_its_own_proof_is_not_proven() {
        for (card, hash) in [(CARD, ""), (CARD, &HASH[1..]), ("BEGIN:VCARD", HASH), ("", HASH)] {
            assert!(!is_proven(&contact(card, hash), "secret"));
        }
        assert!(!is_proven(&contact(CARD, HASH), "another"));
        assert!(is_proven(&contact(CARD, HASH), "secret"));
    }

    #[test]
    fn a_card_with_spelt_out_line_ends_is_proven_and_read() {
        // HMAC-SHA256(secret, "BEGIN:VCARD\r\nTEL:79990000000\r\nEND:VCARD\r\n")
        let spelt = "BEGIN:VCARD\\r\\nTEL:79990000000\\r\\nEND:VCARD\\r\\n";
        let real = with_real_line_ends(&contact(spelt, ""));
        assert_eq!(real.vcf_info.as_deref(), Some("BEGIN:VCARD\r\nTEL:79990000000\r\nEND:VCARD\r\n"));
        assert_eq!(real.phones_from_vcf(), ["79990000000"]);
    }

    #[test]
    fn a_number_is_never_shown_whole() {
        assert_eq!(masked("79161234567"), "+7 916 •••-••-67");
        assert_eq!(masked("+375291234567"), "+37•••67");
        assert_eq!(masked("12"), "•••");
    }
}
