//! What an operator measures, for Prometheus: `docs/metrics.md` lists all of it.
//!
//! What happens is counted where its outcome is known, by [`Metrics`], which every service has for itself. What lasts (the outbox,
//! the state of the providers) is read when somebody asks, in `readings`. No label has room for a person's data: its value is a word
//! of the program's own, or a name out of the settings.

mod counted;
mod described;
mod families;
mod readings;
mod server;

pub use counted::{CallOutcome, Metrics, Provider, code_in, kind_name, method_name};
pub use described::{ALL, Description, Kind, Label, Values, document, route};
pub use server::{CONTENT_TYPE, router};
