//! What MAX does to a linking: it proves a number, and it is asked for one.

use mostik_wire::{Code, Contact, Phone, StepName};

use super::{
    Row, TICKET_LIFE, by_id,
    code::profile_of,
    max_link::{issue_ticket, to_max, to_max_proof},
};
use crate::{app::App, contact as contacts, db::Tx, max::texts, outbox, refusal::Refusal, session::Session};

/// Takes a number that MAX has proven for `user` as the linking's contact, as a right code would: its profile is shown, or
/// said to be another pupil's. Answers whether the profile is free.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn number_proven(
    app: &App,
    tx: &mut Tx,
    user: i64,
    row: &Row,
    phone: &Phone,
) -> Result<bool, Refusal> {
    let contact = Contact::Sms { phone: phone.clone() };
    let (step, profile) = match profile_of(tx, &contact).await? {
        Some((_, true)) => ("taken", None),
        Some((id, false)) => ("profile", Some(id)),
        None => ("profile", None),
    };
    // A code that still waits would only confuse.
    outbox::drop_codes_of(tx, &row.id).await?;
    sqlx::query(
        "UPDATE linkings SET step = $3, channel = 'sms', contact = $4, contact_known = NULL, profile_id = $5, max_user = $6,
             proven_in_max = 1, password_hash = NULL, ticket_hash = NULL, sealed_ticket = NULL, ticket_digits_hash = NULL,
             sealed_ticket_digits = NULL, ticket_expires_at = NULL, opened_at = NULL, trouble = NULL, trouble_phone = NULL,
             sealed_trouble_phone = NULL, version = version + 1, moved_at_version = version + 1, updated_at = $7
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(step)
    .bind(contacts::text(&contact))
    .bind(profile)
    .bind(user)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    Ok(step == "profile")
}

/// Leads a linking to MAX as somebody who is there already, and lets the bot ask them for their number.
///
/// # Errors
/// `stale_version`, when the linking moved on meanwhile.
pub(crate) async fn ask_in_max(app: &App, session: &Session, tx: &mut Tx, row: &Row, user: i64) -> Result<(), Refusal> {
    match &row.profile_id {
        Some(profile) if row.is_linked() && row.step_name()? == StepName::Linked => {
            to_max(app, session, tx, row, profile, true).await?;
        }
        _ if row.step_name()? == StepName::Max => issue_ticket(app, session, tx, &row.id, row.version).await?,
        _ => to_max_proof(app, session, tx, row).await?,
    }
    let row = by_id(&mut **tx, &row.id).await?.ok_or_else(|| Refusal::new(Code::LinkingNotFound))?;
    opened_by(app, tx, &row, user).await?;
    outbox::queue_max(app, tx, user, &texts::whose_diary(&row)).await
}

/// Somebody has come to the bot for this linking: from now on it waits for their number.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn opened_by(app: &App, tx: &mut Tx, row: &Row, user: i64) -> Result<(), Refusal> {
    let now = app.now();
    sqlx::query(
        "UPDATE linkings SET max_user = $3, opened_at = $4, ticket_expires_at = $5, trouble = NULL, trouble_phone = NULL,
             sealed_trouble_phone = NULL, version = version + 1, updated_at = $4
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(user)
    .bind(now.0)
    .bind(now.plus(TICKET_LIFE).0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes what went wrong in MAX, with the number there: masked for the screen, and whole, sealed, where it may be taken.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn note_trouble(
    app: &App,
    tx: &mut Tx,
    id: &str,
    name: &str,
    masked: Option<&str>,
    usable: Option<&Phone>,
) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE linkings SET trouble = $2, trouble_phone = $3, sealed_trouble_phone = $4, version = version + 1, updated_at = $5
         WHERE id = $1",
    )
    .bind(id)
    .bind(name)
    .bind(masked)
    .bind(usable.map(|phone| app.keys.seal(&*app.entropy, phone.e164())))
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
