//! Comparing a code with the newest one that was sent.
//!
//! The order is what makes it safe: the contact's budget, then the code's own tries, both counted before anything is
//! compared; then the comparison.

use mostik_wire::{Code, LinkingId};

use super::{Purpose, Row, TRIES, after, must_have_changed};
use crate::{app::App, contact, db::Tx, keys, limits::Budget, refusal::Refusal, session::Session};

/// The code is right, and spent with all older ones of its linking; the caller moves the linking on.
///
/// # Errors
/// The refusals of codes; a wrong one is kept with the try that it cost.
pub(crate) async fn prove(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    row: Row,
    purpose: Purpose,
    code: &str,
) -> Result<Row, Refusal> {
    if row.code_expires_at.is_none_or(|at| app.now().0 >= at) {
        return Err(Refusal::new(Code::CodeExpired).linking(row.linking(app, session)?));
    }
    let contact = row.contact()?;
    let budget = Budget::of_contact(app, tx, &contact, purpose).await?;
    let counted = budget.admit_try(app, tx).await?;
    let newest: Option<(String, i64)> = sqlx::query_as(
        "UPDATE codes SET tries = tries + 1 WHERE linking_id = $1 AND nth = $2 AND purpose = $3 AND tries < $4
         RETURNING code_hash, tries",
    )
    .bind(&row.id)
    .bind(row.nth)
    .bind(purpose.name())
    .bind(i64::from(TRIES))
    .fetch_optional(&mut **tx)
    .await?;
    let Some((hash, tries)) = newest else {
        // Nothing was compared, so nothing is counted: this transaction is undone.
        return Err(Refusal::new(Code::CodeTriesUsedUp).tries_left(0).linking(row.linking(app, session)?));
    };
    let linking = LinkingId(row.id.clone());
    if keys::same(&hash, &app.keys.code_hash(&linking, &contact::key(&contact), code)) {
        budget.forgive(tx, &counted).await?;
        // Single use: all codes of this linking are spent with the one that was right.
        sqlx::query("UPDATE codes SET tries = $2 WHERE linking_id = $1")
            .bind(&row.id)
            .bind(i64::from(TRIES))
            .execute(&mut **tx)
            .await?;
        return Ok(row);
    }
    let superseded = is_older(app, tx, &linking, row.nth, purpose, code).await?;
    let bumped =
        sqlx::query("UPDATE linkings SET version = version + 1, updated_at = $3 WHERE id = $1 AND version = $2")
            .bind(&row.id)
            .bind(row.version)
            .bind(app.now().0)
            .execute(&mut **tx)
            .await?;
    must_have_changed(app, session, tx, &row.id, bumped.rows_affected()).await?;
    let refusal = Refusal::new(if superseded { Code::CodeSuperseded } else { Code::CodeWrong });
    let left = TRIES.saturating_sub(u32::try_from(tries).unwrap_or(TRIES));
    Err(refusal.tries_left(left).linking(after(app, session, tx, &row.id).await?).kept())
}

// Whether the code is one of this linking's older ones, to whichever contact it went.
async fn is_older(
    app: &App,
    tx: &mut Tx,
    linking: &LinkingId,
    nth: i64,
    purpose: Purpose,
    code: &str,
) -> Result<bool, Refusal> {
    let older: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT code_hash, channel, contact FROM codes WHERE linking_id = $1 AND nth < $2 AND purpose = $3",
    )
    .bind(&linking.0)
    .bind(nth)
    .bind(purpose.name())
    .fetch_all(&mut **tx)
    .await?;
    let mut found = false;
    for (hash, channel, text) in older {
        if let Some(contact) = contact::stored(&channel, &text) {
            found |= keys::same(&hash, &app.keys.code_hash(linking, &contact::key(&contact), code));
        }
    }
    Ok(found)
}
