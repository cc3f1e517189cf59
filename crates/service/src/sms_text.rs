//! What the SMS with a code says, so that phones offer the code above the keyboard. The rules it follows:
//!
//! - *Words.* iOS and Android look for a group of digits near a word for «code» («код», “code”), in any text; Android's SMS User
//!   Consent asks for 4 to 10 signs with a digit among them. The digits stand unparted right after that word, and no other
//!   group is as long. SMS Retriever, which wants a hash of the app's signing key at the end, is not used.
//! - *The last line.* `@host #code`, as Apple's domain-bound codes and WICG's “Origin-bound one-time codes delivered via SMS”
//!   (which WebOTP reads) write it: the code is offered in what belongs to that host alone. It stands where such an origin can
//!   be named: see [`origin`].
//! - *Length.* One part of 70 signs in Russian (UCS-2), 160 in English; with the last line two parts.

use url::{Host, Url};

use crate::{config::AppLinksConfig, language::Language};

/// The host that a code is bound to: the service's own, on https and its own port, where the operator has named an app for
/// phones that belongs to it ([`crate::app_links`]). Bound to a host that no app belongs to, iOS would offer the code nowhere.
#[must_use]
pub fn origin(public_url: &str, apps: &AppLinksConfig) -> Option<String> {
    if apps.apple_app.is_none() && apps.android_package.is_none() {
        return None;
    }
    let url = Url::parse(public_url).ok().filter(|url| url.scheme() == "https" && url.port().is_none())?;
    match url.host()? {
        Host::Domain(domain) => Some(domain.to_owned()),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// The text. `of_owner`: it allows something to be done with a linked profile.
#[must_use]
pub fn text(code: &str, of_owner: bool, language: Language, origin: Option<&str>) -> String {
    let words = match (language, of_owner) {
        (Language::Ru, false) => format!("Мостик: код {code}. Никому не сообщайте. Действует 10 минут."),
        (Language::Ru, true) => format!("Мостик: код {code} для действия с профилем. Никому не сообщайте."),
        (Language::En, false) => format!("Mostik: code {code}. Do not share it. Valid for 10 minutes."),
        (Language::En, true) => {
            format!("Mostik: code {code} for an action with the profile. Do not share it. Valid for 10 minutes.")
        }
    };
    match origin {
        Some(host) => format!("{words}\n@{host} #{code}"),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apps(apple: Option<&str>, android: Option<&str>) -> AppLinksConfig {
        AppLinksConfig {
            android_package: android.map(str::to_owned),
            android_certificates: Vec::new(),
            apple_app: apple.map(str::to_owned),
            android_page: None,
            apple_page: None,
        }
    }

    #[test]
    fn a_code_is_bound_to_a_host_that_an_app_belongs_to_and_to_no_other() {
        let (none, named) = (apps(None, None), apps(Some("ABCDE12345.ru.example.mostik"), None));
        for (url, apps, host) in [
            ("https://mostik.example", &none, None),
            ("http://mostik.example", &named, None),
            ("https://mostik.example:8443", &named, None),
            ("https://192.0.2.1", &named, None),
            ("http://127.0.0.1:8080", &named, None),
            ("https://mostik.example", &named, Some("mostik.example")),
            ("https://mostik.example:443/", &named, Some("mostik.example")),
            ("https://почта.рф", &apps(None, Some("ru.example.mostik")), Some("xn--80a1acny.xn--p1ai")),
        ] {
            assert_eq!(origin(url, apps).as_deref(), host, "{url}");
        }
    }

    #[test]
    fn the_code_stands_whole_right_after_its_word_and_alone() {
        for language in [Language::Ru, Language::En] {
            for of_owner in [false, true] {
                let text = text("004219", of_owner, language, None);
                let word = if language == Language::Ru { "код 004219" } else { "code 004219" };
                assert!(text.contains(word), "{text}");
                let groups = text.split(|sign: char| !sign.is_ascii_digit()).filter(|group| !group.is_empty());
                assert_eq!(groups.filter(|group| group.len() > 2).collect::<Vec<_>>(), ["004219"], "{text}");
            }
        }
    }

    #[test]
    fn the_last_line_binds_the_code_to_the_host() {
        let text = text("004219", false, Language::Ru, Some("mostik.example"));
        assert_eq!(text.lines().last(), Some("@mostik.example #004219"));
    }

    #[test]
    fn it_fits_one_part_and_with_the_last_line_two() {
        for of_owner in [false, true] {
            let length = |origin| text("004219", of_owner, Language::Ru, origin).encode_utf16().count();
            assert!(length(None) <= 70, "{}", length(None));
            assert!(length(Some("connect.school-network.example")) <= 134);
            let english = text("004219", of_owner, Language::En, None);
            assert!(english.is_ascii() && english.len() <= 160, "{english}");
        }
    }
}
