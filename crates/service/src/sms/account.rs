//! The account at a centre, which may change while the service runs.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{config::CentreConfig, live::Live};

/// Comes back when the settings have another account for the centre.
pub(super) async fn account_changed(settings: &mut watch::Receiver<Arc<Live>>, at: usize, centre: &CentreConfig) {
    let is_other = |live: &Arc<Live>| {
        let new = &live.config.sms.centres[at];
        (&new.system_id, &new.password) != (&centre.system_id, &centre.password)
    };
    // An error means that the service is gone, and with it whoever waits here.
    if settings.wait_for(is_other).await.is_err() {
        std::future::pending().await
    }
}
