//! Making a code and queueing its message, in the transaction that moves the linking.

use mostik_wire::{LinkingId, Phone};

use super::{CODE_LIFE, Row};
use crate::{app::App, clock, db::Tx, limits::Contact, outbox, refusal::Refusal};

/// Counts the send, stores the code's hash, queues the SMS, and moves the linking to the code step.
pub(super) async fn send_code(app: &App, tx: &mut Tx, row: &Row, phone: &Phone) -> Result<(), Refusal> {
    let contact = Contact::lock(app, tx, phone).await?;
    let resend_at = contact.admit_send(app, tx).await?;
    let now = app.now();
    let code = clock::six_digits(&*app.entropy);
    let nth = row.nth + 1;
    let expires_at = now.plus(CODE_LIFE);
    sqlx::query("INSERT INTO codes (linking_id, nth, code_hash, phone, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(&row.id)
        .bind(nth)
        .bind(app.keys.code_hash(&LinkingId(row.id.clone()), phone, &code))
        .bind(phone.e164())
        .bind(expires_at.0)
        .execute(&mut **tx)
        .await?;
    // An older code that still waits would only confuse.
    outbox::drop_sms_of(tx, &row.id).await?;
    let text = format!("Мостик: код {code}. Никому не сообщайте. Действует 10 минут.");
    outbox::queue_sms(app, tx, phone, &text, &row.id, nth, expires_at).await?;
    let changed = sqlx::query(
        "UPDATE linkings SET step = 'code', phone = $3, nth = $4, resend_at = $5, delivery = 'queued', profile_id = NULL,
             ticket_hash = NULL, sealed_ticket = NULL, ticket_expires_at = NULL, sealed_return_handle = NULL,
             max_user = NULL, opened_at = NULL, trouble = NULL, trouble_phone = NULL,
             version = version + 1, moved_at_version = version + 1, updated_at = $6
         WHERE id = $1 AND version = $2",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(phone.e164())
    .bind(nth)
    .bind(resend_at.0)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    super::must_have_changed(app, tx, &row.id, changed.rows_affected()).await
}
