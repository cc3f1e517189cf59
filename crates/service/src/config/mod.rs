//! The service's settings: one TOML file, the environment over it, every fault named with its key and the next step.

mod app_links;
mod authorities;
mod centre_tables;
mod certificate;
mod changes;
mod chats;
mod check;
mod class_chats;
mod connections;
mod fault;
mod limits;
mod mail;
mod networks;
mod observability;
mod proxy;
mod release;
mod sections;
mod settings;
mod sms;
mod tls;
mod values;
mod vk;

use std::{fmt::Write as _, path::Path};

pub use centre_tables::centre_variable;
pub use certificate::{Certificate, CertificateFiles};
pub use changes::Changes;
pub use class_chats::ClassChats;
pub use connections::ConnectionsConfig;
pub use fault::Fault;
pub use limits::LimitsConfig;
use mostik_store::Address;
pub use networks::Networks;
pub use release::read as read_release;
pub use sections::*;
pub use settings::{SETTINGS, Setting, reference, variable};
use values::Values;
pub use values::{is_loopback, is_safe};

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
        let config = check::check(&mut values);
        config.filter(|_| values.faults.is_empty()).ok_or(values.faults)
    }

    /// Every setting with its value, for `check-config`; secrets as `set` or `unset`.
    ///
    /// # Errors
    /// All faults found while reading.
    pub fn describe(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<String, Vec<Fault>> {
        let values = Values::read(text, env)?;
        let mut out = String::new();
        let mut line = |key: &str, s: &Setting, given: Option<&String>| {
            let shown = match (s.secret, given, s.default) {
                (true, Some(_), _) => "set".to_owned(),
                (true, None, _) => "unset".to_owned(),
                // An address of PostgreSQL may bear a password.
                (false, Some(value), _) if s.key == "database" => {
                    value.parse::<Address>().map_or_else(|_| "cannot be read".to_owned(), |address| address.to_string())
                }
                (false, Some(value), _) => value.clone(),
                (false, None, Some(default)) => format!("{default} (default)"),
                (false, None, None) => "unset".to_owned(),
            };
            writeln!(out, "{key} = {shown}").expect("a String takes everything");
        };
        let of_one = |s: &&Setting| !s.key.starts_with("clients.") && !s.key.starts_with(settings::CENTRE);
        for s in SETTINGS.iter().filter(of_one) {
            line(s.key, s, values.given.get(s.key));
        }
        for centre in &values.centres {
            let name = centre.get("name").map_or("?", String::as_str);
            for (key, s) in centre_tables::settings().filter(|(key, _)| *key != "name") {
                line(&format!("sms.{name}.{key}"), s, centre.get(key));
            }
        }
        for (id, redirect) in &values.clients {
            writeln!(out, "clients.{id} = {redirect}").expect("a String takes everything");
        }
        Ok(out)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use mostik_wire::Messengers;

    use super::*;

    pub(in crate::config) const GOOD: &str = r#"
        secret_key = "0123456789abcdef0123456789abcdef"
        [diary]
        client_id = "mostik"
        client_secret = "s3cret-of-diary"
        [[sms.centre]]
        name = "main"
        smpp = "127.0.0.1:2775"
        system_id = "mostik"
        password = "pw"
        [mail]
        server = "mail.school.example"
        from = "no-reply@school.example"
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
            [
                "max.bot",
                "sms.centre",
                "mail.server",
                "mail.from",
                "mail.from",
                "secret_key",
                "diary.client_id",
                "diary.client_secret",
                "max.token"
            ]
        );
        assert_eq!(keys_of("listen = [", &none), ["--config"]);
        assert_eq!(keys_of("lisen = \"x\"", &none), ["lisen"]);
        assert_eq!(keys_of("listen = 80", &none), ["listen"]);
        for (name, value, key) in [
            ("MOSTIK_LISTEN", "localhost", "listen"),
            ("MOSTIK_LISTEN", "0.0.0.0:8080", "public_url"),
            ("MOSTIK_METRICS_LISTEN", "9464", "metrics.listen"),
            ("MOSTIK_METRICS_LISTEN", "127.0.0.1:8080", "metrics.listen"),
            ("MOSTIK_METRICS_LISTEN", "0.0.0.0:8080", "metrics.listen"),
            ("MOSTIK_LOG_FORMAT", "xml", "log.format"),
            ("MOSTIK_TRACES_OTLP_URL", "http://collector.example:4318", "traces.otlp_url"),
            ("MOSTIK_PUBLIC_URL", "http://mostik.example", "public_url"),
            ("MOSTIK_SECRET_KEY", "short", "secret_key"),
            ("MOSTIK_TLS_CERTIFICATE", "Cargo.toml", "tls.key"),
            ("MOSTIK_TLS_KEY", "Cargo.toml", "tls.certificate"),
            ("MOSTIK_PROXY_TRUSTED", "10.0.0.0/8 proxy.example", "proxy.trusted"),
            ("MOSTIK_PROXY_TRUSTED", "::/0", "proxy.trusted"),
            ("MOSTIK_CONNECTIONS_MOST", "0", "connections.most"),
            ("MOSTIK_LIMITS_CODES_OF_SERVICE", "0", "limits.codes_of_service"),
            ("MOSTIK_LIMITS_SHARED_NETWORKS", "0.0.0.0/0", "limits.shared_networks"),
            ("MOSTIK_CONNECTIONS_IDLE", "601", "connections.idle"),
            ("MOSTIK_MAX_MODE", "push", "max.mode"),
            ("MOSTIK_DIARY_TOKEN_URL", "ftp://x", "diary.token_url"),
            ("MOSTIK_SECRET_KEY_FILE", "/x", "secret_key"),
            ("MOSTIK_PREVIOUS_SECRET_KEY", "short", "previous_secret_key"),
            ("MOSTIK_PREVIOUS_SECRET_KEY", "0123456789abcdef0123456789abcdef", "previous_secret_key"),
            ("MOSTIK_PREVIOUS_SECRET_KEY_FILE", "/no/such/file", "previous_secret_key_file"),
            ("MOSTIK_MAIL_SERVER", "mail.school.example:587", "mail.server"),
            ("MOSTIK_MAIL_PORT", "0", "mail.port"),
            ("MOSTIK_MAIL_SECURITY", "none", "mail.security"),
            ("MOSTIK_MAIL_SECURITY", "ssl", "mail.security"),
            ("MOSTIK_MAIL_USER", "mostik", "mail.password"),
            ("MOSTIK_MAIL_PASSWORD", "x", "mail.user"),
            ("MOSTIK_MAIL_FROM", "школа", "mail.from"),
            ("MOSTIK_MAIL_CA_FILE", "Cargo.toml", "mail.ca_file"),
            ("MOSTIK_MAIL_CA_FILE", "no/such/file", "mail.ca_file"),
            ("MOSTIK_PASSWORDS_SHORTEST", "7", "passwords.shortest"),
            ("MOSTIK_PASSWORDS_THREADS", "0", "passwords.threads"),
            ("MOSTIK_MESSENGERS", "max telegram", "messengers"),
            ("MOSTIK_MESSENGERS", " ", "messengers"),
            ("MOSTIK_MESSENGERS", "max vk", "vk.client_id"),
            ("MOSTIK_VK_CLIENT_ID", "https://id.vk.com/app", "vk.client_id"),
            ("MOSTIK_VK_TOKEN_URL", "http://id.vk.com/oauth2/auth", "vk.token_url"),
            ("MOSTIK_APP_LINKS_ANDROID_PACKAGE", "ru.mostik.app", "app_links.android_certificates"),
            ("MOSTIK_APP_LINKS_ANDROID_CERTIFICATES", "AA:BB", "app_links.android_certificates"),
            ("MOSTIK_APP_LINKS_APPLE_APP", "ru.mostik.app", "app_links.apple_app"),
            ("MOSTIK_APP_LINKS_ANDROID_PAGE", "http://store.example/mostik", "app_links.android_page"),
            ("MOSTIK_APP_LINKS_APPLE_PAGE", "itms-apps://mostik", "app_links.apple_page"),
        ] {
            let env = |n: &str| (n == name).then(|| value.to_owned());
            assert_eq!(keys_of(GOOD, &env), [key], "{name}={value}");
        }
    }

    #[test]
    fn a_webhook_wants_a_secret_and_https_on_port_443() {
        let faults = |settings: &[(&str, &str)]| {
            let env = |n: &str| settings.iter().find(|(name, _)| *name == n).map(|(_, value)| (*value).to_owned());
            keys_of(GOOD, &env)
        };
        let (mode, secret) = (("MOSTIK_MAX_MODE", "webhook"), ("MOSTIK_MAX_WEBHOOK_SECRET", "s3cret_-"));
        let at = |url| ("MOSTIK_PUBLIC_URL", url);
        let here = ("MOSTIK_MAX_API_URL", "http://127.0.0.1:9");
        assert_eq!(faults(&[mode]), ["max.webhook_secret", "public_url"]);
        for wrong in ["four", "with space", &"x".repeat(257)] {
            let settings = [mode, at("https://mostik.example"), ("MOSTIK_MAX_WEBHOOK_SECRET", wrong)];
            assert_eq!(faults(&settings), ["max.webhook_secret"], "{wrong}");
        }
        for wrong in [
            "http://mostik.example",
            "https://mostik.example:8443",
            "http://127.0.0.1:8080",
            "https://127.0.0.1",
            "mostik.example",
        ] {
            assert_eq!(faults(&[mode, secret, at(wrong)]), ["public_url"], "{wrong}");
        }
        assert_eq!(faults(&[mode, secret, at("http://mostik.example"), here]), ["public_url"]);
        for right in ["https://mostik.example", "https://mostik.example:443/", "https://mostik.example/deep"] {
            assert!(faults(&[mode, secret, at(right)]).is_empty(), "{right}");
        }
        // The sandbox in MAX's place.
        assert!(faults(&[mode, secret, here]).is_empty());
        assert!(faults(&[mode, secret, here, at("http://127.0.0.1:8080")]).is_empty());
    }

    #[test]
    fn secrets_are_described_as_set_or_unset() {
        let shown = Config::describe(GOOD, &|_| None).unwrap();
        assert!(!shown.contains("s3cret") && !shown.contains("t0ken") && !shown.contains("0123456789abcdef"));
        assert!(shown.contains("max.token = set\n") && shown.contains("max.webhook_secret = unset\n"));
        assert!(shown.contains("max.mode = polling (default)\n"));
        assert!(
            shown.contains("sms.main.password = set\n") && shown.contains("sms.main.message_id = auto (default)\n")
        );
        assert!(shown.contains("clients.mostik-desktop = http://127.0.0.1/callback\n"));
    }

    #[test]
    fn a_slip_is_told_by_its_place_and_not_by_the_line_that_may_bear_a_secret() {
        let told = |text: &str| Config::from_parts(text, &|_| None).err().unwrap_or_default()[0].to_string();
        for (right, slip, secret) in
            [("\"t0ken-of-max\"", "\"t0ken-of-max", "t0ken"), ("\"s3cret-of-diary\"", "s3cret-of-diary", "s3cret")]
        {
            let line = 1 + GOOD.lines().position(|line| line.contains(right)).unwrap();
            let text = told(&GOOD.replace(right, slip));
            assert!(text.starts_with(&format!("--config: not TOML: line {line}, column ")), "{text}");
            assert!(!text.contains(secret), "{text}");
        }
    }

    #[test]
    fn who_offers_vk_alone_needs_no_bot() {
        let without_bot = GOOD.split("[max]").next().unwrap();
        let env = |name: &str| match name {
            "MOSTIK_MESSENGERS" => Some("vk".to_owned()),
            "MOSTIK_VK_CLIENT_ID" => Some("51001242".to_owned()),
            "MOSTIK_VK_MESSENGER_URL" => Some("http://127.0.0.1:9/vk?profile={profile}".to_owned()),
            _ => None,
        };
        assert_eq!(keys_of(without_bot, &|_| None), ["max.bot", "max.token"]);
        let config = Config::from_parts(without_bot, &env).ok().unwrap();
        assert_eq!(config.messengers, Messengers { max: false, vk: true });
        assert_eq!(config.vk_messenger_url("42"), "http://127.0.0.1:9/vk?profile=42");
    }

    #[test]
    fn connections_have_the_times_and_numbers_that_were_asked_for() {
        let config = Config::from_parts(GOOD, &|_| None).ok().unwrap().connections;
        let times = [config.head_within, config.body_within, config.idle, config.unread];
        assert_eq!(times.map(|time| time.as_secs()), [10, 15, 60, 30]);
        assert_eq!((config.most, config.of_one_address), (10_000, 500));
    }

    #[test]
    fn a_good_file_is_read_and_the_environment_wins() {
        let env = |n: &str| (n == "MOSTIK_MAX_LINK_BASE").then(|| "http://127.0.0.1:9/max/".to_owned());
        let config = Config::from_parts(GOOD, &env).ok().unwrap();
        assert_eq!(config.max_link("T"), "http://127.0.0.1:9/max/mostik_bot?start=T");
        assert_eq!(config.sferum_url("42"), "http://127.0.0.1:9/max/sferum?profile=42");
    }
}
