//! `POST /v1/linkings/{id}/code`: the code from the SMS or the letter.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Channel, Code, Contact, Linking, StepName, SubmitCodeBody};

use super::{Purpose, Row, after, for_change, must_have_changed, proof::prove, wrong_step};
use crate::{app::App, contact, db::Tx, post::Post, refusal::Refusal, session::Session};

/// Proves the number or the address. A wrong or superseded code costs a try.
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
    let session = &post.session;
    let row = for_change(app, session, tx, id, post.body.version).await?;
    match row.step_name()? {
        StepName::Code => {}
        _ => return Err(wrong_step(app, session, row)?),
    }
    let row = prove(app, session, tx, row, Purpose::Contact, code).await?;
    proven(app, session, tx, &row).await?;
    after(app, session, tx, id).await
}

/// The profile under a contact, and whether it is linked.
pub(super) async fn profile_of(tx: &mut Tx, contact: &Contact) -> Result<Option<(String, bool)>, Refusal> {
    let sql = match contact.channel() {
        Channel::Sms => {
            "SELECT p.id, k.pupil_id FROM profiles p LEFT JOIN links k ON k.profile_id = p.id WHERE p.phone = $1"
        }
        Channel::Mail => {
            "SELECT p.id, k.pupil_id FROM profiles p LEFT JOIN links k ON k.profile_id = p.id WHERE p.email_key = $1"
        }
    };
    let found: Option<(String, Option<String>)> =
        sqlx::query_as(sql).bind(contact::key(contact)).fetch_optional(&mut **tx).await?;
    Ok(found.map(|(id, pupil)| (id, pupil.is_some())))
}

// Only now is the profile looked up: who cannot prove the contact learns nothing of it.
async fn proven(app: &App, session: &Session, tx: &mut Tx, row: &Row) -> Result<(), Refusal> {
    let contact = row.contact()?;
    let (step, profile) = match (contact.channel(), profile_of(tx, &contact).await?) {
        (_, Some((_, true))) => ("taken", None),
        (Channel::Sms, found) => ("profile", found.map(|(id, _)| id)),
        // A code to an address never opens a profile that exists: its password does.
        (Channel::Mail, Some((id, _))) => ("exists", Some(id)),
        (Channel::Mail, None) => ("password", None),
    };
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
    must_have_changed(app, session, tx, &row.id, changed.rows_affected()).await
}
