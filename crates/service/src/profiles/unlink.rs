//! `POST /v1/pupils/{id}/profile/unlink`: the diary and the profile go separate ways; the profile stays.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Code, LogKind, ProvenBody, Unlinked};

use super::{
    held::Held,
    news::{People, event},
    proof::begin_proven,
};
use crate::{app::App, db::Tx, history, mail::News, outbox, post::Post, refusal::Refusal, session::Session};

/// Removes the link to the diary and those in the messengers; linking again works at once.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/pupils/{id}/profile/unlink", tag = "profiles", request_body = ProvenBody,
    params(("id" = String, Path, description = "The pupil's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Unlinked)), security(("access_token" = [])))]
pub async fn unlink(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ProvenBody>,
) -> Result<Response, Refusal> {
    let (mut tx, held) = begin_proven(&app, &id, &post).await?;
    let mut linking = String::new();
    let result = match held {
        Ok(held) => {
            linking.clone_from(&held.linking.id);
            work(&app, &mut tx, &post.session, &held).await
        }
        Err(refusal) => Err(refusal),
    };
    let answer = post.finish(&app, tx, result).await?;
    // Other windows that show the link.
    app.announce(&linking);
    Ok(answer)
}

async fn work(app: &App, tx: &mut Tx, session: &Session, held: &Held) -> Result<Unlinked, Refusal> {
    // Without its link nobody could call the deletion off.
    if held.deletes_at.is_some() {
        return Err(Refusal::new(Code::DeletionPending));
    }
    history::note(app, tx, &held.pupil, Some(session), LogKind::Unlinked).await?;
    // Told before the way to MAX is forgotten.
    let news = |name| News::Unlinked { name, event: event(app, session) };
    People::of(tx, &held.id).await?.tell(app, tx, session.language, news).await?;
    sqlx::query("DELETE FROM links WHERE pupil_id = $1").bind(&held.pupil).execute(&mut **tx).await?;
    // Who links the same two again need not be asked in MAX again.
    sqlx::query(
        "UPDATE profiles SET former_max_user = max_user, max_user = NULL, max_name = NULL, max_at = NULL, vk_user = NULL,
             vk_name = NULL, vk_at = NULL
         WHERE id = $1",
    )
    .bind(&held.id)
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM vk_sign_ins WHERE linking_id = $1").bind(&held.linking.id).execute(&mut **tx).await?;
    sqlx::query("UPDATE pupils SET former_profile = $2 WHERE id = $1")
        .bind(&held.pupil)
        .bind(&held.id)
        .execute(&mut **tx)
        .await?;
    outbox::drop_codes_of(tx, &held.linking.id).await?;
    sqlx::query(
        "UPDATE linkings SET step = 'closed', closed_reason = 'unlinked', channel = NULL, contact = NULL, profile_id = NULL,
             ticket_hash = NULL, sealed_ticket = NULL, sealed_return_handle = NULL, max_user = NULL, trouble = NULL,
             trouble_phone = NULL, vk_trouble = NULL, version = version + 1, moved_at_version = version + 1, updated_at = $2, moved_by = $3
         WHERE id = $1",
    )
    .bind(&held.linking.id)
    .bind(app.now().0)
    .bind(&session.account)
    .execute(&mut **tx)
    .await?;
    Ok(Unlinked { profile: held.id.clone(), at: app.now() })
}
