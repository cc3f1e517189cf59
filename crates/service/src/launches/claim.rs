//! `POST /v1/launches/claim`: a handle becomes a launch in the hands of one app. No session: the person may have to sign in
//! first, and the handle lives for a minute.

use axum::{Json, extract::State};
use mostik_store::launches::{self, Hashed, LaunchKey};
use mostik_wire::{ClaimLaunchBody, Code, FullName, Launch, Phone};

use super::{GRANT_LIFE, PAGE, person};
use crate::{app::App, clock::is_token, post::Body, refusal::Refusal};

/// Spends the handle. The same claim once more, its answer having been lost, gets the same answer. A phone that opens the
/// page's own address in the app claims with what that address bears.
///
/// # Errors
/// `launch_unknown`, `launch_expired`, `launch_used`; `malformed_request`.
#[utoipa::path(post, path = "/v1/launches/claim", tag = "launches", request_body = ClaimLaunchBody,
    responses((status = 200, body = Launch)))]
pub async fn claim(State(app): State<App>, Body(body): Body<ClaimLaunchBody>) -> Result<Json<Launch>, Refusal> {
    if !is_token(body.grant.expose()) {
        return Err(Refusal::new(Code::MalformedRequest).detail("grant: 22 characters of base64url are expected"));
    }
    if !is_token(body.handle.expose()) {
        return Err(Refusal::new(Code::LaunchUnknown));
    }
    let now = app.now();
    let grant = app.keys.token_hash("grant", body.grant.expose());
    let handle = app.keys.token_hash("handle", body.handle.expose());
    let by = LaunchKey::HandleOrPage { handle: &handle, page: &app.keys.token_hash(PAGE, body.handle.expose()) };
    // Read first: who guesses must not make the others wait for the one writer.
    let known = launches::find(&mut *app.store.reader().await?, by).await?;
    known.ok_or_else(|| Refusal::new(Code::LaunchUnknown))?;
    let mut tx = app.store.write().await?;
    let found = launches::find(&mut tx, by).await?.ok_or_else(|| Refusal::new(Code::LaunchUnknown))?;
    match &found.grant {
        Some(known) if known.hash == grant && found.accepted_at.is_none() => return shown(&app, &found, known),
        Some(_) => return Err(Refusal::new(Code::LaunchUsed)),
        None => {}
    }
    let by_handle = found.handle.as_ref().filter(|known| known.hash == handle);
    if now >= by_handle.unwrap_or(&found.page).expires_at {
        return Err(Refusal::new(Code::LaunchExpired));
    }
    let grant = Hashed { hash: grant, expires_at: now.plus(GRANT_LIFE) };
    if !launches::claim(&mut tx, &found.page.hash, &grant).await? {
        return Err(Refusal::new(Code::LaunchUsed));
    }
    tx.commit().await?;
    shown(&app, &found, &grant)
}

fn shown(app: &App, found: &launches::Launch, grant: &Hashed) -> Result<Json<Launch>, Refusal> {
    let person = person(app, &found.sealed_person)?;
    Ok(Json(Launch {
        max_name: FullName::new(&person.first_name, &person.last_name).masked(),
        phone_masked: person.phone.as_ref().map(Phone::masked),
        expires_at: grant.expires_at,
        server_time: app.now(),
    }))
}
