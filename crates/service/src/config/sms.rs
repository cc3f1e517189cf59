//! `[sms]` and its `[[sms.centre]]`, checked.

use url::Url;

use super::{
    authorities::authorities,
    centre_tables::{CentreValues, centre_variable, settings},
    sections::{CentreConfig, MessageId, SmsConfig, Validity},
    settings::CENTRE,
    values::Values,
};

const MESSAGE_IDS: [(&str, MessageId); 4] = [
    ("auto", MessageId::Auto),
    ("exact", MessageId::Exact),
    ("hex-in-receipt", MessageId::HexInReceipt),
    ("decimal-in-receipt", MessageId::DecimalInReceipt),
];
const VALIDITIES: [(&str, Validity); 3] =
    [("relative", Validity::Relative), ("absolute", Validity::Absolute), ("none", Validity::None)];

const SESSIONS: [(&str, bool); 2] = [("each", false), ("one", true)];

/// Checks `[sms]`.
pub(super) fn check(values: &mut Values) -> Option<SmsConfig> {
    let receipt_within = values.number("sms.receipt_within", 0..=3600);
    let all = std::mem::take(&mut values.centres);
    if all.is_empty() {
        values.fault(
            CENTRE,
            "there is none",
            "Put a [[sms.centre]] into the file: `mostik-service print-config` shows it",
        );
    }
    let mut centres: Vec<CentreConfig> = Vec::new();
    for given in &all {
        let centre = check_centre(values, given);
        if let Some(centre) = centre {
            if centres.iter().any(|other| centre_variable(&other.name, "") == centre_variable(&centre.name, "")) {
                let found = format!("{:?} comes twice", centre.name);
                values.fault("sms.centre.name", &found, "Give each centre a name of its own");
            }
            centres.push(centre);
        }
    }
    values.centres = all;
    Some(SmsConfig { receipt_within: i64::from(receipt_within?) * crate::clock::SECOND, centres })
}

fn check_centre(values: &mut Values, given: &CentreValues) -> Option<CentreConfig> {
    let name = given.get("name").cloned().unwrap_or_default();
    let in_alphabet = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if name.is_empty() || name.len() > 20 || !name.bytes().all(in_alphabet) {
        values.fault(
            "sms.centre.name",
            &format!("found {name:?}"),
            "Give 1 to 20 of a-z 0-9 -: logs and variables name the centre so",
        );
        return None;
    }
    let key = |key: &str| format!("sms.{name}.{key}");
    let default = |key: &str| settings().find(|(known, _)| *known == key).and_then(|(_, s)| s.default);
    let get = |key: &str| {
        given.get(key).cloned().or_else(|| default(key).map(str::to_owned)).filter(|v| !v.trim().is_empty())
    };
    let required = |values: &mut Values, what: &str| {
        get(what).unwrap_or_else(|| {
            let next = format!("Set it in the centre's [[{CENTRE}]] or in {}", centre_variable(&name, what));
            values.fault(&key(what), "not set", &next);
            String::new()
        })
    };
    let mut smpp = Vec::new();
    for address in required(values, "smpp").split_whitespace() {
        let full = if address.contains("://") { address.to_owned() } else { format!("smpp://{address}") };
        match Url::parse(&full).ok().filter(|u| matches!(u.scheme(), "smpp" | "smpps") && u.host().is_some()) {
            Some(url) => smpp.push(url),
            None => values.fault(&key("smpp"), &format!("found {address:?}"), "Give host:port"),
        }
    }
    let system_id = required(values, "system_id");
    let password = required(values, "password");
    let source = required(values, "source");
    // The fields of a bind (SMPP 3.4, 4.1.1): 15 and 8 octets before the closing one. A secret's value is not shown.
    if system_id.len() > 15 || !system_id.is_ascii() {
        values.fault(&key("system_id"), &format!("found {system_id:?}"), "SMPP 3.4 has at most 15 ASCII characters");
    }
    if password.len() > 8 || !password.is_ascii() {
        values.fault(&key("password"), "too long, or not ASCII", "SMPP 3.4 has at most 8 ASCII characters");
    }
    if source.len() > 20 || !source.is_ascii() {
        values.fault(&key("source"), &format!("found {source:?}"), "Give at most 11 Latin letters or digits");
    }
    let ca_pem = authorities(values, &key("ca_file"), get("ca_file"));
    let window = get("window").and_then(|text| text.parse().ok()).filter(|n| (1..=100).contains(n));
    if window.is_none() {
        let found = format!("found {:?}", get("window").unwrap_or_default());
        values.fault(&key("window"), &found, "Give a number from 1 to 100");
    }
    let message_id = one_of(values, &key("message_id"), &get("message_id").unwrap_or_default(), &MESSAGE_IDS);
    let validity = one_of(values, &key("validity"), &get("validity").unwrap_or_default(), &VALIDITIES);
    let one_session = one_of(values, &key("sessions"), &get("sessions").unwrap_or_default(), &SESSIONS);
    Some(CentreConfig {
        smpp,
        system_id,
        password,
        ca_pem,
        source,
        message_id: message_id?,
        validity: validity?,
        window: window?,
        one_session: one_session?,
        name,
    })
}

