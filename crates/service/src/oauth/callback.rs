//! `GET /diary/callback`: the diary sends the browser back; the account and its pupils are stored, the app gets a code.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use mostik_wire::Role;
use serde::Deserialize;

use super::{CODE_LIFE, authorize::send_back};
use crate::{
    app::App,
    db::Tx,
    diary::{self, DiaryFault, Family, Person},
    names,
    page::page,
    refusal::Refusal,
};

/// The address that is registered at the diary.
#[must_use]
pub fn address(app: &App) -> String {
    format!("{}/diary/callback", app.public_url)
}

/// What the diary says.
#[derive(Deserialize)]
pub struct Said {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Ends the sign-in at the diary. Whatever happened there, the app is told, so that it can tell the person.
///
/// # Errors
/// `overloaded` or `internal` when the database does not answer.
#[utoipa::path(get, path = "/diary/callback", tag = "oauth", params(
        ("state" = Option<String>, Query, description = "Ours"), ("code" = Option<String>, Query, description = "The diary's one-time code"),
        ("error" = Option<String>, Query, description = "The diary's refusal")),
    responses((status = 303, description = "To the app with `code`, `state`, `iss`, or with `error` = `access_denied` or `temporarily_unavailable`"),
        (status = 400, description = "A page: no such sign-in, or it took too long", content_type = "text/html")))]
pub async fn callback(State(app): State<App>, Query(said): Query<Said>) -> Result<Response, Refusal> {
    let state = said.state.unwrap_or_default();
    let mut tx = app.db.write().await?;
    let row: Option<(String, String, String, String, i64)> = sqlx::query_as(
        "DELETE FROM sign_ins WHERE state_hash = $1
         RETURNING client_id, redirect_uri, client_state, challenge, expires_at",
    )
    .bind(app.keys.token_hash("state", &state))
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some((client, redirect, client_state, challenge, expires_at)) = row.filter(|r| app.now().0 < r.4) else {
        let sentence =
            "Этот вход уже завершён или длился слишком долго. Вернитесь в приложение «Мостик» и начните его снова.";
        return Ok(page(StatusCode::BAD_REQUEST, "Вход не закончен", sentence, None));
    };
    debug_assert!(expires_at > 0);
    let back = |error| send_back(&app, &redirect, Some(&client_state), &[("error", error)]);
    let code = match (said.code, said.error.as_deref()) {
        (Some(code), None) => code,
        (_, Some("access_denied")) => return back("access_denied"),
        (_, other) => {
            tracing::warn!(known = other.is_some(), "the diary ended a sign-in without a code");
            return back("temporarily_unavailable");
        }
    };
    let signed_in = async {
        let tokens = diary::exchange(&app, &code, &address(&app), &app.keys.verifier(&state)).await?;
        let family = diary::family(&app, &tokens).await?;
        Ok::<_, DiaryFault>((tokens, family))
    };
    let (tokens, family) = match signed_in.await {
        Ok(both) => both,
        Err(fault) => {
            tracing::warn!(%fault, "a sign-in failed at the diary");
            return back("temporarily_unavailable");
        }
    };

    let one_time = crate::clock::token::<32>(&*app.entropy);
    let now = app.now();
    let mut tx = app.db.write().await?;
    let account = store(&app, &mut tx, &family, &diary::seal_tokens(&app, &tokens)?).await?;
    let session = app.new_id();
    sqlx::query(
        "INSERT INTO sessions (id, account_id, client_id, created_at, generation, confirmed) VALUES ($1, $2, $3, $4, 0, 0)",
    )
    .bind(&session)
    .bind(&account)
    .bind(&client)
    .bind(now.0)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO auth_codes (code_hash, session_id, redirect_uri, challenge, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(app.keys.token_hash("code", &one_time))
    .bind(&session)
    .bind(&redirect)
    .bind(&challenge)
    .bind(now.plus(CODE_LIFE).0)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    send_back(&app, &redirect, Some(&client_state), &[("code", &one_time)])
}

async fn store(app: &App, tx: &mut Tx, family: &Family, sealed_tokens: &str) -> Result<String, Refusal> {
    let me = &family.profile;
    let role = match me.kind.as_deref().map(str::to_lowercase) {
        Some(kind) if kind.starts_with("student") => Role::Pupil,
        Some(kind) if kind.starts_with("parent") => Role::Parent,
        _ => Role::Other,
    };
    let diary_user = diary::text(&me.user_id).or_else(|| diary::text(&me.id)).unwrap_or_default();
    let account: String = sqlx::query_scalar(
        "INSERT INTO accounts (id, diary_user, first_name, last_name, role, sealed_diary_tokens)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (diary_user) DO UPDATE SET first_name = $3, last_name = $4, role = $5, sealed_diary_tokens = $6
         RETURNING id",
    )
    .bind(app.new_id())
    .bind(diary_user)
    .bind(&me.first_name)
    .bind(&me.last_name)
    .bind(names::role_name(role))
    .bind(sealed_tokens)
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM account_pupils WHERE account_id = $1").bind(&account).execute(&mut **tx).await?;
    let pupils: Vec<&Person> = match role {
        Role::Other => Vec::new(),
        Role::Pupil if family.children.is_empty() => vec![me],
        _ => family.children.iter().collect(),
    };
    for (place, pupil) in (0i64..).zip(pupils) {
        let school = pupil.school.as_ref().and_then(|s| s.short_name.clone().or_else(|| s.name.clone()));
        let id: String = sqlx::query_scalar(
            "INSERT INTO pupils (id, diary_student, first_name, last_name, class_name, school, birth_date, middle_name, gender, diary_person)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (diary_student) DO UPDATE
             SET first_name = $3, last_name = $4, class_name = $5, school = $6, birth_date = $7, middle_name = $8, gender = $9,
                 diary_person = $10
             RETURNING id",
        )
        .bind(app.new_id())
        .bind(diary::text(&pupil.id).unwrap_or_default())
        .bind(&pupil.first_name)
        .bind(&pupil.last_name)
        .bind(pupil.class_name.as_deref().unwrap_or_default())
        .bind(school.filter(|s| !s.trim().is_empty()))
        .bind(&pupil.birth_date)
        .bind(pupil.middle_name.as_deref().filter(|name| !name.trim().is_empty()))
        .bind(diary::gender(&pupil.sex).map(names::gender_name))
        .bind(pupil.contingent_guid.as_deref().filter(|guid| !guid.is_empty()))
        .fetch_one(&mut **tx)
        .await?;
        sqlx::query(
            "INSERT INTO account_pupils (account_id, pupil_id, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(&account)
        .bind(id)
        .bind(place)
        .execute(&mut **tx)
        .await?;
    }
    Ok(account)
}
