//! The language that a person reads: the interface's, as the app names it in `Accept-Language`.

use axum::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};

/// A language that letters and wordings exist in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Russian, where nothing else is asked for.
    #[default]
    Ru,
    /// English.
    En,
}

impl Language {
    /// The likeliest of the languages that a request prefers (RFC 9110, 12.5.4).
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut best = (Self::Ru, 0.0);
        for item in asked.split(',') {
            let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
            let language = match tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "ru" => Self::Ru,
                "en" => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The language behind [`Language::tag`]; Russian for what is none.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag == Self::En.tag() { Self::En } else { Self::Ru }
    }

    /// The tag, as in `lang="…"`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_known_language_is_taken_and_russian_without_one() {
        for (asked, language) in [
            ("", Language::Ru),
            ("de", Language::Ru),
            ("en;q=0", Language::Ru),
            ("en;q=x", Language::Ru),
            ("ru", Language::Ru),
            ("en-GB", Language::En),
            ("de, en;q=0.8, ru;q=0.5", Language::En),
            ("en;q=0.5,ru-RU;q=0.9", Language::Ru),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, asked.parse().unwrap());
            assert_eq!(Language::of(&headers), language, "{asked}");
        }
        assert_eq!(Language::of(&HeaderMap::new()), Language::Ru);
    }
}
