//! What the browser brings back. Any page and any program can call the port, so all of it is hostile until proven.

use mostik_flow::CauseKind;
use mostik_wire::Secret;
use subtle::ConstantTimeEq;
use url::Url;

/// The one path that is listened to.
pub const PATH: &str = "/callback";

/// What a true answer bears.
pub struct Expected {
    host: String,
    state: String,
    issuer: String,
}

impl Expected {
    pub fn new(port: u16, state: String, service: &Url) -> Self {
        Self { host: format!("127.0.0.1:{port}"), state, issuer: trimmed(service.as_str()).to_owned() }
    }
}

/// What a request to the port is.
pub enum Callback {
    /// The awaited answer.
    Outcome(Outcome),
    /// An answer to another question, or a made-up one.
    Forged,
    /// No answer at all: an icon, a stray request.
    NotFound,
}

/// How the sign-in ended in the browser.
pub enum Outcome {
    /// With a one-time code.
    Code(Secret),
    /// With a refusal.
    Refused(CauseKind),
}

/// Reads the head of a request.
pub fn read(head: &str, expected: &Expected) -> Callback {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some("GET"), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Callback::NotFound;
    };
    // Another host name that leads here is a page's trick (DNS rebinding).
    let mut hosts = lines.filter_map(|line| line.split_once(':')).filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = hosts.next().map(|(_, value)| value.trim());
    if host != Some(&expected.host) || hosts.next().is_some() {
        return Callback::NotFound;
    }
    match target.split_once('?') {
        Some((PATH, query)) => outcome(query, expected).map_or(Callback::Forged, Callback::Outcome),
        _ => Callback::NotFound,
    }
}

fn outcome(query: &str, expected: &Expected) -> Option<Outcome> {
    let fields: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let twice = |name: &str| fields.iter().filter(|(n, _)| n == name).count() > 1;
    if fields.iter().any(|(name, _)| twice(name)) {
        return None;
    }
    let one = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, value)| &**value);
    let state = one("state")?;
    if !bool::from(state.as_bytes().ct_eq(expected.state.as_bytes())) || trimmed(one("iss")?) != expected.issuer {
        return None;
    }
    match (one("code"), one("error")) {
        (Some(code), None) if !code.is_empty() => Some(Outcome::Code(Secret::new(code))),
        (None, Some(error)) => Some(Outcome::Refused(match error {
            "access_denied" => CauseKind::SignInRefused,
            "temporarily_unavailable" => CauseKind::DiaryUnavailable,
            "server_error" => CauseKind::ServiceBroken,
            _ => CauseKind::VersionsDiffer,
        })),
        _ => None,
    }
}

// `https://host` and `https://host/` are one issuer; nothing else is alike.
fn trimmed(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = "s-1_x";

    fn expected() -> Expected {
        Expected::new(4321, STATE.into(), &Url::parse("https://mostik.example").unwrap())
    }

    fn ask(target: &str) -> Callback {
        read(&format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:4321\r\nAccept: */*"), &expected())
    }

    const ISS: &str = "iss=https%3A%2F%2Fmostik.example";

    #[test]
    fn what_is_no_answer_is_not_found() {
        for target in [
            "/",
            "/callback",
            "/callback/?x=1",
            "/Callback?x=1",
            "//callback?x",
            "/a/../callback?x",
            "/favicon.ico",
            "*",
        ] {
            assert!(matches!(ask(target), Callback::NotFound), "{target}");
        }
        let good = format!("/callback?code=c&state={STATE}&{ISS}");
        for head in [
            String::new(),
            "GET".into(),
            format!("POST {good} HTTP/1.1\r\nHost: 127.0.0.1:4321"),
            format!("GET {good} HTTP/2\r\nHost: 127.0.0.1:4321"),
            format!("GET {good} HTTP/1.1"),
            format!("GET {good} HTTP/1.1\r\nHost: evil.example:4321"),
            format!("GET {good} HTTP/1.1\r\nHost: 127.0.0.1:4321\r\nhost: evil.example"),
        ] {
            assert!(matches!(read(&head, &expected()), Callback::NotFound), "{head}");
        }
    }

    #[test]
    fn forged_answers_are_known_as_such() {
        for query in [
            String::new(),
            "code=c".into(),
            format!("code=c&state={STATE}"),
            format!("code=c&{ISS}"),
            format!("code=c&state=other&{ISS}"),
            format!("code=c&state=&{ISS}"),
            format!("code=c&state={STATE}x&{ISS}"),
            format!("code=c&code=c&state={STATE}&{ISS}"),
            format!("code=c&state={STATE}&state={STATE}&{ISS}"),
            format!("code=c&state={STATE}&{ISS}&{ISS}"),
            format!("code=c&state={STATE}&{ISS}&x=1&x=2"),
            format!("code=c&error=access_denied&state={STATE}&{ISS}"),
            format!("code=&state={STATE}&{ISS}"),
            format!("state={STATE}&{ISS}"),
            format!("code=c&state={STATE}&iss=https%3A%2F%2Fevil.example"),
            format!("code=c&state={STATE}&iss=http%3A%2F%2Fmostik.example"),
            format!("error=access_denied&state=other&{ISS}"),
        ] {
            assert!(matches!(ask(&format!("/callback?{query}")), Callback::Forged), "{query}");
        }
    }

    #[test]
    fn a_refusal_is_told_by_its_kind() {
        for (error, expected) in [
            ("access_denied", CauseKind::SignInRefused),
            ("temporarily_unavailable", CauseKind::DiaryUnavailable),
            ("server_error", CauseKind::ServiceBroken),
            ("invalid_request", CauseKind::VersionsDiffer),
        ] {
            let callback = ask(&format!("/callback?error={error}&state={STATE}&{ISS}"));
            assert!(matches!(callback, Callback::Outcome(Outcome::Refused(kind)) if kind == expected), "{error}");
        }
    }

    #[test]
    fn the_true_answer_brings_its_code() {
        for query in
            [format!("code=c%2Bd&state={STATE}&{ISS}"), format!("{ISS}%2F&state={STATE}&code=c%2Bd&session_state=1")]
        {
            let callback = ask(&format!("/callback?{query}"));
            assert!(matches!(callback, Callback::Outcome(Outcome::Code(code)) if code.expose() == "c+d"), "{query}");
        }
    }
}
