//! `GET /vk/callback`: VK ID sends the browser back; whoever sits there is asked whether that account is to be bound.

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use mostik_wire::VkTrouble;
use serde::Deserialize;

use super::{Begun, Kept, SIGN_IN_LIFE, id, outcome::Outcome};
use crate::{
    app::App,
    clock,
    language::Language,
    linkings::{self, Account},
    refusal::Refusal,
};

/// The address that is registered at VK ID.
#[must_use]
pub fn address(app: &App) -> String {
    format!("{}/vk/callback", app.public_url)
}

/// What VK ID says.
#[derive(Deserialize)]
pub struct Said {
    state: Option<String>,
    code: Option<String>,
    device_id: Option<String>,
    error: Option<String>,
}

/// Ends the sign-in at VK ID with a question to the person, or with what went wrong; the app is told of the latter.
///
/// # Errors
/// `overloaded` or `internal` when the database does not answer.
#[utoipa::path(get, path = "/vk/callback", tag = "pages", params(
        ("state" = Option<String>, Query, description = "Ours"), ("code" = Option<String>, Query, description = "VK ID's one-time code"),
        ("device_id" = Option<String>, Query, description = "What VK ID wants back with the code"),
        ("error" = Option<String>, Query, description = "VK ID's refusal")),
    responses((status = 200, description = "A page: the question, or that the person said no to VK ID", content_type = "text/html"),
        (status = 400, description = "A page: no such sign-in, or it took too long", content_type = "text/html"),
        (status = 409, description = "A page: the account is another profile's, or the linking has moved on", content_type = "text/html"),
        (status = 502, description = "A page: VK ID does not answer", content_type = "text/html")))]
pub async fn callback(
    State(app): State<App>,
    headers: HeaderMap,
    Query(said): Query<Said>,
) -> Result<Response, Refusal> {
    let state = said.state.unwrap_or_default();
    let Some(begun) = take(&app, &state).await? else {
        return Ok(Outcome::Stale.page(Language::of(&headers), None));
    };
    let account = match (said.code, said.device_id, said.error.as_deref()) {
        (Some(code), Some(device), None) => id::account(&app, &state, &code, &device).await,
        (_, _, Some("access_denied")) => return failed(&app, &begun, VkTrouble::Refused).await,
        (_, _, other) => {
            tracing::warn!(known = other.is_some(), "VK ID ended a sign-in without a code");
            return failed(&app, &begun, VkTrouble::Unavailable).await;
        }
    };
    match account {
        Ok(account) => ask(&app, &begun, &account).await,
        Err(fault) => {
            tracing::warn!(%fault, "a sign-in failed");
            failed(&app, &begun, VkTrouble::Unavailable).await
        }
    }
}

async fn take(app: &App, state: &str) -> Result<Option<Begun>, Refusal> {
    let mut tx = app.db.write().await?;
    let begun = match Kept::take(app, &mut tx, "state_hash", app.keys.token_hash("vk_state", state)).await? {
        Some(kept) => Begun::of(&mut tx, kept).await?,
        None => None,
    };
    tx.commit().await?;
    Ok(begun)
}

async fn failed(app: &App, begun: &Begun, trouble: VkTrouble) -> Result<Response, Refusal> {
    let mut tx = app.db.write().await?;
    begun.fail(app, &mut tx, trouble).await?;
    let row = linkings::by_id(&mut *tx, &begun.linking).await?;
    tx.commit().await?;
    app.announce(&begun.linking);
    Ok(Outcome::of(trouble).page(begun.session.language, super::back(app, row.as_ref())?.as_deref()))
}

async fn ask(app: &App, begun: &Begun, account: &Account) -> Result<Response, Refusal> {
    let mut tx = app.db.write().await?;
    let Some(row) = begun.linking(&mut tx).await? else {
        return Ok(Outcome::MovedOn.page(begun.session.language, None));
    };
    // Said before the person is asked for a yes that would come to nothing; what decides is the unique key.
    if account.is_elsewhere(&mut tx, &begun.profile).await? {
        tx.rollback().await?;
        return failed(app, begun, VkTrouble::AccountTaken).await;
    }
    let answer = clock::token::<32>(&*app.entropy);
    let kept = sqlx::query(
        "INSERT INTO vk_sign_ins (linking_id, profile_id, session_id, language, answer_hash, vk_user, vk_name, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (linking_id) DO NOTHING",
    )
    .bind(&begun.linking)
    .bind(&begun.profile)
    .bind(&begun.session.id)
    .bind(begun.session.language.tag())
    .bind(app.keys.token_hash("vk_answer", &answer))
    .bind(account.user)
    .bind(&account.name)
    .bind(app.now().plus(SIGN_IN_LIFE).0)
    .execute(&mut *tx)
    .await?;
    if kept.rows_affected() == 0 {
        // Begun anew meanwhile: that one counts.
        return Ok(Outcome::Stale.page(begun.session.language, None));
    }
    sqlx::query("UPDATE linkings SET version = version + 1, updated_at = $2 WHERE id = $1")
        .bind(&begun.linking)
        .bind(app.now().0)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    app.announce(&begun.linking);
    super::outcome::question(begun.session.language, &row, account.name.as_deref().unwrap_or_default(), &answer)
}
