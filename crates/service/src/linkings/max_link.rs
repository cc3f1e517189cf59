//! `POST /v1/linkings/{id}/max-link`: a new ticket into MAX; the old one dies.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, StepName, VersionBody};

use super::{Row, TICKET_LIFE, after, for_change, must_have_changed, wrong_step};
use crate::{app::App, db::Tx, max, post::Post, refusal::Refusal, session::Session};

/// Renews the link into MAX; also goes back to MAX where it was skipped.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/max-link", tag = "linkings", request_body = VersionBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn max_link(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<VersionBody>,
) -> Result<Response, Refusal> {
    // Asked before the database is made to wait. The link that the person has stays good.
    if let Err(refusal) = max::answers(&app).await {
        return Err(post.refuse(&app, refusal).await);
    }
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<VersionBody>) -> Result<Linking, Refusal> {
    let session = &post.session;
    let row = for_change(app, session, tx, id, post.body.version).await?;
    match row.step_name()? {
        StepName::Max => {}
        // MAX was skipped before.
        StepName::Linked if row.profile_max_user.is_none() && row.is_linked() => {
            let profile = row.profile_id.clone().unwrap_or_default();
            to_max(app, session, tx, &row, &profile, true).await?;
            return after(app, session, tx, id).await;
        }
        _ => return Err(wrong_step(app, session, row)?),
    }
    issue_ticket(app, session, tx, id, row.version).await?;
    after(app, session, tx, id).await
}

/// Moves the linking to MAX, with a first ticket; `linked`: the link to the diary stands.
pub(super) async fn to_max(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    row: &Row,
    profile: &str,
    linked: bool,
) -> Result<(), Refusal> {
    let handle = crate::clock::token::<16>(&*app.entropy);
    let changed = sqlx::query(
        "UPDATE linkings SET step = 'max', profile_id = $3, sealed_return_handle = $4, password_hash = NULL,
             linked_at = COALESCE(linked_at, $5)
         WHERE id = $1 AND version = $2 AND step = $6",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(profile)
    .bind(app.keys.seal(&*app.entropy, &handle))
    .bind(linked.then_some(app.now().0))
    .bind(&row.step)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, &row.id, changed.rows_affected()).await?;
    issue_ticket(app, session, tx, &row.id, row.version).await
}

/// Moves the linking to MAX, which is to say and to prove the number; what was known of a contact is put aside.
pub(super) async fn to_max_proof(app: &App, session: &Session, tx: &mut Tx, row: &Row) -> Result<(), Refusal> {
    let handle = crate::clock::token::<16>(&*app.entropy);
    let changed = sqlx::query(
        "UPDATE linkings SET step = 'max', profile_id = NULL, channel = NULL, contact = NULL, contact_known = NULL,
             delivery = NULL, sealed_return_handle = $3, password_hash = NULL
         WHERE id = $1 AND version = $2 AND step = $4",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(app.keys.seal(&*app.entropy, &handle))
    .bind(&row.step)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, &row.id, changed.rows_affected()).await?;
    issue_ticket(app, session, tx, &row.id, row.version).await
}

/// Puts a fresh ticket in the place of any older one.
pub(super) async fn issue_ticket(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    id: &str,
    version: i64,
) -> Result<(), Refusal> {
    let ticket = crate::clock::token::<16>(&*app.entropy);
    let digits = crate::clock::nine_digits(&*app.entropy);
    let now = app.now();
    let changed = sqlx::query(
        "UPDATE linkings SET ticket_hash = $3, sealed_ticket = $4, ticket_expires_at = $5, max_user = NULL, opened_at = NULL,
             ticket_digits_hash = $7, sealed_ticket_digits = $8, proven_in_max = NULL,
             trouble = NULL, trouble_phone = NULL, sealed_trouble_phone = NULL, version = version + 1, moved_at_version = version + 1, updated_at = $6
         WHERE id = $1 AND version = $2 AND step = 'max'",
    )
    .bind(id)
    .bind(version)
    .bind(app.keys.token_hash("ticket", &ticket))
    .bind(app.keys.seal(&*app.entropy, &ticket))
    .bind(now.plus(TICKET_LIFE).0)
    .bind(now.0)
    .bind(app.keys.token_hash("digits", &digits))
    .bind(app.keys.seal(&*app.entropy, &digits))
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, id, changed.rows_affected()).await
}
