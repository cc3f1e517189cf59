//! `GET /continue/{token}`: what a phone's camera opens. A phone that has the app opens it at this very address (App Link,
//! Universal Link); any other device shows the page. Looking at it changes nothing.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use mostik_wire::HandOffStage;

use super::{by_token, pupil_name, stage};
use crate::{
    app::App,
    config::AppLinksConfig,
    language::Language,
    page::{escaped, follow, page_in},
    refusal::Refusal,
};

/// The page's words; a name in them is a masked one and escaped.
struct Texts {
    heading: &'static str,
    whose: fn(&str) -> String,
    open: &'static str,
    missing: &'static str,
    ask: &'static str,
    again: &'static str,
    for_android: &'static str,
    for_apple: &'static str,
    unknown: (&'static str, &'static str),
    over: (&'static str, &'static str),
    used: (&'static str, &'static str),
}

const RU: Texts = Texts {
    heading: "Продолжите в приложении «Мостик»",
    whose: |name| {
        format!(
            "Откроется дневник: <b>{name}</b><br>Войти нужно будет своим аккаунтом дневника, без него ничего не видно."
        )
    },
    open: "Открыть Мостик",
    missing: "Приложения ещё нет?",
    ask: "Спросите в школе, где его взять.",
    again: "Потом вернитесь на эту страницу.",
    for_android: "Установить на Android",
    for_apple: "Установить на iPhone или iPad",
    unknown: (
        "Такого кода нет",
        "Наведите камеру на код в «Мостике» ещё раз. Код из другого приложения здесь не подойдёт.",
    ),
    over: ("Код больше не действует", "Нажмите в «Мостике» на компьютере «Отправить на телефон»: там появится новый."),
    used: (
        "По этому коду уже открыли «Мостик»",
        "Код срабатывает один раз. Нажмите на компьютере «Отправить на телефон»: там появится новый.",
    ),
};

const EN: Texts = Texts {
    heading: "Go on in the app “Мостик”",
    whose: |name| {
        format!(
            "It opens this diary: <b>{name}</b><br>You sign in with your own diary account; without it nothing is seen."
        )
    },
    open: "Open Mostik",
    missing: "No app yet?",
    ask: "Ask your school where to get it.",
    again: "Then come back to this page.",
    for_android: "Install on Android",
    for_apple: "Install on iPhone or iPad",
    unknown: (
        "There is no such code",
        "Point the camera at the code in Mostik once more. A code of another app does not fit.",
    ),
    over: ("This code is over", "Press “Send to phone” in Mostik on the computer: a new one appears there."),
    used: (
        "Mostik was opened by this code already",
        "A code works once. Press “Send to phone” on the computer: a new one appears there.",
    ),
};

/// The page with the button «Открыть Мостик»: whose diary it is, masked, and where the app is to be had.
#[utoipa::path(get, path = "/continue/{token}", tag = "pages", params(("token" = String, Path, description = "From `POST /v1/hand-offs`")),
    responses((status = 200, description = "The page", content_type = "text/html"), (status = 404, description = "No hand-off", content_type = "text/html"),
        (status = 410, description = "Over or used", content_type = "text/html")))]
pub async fn show(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, Refusal> {
    let language = Language::of(&headers);
    let t = match language {
        Language::Ru => RU,
        Language::En => EN,
    };
    let said = |status, (heading, sentence): (&str, &str)| page_in(language, status, heading, sentence, "");
    let Some(found) = by_token(&app, &mut *app.store.reader().await?, &token).await? else {
        return Ok(said(StatusCode::NOT_FOUND, t.unknown));
    };
    Ok(match stage(&found, app.now()) {
        HandOffStage::Waiting | HandOffStage::Seen => {
            let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
            let button = follow((t.open, &format!("mostik://continue/{token}")));
            let more = format!("{button}{}", where_to_get(&app.live().config.app_links, agent, &t));
            page_in(language, StatusCode::OK, t.heading, &(t.whose)(&escaped(&pupil_name(&found))), &more)
        }
        HandOffStage::Taken => said(StatusCode::GONE, t.used),
        HandOffStage::Over => said(StatusCode::GONE, t.over),
    })
}

/// The app's page in the store of this device; where the device is not known, in each store.
fn where_to_get(config: &AppLinksConfig, agent: &str, t: &Texts) -> String {
    let stores = [
        (&["Android"][..], t.for_android, &config.android_page),
        (&["iPhone", "iPad"][..], t.for_apple, &config.apple_page),
    ];
    let known = |marks: &[&str]| marks.iter().any(|mark| agent.contains(mark));
    let any = stores.iter().any(|(marks, ..)| known(marks));
    let links: Vec<String> = stores
        .iter()
        .filter(|(marks, ..)| !any || known(marks))
        .filter_map(|(_, words, page)| Some(follow((words, &escaped(page.as_deref()?)))))
        .collect();
    let rest = if links.is_empty() { t.ask.to_owned() } else { format!("{} {}", links.join(" "), t.again) };
    format!("<p class=\"more\">{} {rest}</p>", t.missing)
}
