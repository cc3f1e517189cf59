//! Linkings: one pupil's way to a learning profile, as a versioned resource.
//!
//! The rules are `mostik_linking`'s. Here is what surrounds them: a request becomes an action (`request`), the facts of that
//! action are looked up (`facts`), the rules decide, and the decision is carried out in the same transaction (`act`,
//! `effects`). A request is stale when the person's choice has changed since the version it names; what merely became known
//! meanwhile, such as an SMS on its way, makes no request stale.

mod act;
pub mod all;
mod code;
pub mod consent;
pub mod create;
mod effects;
pub mod events;
mod facts;
pub mod read;
mod request;
pub mod routes;
mod show;

use mostik_wire::Code;

pub(crate) use act::{By, Done, act, act_on_all};
pub(crate) use code::{entered, well_formed};
pub(crate) use create::of_pupil;
pub(crate) use show::show;

use crate::{
    app::App,
    refusal::Refusal,
    session::Session,
    store::{
        Conn,
        linkings::{self, Loaded},
    },
};

/// The linking with this id, if the session's account may act for its pupil.
///
/// # Errors
/// `linking_not_found`, also where it is another's: nobody learns which ids exist.
pub(crate) async fn of_session(conn: &mut Conn, session: &Session, id: &str) -> Result<Loaded, Refusal> {
    let seen = linkings::is_seen_by(conn, id, &session.account).await?;
    let loaded = if seen { linkings::load(conn, id).await? } else { None };
    loaded.ok_or_else(|| Refusal::new(Code::LinkingNotFound))
}

/// The linking with this id, whoever's it is.
///
/// # Errors
/// `linking_not_found`.
pub(crate) async fn by_id(conn: &mut Conn, id: &str) -> Result<Loaded, Refusal> {
    linkings::load(conn, id).await?.ok_or_else(|| Refusal::new(Code::LinkingNotFound))
}

/// The refusal of a request that is based on a choice that has changed since; it says by whom, where another account did it.
pub(crate) fn stale(app: &App, session: &Session, loaded: &Loaded) -> Refusal {
    let by_another = loaded.linking.moved_by.as_ref().is_some_and(|account| *account != session.account);
    let by = if by_another { loaded.moved_by_called() } else { None };
    match show(app, session.language, loaded) {
        Ok(linking) => Refusal::new(Code::StaleVersion).moved_by(by).linking(linking),
        Err(refusal) => refusal,
    }
}
