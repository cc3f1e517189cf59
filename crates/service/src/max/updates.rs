//! One update of MAX: deduplicated, handled and answered in one transaction.

use maxoxide::types::ContactPayload;
use mostik_wire::{LogKind, Phone};

use super::{
    dialogs,
    read::{Contact, Heard, What},
    texts,
};
use crate::{
    app::App,
    db::Tx,
    history,
    linkings::{self, Row, TICKET_LIFE},
    names, outbox,
    outbox::MaxMessage,
    profiles,
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
    let newest = dialogs::note(app, &mut tx, user, !matches!(what, What::Stopped), at).await?;
    let mut changed = Vec::new();
    // What was said before the bot was stopped, and is heard only now, is said no more.
    if newest || dialogs::runs(app, &mut tx, user).await? {
        let answered = match what {
            What::Stopped if newest => {
                changed = dialogs::close(app, &mut tx, user).await?;
                None
            }
            // The dialog was started again since.
            What::Stopped => None,
            What::Started { ticket: Some(ticket) } => Some(opened(app, &mut tx, user, &ticket).await?),
            What::Started { ticket: None } => Some((texts::hello(), None)),
            What::Wrote { text } => Some(wrote(app, &mut tx, user, &text).await?),
            What::Shared { contact } => Some(shared(app, &mut tx, user, &contact).await?),
        };
        if let Some((answer, linking)) = answered {
            outbox::queue_max(app, &mut tx, user, &answer).await?;
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

async fn wrote(app: &App, tx: &mut Tx, user: i64, text: &str) -> Result<Answer, Refusal> {
    // Where MAX loses the payload, people paste the link or its end.
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

async fn shared(app: &App, tx: &mut Tx, user: i64, contact: &Contact) -> Result<Answer, Refusal> {
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

    let (own, card) = (contact.of.map(|owner| owner == user), &contact.card);
    if own == Some(false) {
        return trouble(app, tx, row, "foreign_contact", None, texts::foreign_contact()).await;
    }
    if own.is_none() || !is_proven(card, &app.config.max.token) {
        return trouble(app, tx, row, "unproven_contact", None, texts::unproven_contact()).await;
    }
    // A profile without a number takes any that is the person's own: that much is proven.
    let expected = row.phone_in_max()?;
    let numbers = with_real_line_ends(card).phones_from_vcf();
    let fits = |number: &String| expected.as_ref().is_none_or(|e| Phone::parse(number).is_ok_and(|p| p == *e));
    if !numbers.iter().any(fits) {
        let masked = numbers.first().map_or_else(|| "•••".to_owned(), |n| masked(n));
        return trouble(app, tx, row, "number_differs", Some(masked), texts::number_differs()).await;
    }
    link(app, tx, user, row).await
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

async fn link(app: &App, tx: &mut Tx, user: i64, row: Row) -> Result<Answer, Refusal> {
    let found = row.found()?.ok_or_else(|| Refusal::internal(&format!("linkings {}: no profile at MAX", row.id)))?;
    let other: Option<i64> = sqlx::query_scalar("SELECT 1 FROM profiles WHERE max_user = $1 AND id <> $2")
        .bind(user)
        .bind(&found.id)
        .fetch_optional(&mut **tx)
        .await?;
    if other.is_some() {
        return trouble(app, tx, row, "max_account_taken", None, texts::account_taken()).await;
    }
    let now = app.now().0;
    // The unique keys decide between two who come at once. A profile by e-mail was linked before it came here.
    if !row.is_linked() && !profiles::link(app, tx, &row, &found.id).await? {
        sqlx::query(
            "UPDATE linkings SET step = 'taken', profile_id = NULL, ticket_hash = NULL, sealed_ticket = NULL,
                 version = version + 1, moved_at_version = version + 1, updated_at = $3
             WHERE id = $1 AND version = $2",
        )
        .bind(&row.id)
        .bind(row.version)
        .bind(now)
        .execute(&mut **tx)
        .await?;
        return Ok((texts::profile_taken(), Some(row.id)));
    }
    sqlx::query("UPDATE profiles SET max_user = $2 WHERE id = $1")
        .bind(&found.id)
        .bind(user)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "UPDATE linkings SET step = 'linked', linked_at = COALESCE(linked_at, $3), ticket_hash = NULL, sealed_ticket = NULL, trouble = NULL,
             trouble_phone = NULL, version = version + 1, moved_at_version = version + 1, updated_at = $3
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    // A profile by e-mail was linked to the diary before it came here.
    if !row.is_linked() {
        history::note(app, tx, &row.pupil_id, None, LogKind::Linked).await?;
    }
    history::note(app, tx, &row.pupil_id, None, LogKind::InMax).await?;
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
