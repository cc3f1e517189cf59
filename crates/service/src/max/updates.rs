//! One update of MAX: deduplicated, handled and answered in one transaction.

use maxoxide::types::{Attachment, ContactPayload, Message, Update};
use mostik_wire::{Messenger, Phone};

use super::texts;
use crate::{
    app::App,
    db::Tx,
    linkings::{self, Account, Bound, Row, TICKET_LIFE},
    names, outbox,
    outbox::MaxMessage,
    refusal::Refusal,
};

/// Handles one update; the same one again changes nothing and says nothing.
///
/// # Errors
/// When the database does not answer; then the update comes again.
pub async fn handle(app: &App, update: serde_json::Value) -> Result<(), Refusal> {
    let kind = update.get("update_type").and_then(|t| t.as_str()).unwrap_or_default().to_owned();
    let Ok(update) = serde_json::from_value::<Update>(update) else {
        tracing::warn!(kind, "an update of MAX cannot be read and is passed over");
        return Ok(());
    };
    let (key, user) = match &update {
        Update::BotStarted { timestamp, chat_id, user, .. } => (format!("started:{chat_id}:{timestamp}"), user.user_id),
        Update::MessageCreated { message, .. } => match &message.sender {
            Some(sender) if sender.is_bot != Some(true) => (message.body.mid.clone(), sender.user_id),
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    let mut tx = app.db.write().await?;
    let fresh = sqlx::query("INSERT INTO max_updates (update_key, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(&key)
        .bind(app.now().0)
        .execute(&mut *tx)
        .await?;
    if fresh.rows_affected() == 0 {
        return Ok(());
    }
    let (answer, changed) = match update {
        Update::BotStarted { payload, .. } => match payload.filter(|p| !p.trim().is_empty()) {
            Some(ticket) => opened(app, &mut tx, user, ticket.trim()).await?,
            None => (texts::hello(), None),
        },
        Update::MessageCreated { message, .. } => said(app, &mut tx, user, &message).await?,
        _ => return Ok(()),
    };
    outbox::queue_max(app, &mut tx, user, &answer).await?;
    tx.commit().await?;
    app.announce(&changed.unwrap_or_default());
    Ok(())
}

// What to say, and the linking that changed.
type Answer = (MaxMessage, Option<String>);

async fn said(app: &App, tx: &mut Tx, user: i64, message: &Message) -> Result<Answer, Refusal> {
    let contact = message.body.attachments.iter().flatten().find_map(|a| match a {
        Attachment::Contact { payload } => Some(payload),
        _ => None,
    });
    if let Some(contact) = contact {
        return shared(app, tx, user, contact).await;
    }
    // Where MAX loses the payload, people paste the link or its end.
    let text = message.body.text.as_deref().unwrap_or_default().trim();
    let ticket = text.rsplit_once("start=").map_or(text, |(_, ticket)| ticket);
    let opaque = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if ticket.len() == 22 && ticket.bytes().all(opaque) {
        return opened(app, tx, user, ticket).await;
    }
    Ok((texts::hello(), None))
}

async fn opened(app: &App, tx: &mut Tx, user: i64, ticket: &str) -> Result<Answer, Refusal> {
    let now = app.now();
    let id: Option<String> = sqlx::query_scalar(
        "SELECT id FROM linkings WHERE ticket_hash = $1 AND step = 'max' AND ticket_expires_at > $2
             AND (max_user IS NULL OR max_user = $3)",
    )
    .bind(app.keys.token_hash("ticket", ticket))
    .bind(now.0)
    .bind(user)
    .fetch_optional(&mut **tx)
    .await?;
    let row = match id {
        Some(id) => linkings::by_id(&mut **tx, &id).await?,
        None => None,
    };
    let Some(row) = row else { return Ok((texts::stale_link(), None)) };
    let name = names::masked(&row.pupil_first_name, &row.pupil_last_name);
    let prompt = texts::whose_diary(&name, &row.pupil_class_name);
    if row.max_user == Some(user) {
        // The same person taps the same link again: the same answer, nothing new.
        return Ok((prompt, None));
    }
    sqlx::query(
        "UPDATE linkings SET max_user = $3, opened_at = $4, ticket_expires_at = $5, trouble = NULL, trouble_phone = NULL,
             version = version + 1, updated_at = $4
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(user)
    .bind(now.0)
    .bind(now.plus(TICKET_LIFE).0)
    .execute(&mut **tx)
    .await?;
    Ok((prompt, Some(row.id)))
}

async fn shared(app: &App, tx: &mut Tx, user: i64, contact: &ContactPayload) -> Result<Answer, Refusal> {
    let id: Option<String> = sqlx::query_scalar(
        "SELECT id FROM linkings WHERE max_user = $1 AND step = 'max' AND opened_at IS NOT NULL AND ticket_expires_at > $2
         ORDER BY opened_at DESC LIMIT 1",
    )
    .bind(user)
    .bind(app.now().0)
    .fetch_optional(&mut **tx)
    .await?;
    let row = match id {
        Some(id) => linkings::by_id(&mut **tx, &id).await?,
        None => None,
    };
    let Some(row) = row else { return Ok((texts::nothing_awaited(), None)) };

    let own = contact.max_info.as_ref().map(|info| info.user_id == user);
    if own == Some(false) {
        return trouble(app, tx, row, "foreign_contact", None, texts::foreign_contact()).await;
    }
    if own.is_none() || !is_proven(contact, &app.config.max.token) {
        return trouble(app, tx, row, "unproven_contact", None, texts::unproven_contact()).await;
    }
    // A profile without a number takes any that is the person's own: that much is proven.
    let expected = row.phone_in_max()?;
    let numbers = with_real_line_ends(contact).phones_from_vcf();
    let fits = |number: &String| expected.as_ref().is_none_or(|e| Phone::parse(number).is_ok_and(|p| p == *e));
    if !numbers.iter().any(fits) {
        let masked = numbers.first().map_or_else(|| "•••".to_owned(), |n| masked(n));
        return trouble(app, tx, row, "number_differs", Some(masked), texts::number_differs()).await;
    }
    let name = contact
        .max_info
        .as_ref()
        .map(|info| names::masked(&info.first_name, info.last_name.as_deref().unwrap_or_default()));
    let account = Account { messenger: Messenger::Max, user, name: name.unwrap_or_default() };
    link(app, tx, account, row).await
}

async fn trouble(
    app: &App,
    tx: &mut Tx,
    row: Row,
    name: &str,
    phone: Option<String>,
    answer: MaxMessage,
) -> Result<Answer, Refusal> {
    sqlx::query(
        "UPDATE linkings SET trouble = $3, trouble_phone = $4, version = version + 1, updated_at = $5
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(name)
    .bind(phone)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    Ok((answer, Some(row.id)))
}

async fn link(app: &App, tx: &mut Tx, account: Account, row: Row) -> Result<Answer, Refusal> {
    let found = match linkings::bind(app, tx, &row, &account, None).await? {
        Bound::Done(found) => found,
        Bound::AccountTaken => {
            return trouble(app, tx, row, "max_account_taken", None, texts::account_taken()).await;
        }
        Bound::ProfileTaken => return Ok((texts::profile_taken(), Some(row.id))),
    };
    let handle = app.keys.open(row.sealed_return_handle.as_deref().unwrap_or_default())?;
    let answer =
        texts::linked(&names::masked(&found.name.0, &found.name.1), &format!("{}/return/{handle}", app.public_url));
    Ok((answer, Some(row.id)))
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
