//! One update of MAX: deduplicated, handled and answered in one transaction.

use maxoxide::types::ContactPayload;
use mostik_wire::{FullName, Phone};

use super::{
    dialogs,
    read::{Contact, Heard, User, What},
    texts,
};
use crate::{
    app::App,
    clock::is_token,
    db::Tx,
    launches,
    limits::Budget,
    linkings::{self, Account, Joined, Row},
    outbox,
    outbox::MaxMessage,
    refusal::Refusal,
};

/// Handles one update; the same one again changes nothing and says nothing.
///
/// # Errors
/// When the database does not answer; then the update comes again.
pub async fn handle(app: &App, heard: Heard) -> Result<(), Refusal> {
    let Heard { key, user, at, what } = heard;
    let mut tx = app.db.write().await?;
    // Hashed, because the key bears the number of the dialog.
    let fresh = sqlx::query("INSERT INTO max_updates (update_key, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(app.keys.token_hash("max update", &key))
        .bind(app.now().0)
        .execute(&mut *tx)
        .await?;
    if fresh.rows_affected() == 0 {
        return Ok(());
    }
    let newest = dialogs::note(app, &mut tx, user.id, !matches!(what, What::Stopped), at).await?;
    let mut changed = Vec::new();
    // What was said before the bot was stopped, and is heard only now, is said no more.
    if newest || dialogs::runs(app, &mut tx, user.id).await? {
        let answered = match what {
            What::Stopped if newest => {
                changed = dialogs::close(app, &mut tx, user.id).await?;
                None
            }
            // The dialog was started again since.
            What::Stopped => None,
            What::Started { ticket: Some(ticket) } => Some(opened(app, &mut tx, &user, &ticket).await?),
            What::Started { ticket: None } => Some(greeted(app, &mut tx, &user).await?),
            What::Wrote { text } => Some(wrote(app, &mut tx, &user, &text).await?),
            What::Shared { contact } => Some(shared(app, &mut tx, &user, &contact).await?),
        };
        if let Some((answer, linking)) = answered {
            outbox::queue_max(app, &mut tx, user.id, &answer).await?;
            changed.extend(linking);
        }
    }
    tx.commit().await?;
    app.max_wake.notify_one();
    for linking in changed {
        app.announce(&linking);
    }
    Ok(())
}

// What to say, and the linking that changed.
type Answer = (MaxMessage, Option<String>);

async fn wrote(app: &App, tx: &mut Tx, user: &User, text: &str) -> Result<Answer, Refusal> {
    if let Some(digits) = digits(text) {
        return by_digits(app, tx, user, &digits).await;
    }
    // Where MAX loses the payload, people paste the link or its end.
    let ticket = text.rsplit_once("start=").map_or(text, |(_, ticket)| ticket);
    if is_token(ticket) {
        return opened(app, tx, user, ticket).await;
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
    let budget = Budget::of_digits(app, tx, user.id).await?;
    let Ok(counted) = budget.admit_try(app, tx).await else { return Ok((texts::too_many_digits(), None)) };
    let found = awaiting(app, tx, user.id, "ticket_digits_hash", &app.keys.token_hash("digits", digits)).await?;
    match found {
        Some(row) => {
            budget.forgive(tx, &counted).await?;
            welcome(app, tx, user.id, row).await
        }
        None => Ok((texts::stale_digits(), None)),
    }
}

async fn opened(app: &App, tx: &mut Tx, user: &User, ticket: &str) -> Result<Answer, Refusal> {
    match awaiting(app, tx, user.id, "ticket_hash", &app.keys.token_hash("ticket", ticket)).await? {
        Some(row) => welcome(app, tx, user.id, row).await,
        None => Ok((texts::stale_link(), None)),
    }
}

// The linking that waits for this ticket or these digits, unless another person came with them first.
async fn awaiting(app: &App, tx: &mut Tx, user: i64, column: &'static str, hash: &str) -> Result<Option<Row>, Refusal> {
    let sql = format!(
        "SELECT id FROM linkings WHERE {column} = $1 AND step = 'max' AND ticket_expires_at > $2
             AND (max_user IS NULL OR max_user = $3)"
    );
    let ids: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(hash)
        .bind(app.now().0)
        .bind(user)
        .fetch_all(&mut **tx)
        .await?;
    // Two with the same digits at once: neither can be told from the other.
    match ids.as_slice() {
        [id] => Ok(linkings::by_id(&mut **tx, id).await?),
        _ => Ok(None),
    }
}

async fn welcome(app: &App, tx: &mut Tx, user: i64, row: Row) -> Result<Answer, Refusal> {
    let prompt = texts::whose_diary(&row);
    if row.max_user == Some(user) {
        // The same person comes again: the same answer, nothing new.
        return Ok((prompt, None));
    }
    linkings::opened_by(app, tx, &row, user).await?;
    Ok((prompt, Some(row.id)))
}

/// Somebody without a ticket. Who is linked gets the way into the app; anyone else is asked for the number first, so that the
/// app opens at the right step.
async fn greeted(app: &App, tx: &mut Tx, user: &User) -> Result<Answer, Refusal> {
    let linked: Option<i64> = sqlx::query_scalar("SELECT 1 FROM profiles WHERE max_user = $1")
        .bind(user.id)
        .fetch_optional(&mut **tx)
        .await?;
    if linked.is_none() {
        return Ok((texts::hello(), None));
    }
    let url = launches::make(app, tx, user.id, &person(user, None)).await?;
    Ok((texts::open_linked(&url), None))
}

fn person(user: &User, phone: Option<Phone>) -> launches::Person {
    launches::Person { first_name: user.first_name.clone(), last_name: user.last_name.clone(), phone }
}

async fn shared(app: &App, tx: &mut Tx, user: &User, contact: &Contact) -> Result<Answer, Refusal> {
    let id: Option<String> = sqlx::query_scalar(
        "SELECT id FROM linkings WHERE max_user = $1 AND step = 'max' AND opened_at IS NOT NULL AND ticket_expires_at > $2
         ORDER BY opened_at DESC LIMIT 1",
    )
    .bind(user.id)
    .bind(app.now().0)
    .fetch_optional(&mut **tx)
    .await?;
    let row = match id {
        Some(id) => linkings::by_id(&mut **tx, &id).await?,
        None => None,
    };
    let read = read_contact(contact, user.id, &app.config.max.token);
    let Some(row) = row else {
        return Ok(match read {
            Ok(Shared { phone: Some(phone), .. }) => {
                let url = launches::make(app, tx, user.id, &person(user, Some(phone))).await?;
                (texts::open_proven(&url), None)
            }
            Ok(_) => (texts::number_foreign(), None),
            Err(Unproven::Foreign) => (texts::foreign_contact(), None),
            Err(Unproven::Hash) => (texts::unproven_contact(), None),
        });
    };
    let shared = match read {
        Ok(shared) => shared,
        Err(Unproven::Foreign) => {
            return trouble(app, tx, row, "foreign_contact", None, texts::foreign_contact()).await;
        }
        Err(Unproven::Hash) => return trouble(app, tx, row, "unproven_contact", None, texts::unproven_contact()).await,
    };
    // A profile without a number takes any that is the person's own: that much is proven.
    let expected = row.phone_in_max()?;
    match (&row.profile_id, &shared.phone) {
        (None, Some(phone)) => {
            let free = linkings::number_proven(app, tx, user.id, &row, phone).await?;
            let answer = if free { texts::number_proven(&return_url(app, &row)?) } else { texts::profile_taken() };
            Ok((answer, Some(row.id)))
        }
        (None, None) => trouble(app, tx, row, "number_foreign", Some(&shared), texts::number_foreign()).await,
        (Some(_), phone) if expected.is_none() || *phone == expected => link(app, tx, user, row).await,
        (Some(_), _) => {
            let ours = expected.map(|phone| phone.masked()).unwrap_or_default();
            let answer = texts::number_differs(&shared.masked, &ours, shared.phone.is_some() && !row.is_linked());
            trouble(app, tx, row, "number_differs", Some(&shared), answer).await
        }
    }
}

async fn trouble(
    app: &App,
    tx: &mut Tx,
    row: Row,
    name: &str,
    shared: Option<&Shared>,
    answer: MaxMessage,
) -> Result<Answer, Refusal> {
    let usable = shared.and_then(|shared| shared.phone.as_ref());
    linkings::note_trouble(app, tx, &row.id, name, shared.map(|shared| shared.masked.as_str()), usable).await?;
    Ok((answer, Some(row.id)))
}

async fn link(app: &App, tx: &mut Tx, user: &User, row: Row) -> Result<Answer, Refusal> {
    let account = Account::in_max(user.id, Some(FullName::new(&user.first_name, &user.last_name).masked()));
    let profile = row.profile_id.clone().unwrap_or_default();
    let answer = match linkings::join(app, tx, None, &account, &row, &profile).await? {
        Joined::Linked => texts::linked(&row.profile_name_or_pupils(), Some(&return_url(app, &row)?)),
        Joined::ProfileTaken => texts::profile_taken(),
        Joined::AccountTaken => {
            return trouble(app, tx, row, "max_account_taken", None, texts::account_taken()).await;
        }
    };
    Ok((answer, Some(row.id)))
}

fn return_url(app: &App, row: &Row) -> Result<String, Refusal> {
    let handle = app.keys.open(row.sealed_return_handle.as_deref().unwrap_or_default())?;
    Ok(format!("{}/return/{handle}", app.public_url))
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

fn read_contact(contact: &Contact, user: i64, token: &str) -> Result<Shared, Unproven> {
    match contact.of.map(|owner| owner == user) {
        Some(false) => return Err(Unproven::Foreign),
        Some(true) if is_proven(&contact.card, token) => {}
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
