//! From what is given to checked settings.

use mostik_store::{Address, AddressError};
use mostik_wire::Pages;
use url::Url;

use super::{
    app_links, chats, connections, limits, mail, observability, proxy, release,
    sections::{Config, DiaryConfig, MaxConfig, MaxMode, PasswordsConfig},
    sms, tls,
    values::{Values, is_loopback},
    vk,
};

/// Checks everything; the faults are in `values`.
pub(super) fn check(values: &mut Values) -> Option<Config> {
    let listen = values.required("listen").parse::<std::net::SocketAddr>();
    if listen.is_err() {
        let found = format!("found {:?}", values.required("listen"));
        values.fault("listen", &found, "Give address:port, such as 127.0.0.1:8080");
    }
    let public_url = values.get("public_url").is_some().then(|| values.page("public_url"));
    if let Ok(listen) = &listen
        && public_url.is_none()
        && !listen.ip().is_loopback()
    {
        let next = "Set it to the https address under which browsers reach the service";
        values.fault("public_url", &format!("not set, though listen is {listen}"), next);
    }
    let metrics_listen = observability::metrics_listen(values, listen.as_ref().ok());
    let log_format = observability::log_format(values);
    let traces_collector = observability::traces_collector(values);
    let messengers = vk::offered(values);
    let mode = match values.required("max.mode").as_str() {
        "polling" => MaxMode::Polling,
        "webhook" => MaxMode::Webhook,
        other => {
            values.fault("max.mode", &format!("found {other:?}"), "Give polling or webhook");
            MaxMode::Polling
        }
    };
    let webhook_secret = match mode {
        MaxMode::Webhook if messengers.max => Some(values.required("max.webhook_secret")),
        _ => values.get("max.webhook_secret"),
    };
    let in_alphabet = |s: &str| s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if webhook_secret.as_ref().is_some_and(|s| !s.is_empty() && (!(5..=256).contains(&s.len()) || !in_alphabet(s))) {
        values.fault(
            "max.webhook_secret",
            "found other characters or another length",
            "Give 5 to 256 of A-Z a-z 0-9 _ -",
        );
    }
    let max_api = values.url("max.api_url");
    if messengers.max && mode == MaxMode::Webhook {
        check_webhook(values, max_api.as_ref(), public_url.as_deref());
    }
    let vk = vk::check(values, messengers);
    let bot = values.required_if(messengers.max, "max.bot");
    if !bot.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) {
        values.fault("max.bot", &format!("found {bot:?}"), "Give the name as in its link, without @");
    }
    for (client, redirect) in values.clients.clone() {
        if !Url::parse(&redirect).is_ok_and(|u| u.fragment().is_none()) {
            let key = format!("clients.{client}");
            values.fault(&key, &format!("found {redirect:?}"), "Give an absolute address without #");
        }
    }
    let database = database(values);
    let drain = values.number("drain", 0..=300);
    let connections = connections::check(values);
    let limits = limits::check(values);
    let sms = sms::check(values);
    let mail = mail::check(values);
    let shortest = values.number("passwords.shortest", 8..=64);
    let threads = values.number("passwords.threads", 1..=64);
    let diary = (values.url("diary.authorize_url"), values.url("diary.token_url"));
    let diary_apis = (values.url("diary.api_url"), values.url("diary.calendar_url"));
    let secret_key = secret_key(values);
    let config = Config {
        given: values.all(),
        previous_secret_key: previous_secret_key(values, &secret_key),
        listen: listen.ok()?,
        metrics_listen,
        log_format,
        traces_collector,
        public_url,
        database: database?,
        secret_key,
        drain: drain?,
        connections: connections?,
        limits: limits?,
        tls: tls::check(values),
        proxy: proxy::check(values),
        diary: DiaryConfig {
            authorize_url: diary.0?,
            token_url: diary.1?,
            api_url: diary_apis.0?,
            calendar_url: diary_apis.1?,
            client_id: values.required("diary.client_id"),
            client_secret: values.required("diary.client_secret"),
            scope: values.required("diary.scope"),
        },
        sms: sms?,
        max: MaxConfig {
            api_url: max_api?.as_str().trim_end_matches('/').into(),
            token: values.required_if(messengers.max, "max.token"),
            bot,
            link_base: values.page("max.link_base"),
            mode,
            webhook_secret,
        },
        sferum_profile_url: values.required("sferum.profile_url"),
        chats: chats::check(values),
        pages: Pages {
            library: values.page("pages.library"),
            portfolio: values.page("pages.portfolio"),
            support: values.page("pages.support"),
            get_max: values.page("pages.get_max"),
        },
        operators_file: values.get("operators.file").map(Into::into),
        clients: values.clients.clone(),
        mail: mail?,
        messengers,
        vk: vk?,
        app_links: app_links::check(values),
        latest_release: release::check(values),
        passwords: PasswordsConfig { shortest: shortest?, threads: threads? },
    };
    Some(config)
}

fn database(values: &mut Values) -> Option<Address> {
    let error = match values.required("database").parse::<Address>() {
        Ok(address) => return Some(address),
        Err(error) => error,
    };
    let next = match error {
        AddressError::Empty | AddressError::UnknownKind(_) => {
            "Give a file for SQLite, or postgres://USER:PASSWORD@HOST/DATABASE"
        }
        AddressError::NoDatabase => "Put the database's name behind the host: postgres://USER:PASSWORD@HOST/DATABASE",
        AddressError::NotPostgres(_) => {
            "Give postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for an @ in the password"
        }
    };
    values.fault("database", &error.to_string(), next);
    None
}

// MAX brings updates to https on port 443 alone. Only what stands in for it on this machine calls without.
fn check_webhook(values: &mut Values, max_api: Option<&Url>, public_url: Option<&str>) {
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
        values.fault("public_url", &found, "max.mode is webhook: give an https address on port 443 that MAX reaches");
    }
}

fn secret_key(values: &mut Values) -> Vec<u8> {
    key(values, "secret_key").unwrap_or_else(|| {
        values.fault("secret_key", "not set", "Set it or secret_key_file; `openssl rand -base64 48` makes one");
        Vec::new()
    })
}

// Two that are the same would be one key with two numbers.
fn previous_secret_key(values: &mut Values, secret_key: &[u8]) -> Option<Vec<u8>> {
    let previous = key(values, "previous_secret_key")?;
    if previous == secret_key && !previous.is_empty() {
        values.fault("previous_secret_key", "it is the same as secret_key", "Give the other one, or leave it out");
    }
    Some(previous)
}

// The key of a setting, or of the file that `…_file` names; empty where that is a fault.
fn key(values: &mut Values, name: &str) -> Option<Vec<u8>> {
    const LEAST: usize = 32;
    let of_file = format!("{name}_file");
    let (key, bytes) = match (values.get(name), values.get(&of_file)) {
        (Some(_), Some(_)) => {
            values.fault(name, &format!("{of_file} is set too"), "Set one of the two");
            return Some(Vec::new());
        }
        (Some(text), None) => (name, text.into_bytes()),
        (None, Some(file)) => match std::fs::read(&file) {
            Ok(bytes) => (of_file.as_str(), bytes.trim_ascii().to_vec()),
            Err(e) => {
                values.fault(&of_file, &format!("{file} cannot be read: {e}"), "Name a readable file");
                return Some(Vec::new());
            }
        },
        (None, None) => return None,
    };
    if bytes.len() < LEAST {
        let found = format!("found {} bytes", bytes.len());
        values.fault(key, &found, "It takes at least 32; `openssl rand -base64 48` makes one");
    }
    Some(bytes)
}
