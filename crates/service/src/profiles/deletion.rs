//! `POST /v1/pupils/{id}/profile/deletion` and `…/keep`: the profile will be deleted in a day, unless that is called off.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Code, LogKind, Millis, Profile, ProfileBody, ProvenBody};

use super::{
    held::Held,
    news::{People, event},
    proof::begin_proven,
};
use crate::{app::App, clock::DAY, db::Tx, history, mail::News, post::Post, refusal::Refusal, session::Session};

/// Time to think better of it, and for whoever did not ask for it to notice the letter.
pub const DELAY: i64 = DAY;

/// Asks for the deletion: due in 24 hours, told at once.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/pupils/{id}/profile/deletion", tag = "profiles", request_body = ProvenBody,
    params(("id" = String, Path, description = "The pupil's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Profile)), security(("access_token" = [])))]
pub async fn deletion(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ProvenBody>,
) -> Result<Response, Refusal> {
    let (mut tx, held) = begin_proven(&app, &id, &post).await?;
    let linking = held.as_ref().map(|held| held.linking.id.clone()).unwrap_or_default();
    let result = match held {
        Ok(held) => ask(&app, &mut tx, &post.session, &held).await,
        Err(refusal) => Err(refusal),
    };
    let answer = post.finish(&app, tx, result).await?;
    // Other windows that show the link.
    app.announce(&linking);
    Ok(answer)
}

async fn ask(app: &App, tx: &mut Tx, session: &Session, held: &Held) -> Result<Profile, Refusal> {
    if held.deletes_at.is_some() {
        return Err(Refusal::new(Code::DeletionPending));
    }
    let due = app.now().plus(DELAY);
    note(app, tx, held, Some((due, session.language.tag()))).await?;
    history::note(app, tx, &held.pupil, Some(session), LogKind::DeletionAsked).await?;
    let news = |name| News::DeletionAsked { name, event: event(app, session), due };
    People::of(tx, &held.id).await?.tell(app, tx, session.language, news).await?;
    Held::of(session, tx, &held.pupil).await?.profile(app)
}

/// Calls the deletion off. Nothing is proven for that: it only keeps what is there.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/pupils/{id}/profile/keep", tag = "profiles", request_body = ProfileBody,
    params(("id" = String, Path, description = "The pupil's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Profile)), security(("access_token" = [])))]
pub async fn keep(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ProfileBody>,
) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let held = Held::meant(&post.session, &mut tx, &id, &post.body.profile).await;
    let linking = held.as_ref().map(|held| held.linking.id.clone()).unwrap_or_default();
    let result = match held {
        Ok(held) => call_off(&app, &mut tx, &post.session, &held).await,
        Err(refusal) => Err(refusal),
    };
    let answer = post.finish(&app, tx, result).await?;
    app.announce(&linking);
    Ok(answer)
}

async fn call_off(app: &App, tx: &mut Tx, session: &Session, held: &Held) -> Result<Profile, Refusal> {
    // Asked for twice, it is kept once.
    if held.deletes_at.is_some() {
        note(app, tx, held, None).await?;
        history::note(app, tx, &held.pupil, Some(session), LogKind::DeletionCalledOff).await?;
        let news = |name| News::DeletionCalledOff { name, event: event(app, session) };
        People::of(tx, &held.id).await?.tell(app, tx, session.language, news).await?;
    }
    Held::of(session, tx, &held.pupil).await?.profile(app)
}

async fn note(app: &App, tx: &mut Tx, held: &Held, deletion: Option<(Millis, &str)>) -> Result<(), Refusal> {
    sqlx::query("UPDATE profiles SET deletes_at = $2, deletion_language = $3 WHERE id = $1")
        .bind(&held.id)
        .bind(deletion.map(|(due, _)| due.0))
        .bind(deletion.map(|(_, language)| language))
        .execute(&mut **tx)
        .await?;
    // Whoever follows the linking hears of it.
    sqlx::query("UPDATE linkings SET version = version + 1, updated_at = $2 WHERE id = $1")
        .bind(&held.linking.id)
        .bind(app.now().0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
