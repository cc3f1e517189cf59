//! The few pages that people see in a browser: nothing from elsewhere, nothing personal, and no scripts but the mini app's.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

const STYLE: &str = "body{font:17px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;\
background:#f5f6f8;color:#17202e}main{max-width:26rem;padding:2rem;text-align:center}h1{font-size:1.4rem;margin:0 0 .6rem}\
p{margin:0 0 1.4rem;color:#4a5568}a,button{display:inline-block;border:0;font:inherit;cursor:pointer;background:#1f5fd0;color:#fff;text-decoration:none;\
padding:.8rem 1.4rem;border-radius:12px;font-weight:600}a:focus-visible,button:focus-visible{outline:3px solid #f2a900;outline-offset:2px}\
@media(prefers-color-scheme:dark){body{background:#12161d;color:#eef1f6}p{color:#aab4c3}a,button{background:#4d8bf5;color:#0b1220}}";

/// A page with a heading, a sentence and perhaps one button that follows a link; the texts are ours, never a request's.
#[must_use]
pub fn page(status: StatusCode, heading: &str, sentence: &str, button: Option<(&str, &str)>) -> Response {
    render(status, heading, sentence, "", &button.map(follow).unwrap_or_default())
}

/// A page whose button posts to the page's own address.
#[must_use]
pub fn asking_page(heading: &str, sentence: &str, button: &str) -> Response {
    let form = format!("<form method=\"post\"><button>{button}</button></form>");
    render(StatusCode::OK, heading, sentence, "", &form)
}

/// A page that follows its link by itself, with the button for where that does not happen.
#[must_use]
pub fn leading_page(heading: &str, sentence: &str, (text, href): (&str, &str)) -> Response {
    let head = format!("<meta http-equiv=\"refresh\" content=\"0;url={href}\">");
    render(StatusCode::OK, heading, sentence, &head, &follow((text, href)))
}

/// A page with a script of ours, which may ask this service and nobody else.
#[must_use]
pub fn scripted_page(heading: &str, sentence: &str, script: &str) -> Response {
    let head = format!("<script type=\"module\" src=\"{script}\"></script>");
    let mut response = render(StatusCode::OK, heading, sentence, &head, "");
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'none'; \
         base-uri 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

fn follow((text, href): (&str, &str)) -> String {
    format!("<a href=\"{href}\">{text}</a>")
}

fn render(status: StatusCode, heading: &str, sentence: &str, head: &str, button: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">{head}\
         <title>Мостик</title><style>{STYLE}</style><main><h1>{heading}</h1><p>{sentence}</p>{button}</main></html>"
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
