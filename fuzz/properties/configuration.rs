// What is true of the settings, whatever the file says; behind a line `--- environment` stand variables, `NAME=value` each. Shared by
// the fuzz target and the tests of `mostik-service`.

use std::collections::{BTreeMap, BTreeSet};

use mostik_service::{
    Config,
    config::{Changes, Fault, MailSecurity, MaxMode, SETTINGS, centre_variable, is_safe, variable},
};
use mostik_wire::Messengers;

type Variables = BTreeMap<String, String>;

/// Begins the settings of each SMS centre.
const CENTRE: &str = "sms.centre.";
const BOUNDARY: &str = "--- environment";

/// Whether the settings are accepted. Panics when a fault names none of them, a secret shows, or what is accepted breaks a rule or is
/// read otherwise from elsewhere.
pub fn holds(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let (file, variables) = text.split_once(BOUNDARY).unwrap_or((&text, ""));
    let variables: Variables = variables
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let config = read(file, &variables);
    if let Err(faults) = &config {
        named(file, faults);
    }
    nothing_shows(file, &variables, &config);
    let Ok(config) = config else { return false };
    keeps_the_rules(&config);
    described(file, &variables);
    from_the_environment(file, &variables, &config);
    true
}

fn read(file: &str, variables: &Variables) -> Result<Config, Vec<Fault>> {
    Config::from_parts(file, &|name| variables.get(name).cloned())
}

/// Each fault names a setting of the file or one that is known, and says what to do.
fn named(file: &str, faults: &[Fault]) {
    assert!(!faults.is_empty(), "refused without a cause");
    for Fault { key, found, next } in faults {
        let known = SETTINGS.iter().any(|setting| setting.key == key) || key == "sms.centre" || key == "--config";
        let last = key.rsplit('.').next().unwrap_or_default();
        let of_centre = SETTINGS.iter().any(|setting| setting.key == format!("{CENTRE}{last}"));
        assert!(
            known
                || (key.starts_with("sms.") && of_centre)
                || last.is_empty()
                || file.contains(last)
                || file.contains('\\'),
            "{key:?}"
        );
        assert!(!found.is_empty() && !next.is_empty(), "{key}: {found:?} {next:?}");
    }
}

/// With other secrets in it the same file gives the same faults, and the same description, to the letter.
fn nothing_shows(file: &str, variables: &Variables, config: &Result<Config, Vec<Fault>>) {
    // An address that is accepted bears no password.
    let refused = config.is_err();
    let (other_file, other_variables) = (with_other_secrets(file, refused), other_secrets(variables, refused));
    if (other_file.as_str(), &other_variables) == (file, variables) {
        return;
    }
    let told = |config: &Result<Config, Vec<Fault>>, file: &str, variables: &Variables| match config {
        Ok(_) => Config::describe(file, &|name| variables.get(name).cloned()).map_err(|faults| format!("{faults:?}")),
        Err(faults) => Err(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    };
    let other = read(&other_file, &other_variables);
    let (here, there) = (told(config, file, variables), told(&other, &other_file, &other_variables));
    assert_eq!(here, there, "what is told depends on a secret");
}

fn is_secret(key: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.secret && setting.key.rsplit('.').next() == Some(key))
}

/// Lines whose key is a secret's, with other letters and digits between the quotes.
fn with_other_secrets(file: &str, refused: bool) -> String {
    let other_line = |line: &str| {
        let Some((key, value)) = line.split_once('=') else { return line.to_owned() };
        let name = key.trim().trim_matches(['"', '\'']);
        let quoted = value.trim_start().starts_with(['"', '\'']) && !value.contains('\\');
        if quoted && is_secret(name) {
            format!("{key}={}", other(value))
        } else if quoted && (name == "database" || (refused && name.ends_with("_url"))) {
            format!("{key}={}", with_other_password(value))
        } else {
            line.to_owned()
        }
    };
    file.split('\n').map(other_line).collect::<Vec<_>>().join("\n")
}

