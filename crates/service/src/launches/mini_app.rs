//! MAX shows `GET /app` as the bot's mini app and puts signed data about the person into the address; the page hands it to
//! `POST /v1/launches/mini-app`.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use maxoxide::miniapp::{MiniAppInitData, MiniAppValidationError, MiniAppValidator};
use mostik_store::max;
use mostik_wire::{Code, LaunchPage, MiniAppBody};

use super::{Person, make};
use crate::{app::App, page::scripted_page, post::Body, refusal::Refusal};

/// Moments after this, read as seconds, are milliseconds: MAX's own documents show both. It is the year 5138.
const LATEST_SECONDS: u64 = 100_000_000_000;
/// How old the data may be: what MAX recommends.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// How much MAX's clock may be ahead of ours.
const AHEAD: Duration = Duration::from_secs(30);

/// Reads the data that MAX put behind the address, and goes on to the page that it is answered with.
const SCRIPT: &str = include_str!("mini_app.js");

/// The mini app: nothing but a way on. It cannot do its work without the script, and says so.
#[utoipa::path(get, path = "/app", tag = "pages", responses((status = 200, description = "The page", content_type = "text/html")))]
pub async fn mini_app() -> Response {
    // Shown within MAX, so that it may be framed.
    scripted_page(
        "Открываем «Мостик»",
        "Если ничего не происходит, закройте это окно и откройте его ещё раз из чата с ботом «Мостик» в MAX.",
        "/app.js",
    )
}

/// The mini app's script.
#[utoipa::path(get, path = "/app.js", tag = "pages", responses((status = 200, description = "The script", content_type = "text/javascript")))]
pub async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

/// Takes MAX's word for who the person is, and answers with the page that leads on. The number is not in that data: the
/// bot asks for it when the launch is accepted.
///
/// # Errors
/// `launch_unknown` where the data is not MAX's, `launch_expired` where it is older than an hour, `launch_used` where it
/// was handed in before; `malformed_request`.
#[utoipa::path(post, path = "/v1/launches/mini-app", tag = "launches", request_body = MiniAppBody,
    responses((status = 200, body = LaunchPage)))]
pub async fn enter(State(app): State<App>, Body(body): Body<MiniAppBody>) -> Result<Json<LaunchPage>, Refusal> {
    let data = validate(&app, body.init_data.expose())?;
    let user = data.user.ok_or_else(|| Refusal::new(Code::LaunchUnknown).detail("init_data: no user"))?;
    let person = Person { first_name: user.first_name, last_name: user.last_name.unwrap_or_default(), phone: None };
    let mut tx = app.store.write().await?;
    // MAX makes new data each time it opens the mini app: the same once more is a copy.
    if !max::hear(&mut tx, &app.live().keys.keyed(|key| key.token_hash("mini-app", body.init_data.expose())), app.now())
        .await?
    {
        return Err(Refusal::new(Code::LaunchUsed));
    }
    let url = make(&app, &mut tx, user.id, &person).await?;
    tx.commit().await?;
    Ok(Json(LaunchPage { url }))
}

fn validate(app: &App, init_data: &str) -> Result<MiniAppInitData, Refusal> {
    let written = url::form_urlencoded::parse(init_data.as_bytes()).find(|(key, _)| key == "auth_date");
    let written = written.and_then(|(_, value)| value.parse::<u64>().ok()).unwrap_or_default();
    let (unit, factor) = if written > LATEST_SECONDS { (1, 1000) } else { (1000, 1) };
    let now = u64::try_from(app.now().0 / unit).unwrap_or_default();
    let check = |token: &str| {
        MiniAppValidator::new(token).and_then(|validator| {
            validator.max_age(LONGEST * factor).future_tolerance(AHEAD * factor).validate_at(init_data, now)
        })
    };
    let live = app.live();
    let present = check(&live.config.max.token);
    // Signed with the token before, perhaps.
    let checked =
        present.or_else(|error| live.max_tokens(app.now()).skip(1).find_map(|token| check(token).ok()).ok_or(error));
    checked.map_err(|error| {
        let code =
            if matches!(error, MiniAppValidationError::Expired) { Code::LaunchExpired } else { Code::LaunchUnknown };
        Refusal::new(code).detail("init_data")
    })
}
