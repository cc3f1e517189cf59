//! `POST /v1/linkings/{id}/password`: a password for the profile that is to be made.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, PasswordBody, StepName};

use super::{Row, after, at_step, for_change_at, must_have_changed};
use crate::{app::App, db::Tx, passwords, post::Post, refusal::Refusal};

/// Takes the password; only its hash is kept, with the linking until there is a profile.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/password", tag = "linkings", request_body = PasswordBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn password(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<PasswordBody>,
) -> Result<Response, Refusal> {
    // Hashing takes its time: not while the database waits.
    let hash = match hash(&app, &id, &post).await {
        Ok(hash) => hash,
        Err(refusal) => return Err(post.refuse(&app, refusal).await),
    };
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post, &hash).await;
    post.finish(&app, tx, result).await
}

async fn hash(app: &App, id: &str, post: &Post<PasswordBody>) -> Result<String, Refusal> {
    let row = at_step(app, &post.session, id, post.body.version, StepName::Password).await?;
    let context = context(&row);
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let password = passwords::check(&post.body.password, app.config.passwords.shortest, &context)?;
    app.hasher.hash(&*app.entropy, &password).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<PasswordBody>, hash: &str) -> Result<Linking, Refusal> {
    let session = &post.session;
    let row = for_change_at(app, session, tx, id, post.body.version, StepName::Password).await?;
    let changed = sqlx::query(
        "UPDATE linkings SET step = 'details', password_hash = $3, version = version + 1, moved_at_version = version + 1,
             updated_at = $4
         WHERE id = $1 AND version = $2 AND step = 'password'",
    )
    .bind(id)
    .bind(row.version)
    .bind(hash)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, id, changed.rows_affected()).await?;
    after(app, session, tx, id).await
}

/// What makes a password easy to guess for whoever knows the child.
pub(super) fn context(row: &Row) -> Vec<String> {
    let mut words = vec![row.pupil_first_name.clone(), row.pupil_last_name.clone(), row.pupil_class_name.clone()];
    words.extend(row.pupil_middle_name.clone());
    words.extend(row.pupil_school.iter().flat_map(|school| school.split_whitespace()).map(str::to_owned));
    words.extend([&row.profile_first_name, &row.profile_last_name].into_iter().flatten().cloned());
    if let Some(birth) = row.birth_date() {
        let date = birth.to_string();
        let (year, month, day) = (&date[..4], &date[5..7], &date[8..]);
        words.extend([date.clone(), format!("{day}{month}{year}"), format!("{day}.{month}.{year}"), year.to_owned()]);
    }
    if let Some(local) = row.contact.as_deref().and_then(|contact| contact.split('@').next()) {
        words.push(local.to_owned());
    }
    words.extend(["школа", "школьный", "мэш", "дневник", "сферум", "мостик"].map(str::to_owned));
    words
}
