//! The linking service: signs people in at the diary, proves a phone by SMS or an address by mail, and binds a learning
//! profile, through MAX or VK Messenger.
//!
//! One file per resource, with its handler; what several share is in `app` (state), `post` (repeatable POSTs), `limits`
//! (what one contact may cost), `outbox` (messages written with the state). SQL is in the crate `mostik-store`. Time and randomness are arguments.
//!
//! What needs the database refuses with `overloaded` or `internal` when that does not answer; what refuses for causes of its own
//! says so under «Errors».

#![expect(clippy::missing_errors_doc, reason = "the cause that all share is said once, above")]

pub mod app;
pub mod app_links;
pub mod audit;
pub mod changes;
pub mod cli;
pub mod client;
pub mod clock;
mod coalesced;
pub mod config;
pub mod contact;
pub mod contract;
pub mod dates;
pub mod device;
pub mod diary;
pub mod doctor;
mod exchange;
pub mod hand_offs;
pub mod health;
pub mod history;
pub mod keys;
pub mod language;
pub mod launches;
mod lease;
pub mod limits;
pub mod linkings;
pub mod live;
pub mod mail;
pub mod max;
pub mod me;
pub mod metrics;
pub mod names;
pub mod oauth;
pub mod outbox;
pub mod page;
pub mod passwords;
pub mod post;
mod presented;
pub mod profiles;
pub mod refusal;
pub mod release;
pub mod reload;
pub mod request_id;
pub mod return_page;
pub mod rotation;
pub mod router;
pub mod schedule;
pub mod service;
pub mod serving;
pub mod session;
pub mod sessions;
pub mod sms;
pub mod sms_text;
pub mod support;
pub mod sweep;
pub mod tls;
pub mod traces;
mod upstream;
pub mod vk;
pub mod work;

pub use config::Config;
pub use service::Service;
