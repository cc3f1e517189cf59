//! The `[[sms.centre]]` tables of the file, as they are given.

use std::collections::BTreeMap;

use super::{
    fault::Fault,
    settings::{CENTRE, SETTINGS, Setting, variable},
};

/// What a file says of one centre, by the last part of the setting's key, with the environment over it.
pub(super) type CentreValues = BTreeMap<String, String>;

/// The settings of one centre.
pub(super) fn settings() -> impl Iterator<Item = (&'static str, &'static Setting)> {
    SETTINGS.iter().filter_map(|setting| Some((setting.key.strip_prefix(CENTRE)?.strip_prefix('.')?, setting)))
}

/// The variable that overrides a centre's setting: by its name, whatever its place in the order.
#[must_use]
pub fn centre_variable(name: &str, key: &str) -> String {
    variable(&format!("sms.{name}.{key}"))
}

/// Takes the centres out of the file's `[sms]`, and names what can be none.
pub(super) fn take(
    table: &mut toml::Table,
    env: &dyn Fn(&str) -> Option<String>,
    faults: &mut Vec<Fault>,
) -> Vec<CentreValues> {
    let mut fault = |key: &str, found: String, next: String| faults.push(Fault { key: key.into(), found, next });
    let sms = table.get_mut("sms").and_then(toml::Value::as_table_mut);
    // The form for one centre, in [sms] itself.
    for (key, _) in settings().filter(|(key, _)| *key != "name") {
        let (old, name) = (format!("sms.{key}"), variable(&format!("sms.{key}")));
        if sms.as_ref().is_some_and(|sms| sms.contains_key(key)) {
            fault(
                &old,
                "it stands in [sms]".into(),
                format!("There may be several centres now: put it into a [[{CENTRE}]]"),
            );
        }
        if env(&name).is_some() {
            let next = format!(
                "There may be several centres now: name them in the file, and the variable MOSTIK_SMS_NAME_{}",
                key.to_uppercase()
            );
            fault(&old, format!("{name} is set"), next);
        }
    }
    let Some(centres) = sms.and_then(|sms| {
        for (key, _) in settings() {
            sms.remove(key);
        }
        sms.remove("centre")
    }) else {
        return Vec::new();
    };
    let Some(centres) = centres.as_array().filter(|all| all.iter().all(toml::Value::is_table)) else {
        fault(
            CENTRE,
            format!("found a {}", centres.type_str()),
            format!("Write [[{CENTRE}]] above the settings of each centre"),
        );
        return Vec::new();
    };
    let mut all = Vec::new();
    for centre in centres.iter().filter_map(toml::Value::as_table) {
        let mut given = CentreValues::new();
        for (key, value) in centre {
            let full = format!("{CENTRE}.{key}");
            if !settings().any(|(known, _)| known == key) {
                fault(
                    &full,
                    "there is no such setting".into(),
                    "See `mostik-service print-config` for all of them".into(),
                );
            } else if let toml::Value::String(value) = value {
                given.insert(key.clone(), value.clone());
            } else {
                fault(&full, format!("found a {}", value.type_str()), "Write it as a string, in double quotes".into());
            }
        }
        if let Some(name) = given.get("name").cloned() {
            for (key, _) in settings().filter(|(key, _)| *key != "name") {
                given.extend(env(&centre_variable(&name, key)).map(|value| (key.to_owned(), value)));
            }
        }
        all.push(given);
    }
    all
}
