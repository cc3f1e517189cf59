//! The few pages that people see in a browser: nothing from elsewhere, no more of a person than a masked name,
//! and no scripts but the mini app's.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use crate::language::Language;

// The window's colours, in a page that brings nothing with it.
const STYLE: &str = "body{font:17px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;\
background:#f3f7f7;color:#11272d}main{max-width:26rem;padding:2rem;text-align:center}h1{font-size:1.5rem;line-height:1.25;\
margin:0 0 .6rem}p{margin:0 0 1.4rem;color:#4a6067}a,button{display:inline-block;box-sizing:border-box;min-height:52px;border:0;\
font:inherit;font-weight:600;cursor:pointer;background:#0b5a6b;color:#fff;text-decoration:none;padding:.8rem 1.6rem;border-radius:14px}\
a:hover,button:hover{background:#084a59}a:focus-visible,button:focus-visible{outline:3px solid #0b5a6b;outline-offset:2px}\
dl{display:grid;gap:.6rem;margin:0 0 1.4rem;padding:1rem 1.2rem;border-radius:16px;background:#fff;text-align:left}\
dt{font-size:.875rem;color:#4a6067}dd{margin:0;font-weight:600;overflow-wrap:anywhere}form{display:grid;gap:.75rem}\
button.no,button.no:hover{background:none;color:inherit;box-shadow:inset 0 0 0 1.5px #74888f}p b{display:block;margin:.3rem 0;\
color:#11272d;overflow-wrap:anywhere}p.more{margin:1.4rem 0 0}p.more a,p.more a:hover{display:block;min-height:0;padding:.6rem;\
background:none;color:#0b5a6b;text-decoration:underline}\
@media(prefers-color-scheme:dark){body{background:#0c1719;color:#e9f1f2}p,dt{color:#aec1c6}dl{background:#142326}p b{color:#e9f1f2}\
a,button{background:#7bd0df;color:#04262d}\
a:hover,button:hover{background:#97dde9}a:focus-visible,button:focus-visible{outline-color:#7bd0df}\
button.no,button.no:hover{background:none;color:inherit}p.more a,p.more a:hover{background:none;color:#7bd0df}}";

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
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
