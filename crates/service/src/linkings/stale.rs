//! Requests that are based on a choice that has changed since.

use mostik_store::linkings::Loaded;
use mostik_wire::Code;

use super::show::show;
use crate::{app::App, refusal::Refusal, session::Session};

/// The refusal of a request that is based on a choice that has changed since; it says by whom, where another account did it.
pub(crate) fn stale(app: &App, session: &Session, loaded: &Loaded) -> Refusal {
    let by_another = loaded.linking.moved_by.as_ref().is_some_and(|account| *account != session.account);
    let by = if by_another { loaded.moved_by_called() } else { None };
    match show(app, session.language, loaded) {
        Ok(linking) => Refusal::new(Code::StaleVersion).moved_by(by).linking(linking),
        Err(refusal) => refusal,
    }
}
