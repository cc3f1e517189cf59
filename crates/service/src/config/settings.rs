//! The list of all settings: the reference file, `check-config` and the environment's names come from it.

use std::fmt::Write as _;

/// One setting.
pub struct Setting {
    /// `section.key`, or `key` at the top of the file.
    pub key: &'static str,
    /// What holds when nothing is set; `None`: it has no default and may have to be set.
    pub default: Option<&'static str>,
    /// Shown as set or unset only.
    pub secret: bool,
    /// For the reference file.
    pub meaning: &'static str,
}

const fn setting(key: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { key, default: Some(default), secret: false, meaning }
}

const fn bare(key: &'static str, meaning: &'static str) -> Setting {
    Setting { key, default: None, secret: false, meaning }
}

const fn secret(key: &'static str, meaning: &'static str) -> Setting {
    Setting { key, default: None, secret: true, meaning }
}

/// The section that may stand several times, once for each SMS centre.
pub(super) const CENTRE: &str = "sms.centre";

/// Every setting, in the order of the reference file.
pub const SETTINGS: &[Setting] = &[
    setting("listen", "127.0.0.1:8080", "Address and port to listen on; port 0 takes a free one."),
    bare(
        "public_url",
        "Where browsers and the app reach the service: https, or http on loopback. Unset: http:// and the address listened on.",
    ),
    setting(
        "database",
        "mostik.sqlite",
        "A SQLite file, which is made where it is missing; or postgres://USER:PASSWORD@HOST:PORT/DATABASE, for one node or several.",
    ),
    secret(
        "secret_key",
        "At least 32 bytes that only the service knows; codes, tokens and stored secrets depend on it. Set this or secret_key_file.",
    ),
    bare("secret_key_file", "A file that holds secret_key, in place of secret_key itself."),
    secret(
        "previous_secret_key",
        "Another secret_key that is read besides: the one before while something is left under it, or on several nodes first the next one. Set this or previous_secret_key_file; see ADR 22.",
    ),
    bare("previous_secret_key_file", "A file that holds previous_secret_key, in place of previous_secret_key itself."),
    setting(
        "drain",
        "0",
        "Seconds for which a node that is asked to end says that it is not ready, and serves all the same: behind a balancer, a little more than that takes to notice.",
    ),
    setting("messengers", "max", "The messengers that people are offered: max, vk, or \"max vk\" for both."),
    bare(
        "tls.certificate",
        "A PEM file with the service's certificate and the chain above it, where it speaks TLS by itself. It and tls.key are read anew when they change.",
    ),
    bare("tls.key", "A PEM file with that certificate's private key. Required with tls.certificate."),
    bare(
        "proxy.trusted",
        "Addresses and networks of the proxies before the service, apart by blanks, such as 10.0.0.0/8. Forwarded, X-Forwarded-For and X-Forwarded-Proto are believed from them alone.",
    ),
    setting(
        "connections.most",
        "10000",
        "How many connections may be open at once; further ones are closed as they come. Let the system allow the process some hundreds of files more.",
    ),
    setting(
        "connections.of_one_address",
        "500",
        "How many of them one address may have, or one network of 64 bits with IPv6: a school is often behind one. Who is in proxy.trusted may have all.",
    ),
    setting(
        "connections.head_within",
        "10",
        "Seconds in which a TLS handshake has to be done, and then the head of a request to be there from its first byte on.",
    ),
    setting("connections.body_within", "15", "Seconds in which a request's body has to be there from its head on."),
    setting(
        "connections.idle",
        "60",
        "Seconds for which a connection stays open without a request. A proxy that keeps connections to use them again keeps them for less.",
    ),
    setting("connections.unread", "30", "Seconds for which an answer may wait for its reader to take the next byte."),
    setting(
        "limits.contacts_of_network",
        "3",
        "How many numbers and addresses that were not given from there before may be given from one address in an hour, and with IPv6 from one network of 64 bits. Of the limits of docs/security.md these are what you may set.",
    ),
    bare(
        "limits.shared_networks",
        "Addresses and networks behind which many people are, apart by blanks, such as 203.0.113.0/24: of schools, and of carriers that give many phones one address.",
    ),
    setting("limits.contacts_of_shared_network", "300", "The same for each address of limits.shared_networks."),
    setting(
        "limits.codes_of_service",
        "5000",
        "How many codes may be sent in an hour to numbers and addresses that are not proven yet, by all nodes together: what an attacker can make you pay for. Who has proven one, and who comes by MAX, needs none of these.",
    ),
    setting(
        "limits.wrong_codes_of_service",
        "1000",
        "From how many wrong codes in ten minutes on no codes go to further numbers and addresses: somebody guesses at many of them.",
    ),
    setting("diary.authorize_url", "https://login.mos.ru/sps/oauth/ae", "The diary's sign-in page."),
    setting("diary.token_url", "https://login.mos.ru/sps/oauth/te", "Where the diary gives tokens for codes."),
    setting("diary.api_url", "https://school.mos.ru/api/family", "The diary's family API."),
    setting(
        "diary.calendar_url",
        "https://school.mos.ru/api/eventcalendar",
        "The diary's calendar: rooms, homework, marks, replaced and cancelled lessons, addresses of remote ones.",
    ),
    bare("diary.client_id", "The client that the diary's operator registered for this service. Required."),
    secret("diary.client_secret", "That client's secret. Required."),
    setting("diary.scope", "openid profile birthday contacts", "What the diary is asked for at sign-in."),
    setting(
        "sms.receipt_within",
        "45",
        "Seconds after which a centre that has sent no receipt is passed over for the next one; 0 where centres send none.",
    ),
    bare(
        "sms.centre.name",
        "One [[sms.centre]] for each SMS centre, in order: the first that is well speaks. Its name, a-z 0-9 -, is told by the log and \
         /health/ready and stands for NAME in the variables below. Required.",
    ),
    bare(
        "sms.centre.smpp",
        "Its SMPP 3.4 address, host:port; put smpps:// before it for TLS. Several of one centre, apart by blanks, are tried in turn. Required.",
    ),
    bare("sms.centre.system_id", "The account at it, at most 15 characters. Required."),
    secret("sms.centre.password", "That account's password, at most 8 characters in SMPP 3.4. Required."),
    bare("sms.centre.ca_file", "A PEM file with further authorities that its certificate may come from, with smpps."),
    setting("sms.centre.source", "Mostik", "The sender that people see: letters or digits, at most 11."),
    setting(
        "sms.centre.message_id",
        "auto",
        "How its receipts write the message's id: auto, exact, hex-in-receipt (decimal when it was taken), decimal-in-receipt.",
    ),
    setting(
        "sms.centre.validity",
        "relative",
        "How it is told the code's remaining life: relative, absolute, or none if it refuses both.",
    ),
    setting(
        "sms.centre.sessions",
        "each",
        "each: every node has a session with it; one: it takes a single one of the account, and the nodes see to it that one of them has it.",
    ),
    setting("sms.centre.window", "10", "How many messages it takes before it has answered the first, 1 to 100."),
    bare("mail.server", "The mail server that takes the letters: its name, as in its certificate. Required."),
    setting("mail.port", "587", "Its port: 587 with starttls, 465 with tls."),
    setting(
        "mail.security",
        "starttls",
        "starttls, tls (from the first byte), or none (on 127.0.0.1 only). Certificates are always verified.",
    ),
    bare("mail.user", "The account at the mail server, if it asks for one."),
    secret("mail.password", "That account's password."),
    bare("mail.from", "The address that the letters come from. Required."),
    bare("mail.ca_file", "A PEM file with further authorities that the mail server's certificate may come from."),
    setting(
        "passwords.shortest",
        "10",
        "The fewest characters of a profile's password, 8 to 64 (NIST 63B-4 asks for 15).",
    ),
    setting("passwords.threads", "2", "Passwords hashed at once, 1 to 64; each takes a processor and 19 MiB."),
    setting("max.api_url", "https://platform-api2.max.ru", "The MAX Bot API."),
    secret("max.token", "The bot's token. Required where max is offered."),
    bare("max.bot", "The bot's name, without @. Required where max is offered."),
    setting("max.link_base", "https://max.ru", "Links into MAX begin with it: {link_base}/{bot}?start={ticket}."),
    setting(
        "max.mode",
        "polling",
        "How updates arrive: polling (development), or webhook (POST /max/webhook; public_url on https, port 443).",
    ),
    secret(
        "max.webhook_secret",
        "What MAX sends in X-Max-Bot-Api-Secret, 5 to 256 of A-Z a-z 0-9 _ -. Required for webhook.",
    ),
    setting("vk.authorize_url", "https://id.vk.com/authorize", "VK ID's sign-in page."),
    setting("vk.token_url", "https://id.vk.com/oauth2/auth", "Where VK ID gives tokens for codes."),
    setting("vk.user_info_url", "https://id.vk.com/oauth2/user_info", "Where VK ID says who signed in."),
    setting(
        "vk.revoke_url",
        "https://id.vk.com/oauth2/revoke",
        "Where VK ID takes its tokens back, as soon as it has said who signed in.",
    ),
    bare(
        "vk.client_id",
        "The application's id at VK ID, with {public_url}/vk/callback among its addresses. Required where vk is offered.",
    ),
    setting("vk.scope", "vkid.personal_info", "What VK ID is asked for. The name is all that is used."),
    setting("vk.messenger_url", "https://web.vk.me", "VK Messenger, as people open it; {profile} is filled in."),
    bare(
        "app_links.android_package",
        "The Android app that opens this service's links into the app by itself (App Links). Once it or app_links.apple_app is named, an SMS binds its code to the host of public_url.",
    ),
    bare(
        "app_links.android_certificates",
        "SHA-256 fingerprints of the keys that sign it, apart by blanks. Required with app_links.android_package.",
    ),
    bare("app_links.apple_app", "The same for Apple's systems (Universal Links): team.bundle."),
    bare("app_links.android_page", "Where the Android app is to be had: its page in a store, or your own."),
    bare("app_links.apple_page", "The same for iPhone and iPad."),
    bare(
        "app.latest",
        "The signed manifest of the newest release, for «О программе»; its .minisig lies beside it. See docs/releasing.md.",
    ),
    setting(
        "sferum.profile_url",
        "{link_base}/sferum?profile={profile}",
        "A learning profile's page; {link_base} and {profile} are filled in.",
    ),
    bare(
        "sferum.chats_file",
        "A TOML file with the class chats: [[chat]] with school (may be left out), class, title and url, the invitation into it.",
    ),
    setting("pages.library", "https://uchebnik.mos.ru/catalogue", "«Библиотека»."),
    setting("pages.portfolio", "https://school.mos.ru/portfolio/student", "«Портфолио учащегося»."),
    setting("pages.support", "https://prof.sferum.ru/support", "Sferum's support."),
    setting("pages.get_max", "https://max.ru", "Where MAX is to be had."),
    bare(
        "metrics.listen",
        "Address and port for Prometheus, which asks for /metrics: another one than listen, out of the public's reach. Unset: no metrics.",
    ),
    setting("log.format", "text", "How the log on standard error is written: text, or json, one object a line."),
    bare(
        "traces.otlp_url",
        "The collector that traces are told to, by OTLP over HTTP, such as http://127.0.0.1:4318; /v1/traces is added. Unset: no traces.",
    ),
    bare(
        "operators.file",
        "A TOML file with those who may use `mostik-service support`: one table an operator with token_sha256 and rights; `mostik-service operators new-token` makes one. Unset: nobody may.",
    ),
    setting(
        "clients.mostik-desktop",
        "http://127.0.0.1/callback",
        "Client ids and their redirect addresses, one a line; on loopback any port fits.",
    ),
];

