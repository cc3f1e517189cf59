//! `POST /v1/linkings/{id}/code`: the code from the SMS.
//!
//! The order is what makes it safe: the contact's budget, then the code's own tries, both counted before anything is
//! compared; then the comparison; then one compare-and-set that moves the linking.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Code, Linking, LinkingId, Phone, StepName, SubmitCodeBody};

use super::{Row, TRIES, after, for_change, must_have_changed, wrong_step};
use crate::{app::App, db::Tx, keys, limits::Contact, post::Post, refusal::Refusal};

/// Proves the number. A wrong or superseded code costs a try.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/code", tag = "linkings", request_body = SubmitCodeBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn code(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<SubmitCodeBody>,
) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<SubmitCodeBody>) -> Result<Linking, Refusal> {
    let code = post.body.code.expose();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::new(Code::MalformedRequest).detail("code: six digits are expected"));
    }
    let row = for_change(app, tx, &post.session, id, post.body.version).await?;
    match row.step_name()? {
        StepName::Code => {}
        _ => return Err(wrong_step(app, row)?),
    }
    if row.code_expires_at.is_none_or(|at| app.now().0 >= at) {
        return Err(Refusal::new(Code::CodeExpired).linking(row.linking(app)?));
    }
    let phone = row.phone()?;
    let contact = Contact::lock(app, tx, &phone).await?;
    let counted = contact.admit_try(app, tx).await?;
    let newest: Option<(String, i64)> = sqlx::query_as(
        "UPDATE codes SET tries = tries + 1 WHERE linking_id = $1 AND nth = $2 AND tries < $3 RETURNING code_hash, tries",
    )
    .bind(id)
    .bind(row.nth)
    .bind(i64::from(TRIES))
    .fetch_optional(&mut **tx)
    .await?;
    let Some((hash, tries)) = newest else {
        // Nothing was compared, so nothing is counted: this transaction is undone.
        return Err(Refusal::new(Code::CodeTriesUsedUp).tries_left(0).linking(row.linking(app)?));
    };
    let linking = LinkingId(id.to_owned());
    if keys::same(&hash, &app.keys.code_hash(&linking, &phone, code)) {
        contact.forgive(tx, &counted).await?;
        proven(app, tx, row, &phone).await?;
        return after(app, tx, id).await;
    }
    let superseded = is_older(app, tx, &linking, row.nth, code).await?;
    let bumped =
        sqlx::query("UPDATE linkings SET version = version + 1, updated_at = $3 WHERE id = $1 AND version = $2")
            .bind(id)
            .bind(row.version)
            .bind(app.now().0)
            .execute(&mut **tx)
            .await?;
    must_have_changed(app, tx, id, bumped.rows_affected()).await?;
    let refusal = Refusal::new(if superseded { Code::CodeSuperseded } else { Code::CodeWrong });
    let left = TRIES.saturating_sub(u32::try_from(tries).unwrap_or(TRIES));
    Err(refusal.tries_left(left).linking(after(app, tx, id).await?).kept())
}

// Whether the code is one of this linking's older ones, to whichever number it went.
async fn is_older(app: &App, tx: &mut Tx, linking: &LinkingId, nth: i64, code: &str) -> Result<bool, Refusal> {
    let older: Vec<(String, String)> =
        sqlx::query_as("SELECT code_hash, phone FROM codes WHERE linking_id = $1 AND nth < $2")
            .bind(&linking.0)
            .bind(nth)
            .fetch_all(&mut **tx)
            .await?;
    let mut found = false;
    for (hash, phone) in older {
        if let Ok(phone) = Phone::parse(&phone) {
            found |= keys::same(&hash, &app.keys.code_hash(linking, &phone, code));
        }
    }
    Ok(found)
}

// Only now is the profile looked up: who cannot prove the number learns nothing of it.
async fn proven(app: &App, tx: &mut Tx, row: Row, phone: &Phone) -> Result<(), Refusal> {
    let profile: Option<(String, Option<String>)> = sqlx::query_as(
        "SELECT p.id, k.pupil_id FROM profiles p LEFT JOIN links k ON k.profile_id = p.id WHERE p.phone = $1",
    )
    .bind(phone.e164())
    .fetch_optional(&mut **tx)
    .await?;
    let (step, profile) = match profile {
        Some((_, Some(_another))) => ("taken", None),
        Some((id, None)) => ("profile", Some(id)),
        None => ("profile", None),
    };
    // Single use: all codes of this linking are spent with the one that was right.
    sqlx::query("UPDATE codes SET tries = $2 WHERE linking_id = $1")
        .bind(&row.id)
        .bind(i64::from(TRIES))
        .execute(&mut **tx)
        .await?;
    let changed = sqlx::query(
        "UPDATE linkings SET step = $3, profile_id = $4, version = version + 1, moved_at_version = version + 1, updated_at = $5
         WHERE id = $1 AND version = $2 AND step = 'code'",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(step)
    .bind(profile)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, tx, &row.id, changed.rows_affected()).await
}
