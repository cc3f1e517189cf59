//! `GET` and `POST /open/{door}`: the page between MAX and the app. MAX's buttons open https alone; a phone that has the app
//! opens it at this very address (App Link, Universal Link), any other device shows the page.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use super::HANDLE_LIFE;
use crate::{
    app::App,
    clock,
    page::{asking_page, leading_page, page},
    refusal::Refusal,
    store::launches::{self, By, Hashed, Launch},
};

const OPEN: &str = "Открыть Мостик";
const AGAIN: &str = "Вернитесь в чат с ботом «Мостик» в MAX и напишите ему что-нибудь: он пришлёт новую ссылку.";

/// The page with the button «Открыть Мостик». Looking at it changes nothing.
///
/// # Errors
/// `overloaded` or `internal` when the database does not answer.
#[utoipa::path(get, path = "/open/{door}", tag = "pages", params(("door" = String, Path, description = "From the bot")),
    responses((status = 200, description = "The page", content_type = "text/html"), (status = 410, description = "Over or used", content_type = "text/html")))]
pub async fn door(State(app): State<App>, Path(door): Path<String>) -> Result<Response, Refusal> {
    let launch = by_door(&app, &door).await?;
    Ok(match usable(&app, launch) {
        Ok(_) => asking_page(
            "Откройте «Мостик»",
            "Приложение покажет, чей это аккаунт MAX, и спросит, с каким дневником его связать.",
            OPEN,
        ),
        Err(page) => *page,
    })
}

/// Makes a link with a one-time handle and hands it to the browser; a handle made before no longer works.
///
/// # Errors
/// `overloaded` or `internal` when the database does not answer.
#[utoipa::path(post, path = "/open/{door}", tag = "pages", params(("door" = String, Path, description = "From the bot")),
    responses((status = 200, description = "The page that leads into the app", content_type = "text/html"), (status = 410, description = "Over or used", content_type = "text/html")))]
pub async fn step_through(State(app): State<App>, Path(door): Path<String>) -> Result<Response, Refusal> {
    let launch = match usable(&app, by_door(&app, &door).await?) {
        Ok(launch) => launch,
        Err(page) => return Ok(*page),
    };
    let handle = clock::token::<16>(&*app.entropy);
    let hashed = Hashed { hash: app.keys.token_hash("handle", &handle), expires_at: app.now().plus(HANDLE_LIFE) };
    let mut tx = app.store.write().await?;
    let led = launches::lead_on(&mut tx, &launch.door.hash, &hashed).await?;
    tx.commit().await?;
    if !led {
        return Ok(used());
    }
    let link = format!("mostik://open/{handle}");
    Ok(leading_page(
        "Открываем «Мостик»",
        "Если приложение не открылось само, нажмите кнопку. Ссылка действует минуту.",
        (OPEN, &link),
    ))
}

async fn by_door(app: &App, door: &str) -> Result<Option<Launch>, Refusal> {
    if !clock::is_token(door) {
        return Ok(None);
    }
    let hash = app.keys.token_hash("door", door);
    Ok(launches::find(&mut *app.store.reader().await?, By::Door(&hash)).await?)
}

// Boxed, because a page is much larger than a launch.
fn usable(app: &App, launch: Option<Launch>) -> Result<Launch, Box<Response>> {
    match launch {
        None => Err(Box::new(page(StatusCode::NOT_FOUND, "Такой ссылки нет", AGAIN, None))),
        Some(launch) if launch.grant.is_some() => Err(Box::new(used())),
        Some(launch) if app.now() >= launch.door.expires_at => {
            Err(Box::new(page(StatusCode::GONE, "Ссылка больше не действует", AGAIN, None)))
        }
        Some(launch) => Ok(launch),
    }
}

fn used() -> Response {
    page(StatusCode::GONE, "По этой ссылке уже открывали «Мостик»", AGAIN, None)
}
