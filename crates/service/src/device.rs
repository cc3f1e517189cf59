//! From what device a request came, as people would name it: a family alone, nothing that tells one device from another.

use axum::http::{HeaderMap, header};

/// Systems by a mark in `User-Agent`; the first that fits.
const SYSTEMS: [(&str, &str); 9] = [
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("ios", "iOS"),
    ("windows", "Windows"),
    ("macos", "macOS"),
    ("mac os x", "macOS"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
];

/// Programs by a mark in `User-Agent`; the first that fits, because browsers name each other.
const PROGRAMS: [(&str, &str); 6] = [
    ("mostik", "Мостик"),
    ("yabrowser", "Яндекс Браузер"),
    ("edg/", "Edge"),
    ("firefox", "Firefox"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
];

/// `Мостик, Windows`; what is not known is left out, and nothing known is `None`.
#[must_use]
pub fn family(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?.to_ascii_lowercase();
    let find =
        |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let parts: Vec<_> = [find(&PROGRAMS), find(&SYSTEMS)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_named_and_nothing_more() {
        for (agent, family_name) in [
            ("", None),
            ("curl/8.5.0", None),
            ("mostik/0.1.0", Some("Мостик")),
            ("mostik/0.1.0 (Windows 11; x86_64)", Some("Мостик, Windows")),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
                Some("Chrome, Android"),
            ),
            ("<script>alert(1)</script> iPhone", Some("iPhone")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().unwrap());
            assert_eq!(family(&headers).as_deref(), family_name, "{agent}");
        }
    }
}