/// The environment variable that overrides a setting; for one of an SMS centre `NAME` stands in place of the centre's name.
#[must_use]
pub fn variable(key: &str) -> String {
    let key = key.strip_prefix(CENTRE).map_or_else(|| key.to_owned(), |rest| format!("sms.NAME{rest}"));
    format!("MOSTIK_{}", key.replace(['.', '-'], "_").to_uppercase())
}

/// The reference file: every setting with its default and meaning.
#[must_use]
pub fn reference() -> String {
    let mut out = String::from(
        "# Every setting of mostik-service, with its default and meaning. Printed by `mostik-service print-config`.\n\
         # A line that begins with #key has no default. An environment variable wins over this file; its name is beside\n\
         # the setting. `mostik-service check-config --config FILE` checks all of it.\n",
    );
    let mut section = "";
    for s in SETTINGS {
        let (in_section, key) = s.key.rsplit_once('.').unwrap_or(("", s.key));
        if in_section != section {
            section = in_section;
            let header = if section == CENTRE { format!("[[{section}]]") } else { format!("[{section}]") };
            write!(out, "\n{header}").expect("a String takes everything");
        }
        // A centre's variables are found by its name, which is in the file.
        let name = if s.key == "sms.centre.name" { String::new() } else { format!("# {}\n", variable(s.key)) };
        let value = s.default.map_or_else(|| format!("#{key} = \"\""), |d| format!("{key} = \"{d}\""));
        write!(out, "\n# {}\n{name}{value}\n", s.meaning).expect("a String takes everything");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_file_in_the_repository_is_what_is_printed() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/mostik-service.toml");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, reference()).unwrap();
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert!(stored == reference(), "mostik-service.toml is stale: run the tests with UPDATE_DOCS=1");
    }

    #[test]
    fn no_two_settings_share_a_variable() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(SETTINGS.iter().all(|s| seen.insert(variable(s.key))));
    }
}
