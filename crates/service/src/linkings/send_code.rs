//! Making a code and queueing its message, in the transaction that asks for it.

use mostik_wire::{Contact, LinkingId, Millis};

use super::{CODE_LIFE, Purpose, Row, must_have_changed};
use crate::{
    app::App,
    clock, contact as contacts,
    db::Tx,
    limits::Budget,
    mail::{Letter, News},
    outbox,
    refusal::Refusal,
    session::Session,
    sms_text,
};

/// What a linking waits for.
#[derive(Clone, Copy)]
pub(super) enum Awaited {
    /// The code that proves its contact.
    Contact,
    /// The code that proves the contact of the former profile, which the person did not type.
    Former,
    /// The code that allows a new password.
    Recovery,
}

/// A code that was made and queued.
pub(crate) struct Made {
    /// Its number among the linking's codes, to be noted there: the newest wins.
    pub(crate) nth: i64,
    /// When the next one may follow.
    pub(crate) resend_at: Millis,
}

/// Counts the send, stores the code's hash and queues its message; the caller notes the number in the linking.
pub(crate) async fn make_code(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    row: &Row,
    contact: &Contact,
    purpose: Purpose,
) -> Result<Made, Refusal> {
    let budget = Budget::of_contact(app, tx, contact, purpose).await?;
    let resend_at = budget.admit_send(app, tx).await?;
    let code = match purpose {
        Purpose::Contact | Purpose::Owner => clock::six_digits(&*app.entropy),
        Purpose::Recovery => clock::eight_digits(&*app.entropy),
    };
    let nth = row.nth + 1;
    let expires_at = app.now().plus(CODE_LIFE);
    sqlx::query(
        "INSERT INTO codes (linking_id, nth, purpose, place, code_hash, channel, contact, expires_at)
         VALUES ($1, $2, $3, (SELECT COUNT(*) + 1 FROM codes WHERE linking_id = $1 AND purpose = $3), $4, $5, $6, $7)",
    )
    .bind(&row.id)
    .bind(nth)
    .bind(purpose.name())
    .bind(app.keys.code_hash(&LinkingId(row.id.clone()), &contacts::key(contact), &code))
    .bind(contacts::channel_name(contact.channel()))
    .bind(contacts::text(contact))
    .bind(expires_at.0)
    .execute(&mut **tx)
    .await?;
    // An older code that still waits would only confuse.
    outbox::drop_codes_of(tx, &row.id).await?;
    let about = Some((row.id.as_str(), nth));
    match contact {
        Contact::Sms { phone } => {
            let origin = sms_text::origin(&app.public_url, &app.config.app_links);
            let text = sms_text::text(&code, purpose == Purpose::Owner, session.language, origin.as_deref());
            outbox::queue_sms(app, tx, phone, &text, about, expires_at).await?;
        }
        Contact::Mail { email } => {
            let news = match purpose {
                Purpose::Contact => News::Code { code },
                Purpose::Recovery => News::RecoveryCode { code },
                Purpose::Owner => News::OwnerCode { code },
            };
            let letter = Letter { language: session.language, news };
            outbox::queue_mail(app, tx, email, &letter, about, expires_at).await?;
        }
    }
    Ok(Made { nth, resend_at })
}

/// Makes a code and moves the linking to where it is awaited.
pub(super) async fn send_code(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    row: &Row,
    contact: &Contact,
    awaited: Awaited,
) -> Result<(), Refusal> {
    // Another contact is another profile; a recovery is about the one that was found.
    let (purpose, step, profile) = match awaited {
        Awaited::Contact | Awaited::Former => (Purpose::Contact, "code", None),
        Awaited::Recovery => (Purpose::Recovery, "recovery", row.profile_id.as_deref()),
    };
    let known = match awaited {
        Awaited::Contact => None,
        Awaited::Former => Some(1),
        Awaited::Recovery => row.contact_known,
    };
    let Made { nth, resend_at } = make_code(app, session, tx, row, contact, purpose).await?;
    let changed = sqlx::query(
        "UPDATE linkings SET step = $3, channel = $4, contact = $5, nth = $6, resend_at = $7, delivery = 'queued',
             profile_id = $8, password_hash = NULL,
             ticket_hash = NULL, sealed_ticket = NULL, ticket_expires_at = NULL, sealed_return_handle = NULL,
             max_user = NULL, proven_in_max = NULL, contact_known = $10, opened_at = NULL, trouble = NULL,
             trouble_phone = NULL, sealed_trouble_phone = NULL,
             version = version + 1, moved_at_version = version + 1, updated_at = $9
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(step)
    .bind(contacts::channel_name(contact.channel()))
    .bind(contacts::text(contact))
    .bind(nth)
    .bind(resend_at.0)
    .bind(profile)
    .bind(app.now().0)
    .bind(known)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, &row.id, changed.rows_affected()).await
}
