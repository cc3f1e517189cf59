//! Linkings: one pupil's way to a learning profile, as a versioned resource.
//!
//! The rules are `mostik_linking`'s. Here is what surrounds them: a request becomes an action (`request`), the facts of that
//! action are looked up (`facts`), the rules decide, and the decision is carried out in the same transaction (`act`,
//! `effects`). A request is stale when the person's choice has changed since the version it names; what merely became known
//! meanwhile, such as an SMS on its way, makes no request stale.

mod act;
pub mod all;
mod audited;
mod by;
mod code;
pub mod consent;
pub mod create;
mod effects;
pub mod events;
mod facts;
mod load;
pub mod read;
mod request;
pub mod routes;
mod show;
mod stale;

pub(crate) use act::{Completed, act, act_on_all};
pub(crate) use by::{OnBehalfOf, Operator};
pub(crate) use code::entered;
pub use code::well_formed;
pub(crate) use create::of_pupil;
pub(crate) use load::by_id;
pub(crate) use show::show;
