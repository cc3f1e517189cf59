//! `POST /v1/linkings/{id}/profile-sign-in`: the password of the profile that the address has.
//!
//! The try is counted, and committed, before anything is compared; a right one is forgiven afterwards.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Code, LONGEST_PASSWORD, Linking, PasswordBody, Secret, StepName};

use super::{after, for_change_at, must_have_changed};
use crate::{app::App, db::Tx, limits::Budget, passwords::Verdict, post::Post, refusal::Refusal};

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
    let mut tx = post.begin(&app).await?;
    let counted = match count(&app, &mut tx, &id, &post).await {
        Ok(counted) => {
            if let Err(error) = tx.commit().await {
                return Err(post.refuse(&app, error.into()).await);
            }
            counted
        }
        Err(refusal) => return post.finish(&app, tx, Err(refusal)).await,
    };
    // Comparing takes its time: not while the database waits.
    let compared = compare(&app, &counted, &post.body.password).await;
    let mut tx = post.begin(&app).await?;
    match compared {
        Ok(compared) => {
            let result = work(&app, &mut tx, &id, &post, &counted, &compared).await;
            post.finish(&app, tx, result).await
        }
        Err(refusal) => {
            // Nothing was compared, so nothing is counted.
            Budget::of_password(&app, &mut tx, &counted.profile).await?.forgive(&mut tx, &counted.event).await?;
            tx.commit().await?;
            Err(post.refuse(&app, refusal).await)
        }
    }
}

// A try that was counted.
struct Counted {
    profile: String,
    event: String,
    hash: Option<String>,
}

struct Compared {
    right: bool,
    // Today's hash, where the stored one has become too cheap.
    better: Option<String>,
}

async fn count(app: &App, tx: &mut Tx, id: &str, post: &Post<PasswordBody>) -> Result<Counted, Refusal> {
    let row = for_change_at(app, &post.session, tx, id, post.body.version, StepName::Exists).await?;
    if post.body.password.expose().len() > LONGEST_PASSWORD * 4 {
        return Err(Refusal::new(Code::PasswordTooLong).detail("password"));
    }
    let profile = row.profile_id.clone().ok_or_else(|| row.wrong("a profile exists that is none"))?;
    let event = Budget::of_password(app, tx, &profile).await?.admit_try(app, tx).await?;
    let hash: Option<String> = sqlx::query_scalar("SELECT password_hash FROM profiles WHERE id = $1")
        .bind(&profile)
        .fetch_one(&mut **tx)
        .await?;
    Ok(Counted { profile, event, hash })
}

async fn compare(app: &App, counted: &Counted, typed: &Secret) -> Result<Compared, Refusal> {
    let verdict = app.hasher.verify(counted.hash.clone(), typed).await?;
    let better = match verdict {
        Verdict::RightButWeak => Some(app.hasher.rehash(&*app.entropy, typed).await?),
        Verdict::Right | Verdict::Wrong => None,
    };
    Ok(Compared { right: verdict != Verdict::Wrong, better })
}

async fn work(
    app: &App,
    tx: &mut Tx,
    id: &str,
    post: &Post<PasswordBody>,
    counted: &Counted,
    compared: &Compared,
) -> Result<Linking, Refusal> {
    let session = &post.session;
    let budget = Budget::of_password(app, tx, &counted.profile).await?;
    if !compared.right {
        let left = budget.left(tx).await?;
        return Err(Refusal::new(Code::PasswordWrong)
            .tries_left(left)
            .linking(after(app, session, tx, id).await?)
            .kept());
    }
    let row = for_change_at(app, session, tx, id, post.body.version, StepName::Exists).await?;
    // The password may have been set anew, or the profile linked, while this one was compared.
    let present: Option<String> = sqlx::query_scalar("SELECT password_hash FROM profiles WHERE id = $1")
        .bind(&counted.profile)
        .fetch_one(&mut **tx)
        .await?;
    if row.profile_id.as_ref() != Some(&counted.profile) || present != counted.hash {
        return Err(row.stale(app, session)?);
    }
    budget.forgive(tx, &counted.event).await?;
    if let Some(better) = &compared.better {
        sqlx::query("UPDATE profiles SET password_hash = $2 WHERE id = $1")
            .bind(&counted.profile)
            .bind(better)
            .execute(&mut **tx)
            .await?;
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
