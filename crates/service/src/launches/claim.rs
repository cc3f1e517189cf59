//! `POST /v1/launches/claim`: a handle becomes a launch in the hands of one app. No session: the person may have to sign in
//! first, and the handle lives for a minute.

use axum::{Json, extract::State};
use mostik_store::{
    Conn,
    launches::{self, Hashed, LaunchKey},
};
use mostik_wire::{ClaimLaunchBody, Code, FullName, Launch, Phone, Secret};

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
    // Read first: who guesses must not make the others wait for the one writer.
    let known = find(&app, &mut *app.store.reader().await?, &body).await?;
    known.ok_or_else(|| Refusal::new(Code::LaunchUnknown))?;
    let mut tx = app.store.write().await?;
    let found = find(&app, &mut tx, &body).await?.ok_or_else(|| Refusal::new(Code::LaunchUnknown))?;
    // What was kept is weighed with the key that has made it.
    let live = app.live();
    let is = |known: &Hashed, purpose: &str, token: &Secret| {
        live.keys.of(&known.hash).is_some_and(|key| key.token_hash(purpose, token.expose()) == known.hash)
    };
    match &found.grant {
        Some(known) if is(known, "grant", &body.grant) && found.accepted_at.is_none() => {
            return shown(&app, &found, known);
        }
        Some(_) => return Err(Refusal::new(Code::LaunchUsed)),
        None => {}
    }
    let by_handle = found.handle.as_ref().filter(|known| is(known, "handle", &body.handle));
    if now >= by_handle.unwrap_or(&found.page).expires_at {
        return Err(Refusal::new(Code::LaunchExpired));
    }
    let grant = Hashed { hash: live.keys.token_hash("grant", body.grant.expose()), expires_at: now.plus(GRANT_LIFE) };
    if !launches::claim(&mut tx, &found.page.hash, &grant).await? {
        return Err(Refusal::new(Code::LaunchUsed));
    }
    tx.commit().await?;
    shown(&app, &found, &grant)
}

async fn find(app: &App, conn: &mut Conn, body: &ClaimLaunchBody) -> Result<Option<launches::Launch>, Refusal> {
    for key in app.live().keys.readable() {
        let bears = body.handle.expose();
        let (handle, page) = (key.token_hash("handle", bears), key.token_hash(PAGE, bears));
        let by = LaunchKey::HandleOrPage { handle: &handle, page: &page };
        if let Some(found) = launches::find(conn, by).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
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
