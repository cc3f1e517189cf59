//! Every metric: its name, its labels with the values that each can have, and what it means. `docs/metrics.md` is made of it.

use std::fmt::Write as _;

use mostik_linking::limits::LIMITS;
use mostik_wire::Code;

use crate::{config::Config, contract};

/// How a metric is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, and begins anew with the process.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts in buckets.
    Histogram,
}

impl Kind {
    /// As Prometheus calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// What a label can say.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// One of these words.
    Words(&'static [&'static str]),
    /// The template of a route of the contract, `/openapi.json`, or `none`.
    Routes,
    /// `ok`, the code of a refusal, or `client_error` and `server_error` of a page.
    RequestOutcomes,
    /// The name of a limit.
    Limits,
    /// The name of an SMS centre in the settings.
    Centres,
    /// What the program was built from.
    Build,
}

/// A label.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// Its name.
    pub name: &'static str,
    /// What it can say.
    pub values: Values,
}

const fn label(name: &'static str, values: Values) -> Label {
    Label { name, values }
}

const fn words(name: &'static str, words: &'static [&'static str]) -> Label {
    label(name, Values::Words(words))
}

/// A metric.
#[derive(Debug)]
pub struct Description {
    /// As it is registered; see [`Description::exposed`].
    pub name: &'static str,
    /// How it is read.
    pub kind: Kind,
    /// Its labels, in the order in which their values are given.
    pub labels: &'static [Label],
    /// One sentence, without its full stop.
    pub meaning: &'static str,
}

impl Description {
    /// The name that queries use.
    #[must_use]
    pub fn exposed(&self) -> String {
        let end = if self.kind == Kind::Counter { "_total" } else { "" };
        format!("{}{end}", self.name)
    }
}

/// Said of a request whose path is no route's.
pub(super) const NO_ROUTE: &str = "none";
/// The one route that is not in the contract.
pub(super) const OPENAPI: &str = "/openapi.json";
/// What runs.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What it was built from, where the build was told.
pub(super) const COMMIT: &str = match option_env!("MOSTIK_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};
/// How a request went that was not refused with a code.
pub(super) const OK: &str = "ok";
pub(super) const CLIENT_ERROR: &str = "client_error";
pub(super) const SERVER_ERROR: &str = "server_error";

const METHODS: Label = words("method", &["GET", "POST", "other"]);
const ROUTE: Label = label("route", Values::Routes);
const CHANNEL: Label = words("channel", &["sms", "mail", "max"]);
const CONTACT: Label = words("channel", &["sms", "mail"]);
const PURPOSE: Label = words("purpose", &["contact", "recovery", "owner"]);
const MESSENGER: Label = words("messenger", &["max", "vk", "none"]);
const PROVIDER: Label = words("provider", &["sms", "mail", "max", "diary", "vk"]);

macro_rules! describe {
    ($($constant:ident = $kind:ident $name:literal [$($label:expr),*] $meaning:literal;)*) => {
        $(pub(super) const $constant: &Description =
            &Description { name: $name, kind: Kind::$kind, labels: &[$($label),*], meaning: $meaning };)*

        /// Every metric.
        pub const ALL: &[&Description] = &[$($constant),*];
    };
}

describe! {
    BUILD_INFO = Gauge "mostik_build_info" [label("version", Values::Build), label("commit", Values::Build)]
        "Always 1; the labels say what runs";
    REQUESTS = Counter "mostik_requests" [METHODS, ROUTE, label("outcome", Values::RequestOutcomes)]
        "Requests that were answered, by the code of their refusal";
    REQUEST_SECONDS = Histogram "mostik_request_duration_seconds" [METHODS, ROUTE]
        "Seconds until the answer began; a route that waits for news (events, a hand-off) takes as long as that";
    CODES_SENT = Counter "mostik_codes_sent" [CONTACT, PURPOSE] "Codes that were made and queued";
    CODES_NOT_SENT = Counter "mostik_codes_not_sent" [words("cause", &[
            "resend_too_early", "sends_used_up", "contact_blocked", "contacts_used_up", "network_contacts_used_up", "codes_paused",
        ])]
        "Codes that were asked for and not made: a limit is reached";
    LIMITS_REACHED = Counter "mostik_limits_reached" [label("limit", Values::Limits)]
        "What was refused, or a wrong try not even compared, because a limit is reached";
    CODES_CHECKED = Counter "mostik_codes_checked" [
            PURPOSE,
            words("outcome", &[
                "proven", "code_wrong", "code_superseded", "code_expired", "code_tries_used_up", "contact_blocked", "other",
            ])]
        "Codes that were typed: right, or refused with this code; `other`: refused for another cause";
    LINKS_MADE = Counter "mostik_links_made" [MESSENGER]
        "Profiles bound to an account of a messenger; `none`: linked to a diary, in no messenger yet";
    LINKS_ENDED = Counter "mostik_links_ended" [MESSENGER]
        "Profiles that left a messenger; `none`: left the diary, and were in no messenger";
    PROFILES_DELETED = Counter "mostik_profiles_deleted" [] "Profiles that were deleted when their time had come";
    MESSAGES = Counter "mostik_messages" [
            CHANNEL,
            words("outcome", &["handed_over", "delivered", "failed", "no_such_mailbox", "mailbox_full"])]
        "What became of messages; `delivered` comes after `handed_over`, where the provider sends receipts";
    PROVIDER_CALLS = Counter "mostik_provider_calls" [PROVIDER, words("outcome", &["ok", "refused", "failed"])]
        "Calls to outside parties: `refused` with an answer that is about the call, `failed` without one, or by the party's or the \
         operator's fault";
    PROVIDER_UP = Gauge "mostik_provider_up" [PROVIDER]
        "Whether the last call did not fail, 1 or 0; of SMS: whether a centre takes messages at this moment. Nothing before the first call";
    CENTRE_STATE = Gauge "mostik_sms_centre_state" [
            label("centre", Values::Centres),
            words("state", &["up", "untried", "down", "resting", "silent", "elsewhere"])]
        "1 at the state in which an SMS centre is, 0 at the others; the same words as in `/health/ready`";
    OUTBOX_MESSAGES = Gauge "mostik_outbox_messages" [CHANNEL] "Messages that wait to be handed over";
    OUTBOX_OLDEST = Gauge "mostik_outbox_oldest_seconds" [CHANNEL] "For how long the oldest of them has waited; 0 without any";
    PASSWORDS_PLACES = Gauge "mostik_passwords_places" [] "Passwords that can be hashed at once";
    PASSWORDS_HASHING = Gauge "mostik_passwords_hashing" [] "Passwords that are being hashed";
    PASSWORDS_WAITING = Gauge "mostik_passwords_waiting" [] "Requests that wait for such a place";
    DATABASE_CONNECTIONS = Gauge "mostik_database_connections" [words("state", &["taken", "idle"])]
        "Connections to the database that this node has open";
    DATABASE_CONNECTIONS_MOST = Gauge "mostik_database_connections_most" [] "How many it may have open";
    LEASE_HELD = Gauge "mostik_lease_held" [words("work", &["sweep", "audit_chain", "polling", "sms_session"])]
        "Leases that this node holds of work that one node does at a time; on SQLite it does it without";
    DATABASE_UP = Gauge "mostik_database_up" [] "Whether the database could be read for this page, 1 or 0; with 0 the outbox is left out";
}

impl Label {
    /// Whether the label can have this value in a service with these settings.
    #[must_use]
    pub fn can_say(&self, value: &str, config: &Config) -> bool {
        match self.values {
            Values::Words(words) => words.contains(&value),
            Values::Routes => value == NO_ROUTE || route(value) != NO_ROUTE,
            Values::RequestOutcomes => {
                [OK, CLIENT_ERROR, SERVER_ERROR].contains(&value)
                    || Code::ALL.iter().any(|code| contract::name(*code) == value)
            }
            Values::Limits => LIMITS.iter().any(|limit| limit.name == value),
            Values::Centres => config.sms.centres.iter().any(|centre| centre.name == value),
            Values::Build => [VERSION, COMMIT].contains(&value),
        }
    }

    fn said(&self) -> String {
        let name = self.name;
        match self.values {
            Values::Words(words) => {
                let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("`{name}`: {}", words.join(" "))
            }
            Values::Routes => {
                format!("`{name}`: a template of the [contract](openapi.json), `{OPENAPI}` or `{NO_ROUTE}`")
            }
            Values::RequestOutcomes => format!(
                "`{name}`: `{OK}`, a code of [errors.md](errors.md), or `{CLIENT_ERROR}` `{SERVER_ERROR}` where a page says it"
            ),
            Values::Limits => format!("`{name}`: a name of [security.md](security.md)"),
            Values::Centres => format!("`{name}`: a name in the settings"),
            Values::Build => format!("`{name}`"),
        }
    }
}

/// The template of a route as a word of the program's own: what a path itself says never gets into a label.
#[must_use]
pub fn route(matched: &str) -> &'static str {
    let known = contract::ENDPOINTS.iter().map(|endpoint| endpoint.path).chain([OPENAPI]);
    known.into_iter().find(|template| *template == matched).unwrap_or(NO_ROUTE)
}

/// `docs/metrics.md`.
#[must_use]
pub fn document() -> String {
    let mut out = String::from(
        "# Metrics\n\n<!-- Written by the tests of crates/service (UPDATE_DOCS=1); do not edit. -->\n\n\
         `GET /metrics` on the address of the setting `metrics.listen`, in Prometheus' text format. No label bears a person's data, and\n\
         each has a closed set of values. Alert rules, a dashboard and a configuration for Prometheus are in `packaging/observability`.\n\n\
         | Name | Type | Labels | Meaning |\n|---|---|---|---|\n",
    );
    for of in ALL {
        let labels: Vec<String> = of.labels.iter().map(Label::said).collect();
        let (name, kind) = (of.exposed(), of.kind.name());
        writeln!(out, "| `{name}` | {kind} | {} | {}. |", labels.join("<br>"), of.meaning)
            .expect("a String takes everything");
    }
    out
}
