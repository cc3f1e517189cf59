//! Taking up another configuration while the service runs: all of what may change, or nothing.

use std::sync::Arc;

use mostik_store::{OpenError, secret_keys::Holder};

use crate::{
    app::App,
    config::{Changes, Config},
    live::{Unusable, bound_keys},
};

/// What was taken up, and what waits for the next start.
pub type Taken = Changes;

/// Why nothing was taken up.
#[derive(Debug, thiserror::Error)]
pub enum NotReloaded {
    /// The database does not agree with the keys.
    #[error(transparent)]
    Keys(#[from] OpenError),
    /// A client of an outside party.
    #[error(transparent)]
    Party(#[from] Unusable),
}

/// Takes up what may change. What is under way ends with what it began with.
///
/// # Errors
/// Says why it cannot; then everything stays as it is.
pub(crate) async fn reload(app: &App, new: Config) -> Result<Taken, NotReloaded> {
    let present = app.live();
    let (config, changes) = present.config.taking(&new);
    let keys = bound_keys(&app.store, &config, Holder::Node(&app.node), app.now()).await?;
    app.present.set(present.after(config, Arc::new(keys), app.now())?);
    // Whoever waits for work looks at it with the new ones.
    app.publish_changes(&[]);
    Ok(changes)
}
