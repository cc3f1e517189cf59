//! The checked settings, section by section, and what is wrong with one.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use mostik_store::Address;
use mostik_wire::{Email, Messengers, Pages};
use url::Url;

use super::{
    certificate::CertificateFiles, class_chats::ClassChats, connections::ConnectionsConfig, limits::LimitsConfig,
    networks::Networks,
};

/// Checked settings.
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct Config {
    /// What is given, by key: to tell what another file changes.
    pub(super) given: BTreeMap<String, String>,
    pub listen: SocketAddr,
    pub metrics_listen: Option<SocketAddr>,
    pub log_format: LogFormat,
    pub traces_collector: Option<Url>,
    pub public_url: Option<String>,
    pub database: Address,
    pub secret_key: Vec<u8>,
    pub previous_secret_key: Option<Vec<u8>>,
    pub drain: u32,
    pub connections: ConnectionsConfig,
    pub limits: LimitsConfig,
    pub tls: Option<CertificateFiles>,
    pub proxy: Networks,
    pub diary: DiaryConfig,
    pub sms: SmsConfig,
    pub mail: MailConfig,
    pub messengers: Messengers,
    pub max: MaxConfig,
    pub vk: VkConfig,
    pub passwords: PasswordsConfig,
    pub app_links: AppLinksConfig,
    pub latest_release: Option<PathBuf>,
    pub sferum_profile_url: String,
    pub chats: ClassChats,
    pub pages: Pages,
    pub operators_file: Option<PathBuf>,
    pub clients: BTreeMap<String, String>,
}

/// `[diary]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct DiaryConfig {
    pub authorize_url: Url,
    pub token_url: Url,
    pub api_url: Url,
    pub calendar_url: Url,
    pub client_id: String,
    pub client_secret: String,
    pub scope: String,
}

/// `[sms]`
#[derive(Clone)]
pub struct SmsConfig {
    /// In milliseconds; 0: receipts are not waited for.
    pub receipt_within: i64,
    /// In order: the first that is well speaks.
    pub centres: Vec<CentreConfig>,
}

/// `[mail]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct MailConfig {
    pub server: String,
    pub port: u16,
    pub security: MailSecurity,
    /// User and password.
    pub account: Option<(String, String)>,
    pub from: Email,
    /// What `ca_file` holds.
    pub ca_pem: Option<Vec<u8>>,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS after a plain greeting; without it nothing is sent.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: on this machine only.
    None,
}

/// `[passwords]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct PasswordsConfig {
    pub shortest: u32,
    pub threads: u32,
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

/// `[vk]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct VkConfig {
    pub authorize_url: Url,
    pub token_url: Url,
    pub user_info_url: Url,
    pub revoke_url: Url,
    pub client_id: String,
    pub scope: String,
    pub messenger_url: String,
}

/// `[app_links]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct AppLinksConfig {
    pub android_package: Option<String>,
    pub android_certificates: Vec<String>,
    pub apple_app: Option<String>,
    pub android_page: Option<String>,
    pub apple_page: Option<String>,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for programs.
    Json,
}

/// How MAX's updates arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxMode {
    /// The service asks for them.
    Polling,
    /// MAX posts them.
    Webhook,
}

/// One `[[sms.centre]]`.
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct CentreConfig {
    pub name: String,
    /// `smpp://host:port` or `smpps://host:port`, one or more.
    pub smpp: Vec<Url>,
    pub system_id: String,
    pub password: String,
    /// What `ca_file` holds.
    pub ca_pem: Option<Vec<u8>>,
    pub source: String,
    pub message_id: MessageId,
    pub validity: Validity,
    /// How many messages may be under way without an answer.
    pub window: u32,
    /// It takes one session of the account at a time: one node has it, whichever.
    pub one_session: bool,
}

/// How a centre writes the id of a message in its receipts, compared with its answer to `submit_sm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageId {
    /// As it comes: the same, or decimal in one place and hexadecimal in the other, where only one message can be meant.
    Auto,
    /// The same; zeros before it and case do not count.
    Exact,
    /// Decimal in the answer, hexadecimal in the receipt.
    HexInReceipt,
    /// Hexadecimal in the answer, decimal in the receipt.
    DecimalInReceipt,
}

/// How a centre is told until when a message is worth delivering (SMPP 3.4, 7.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// As a time from now on.
    Relative,
    /// As a moment in UTC.
    Absolute,
    /// Not at all: the centre refuses both.
    None,
}

impl Config {
    /// Where browsers reach the service, as far as the settings say, without a slash at the end.
    #[must_use]
    pub fn own_url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", self.listen))
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

    /// The way into VK Messenger for a learning profile.
    #[must_use]
    pub fn vk_messenger_url(&self, profile: &str) -> String {
        self.vk.messenger_url.replace("{profile}", profile)
    }
}
