//! `GET` and `POST /open/{page}`: the page between MAX and the app. MAX's buttons open https alone; a phone that has the app
//! opens it at this very address (App Link, Universal Link), any other device shows the page.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use mostik_store::launches::{self, Hashed, Launch, LaunchKey};

use super::{HANDLE_LIFE, PAGE};
use crate::{
    app::App,
    clock,
    page::{asking_page, leading_page, page},
    refusal::Refusal,
};

const OPEN: &str = "Открыть Мостик";
const AGAIN: &str = "Вернитесь в чат с ботом «Мостик» в MAX и напишите ему что-нибудь: он пришлёт новую ссылку.";

/// The page with the button «Открыть Мостик». Looking at it changes nothing.
#[utoipa::path(get, path = "/open/{page}", tag = "pages", params(("page" = String, Path, description = "From the bot")),
    responses((status = 200, description = "The page", content_type = "text/html"), (status = 404, description = "No such link", content_type = "text/html"), (status = 410, description = "Over or used", content_type = "text/html")))]
pub async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Refusal> {
    let launch = by_page(&app, &token).await?;
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
#[utoipa::path(post, path = "/open/{page}", tag = "pages", params(("page" = String, Path, description = "From the bot")),
    responses((status = 200, description = "The page that leads into the app", content_type = "text/html"), (status = 404, description = "No such link", content_type = "text/html"), (status = 410, description = "Over or used", content_type = "text/html")))]
pub async fn lead_on(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Refusal> {
    let launch = match usable(&app, by_page(&app, &token).await?) {
        Ok(launch) => launch,
        Err(page) => return Ok(*page),
    };
    let handle = clock::token::<16>(&*app.entropy);
    let hashed =
        Hashed { hash: app.live().keys.token_hash("handle", &handle), expires_at: app.now().plus(HANDLE_LIFE) };
    let mut tx = app.store.write().await?;
    let led = launches::lead_on(&mut tx, &launch.page.hash, &hashed).await?;
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

async fn by_page(app: &App, token: &str) -> Result<Option<Launch>, Refusal> {
    if !clock::is_token(token) {
        return Ok(None);
    }
    let mut reader = app.store.reader().await?;
    for hash in app.live().keys.token_hashes(PAGE, token) {
        if let Some(found) = launches::find(&mut reader, LaunchKey::Page(&hash)).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

// Boxed, because a page is much larger than a launch.
fn usable(app: &App, launch: Option<Launch>) -> Result<Launch, Box<Response>> {
    match launch {
        None => Err(Box::new(page(StatusCode::NOT_FOUND, "Такой ссылки нет", AGAIN, None))),
        Some(launch) if launch.grant.is_some() => Err(Box::new(used())),
        Some(launch) if app.now() >= launch.page.expires_at => {
            Err(Box::new(page(StatusCode::GONE, "Ссылка больше не действует", AGAIN, None)))
        }
        Some(launch) => Ok(launch),
    }
}

fn used() -> Response {
    page(StatusCode::GONE, "По этой ссылке уже открывали «Мостик»", AGAIN, None)
}
