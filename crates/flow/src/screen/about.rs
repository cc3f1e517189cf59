//! «О программе», as it is shown.

use serde::Serialize;
use ts_rs::TS;

use crate::{Device, Health, Installation, State, Update};

/// «О программе», as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AboutCard {
    /// The versions of the app, the system and the web view on this device.
    pub device: Device,
    /// This copy of it.
    pub installation: Installation,
    /// The service's version, once it has answered.
    pub service_version: Option<String>,
    /// The session is in memory only, not in the keyring.
    pub session_only: bool,
    /// How the service does. [`crate::Intent::CheckHealth`].
    pub health: Health,
    /// Whether there is a newer release. [`crate::Intent::CheckRelease`].
    pub update: Update,
    /// The system tells what the person waited for. [`crate::Intent::SetNotices`].
    pub notices: bool,
    /// The system does not let it.
    pub notices_denied: bool,
}

impl AboutCard {
    /// What is shown of it, if it is open.
    pub(crate) fn of(state: &State) -> Option<Box<Self>> {
        let conditions = &state.conditions;
        let about = conditions.about.as_ref()?;
        Some(Box::new(Self {
            device: conditions.device.clone(),
            installation: conditions.installation.clone(),
            service_version: conditions.service.clone(),
            session_only: conditions.session_only,
            health: about.health,
            update: about.update.clone(),
            notices: !state.notices.off,
            notices_denied: state.notices.denied,
        }))
    }
}
