//! `POST /v1/linkings/{id}/profile-sign-in`: the password of the profile that the address has.
//!
//! The try is counted, and committed, before anything is compared; a right one is forgiven afterwards.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Code, Linking, PasswordBody, StepName};

use super::{after, for_change_at, must_have_changed};
use crate::{
    app::App,
    db::Tx,
    passwords::{Outcome, Trial},
    post::Post,
    refusal::Refusal,
};

/// Signs in to the found profile. A wrong password is counted against the profile, from whichever linking it comes.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/profile-sign-in", tag = "linkings", request_body = PasswordBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn profile_sign_in(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<PasswordBody>,
) -> Result<Response, Refusal> {
    // Comparing takes its time: not while the database waits.
    let trial = match trial(&app, &id, &post).await {
        Ok(trial) => trial,
        Err(refusal) => return Err(post.refuse(&app, refusal).await),
    };
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post, trial).await;
    post.finish(&app, tx, result).await
}

async fn trial(app: &App, id: &str, post: &Post<PasswordBody>) -> Result<Trial, Refusal> {
    let mut tx = app.db.write().await?;
    let row = for_change_at(app, &post.session, &mut tx, id, post.body.version, StepName::Exists).await?;
    let profile = row.profile_id.clone().ok_or_else(|| row.wrong("a profile exists that is none"))?;
    let counted = Trial::count(app, &mut tx, &profile, &post.body.password).await?;
    tx.commit().await?;
    counted.compare(app, &post.body.password).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<PasswordBody>, trial: Trial) -> Result<Linking, Refusal> {
    let session = &post.session;
    let profile = trial.profile().to_owned();
    let outcome = trial.settle(app, tx).await?;
    if let Outcome::Wrong { left } = outcome {
        let linking = after(app, session, tx, id).await?;
        return Err(Refusal::new(Code::PasswordWrong).tries_left(left).linking(linking).kept());
    }
    let row = for_change_at(app, session, tx, id, post.body.version, StepName::Exists).await?;
    // The password may have been set anew, or the profile linked, while this one was compared.
    if row.profile_id != Some(profile) || outcome == Outcome::Outdated {
        return Err(row.stale(app, session)?);
    }
    let changed = sqlx::query(
        "UPDATE linkings SET step = 'profile', version = version + 1, moved_at_version = version + 1, updated_at = $3
         WHERE id = $1 AND version = $2 AND step = 'exists'",
    )
    .bind(id)
    .bind(row.version)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, id, changed.rows_affected()).await?;
    after(app, session, tx, id).await
}
