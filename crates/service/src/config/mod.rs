//! The service's settings: one TOML file, the environment over it, every fault named with its key and the next step.

mod settings;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use mostik_wire::Pages;
use url::Url;

pub use settings::{SETTINGS, Setting, reference, variable};

/// Checked settings.
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct Config {
    pub listen: SocketAddr,
    pub public_url: Option<String>,
    pub database: PathBuf,
    pub secret_key: Vec<u8>,
    pub diary: DiaryConfig,
    pub sms: SmsConfig,
    pub max: MaxConfig,
    pub sferum_profile_url: String,
    pub pages: Pages,
    pub clients: BTreeMap<String, String>,
}

/// `[diary]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct DiaryConfig {
    pub authorize_url: Url,
    pub token_url: Url,
    pub api_url: Url,
    pub client_id: String,
    pub client_secret: String,
    pub scope: String,
}

/// `[sms]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct SmsConfig {
    pub smpp: String,
    pub system_id: String,
    pub password: String,
    pub source: String,
}

/// `[max]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct MaxConfig {
    pub api_url: String,
    pub token: String,
    pub bot: String,
    pub link_base: String,
    pub mode: MaxMode,
    pub webhook_secret: Option<String>,
}

/// How MAX's updates arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxMode {
    /// The service asks for them.
    Polling,
    /// MAX posts them.
    Webhook,
}

/// One fault in the settings.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The setting.
    pub key: String,
    /// What was found; never a secret's value.
    pub found: String,
    /// What to do.
    pub next: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}. {}", self.key, self.found, self.next)
    }
}

impl Config {
    /// Reads the file and the process's environment.
    ///
    /// # Errors
    /// All faults found.
    pub fn load(file: &Path) -> Result<Self, Vec<Fault>> {
        let text = std::fs::read_to_string(file).map_err(|e| {
            vec![Fault {
                key: "--config".into(),
                found: format!("{} cannot be read: {e}", file.display()),
                next: "`mostik-service print-config > FILE` writes one to fill in".into(),
            }]
        })?;
        Self::from_parts(&text, &|name| std::env::var(name).ok())
    }

