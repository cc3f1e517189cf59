//! From texts to checked settings.

use std::collections::BTreeMap;

use url::Url;

use super::{
    centre_tables,
    fault::Fault,
    settings::{CENTRE, SETTINGS, variable},
};

// What the file and the environment say, before it is checked.
pub(super) struct Values {
    pub(super) given: BTreeMap<String, String>,
    pub(super) clients: BTreeMap<String, String>,
    /// Each `[[sms.centre]]`, in order.
    pub(super) centres: Vec<centre_tables::CentreValues>,
    pub(super) faults: Vec<Fault>,
}

impl Values {
    pub(super) fn read(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Fault>> {
        let fault = |key: &str, found: String, next: &str| vec![Fault { key: key.into(), found, next: next.into() }];
        let mut table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            fault("--config", format!("not TOML: {}", slip(text, &e)), "Mend that line")
        })?;
        let mut faults = Vec::new();
        let centres = centre_tables::take(&mut table, env, &mut faults);
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

    /// All that is given, by key; that of a centre by `sms.NAME.key`.
    pub(super) fn all(&self) -> BTreeMap<String, String> {
        let clients = self.clients.iter().map(|(id, redirect)| (format!("clients.{id}"), redirect.clone()));
        let of_centre = |centre: &centre_tables::CentreValues| {
            let name = centre.get("name").cloned().unwrap_or_default();
            centre.clone().into_iter().map(move |(key, value)| (format!("sms.{name}.{key}"), value))
        };
        self.given.clone().into_iter().chain(clients).chain(self.centres.iter().flat_map(of_centre)).collect()
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
            // Before an @ there may be a password.
            let found = if text.contains('@') { "found an @ in it".to_owned() } else { format!("found {text:?}") };
            self.fault(key, &found, "Give an https address (http only on 127.0.0.1)");
        }
        url
    }

    pub(super) fn page(&mut self, key: &str) -> String {
        self.url(key).map(|u| u.as_str().trim_end_matches('/').to_owned()).unwrap_or_default()
    }
}

// Where it is and what, without the line itself: that may bear a secret.
fn slip(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}: {}", error.message().replace('\n', ", "))
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
