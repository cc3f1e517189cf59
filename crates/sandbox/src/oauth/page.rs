//! The page that asks who signs in, and the pages that say why nobody can.

use std::fmt::Write as _;

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use url::Url;

use crate::http::{PAGE_HEADERS, escape};

/// The words and names of a party's sign-in page.
pub(crate) struct SignInPage {
    /// Above the question.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// On the tape.
    pub(crate) warning: &'static str,
    /// Where the page posts to.
    pub(crate) action: &'static str,
    /// The field with the answer.
    pub(crate) field: &'static str,
    /// Before the value in `data-testid`.
    pub(crate) testid: &'static str,
}

/// Somebody who may sign in.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) full_name: String,
    pub(crate) detail: String,
}

/// «Кто входит?»; `request` is what the page waits for.
pub(crate) fn ask(page: &SignInPage, lead: &str, request: &str, choices: impl Iterator<Item = Choice>) -> Response {
    let mut rows = String::new();
    for choice in choices {
        let initials: String =
            [&choice.first_name, &choice.last_name].iter().filter_map(|name| name.chars().next()).collect();
        // Writing to a String cannot fail.
        write!(
            rows,
            "<button class=\"account\" name=\"{field}\" value=\"{value}\" data-testid=\"{testid}-{value}\">\
             <span class=\"face\" aria-hidden=\"true\">{initials}</span>\
             <span class=\"who\"><b>{name}</b><span>{detail}</span></span>\
             <span class=\"go\" aria-hidden=\"true\"></span></button>",
            field = page.field,
            testid = page.testid,
            value = escape(&choice.value),
            initials = escape(&initials),
            name = escape(&choice.full_name),
            detail = escape(&choice.detail),
        )
        .unwrap_or_default();
    }
    let main = format!(
        "<p class=\"over\">{over}</p><h1>Кто входит?</h1><p class=\"lead\">{lead}</p>\
         <form method=\"post\" action=\"{action}\"><input type=\"hidden\" name=\"request\" value=\"{request}\">\
         <div class=\"accounts\">{rows}</div>\
         <button class=\"refuse\" name=\"refuse\" value=\"1\" data-testid=\"refuse\">Отказаться</button></form>",
        over = page.name,
        lead = escape(lead),
        action = page.action,
    );
    (PAGE_HEADERS, Html(frame(page, page.title, &main))).into_response()
}

/// Sends the browser back to the application; empty fields stay out.
pub(crate) fn redirect(page: &SignInPage, uri: &str, fields: &[(&str, &str)]) -> Response {
    let Ok(mut url) = Url::parse(uri) else {
        return refusal(page, "Адрес возврата не читается", "Проверьте redirect_uri в настройках приложения.");
    };
    url.query_pairs_mut().extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()));
    (StatusCode::SEE_OTHER, [(header::LOCATION, String::from(url)), (header::CACHE_CONTROL, "no-store".into())])
        .into_response()
}

/// The answer names an account that is not on the page.
pub(crate) fn stranger(page: &SignInPage) -> Response {
    refusal(page, "Такой учётной записи нет", "Вернитесь назад и выберите запись из списка.")
}

/// The answer belongs to no open request.
pub(crate) fn too_late(page: &SignInPage) -> Response {
    refusal(page, "Вход устарел или уже завершён", "Вернитесь в приложение и начните вход ещё раз.")
}

/// A page that sends nobody anywhere.
pub(crate) fn refusal(page: &SignInPage, title: &str, advice: &str) -> Response {
    notice(page, StatusCode::BAD_REQUEST, title, advice)
}

/// A page with a title and one sentence.
pub(crate) fn notice(page: &SignInPage, status: StatusCode, title: &str, advice: &str) -> Response {
    let main = format!("<h1>{}</h1><p class=\"lead\">{}</p>", escape(title), escape(advice));
    (status, PAGE_HEADERS, Html(frame(page, title, &main))).into_response()
}

fn frame(page: &SignInPage, title: &str, main: &str) -> String {
    format!(
        "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} — учебный стенд</title>\
         <link rel=\"icon\" href=\"/assets/icon.svg\"><link rel=\"stylesheet\" href=\"/assets/stand.css\">\
         <link rel=\"stylesheet\" href=\"/assets/diary.css\"></head><body>\
         <header class=\"tape\"><span class=\"tag\">Учебный стенд</span>\
         <p><b>{warning}</b> <span>Люди выдуманы, пароль не нужен.</span></p></header>\
         <main class=\"sheet\">{main}</main></body></html>",
        title = escape(title),
        warning = page.warning,
    )
}