    /// Reads the settings from a file's text and from variables.
    ///
    /// # Errors
    /// All faults found.
    pub fn from_parts(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Fault>> {
        let mut values = Values::read(text, env)?;
        let config = values.check();
        config.filter(|_| values.faults.is_empty()).ok_or(values.faults)
    }

    /// Every setting with its value, for `check-config`; secrets as `set` or `unset`.
    ///
    /// # Errors
    /// All faults found while reading.
    pub fn describe(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<String, Vec<Fault>> {
        let values = Values::read(text, env)?;
        let mut out = String::new();
        for s in SETTINGS.iter().filter(|s| !s.key.starts_with("clients.")) {
            let given = values.given.get(s.key);
            let shown = match (s.secret, given, s.default) {
                (true, Some(_), _) => "set".to_owned(),
                (true, None, _) => "unset".to_owned(),
                (false, Some(value), _) => value.clone(),
                (false, None, Some(default)) => format!("{default} (default)"),
                (false, None, None) => "unset".to_owned(),
            };
            writeln!(out, "{} = {shown}", s.key).expect("a String takes everything");
        }
        for (id, redirect) in &values.clients {
            writeln!(out, "clients.{id} = {redirect}").expect("a String takes everything");
        }
        Ok(out)
    }

    /// The bot's link that bears a ticket.
    #[must_use]
    pub fn max_link(&self, ticket: &str) -> String {
        format!("{}/{}?start={ticket}", self.max.link_base, self.max.bot)
    }

    /// The page of a learning profile.
    #[must_use]
    pub fn sferum_url(&self, profile: &str) -> String {
        self.sferum_profile_url.replace("{link_base}", &self.max.link_base).replace("{profile}", profile)
    }
}

// What the file and the environment say, before it is checked.
struct Values {
    given: BTreeMap<String, String>,
    clients: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

impl Values {
    fn read(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Fault>> {
        let fault = |key: &str, found: String, next: &str| vec![Fault { key: key.into(), found, next: next.into() }];
        let table: toml::Table = text
            .parse()
            .map_err(|e: toml::de::Error| fault("--config", format!("not TOML: {}", e.to_string().trim()), "Mend that line"))?;
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
        let mut values = Self { given: BTreeMap::new(), clients: BTreeMap::new(), faults: Vec::new() };
        for (key, value) in flat {
            let toml::Value::String(value) = value else {
                values.fault(&key, &format!("found a {}", value.type_str()), "Write it as a string, in double quotes");
                continue;
            };
            if let Some(client) = key.strip_prefix("clients.") {
                values.clients.insert(client.into(), value);
            } else if SETTINGS.iter().any(|s| s.key == key) {
                values.given.insert(key, value);
            } else {
                values.fault(&key, "there is no such setting", "See `mostik-service print-config` for all of them");
            }
        }
        for s in SETTINGS {
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

    fn fault(&mut self, key: &str, found: &str, next: &str) {
        self.faults.push(Fault { key: key.into(), found: found.into(), next: next.into() });
    }

    fn get(&self, key: &str) -> Option<String> {
        let default = SETTINGS.iter().find(|s| s.key == key).and_then(|s| s.default);
        self.given.get(key).cloned().or_else(|| default.map(Into::into)).filter(|v| !v.is_empty())
    }

    fn required(&mut self, key: &str) -> String {
        self.get(key).unwrap_or_else(|| {
            self.fault(key, "not set", &format!("Set it in the file or in {}", variable(key)));
            String::new()
        })
    }

    // https everywhere, http on loopback alone.
    fn url(&mut self, key: &str) -> Option<Url> {
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

    fn page(&mut self, key: &str) -> String {
        self.url(key).map(|u| u.as_str().trim_end_matches('/').to_owned()).unwrap_or_default()
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

    fn check(&mut self) -> Option<Config> {
        let listen = self.required("listen").parse::<SocketAddr>();
        if listen.is_err() {
            let found = format!("found {:?}", self.required("listen"));
            self.fault("listen", &found, "Give address:port, such as 127.0.0.1:8080");
        }
        let public_url = self.get("public_url").is_some().then(|| self.page("public_url"));
        let mode = match self.required("max.mode").as_str() {
            "polling" => MaxMode::Polling,
            "webhook" => MaxMode::Webhook,
            other => {
                self.fault("max.mode", &format!("found {other:?}"), "Give polling or webhook");
                MaxMode::Polling
            }
        };
        let webhook_secret = match mode {
            MaxMode::Webhook => Some(self.required("max.webhook_secret")),
            MaxMode::Polling => self.get("max.webhook_secret"),
        };
        let in_alphabet = |s: &str| s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if webhook_secret.as_ref().is_some_and(|s| !s.is_empty() && (!(5..=256).contains(&s.len()) || !in_alphabet(s))) {
            self.fault("max.webhook_secret", "found other characters or another length", "Give 5 to 256 of A-Z a-z 0-9 _ -");
        }
        let bot = self.required("max.bot");
        if !bot.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) {
            self.fault("max.bot", &format!("found {bot:?}"), "Give the name as in its link, without @");
        }
        let source = self.required("sms.source");
        if source.len() > 20 || !source.is_ascii() {
            self.fault("sms.source", &format!("found {source:?}"), "Give at most 11 Latin letters or digits");
        }
        for (client, redirect) in self.clients.clone() {
            if !Url::parse(&redirect).is_ok_and(|u| u.fragment().is_none()) {
                let key = format!("clients.{client}");
                self.fault(&key, &format!("found {redirect:?}"), "Give an absolute address without #");
            }
        }
        let smpp = self.required("sms.smpp");
        let smpp = if smpp.contains("://") { smpp } else { format!("smpp://{smpp}") };
        if !Url::parse(&smpp).is_ok_and(|u| matches!(u.scheme(), "smpp" | "smpps") && u.host().is_some()) {
            self.fault("sms.smpp", &format!("found {smpp:?}"), "Give host:port");
        }
        let diary = (self.url("diary.authorize_url"), self.url("diary.token_url"), self.url("diary.api_url"));
        let config = Config {
            listen: listen.ok()?,
            public_url,
            database: self.required("database").into(),
            secret_key: self.secret_key(),
            diary: DiaryConfig {
                authorize_url: diary.0?,
                token_url: diary.1?,
                api_url: diary.2?,
                client_id: self.required("diary.client_id"),
                client_secret: self.required("diary.client_secret"),
                scope: self.required("diary.scope"),
            },
            sms: SmsConfig {
                smpp,
                system_id: self.required("sms.system_id"),
                password: self.required("sms.password"),
                source,
            },
            max: MaxConfig {
                api_url: self.page("max.api_url"),
                token: self.required("max.token"),
                bot,
                link_base: self.page("max.link_base"),
                mode,
                webhook_secret,
            },
            sferum_profile_url: self.required("sferum.profile_url"),
            pages: Pages {
                library: self.page("pages.library"),
                portfolio: self.page("pages.portfolio"),
                support: self.page("pages.support"),
                get_max: self.page("pages.get_max"),
            },
            clients: self.clients.clone(),
        };
        Some(config)
    }
}

fn safe_url(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none() && (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)))
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

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        secret_key = "0123456789abcdef0123456789abcdef"
        [diary]
        client_id = "mostik"
        client_secret = "s3cret-of-diary"
        [sms]
        smpp = "127.0.0.1:2775"
        system_id = "mostik"
        password = "pw"
        [max]
        token = "t0ken-of-max"
        bot = "mostik_bot"
    "#;

    fn keys_of(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        Config::from_parts(text, env).err().unwrap_or_default().into_iter().map(|f| f.key).collect()
    }

    #[test]
    fn every_fault_is_named_with_its_key_and_a_next_step() {
        let none = |_: &str| None;
        assert_eq!(
            keys_of("", &none),
            ["max.bot", "sms.smpp", "sms.smpp", "secret_key", "diary.client_id", "diary.client_secret", "sms.system_id", "sms.password", "max.token"]
        );
        assert_eq!(keys_of("listen = [", &none), ["--config"]);
        assert_eq!(keys_of("lisen = \"x\"", &none), ["lisen"]);
        assert_eq!(keys_of("listen = 80", &none), ["listen"]);
        for (name, value, key) in [
            ("MOSTIK_LISTEN", "localhost", "listen"),
            ("MOSTIK_PUBLIC_URL", "http://mostik.example", "public_url"),
            ("MOSTIK_SECRET_KEY", "short", "secret_key"),
            ("MOSTIK_MAX_MODE", "push", "max.mode"),
            ("MOSTIK_MAX_MODE", "webhook", "max.webhook_secret"),
            ("MOSTIK_DIARY_TOKEN_URL", "ftp://x", "diary.token_url"),
            ("MOSTIK_SECRET_KEY_FILE", "/x", "secret_key"),
        ] {
            let env = |n: &str| (n == name).then(|| value.to_owned());
            assert_eq!(keys_of(GOOD, &env), [key], "{name}={value}");
        }
    }

    #[test]
    fn secrets_are_described_as_set_or_unset() {
        let shown = Config::describe(GOOD, &|_| None).unwrap();
        assert!(!shown.contains("s3cret") && !shown.contains("t0ken") && !shown.contains("0123456789abcdef"));
        assert!(shown.contains("max.token = set\n") && shown.contains("max.webhook_secret = unset\n"));
        assert!(shown.contains("max.mode = polling (default)\n"));
        assert!(shown.contains("clients.mostik-desktop = http://127.0.0.1/callback\n"));
    }

    #[test]
    fn a_good_file_is_read_and_the_environment_wins() {
        let env = |n: &str| (n == "MOSTIK_MAX_LINK_BASE").then(|| "http://127.0.0.1:9/max/".to_owned());
        let config = Config::from_parts(GOOD, &env).ok().unwrap();
        assert_eq!(config.max_link("T"), "http://127.0.0.1:9/max/mostik_bot?start=T");
        assert_eq!(config.sferum_url("42"), "http://127.0.0.1:9/max/sferum?profile=42");
        assert_eq!(config.sms.smpp, "smpp://127.0.0.1:2775");
    }
}
