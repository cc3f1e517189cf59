//! `POST /v1/pupils/{id}/profile/unlink-max` and `…/unlink-vk`: one messenger leaves, the other and the link to the diary stay.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Code, LogKind, Messenger, Profile, ProvenBody};

use super::{
    held::Held,
    news::{People, event},
    proof::begin_proven,
};
use crate::{app::App, db::Tx, history, mail::News, post::Post, refusal::Refusal, session::Session};

/// Unbinds the MAX account; binding it or another again works at once.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/pupils/{id}/profile/unlink-max", tag = "profiles", request_body = ProvenBody,
    params(("id" = String, Path, description = "The pupil's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Profile)), security(("access_token" = [])))]
pub async fn unlink_max(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ProvenBody>,
) -> Result<Response, Refusal> {
    unlink(&app, &id, post, Messenger::Max).await
}

/// Unbinds the VK account; binding it or another again works at once.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/pupils/{id}/profile/unlink-vk", tag = "profiles", request_body = ProvenBody,
    params(("id" = String, Path, description = "The pupil's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Profile)), security(("access_token" = [])))]
pub async fn unlink_vk(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ProvenBody>,
) -> Result<Response, Refusal> {
    unlink(&app, &id, post, Messenger::Vk).await
}

async fn unlink(app: &App, id: &str, post: Post<ProvenBody>, messenger: Messenger) -> Result<Response, Refusal> {
    let (mut tx, held) = begin_proven(app, id, &post).await?;
    let mut linking = String::new();
    let result = match held {
        Ok(held) => {
            linking.clone_from(&held.linking.id);
            work(app, &mut tx, &post.session, &held, messenger).await
        }
        Err(refusal) => Err(refusal),
    };
    let answer = post.finish(app, tx, result).await?;
    // Other windows that show the link.
    app.announce(&linking);
    Ok(answer)
}

async fn work(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    held: &Held,
    messenger: Messenger,
) -> Result<Profile, Refusal> {
    if held.deletes_at.is_some() {
        return Err(Refusal::new(Code::DeletionPending));
    }
    // Asked for twice, it is done once.
    if !held.is_in(messenger) {
        return held.profile(app);
    }
    let (unbind, kind, other) = match messenger {
        Messenger::Max => (
            "UPDATE profiles SET max_user = NULL, max_name = NULL, max_at = NULL WHERE id = $1",
            LogKind::LeftMax,
            Messenger::Vk,
        ),
        Messenger::Vk => (
            "UPDATE profiles SET vk_user = NULL, vk_name = NULL, vk_at = NULL WHERE id = $1",
            LogKind::LeftVk,
            Messenger::Max,
        ),
    };
    // The other one may have left since the person decided: who meant one messenger has not said yes to unlinking the whole.
    if !held.is_in(other) && !held.stands_alone()? {
        return Err(Refusal::new(Code::LastMessenger));
    }
    history::note(app, tx, &held.pupil, Some(session), kind).await?;
    // Told before the way to MAX is forgotten.
    let news = |name| News::MessengerUnlinked { name, messenger, event: event(app, session) };
    People::of(tx, &held.id).await?.tell(app, tx, session.language, news).await?;
    sqlx::query(unbind).bind(&held.id).execute(&mut **tx).await?;
    sqlx::query(
        "UPDATE linkings SET version = version + 1, moved_at_version = version + 1, updated_at = $2, moved_by = $3 WHERE id = $1",
    )
    .bind(&held.linking.id)
    .bind(app.now().0)
    .bind(&session.account)
    .execute(&mut **tx)
    .await?;
    Held::of(session, tx, &held.pupil).await?.profile(app)
}
