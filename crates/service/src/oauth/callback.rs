//! `GET /diary/callback`: the diary sends the browser back; the account and its pupils are stored, the app gets a code.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use mostik_store::{
    Tx, blocks,
    family::{self, NewAccount, NewPupil},
    sessions::{self, NewSession},
    sign_ins::{self, NewCode},
};
use mostik_wire::Role;
use serde::Deserialize;

use super::{
    CODE_LIFE,
    redirect::{diary_callback, send_back},
    sign_in::SignIn,
};
use crate::{
    app::App,
    diary::{self, DiaryFault, Family, Person},
    page::page,
    refusal::Refusal,
};

/// The query with which the diary sends the browser back.
#[derive(Deserialize)]
pub struct DiaryAnswer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Ends the sign-in at the diary. Whatever happened there, the app is told, so that it can tell the person.
#[utoipa::path(get, path = "/diary/callback", tag = "oauth", params(
        ("state" = Option<String>, Query, description = "Ours"), ("code" = Option<String>, Query, description = "The diary's one-time code"),
        ("error" = Option<String>, Query, description = "The diary's refusal")),
    responses((status = 303, description = "To the app with `code`, `state`, `iss`, or with `error` = `access_denied` or `temporarily_unavailable`"),
        (status = 400, description = "A page: no such sign-in, or it took too long", content_type = "text/html")))]
pub async fn callback(State(app): State<App>, Query(answer): Query<DiaryAnswer>) -> Result<Response, Refusal> {
    let live = app.live();
    let opened = SignIn::open(&live.keys, &answer.state.unwrap_or_default());
    let Some((sign_in, key)) = opened.filter(|(sign_in, _)| app.now() < sign_in.expires_at) else {
        return Ok(over());
    };
    let hash = sign_in.hash(key);
    if sign_ins::has_ended(&mut *app.store.reader().await?, &hash).await? {
        return Ok(over());
    }
    let back = |error| send_back(&app, &sign_in.redirect_uri, Some(&sign_in.client_state), &[("error", error)]);
    let code = match (answer.code, answer.error.as_deref()) {
        (Some(code), None) => code,
        (_, Some("access_denied")) => return back("access_denied"),
        (_, other) => {
            tracing::warn!(known = other.is_some(), "the diary ended a sign-in without a code");
            return back("temporarily_unavailable");
        }
    };
    let signed_in = async {
        let tokens = diary::exchange(&app, &code, &diary_callback(&app), &sign_in.verifier(key)).await?;
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
    let mut tx = app.store.write().await?;
    // Only now, when somebody has signed in; with the session, so that no second one comes of it.
    if !sign_ins::end(&mut tx, &hash, sign_in.expires_at).await? {
        return Ok(over());
    }
    let account = keep(&app, &mut tx, &family, &diary::seal_tokens(&app, &tokens)?).await?;
    let session = app.new_id();
    let new = NewSession { id: &session, account: &account, client: &sign_in.client, now };
    sessions::begin(&mut tx, &new).await?;
    let code = NewCode {
        hash: &live.keys.token_hash("code", &one_time),
        session: &session,
        redirect_uri: &sign_in.redirect_uri,
        challenge: &sign_in.challenge,
        expires_at: now.plus(CODE_LIFE),
    };
    sign_ins::keep_code(&mut tx, &code).await?;
    tx.commit().await?;
    send_back(&app, &sign_in.redirect_uri, Some(&sign_in.client_state), &[("code", &one_time)])
}

fn over() -> Response {
    let sentence =
        "Этот вход уже завершён или длился слишком долго. Вернитесь в приложение «Мостик» и начните его снова.";
    page(StatusCode::BAD_REQUEST, "Вход не закончен", sentence, None)
}

async fn keep(app: &App, tx: &mut Tx, family: &Family, sealed_tokens: &str) -> Result<String, Refusal> {
    let me = &family.profile;
    let diary_user = diary::text(&me.user_id).or_else(|| diary::text(&me.id)).unwrap_or_default();
    // Nothing is kept of what the diary tells of a blocked account. The app hears why where it asks for tokens.
    if let Some(blocked) = blocks::account_of(tx, &diary_user).await? {
        return Ok(blocked);
    }
    let role = match me.kind.as_deref().map(str::to_lowercase) {
        Some(kind) if kind.starts_with("student") => Role::Pupil,
        Some(kind) if kind.starts_with("parent") => Role::Parent,
        _ => Role::Other,
    };
    let account = NewAccount {
        id: &app.new_id(),
        diary_user: &diary_user,
        first_name: &me.first_name,
        last_name: &me.last_name,
        role,
        sealed_tokens,
    };
    let account = family::keep_account(tx, &account).await?;
    let pupils: Vec<&Person> = match role {
        Role::Other => Vec::new(),
        Role::Pupil if family.children.is_empty() => vec![me],
        _ => family.children.iter().collect(),
    };
    let pupils: Vec<_> = pupils.into_iter().map(|pupil| (app.new_id(), diary::text(&pupil.id), pupil)).collect();
    let pupils: Vec<_> = pupils.iter().map(|(id, student, pupil)| told(id, student.as_deref(), pupil)).collect();
    family::keep_pupils(tx, &account, &pupils).await?;
    Ok(account)
}

fn told<'a>(id: &'a str, student: Option<&'a str>, pupil: &'a Person) -> NewPupil<'a> {
    let school = pupil.school.as_ref().and_then(|s| s.short_name.as_deref().or(s.name.as_deref()));
    NewPupil {
        id,
        diary_student: student.unwrap_or_default(),
        diary_person: pupil.contingent_guid.as_deref().filter(|guid| !guid.is_empty()),
        first_name: &pupil.first_name,
        last_name: &pupil.last_name,
        middle_name: pupil.middle_name.as_deref().filter(|name| !name.trim().is_empty()),
        class_name: pupil.class_name.as_deref().unwrap_or_default(),
        school: school.filter(|s| !s.trim().is_empty()),
        birth_date: pupil.birth_date.as_deref(),
        gender: diary::gender(&pupil.sex),
    }
}
