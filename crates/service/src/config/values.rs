//! From texts to checked settings.

use std::collections::BTreeMap;

use mostik_wire::Pages;
use url::Url;

use super::{
    Config, DiaryConfig, Fault, MaxConfig, MaxMode, PasswordsConfig, SETTINGS, settings::CENTRE, sms, variable,
};

// What the file and the environment say, before it is checked.
pub(super) struct Values {
    pub(super) given: BTreeMap<String, String>,
    pub(super) clients: BTreeMap<String, String>,
    /// Each `[[sms.centre]]`, in order.
    pub(super) centres: Vec<sms::Given>,
    pub(super) faults: Vec<Fault>,
}

impl Values {
    pub(super) fn read(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Fault>> {
        let fault = |key: &str, found: String, next: &str| vec![Fault { key: key.into(), found, next: next.into() }];
        let mut table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            fault("--config", format!("not TOML: {}", e.to_string().trim()), "Mend that line")
        })?;
        let mut faults = Vec::new();
        let centres = sms::take(&mut table, env, &mut faults);
        let mut flat = BTreeMap::new();
        for (key, value) in table {
            match value {
                toml::Value::Table(section) => {
                    flat.extend(section.into_iter().map(|(inner, value)| (format!("{key}.{inner}"), value)));
                }
                value => {
                    flat.insert(key, value);
                }
            }
        }
        let mut values = Self { given: BTreeMap::new(), clients: BTreeMap::new(), centres, faults };
        for (key, value) in flat {
            let toml::Value::String(value) = value else {
                values.fault(&key, &format!("found a {}", value.type_str()), "Write it as a string, in double quotes");
                continue;
            };
            if let Some(client) = key.strip_prefix("clients.") {
                values.clients.insert(client.into(), value);
            } else if SETTINGS.iter().any(|s| s.key == key) && !key.starts_with(CENTRE) {
                values.given.insert(key, value);
            } else {
                values.fault(&key, "there is no such setting", "See `mostik-service print-config` for all of them");
            }
        }
        for s in SETTINGS.iter().filter(|s| !s.key.starts_with(CENTRE)) {
            if let Some(value) = env(&variable(s.key)) {
                match s.key.strip_prefix("clients.") {
                    Some(client) => values.clients.insert(client.into(), value),
                    None => values.given.insert(s.key.into(), value),
                };
            }
        }
        if values.clients.is_empty() {
            let default = SETTINGS.iter().find(|s| s.key == "clients.mostik-desktop").and_then(|s| s.default);
            values.clients.extend(default.map(|d| ("mostik-desktop".into(), d.into())));
        }
        if values.faults.is_empty() { Ok(values) } else { Err(values.faults) }
    }

    pub(super) fn fault(&mut self, key: &str, found: &str, next: &str) {
        self.faults.push(Fault { key: key.into(), found: found.into(), next: next.into() });
    }

    pub(super) fn get(&self, key: &str) -> Option<String> {
        let default = SETTINGS.iter().find(|s| s.key == key).and_then(|s| s.default);
        self.given.get(key).cloned().or_else(|| default.map(Into::into)).filter(|v| !v.is_empty())
    }

    pub(super) fn required(&mut self, key: &str) -> String {
        self.get(key).unwrap_or_else(|| {
            self.fault(key, "not set", &format!("Set it in the file or in {}", variable(key)));
            String::new()
        })
    }

    /// What is needed only where something else holds.
    pub(super) fn required_if(&mut self, needed: bool, key: &str) -> String {
        if needed { self.required(key) } else { self.get(key).unwrap_or_default() }
    }

    pub(super) fn number(&mut self, key: &str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let text = self.required(key);
        let number = text.parse().ok().filter(|n| range.contains(n));
        if number.is_none() {
            let next = format!("Give a number from {} to {}", range.start(), range.end());
            self.fault(key, &format!("found {text:?}"), &next);
        }
        number
    }

    // https everywhere, http on loopback alone.
    pub(super) fn url(&mut self, key: &str) -> Option<Url> {
        let text = self.required(key);
        if text.is_empty() {
            return None;
        }
        let url = Url::parse(&text).ok().filter(safe_url);
        if url.is_none() {
            self.fault(key, &format!("found {text:?}"), "Give an https address (http only on 127.0.0.1)");
        }
        url
    }

    pub(super) fn page(&mut self, key: &str) -> String {
        self.url(key).map(|u| u.as_str().trim_end_matches('/').to_owned()).unwrap_or_default()
    }

    // MAX brings updates to https on port 443 alone. Only what stands in for it on this machine calls without.
    fn check_webhook(&mut self, max_api: Option<&Url>, public_url: Option<&str>) {
        let (found, url) = match public_url {
            None => ("not set".to_owned(), None),
            // Its fault is told already.
            Some("") => return,
            Some(text) => (format!("found {text:?}"), Url::parse(text).ok()),
        };
        if max_api.is_some_and(is_loopback) && url.as_ref().is_none_or(is_loopback) {
            return;
        }
        let fits = |url: &Url| url.scheme() == "https" && url.port().is_none() && !is_loopback(url);
        if !url.is_some_and(|url| fits(&url)) {
            self.fault("public_url", &found, "max.mode is webhook: give an https address on port 443 that MAX reaches");
        }
    }

    fn secret_key(&mut self) -> Vec<u8> {
        const LEAST: usize = 32;
        let (key, bytes) = match (self.get("secret_key"), self.get("secret_key_file")) {
            (Some(_), Some(_)) => {
                self.fault("secret_key", "secret_key_file is set too", "Set one of the two");
                return Vec::new();
            }
            (Some(text), None) => ("secret_key", text.into_bytes()),
            (None, Some(file)) => match std::fs::read(&file) {
                Ok(bytes) => ("secret_key_file", bytes.trim_ascii().to_vec()),
                Err(e) => {
                    self.fault("secret_key_file", &format!("{file} cannot be read: {e}"), "Name a readable file");
                    return Vec::new();
                }
            },
            (None, None) => {
                self.fault("secret_key", "not set", "Set it or secret_key_file; `openssl rand -base64 48` makes one");
                return Vec::new();
            }
        };
        if bytes.len() < LEAST {
            let found = format!("found {} bytes", bytes.len());
            self.fault(key, &found, "It takes at least 32; `openssl rand -base64 48` makes one");
        }
        bytes
    }

    pub(super) fn check(&mut self) -> Option<Config> {
        let listen = self.required("listen").parse::<std::net::SocketAddr>();
        if listen.is_err() {
            let found = format!("found {:?}", self.required("listen"));
            self.fault("listen", &found, "Give address:port, such as 127.0.0.1:8080");
        }
        let public_url = self.get("public_url").is_some().then(|| self.page("public_url"));
        if let Ok(listen) = &listen
            && public_url.is_none()
            && !listen.ip().is_loopback()
        {
            let next = "Set it to the https address under which browsers reach the service";
            self.fault("public_url", &format!("not set, though listen is {listen}"), next);
        }
        let messengers = super::vk::offered(self);
        let mode = match self.required("max.mode").as_str() {
            "polling" => MaxMode::Polling,
            "webhook" => MaxMode::Webhook,
            other => {
                self.fault("max.mode", &format!("found {other:?}"), "Give polling or webhook");
                MaxMode::Polling
            }
        };
        let webhook_secret = match mode {
            MaxMode::Webhook if messengers.max => Some(self.required("max.webhook_secret")),
            _ => self.get("max.webhook_secret"),
        };
        let in_alphabet = |s: &str| s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if webhook_secret.as_ref().is_some_and(|s| !s.is_empty() && (!(5..=256).contains(&s.len()) || !in_alphabet(s)))
        {
            self.fault(
                "max.webhook_secret",
                "found other characters or another length",
                "Give 5 to 256 of A-Z a-z 0-9 _ -",
            );
        }
        let max_api = self.url("max.api_url");
        if messengers.max && mode == MaxMode::Webhook {
            self.check_webhook(max_api.as_ref(), public_url.as_deref());
        }
        let vk = super::vk::check(self, messengers);
        let bot = self.required_if(messengers.max, "max.bot");
        if !bot.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) {
            self.fault("max.bot", &format!("found {bot:?}"), "Give the name as in its link, without @");
        }
        for (client, redirect) in self.clients.clone() {
            if !Url::parse(&redirect).is_ok_and(|u| u.fragment().is_none()) {
                let key = format!("clients.{client}");
                self.fault(&key, &format!("found {redirect:?}"), "Give an absolute address without #");
            }
        }
        let sms = sms::check(self);
        let mail = super::mail::check(self);
        let shortest = self.number("passwords.shortest", 8..=64);
        let threads = self.number("passwords.threads", 1..=64);
        let diary = (self.url("diary.authorize_url"), self.url("diary.token_url"));
        let diary_apis = (self.url("diary.api_url"), self.url("diary.calendar_url"));
        let config = Config {
            listen: listen.ok()?,
            public_url,
            database: self.required("database").into(),
            secret_key: self.secret_key(),
            diary: DiaryConfig {
                authorize_url: diary.0?,
                token_url: diary.1?,
                api_url: diary_apis.0?,
                calendar_url: diary_apis.1?,
                client_id: self.required("diary.client_id"),
                client_secret: self.required("diary.client_secret"),
                scope: self.required("diary.scope"),
            },
            sms: sms?,
            max: MaxConfig {
                api_url: max_api?.as_str().trim_end_matches('/').into(),
                token: self.required_if(messengers.max, "max.token"),
                bot,
                link_base: self.page("max.link_base"),
                mode,
                webhook_secret,
            },
            sferum_profile_url: self.required("sferum.profile_url"),
            chats: super::chats::check(self),
            pages: Pages {
                library: self.page("pages.library"),
                portfolio: self.page("pages.portfolio"),
                support: self.page("pages.support"),
                get_max: self.page("pages.get_max"),
            },
            clients: self.clients.clone(),
            mail: mail?,
            messengers,
            vk: vk?,
            app_links: super::app_links::check(self),
            latest_release: super::release::check(self),
            passwords: PasswordsConfig { shortest: shortest?, threads: threads? },
        };
        Some(config)
    }
}

fn safe_url(url: &Url) -> bool {
    url.username().is_empty()
        && url.password().is_none()
        && (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)))
}

/// Whether a text is an address that a person may be sent to: https, or http on loopback.
#[must_use]
pub fn is_safe(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| safe_url(&url))
}

/// Whether an address stays on this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