fn one_of<T: Copy>(values: &mut Values, key: &str, text: &str, all: &[(&str, T)]) -> Option<T> {
    let found = all.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
        values.fault(key, &format!("found {text:?}"), &format!("Give one of {}", names.join(", ")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Config, tests::GOOD};
    use super::*;

    const SECOND_CENTRE: &str = r#"
        [[sms.centre]]
        name = "mts"
        smpp = "smpps://smpp.mts.example:3550 smpp2.mts.example"
        system_id = "mostik"
        message_id = "hex-in-receipt"
    "#;

    fn faults(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Vec<(String, String)> {
        let faults = Config::from_parts(text, env).err().unwrap_or_default();
        faults.into_iter().map(|f| (f.key.clone(), f.to_string())).collect()
    }

    fn with_password(name: &str) -> Option<String> {
        (name == "MOSTIK_SMS_MTS_PASSWORD").then(|| "secret".to_owned())
    }

    #[test]
    fn centres_are_read_in_their_order_with_the_environment_over_each() {
        let config = Config::from_parts(&format!("{GOOD}{SECOND_CENTRE}"), &with_password).ok().unwrap();
        let [first, second] = &config.sms.centres[..] else { panic!("two centres") };
        let addresses = |centre: &CentreConfig| centre.smpp.iter().map(Url::to_string).collect::<Vec<_>>();
        assert_eq!(
            (first.name.as_str(), addresses(first), first.window),
            ("main", vec!["smpp://127.0.0.1:2775".into()], 10)
        );
        assert_eq!((first.message_id, first.validity), (MessageId::Auto, Validity::Relative));
        assert_eq!(
            (second.name.as_str(), second.password.as_str(), second.source.as_str()),
            ("mts", "secret", "Mostik")
        );
        assert_eq!(addresses(second), ["smpps://smpp.mts.example:3550", "smpp://smpp2.mts.example"]);
        assert_eq!(second.message_id, MessageId::HexInReceipt);
        assert_eq!(config.sms.receipt_within, 45_000);
    }

    #[test]
    fn the_form_for_one_centre_is_named_with_what_stands_in_its_place() {
        let old = GOOD.replace("[[sms.centre]]\n        name = \"main\"", "[sms]");
        assert!(old.contains("[sms]"), "{old}");
        let found = faults(&old, &|_| None);
        let keys: Vec<_> = found.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["sms.smpp", "sms.system_id", "sms.password"]);
        assert!(found.iter().all(|(_, text)| text.contains("[[sms.centre]]")), "{found:?}");
        // A variable of then would change nothing, in silence.
        let found = faults(GOOD, &|name| (name == "MOSTIK_SMS_PASSWORD").then(|| "pw".to_owned()));
        assert_eq!(found.len(), 1);
        assert!(found[0].1.contains("MOSTIK_SMS_NAME_PASSWORD"), "{found:?}");
    }

    #[test]
    fn every_fault_of_a_centre_is_named_with_the_centre() {
        for (from, to, key) in [
            ("name = \"mts\"", "", "sms.centre.name"),
            ("name = \"mts\"", "name = \"МТС\"", "sms.centre.name"),
            ("name = \"mts\"", "name = \"main\"", "sms.centre.name"),
            ("smpps://smpp.mts.example:3550", "ftp://smpp.mts.example", "sms.mts.smpp"),
            ("system_id = \"mostik\"", "", "sms.mts.system_id"),
            ("system_id = \"mostik\"", "system_id = \"more-than-fifteen-letters\"", "sms.mts.system_id"),
            ("hex-in-receipt", "hex", "sms.mts.message_id"),
            ("message_id = \"hex-in-receipt\"", "window = \"0\"", "sms.mts.window"),
            ("message_id = \"hex-in-receipt\"", "ca_file = \"no/such/file\"", "sms.mts.ca_file"),
            ("message_id = \"hex-in-receipt\"", "window = 10", "sms.centre.window"),
            ("message_id = \"hex-in-receipt\"", "validity = \"forever\"", "sms.mts.validity"),
            ("message_id = \"hex-in-receipt\"", "message_identity = \"auto\"", "sms.centre.message_identity"),
            ("message_id = \"hex-in-receipt\"", "source = \"Мостик\"", "sms.mts.source"),
            ("[[sms.centre]]", "[sms.centre]", "--config"),
        ] {
            let text = format!("{GOOD}{}", SECOND_CENTRE.replace(from, to));
            let env = |name: &str| {
                ["MTS", "MAIN"].iter().any(|n| *name == format!("MOSTIK_SMS_{n}_PASSWORD")).then(|| "pw".to_owned())
            };
            let keys: Vec<_> = faults(&text, &env).into_iter().map(|(key, _)| key).collect();
            assert_eq!(keys, [key], "{from} -> {to}");
        }
        let found = faults(&format!("{GOOD}{SECOND_CENTRE}"), &|name| {
            (name == "MOSTIK_SMS_MTS_PASSWORD").then(|| "longer-than-eight".to_owned())
        });
        assert!(found[0].0 == "sms.mts.password" && !found[0].1.contains("longer-than-eight"), "{found:?}");
    }
}