fn other_secrets(variables: &Variables, refused: bool) -> Variables {
    let is_secret = |name: &str| {
        let of_centre = name.starts_with("MOSTIK_SMS_") && name.ends_with("_PASSWORD");
        of_centre || SETTINGS.iter().any(|setting| setting.secret && variable(setting.key) == name)
    };
    let change = |(name, value): (&String, &String)| {
        let value = match name.as_str() {
            name if is_secret(name) => other(value),
            "MOSTIK_DATABASE" => with_other_password(value),
            name if refused && name.ends_with("_URL") => with_other_password(value),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    variables.iter().map(change).collect()
}

/// As long, of the same kinds of signs, and as different from others as it was.
fn other(secret: &str) -> String {
    let next = |sign: char| match sign {
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(u32::from(sign) + 1).unwrap_or(sign),
        sign => sign,
    };
    secret.chars().map(next).collect()
}

/// `postgres://USER:PASSWORD@HOST/DATABASE`, and what somebody writes so elsewhere.
fn with_other_password(address: &str) -> String {
    let changed = || {
        let (scheme, rest) = address.split_once("://")?;
        let (account, place) = rest.split_once('@')?;
        let (user, password) = account.split_once(':')?;
        let is_word = !password.is_empty() && password.chars().all(char::is_alphanumeric);
        (is_word && !user.contains('/')).then(|| format!("{scheme}://{user}:{}@{place}", other(password)))
    };
    changed().unwrap_or_else(|| address.to_owned())
}

/// The rules that accepted settings keep, said once more.
fn keeps_the_rules(config: &Config) {
    assert!(config.secret_key.len() >= 32, "a short key");
    assert!(config.previous_secret_key.as_ref().is_none_or(|previous| *previous != config.secret_key), "one key twice");
    match &config.public_url {
        Some(url) => assert!(is_safe(url) && !url.ends_with('/'), "{url}"),
        None => assert!(config.listen.ip().is_loopback(), "nobody can say where {} is reached", config.listen),
    }
    let Messengers { max, vk } = config.messengers;
    assert!(max || vk, "nothing is offered");
    assert!(!max || !(config.max.token.is_empty() || config.max.bot.is_empty()), "MAX without its bot");
    assert!(!vk || !config.vk.client_id.is_empty(), "VK without its application");
    if max && config.max.mode == MaxMode::Webhook {
        let secret = config.max.webhook_secret.as_deref().unwrap_or_default();
        assert!((5..=256).contains(&secret.len()) && secret.is_ascii(), "a webhook without a secret");
    }
    assert!((8..=64).contains(&config.passwords.shortest) && (1..=64).contains(&config.passwords.threads));
    let is_here = config.mail.server == "localhost"
        || config.mail.server.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    assert!(config.mail.security != MailSecurity::None || is_here, "mail in the clear to {}", config.mail.server);
    assert!(!config.mail.server.is_empty() && config.mail.port > 0);
    let urls =
        [&config.diary.authorize_url, &config.diary.token_url, &config.diary.api_url, &config.diary.calendar_url];
    let vk_urls = [&config.vk.authorize_url, &config.vk.token_url, &config.vk.user_info_url, &config.vk.revoke_url];
    for url in urls.into_iter().chain(vk_urls).chain(&config.traces_collector) {
        assert!(is_safe(url.as_str()), "{url}");
    }
    assert!(!config.diary.client_id.is_empty() && !config.diary.client_secret.is_empty());
    assert!(!config.sms.centres.is_empty(), "no SMS centre");
    let mut names = BTreeSet::new();
    for centre in &config.sms.centres {
        assert!(names.insert(centre_variable(&centre.name, "")), "{} comes twice", centre.name);
        assert!(!centre.smpp.is_empty() && (1..=100).contains(&centre.window), "{}", centre.name);
        let fields = [(&centre.system_id, 15), (&centre.password, 8), (&centre.source, 20)];
        for (field, most) in fields {
            assert!(!field.is_empty() && field.is_ascii() && field.len() <= most, "{}: {field:?}", centre.name);
        }
    }
}

/// What `check-config` prints names each setting, with what is given unless it is a secret.
fn described(file: &str, variables: &Variables) {
    let shown = Config::describe(file, &|name| variables.get(name).cloned()).expect("what is accepted is described");
    let given = Given::of(file, variables).expect("what is accepted is TOML");
    for setting in SETTINGS.iter().filter(|setting| !setting.key.starts_with(CENTRE)) {
        let value = match given.alone.get(setting.key) {
            _ if setting.key.starts_with("clients.") || setting.key == "database" => continue,
            Some(_) if setting.secret => "set\n".to_owned(),
            Some(value) => format!("{value}\n"),
            None => setting.default.map_or_else(|| "unset\n".to_owned(), |default| format!("{default} (default)\n")),
        };
        let line = format!("{} = {value}", setting.key);
        assert!(shown.starts_with(&line) || shown.contains(&format!("\n{line}")), "{line:?} is not in {shown}");
    }
}

/// What a file and variables give, the variables over the file.
struct Given {
    alone: BTreeMap<String, String>,
    /// By the last part of the key.
    centres: Vec<BTreeMap<String, String>>,
    clients: BTreeMap<String, String>,
}

impl Given {
    fn of(file: &str, variables: &Variables) -> Option<Self> {
        let mut given = Self { alone: BTreeMap::new(), centres: Vec::new(), clients: BTreeMap::new() };
        let text = |value: &toml::Value| value.as_str().map(str::to_owned);
        for (section, value) in &file.parse::<toml::Table>().ok()? {
            let Some(table) = value.as_table() else {
                given.alone.insert(section.clone(), text(value)?);
                continue;
            };
            for (key, value) in table {
                if let Some(centres) = value.as_array() {
                    for centre in centres.iter().filter_map(toml::Value::as_table) {
                        let mut fields: BTreeMap<_, _> =
                            centre.iter().filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect();
                        let name = fields.get("name")?.clone();
                        for key in SETTINGS.iter().filter_map(|setting| setting.key.strip_prefix(CENTRE)) {
                            let over = variables.get(&centre_variable(&name, key)).filter(|_| key != "name");
                            fields.extend(over.map(|value| (key.to_owned(), value.clone())));
                        }
                        given.centres.push(fields);
                    }
                } else if section == "clients" {
                    given.clients.insert(key.clone(), text(value)?);
                } else {
                    given.alone.insert(format!("{section}.{key}"), text(value)?);
                }
            }
        }
        for setting in SETTINGS.iter().filter(|setting| !setting.key.starts_with(CENTRE)) {
            let Some(value) = variables.get(&variable(setting.key)) else { continue };
            match setting.key.strip_prefix("clients.") {
                Some(client) => given.clients.insert(client.to_owned(), value.clone()),
                None => given.alone.insert(setting.key.to_owned(), value.clone()),
            };
        }
        Some(given)
    }
}

/// The same settings written in another way are the same: each in its variable, and in a file that names nothing but centres and clients.
fn from_the_environment(file: &str, variables: &Variables, config: &Config) {
    let given = Given::of(file, variables).expect("what is accepted is TOML");
    let mut moved: Variables = given.alone.iter().map(|(key, value)| (variable(key), value.clone())).collect();
    let mut rest = String::new();
    for centre in &given.centres {
        let name = &centre["name"];
        rest += &format!("[[sms.centre]]\nname = {}\n", quoted(name));
        let fields = centre.iter().filter(|(key, _)| *key != "name");
        moved.extend(fields.map(|(key, value)| (centre_variable(name, key), value.clone())));
    }
    rest += "[clients]\n";
    for (client, redirect) in &given.clients {
        rest += &format!("{} = {}\n", quoted(client), quoted(redirect));
    }
    let again = read(&rest, &moved).unwrap_or_else(|faults| panic!("{faults:?} in {rest} and {moved:?}"));
    let (_, changes) = config.taking(&again);
    assert_eq!(changes, Changes::default(), "{rest} and {moved:?}");
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let signs = text.chars().map(|sign| match sign {
        '"' | '\\' => format!("\\{sign}"),
        sign if sign.is_control() => format!("\\u{:04x}", u32::from(sign)),
        sign => sign.to_string(),
    });
    format!("\"{}\"", signs.collect::<String>())
}
