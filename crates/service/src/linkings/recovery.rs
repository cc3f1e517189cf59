//! `POST /v1/linkings/{id}/recovery`: the code and the new password.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Code, Linking, LogKind, RecoveryBody, StepName};

use super::{Purpose, Row, after, at_step, for_change_at, must_have_changed, password::context, proof::prove};
use crate::{
    app::App, db::Tx, history, limits::Budget, passwords, post::Post, profiles, refusal::Refusal, session::Session,
};

/// Sets the profile's password anew. Linkings that had signed in with the old one must sign in again, and the address is
/// told. A password that will not do costs no try.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/recovery", tag = "linkings", request_body = RecoveryBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn recovery(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<RecoveryBody>,
) -> Result<Response, Refusal> {
    // Hashing takes its time: not while the database waits.
    let hash = match hash(&app, &id, &post).await {
        Ok(hash) => hash,
        Err(refusal) => return Err(post.refuse(&app, refusal).await),
    };
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post, &hash).await;
    let moved = match result {
        Ok((linking, moved)) => (Ok(linking), moved),
        Err(refusal) => (Err(refusal), Vec::new()),
    };
    let answer = post.finish(&app, tx, moved.0).await?;
    for id in moved.1 {
        app.announce(&id);
    }
    Ok(answer)
}

async fn hash(app: &App, id: &str, post: &Post<RecoveryBody>) -> Result<String, Refusal> {
    let code = post.body.code.expose();
    if code.len() != 8 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::new(Code::MalformedRequest).detail("code: eight digits are expected"));
    }
    let row = at_step(app, &post.session, id, post.body.version, StepName::Recovery).await?;
    let context = context(&row);
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let password = passwords::check(&post.body.password, app.config.passwords.shortest, &context)?;
    app.hasher.hash(&*app.entropy, &password).await
}

async fn work(
    app: &App,
    tx: &mut Tx,
    id: &str,
    post: &Post<RecoveryBody>,
    hash: &str,
) -> Result<(Linking, Vec<String>), Refusal> {
    let session = &post.session;
    let row = for_change_at(app, session, tx, id, post.body.version, StepName::Recovery).await?;
    let row = prove(app, session, tx, row, Purpose::Recovery, post.body.code.expose()).await?;
    let profile = row.profile_id.clone().ok_or_else(|| row.wrong("a recovery of no profile"))?;
    sqlx::query("UPDATE profiles SET password_hash = $2 WHERE id = $1")
        .bind(&profile)
        .bind(hash)
        .execute(&mut **tx)
        .await?;
    // What was guessed at is gone.
    Budget::of_password(app, tx, &profile).await?.forgive_all(tx).await?;
    let moved = sign_others_out(app, tx, &row, &profile).await?;
    history::note(app, tx, &row.pupil_id, Some(session), LogKind::PasswordChanged).await?;
    profiles::tell_of_password(app, session, tx, &profile).await?;
    to_profile(app, session, tx, &row).await?;
    Ok((after(app, session, tx, id).await?, moved))
}

// Who signed in with the old password and has not linked yet must show the new one.
async fn sign_others_out(app: &App, tx: &mut Tx, row: &Row, profile: &str) -> Result<Vec<String>, Refusal> {
    Ok(sqlx::query_scalar(
        "UPDATE linkings SET step = 'exists', version = version + 1, moved_at_version = version + 1, updated_at = $3
         WHERE profile_id = $1 AND id <> $2 AND step = 'profile' AND channel = 'mail' RETURNING id",
    )
    .bind(profile)
    .bind(&row.id)
    .bind(app.now().0)
    .fetch_all(&mut **tx)
    .await?)
}

async fn to_profile(app: &App, session: &Session, tx: &mut Tx, row: &Row) -> Result<(), Refusal> {
    let changed = sqlx::query(
        "UPDATE linkings SET step = 'profile', version = version + 1, moved_at_version = version + 1, updated_at = $3
         WHERE id = $1 AND version = $2 AND step = 'recovery'",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, &row.id, changed.rows_affected()).await
}
