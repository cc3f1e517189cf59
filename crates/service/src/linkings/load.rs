//! Linkings as a request finds them.

use mostik_store::{
    Conn,
    linkings::{self, Loaded},
};
use mostik_wire::Code;

use crate::{refusal::Refusal, session::Session};

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
