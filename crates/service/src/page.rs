//! The few pages that people see in a browser: nothing from elsewhere, nothing personal, and no scripts but the mini app's.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use crate::language::Language;

const STYLE: &str = "body{font:17px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;\
background:#f5f6f8;color:#17202e}main{max-width:26rem;padding:2rem;text-align:center}h1{font-size:1.4rem;margin:0 0 .6rem}\
p{margin:0 0 1.4rem;color:#4a5568}a,button{display:inline-block;background:#1f5fd0;color:#fff;text-decoration:none;\
padding:.8rem 1.4rem;border:0;border-radius:12px;font:inherit;font-weight:600;cursor:pointer}\
a:focus-visible,button:focus-visible{outline:3px solid #f2a900;outline-offset:2px}\
dl{display:grid;gap:.6rem;margin:0 0 1.4rem;padding:1rem 1.2rem;border-radius:12px;background:#fff;text-align:left}\
dt{font-size:.85rem;color:#4a5568}dd{margin:0;font-weight:600;overflow-wrap:anywhere}form{display:grid;gap:.7rem}\
button.no{background:none;color:inherit;box-shadow:inset 0 0 0 1.5px #8a95a5}\
@media(prefers-color-scheme:dark){body{background:#12161d;color:#eef1f6}p,dt{color:#aab4c3}\
a,button{background:#4d8bf5;color:#0b1220}dl{background:#1b212b}button.no{color:inherit}}";

/// A page with a heading, a sentence and perhaps one button that follows a link; the texts are ours, never a request's.
#[must_use]
pub fn page(status: StatusCode, heading: &str, sentence: &str, button: Option<(&str, &str)>) -> Response {
    page_in(Language::Ru, status, heading, sentence, &button.map(follow).unwrap_or_default())
}

/// A page in this language; `more` is HTML, with everything that is not ours [`escaped`].
#[must_use]
pub fn page_in(language: Language, status: StatusCode, heading: &str, sentence: &str, more: &str) -> Response {
    render(language, status, heading, sentence, "", more)
}

/// A page whose button posts to the page's own address.
#[must_use]
pub fn asking_page(heading: &str, sentence: &str, button: &str) -> Response {
    let form = format!("<form method=\"post\"><button>{button}</button></form>");
    page_in(Language::Ru, StatusCode::OK, heading, sentence, &form)
}

/// A page that follows its link by itself, with the button for where that does not happen.
#[must_use]
pub fn leading_page(heading: &str, sentence: &str, (text, href): (&str, &str)) -> Response {
    let head = format!("<meta http-equiv=\"refresh\" content=\"0;url={href}\">");
    render(Language::Ru, StatusCode::OK, heading, sentence, &head, &follow((text, href)))
}

/// A page with a script of ours, which may ask this service and nobody else.
#[must_use]
pub fn scripted_page(heading: &str, sentence: &str, script: &str) -> Response {
    let head = format!("<script type=\"module\" src=\"{script}\"></script>");
    let mut response = render(Language::Ru, StatusCode::OK, heading, sentence, &head, "");
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'none'; \
         base-uri 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// A link that looks like a button.
#[must_use]
pub fn follow((text, href): (&str, &str)) -> String {
    format!("<a href=\"{href}\">{text}</a>")
}

fn render(language: Language, status: StatusCode, heading: &str, sentence: &str, head: &str, more: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">{head}\
         <title>Мостик</title><style>{STYLE}</style><main><h1>{heading}</h1><p>{sentence}</p>{more}</main></html>",
        language.tag()
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A text as it may stand in HTML, attributes included.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
