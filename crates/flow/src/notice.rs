//! What the system tells a person while the window is not in front: that what they waited for has happened, or what they have to
//! know of before they would look again. Nobody's name, number or class is in it: it may stand on a lock screen.

use mostik_wire::{LinkingId, Millis};
use serde::{Deserialize, Serialize};

/// How many links are remembered: more than an account has children, several times over.
const MOST_TOLD: usize = 16;

/// What the system is to say. The shell has its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// The profile is linked, or a messenger has joined the link.
    Linked,
    /// The profile was unlinked, and not here.
    Unlinked,
    /// A messenger was unlinked from the profile, and not here.
    MessengerLeft,
    /// The profile is deleted tomorrow.
    DeletionTomorrow,
    /// The profile is deleted today.
    DeletionToday,
}

/// Notices, as the person and the system have them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notices {
    /// The person wants none.
    pub off: bool,
    /// The system was asked whether it shows them: once, when the person began to wait.
    pub asked: bool,
    /// The system does not show them.
    pub denied: bool,
    /// What was last told or seen of each link, the newest at the end.
    told: Vec<(LinkingId, Happened)>,
}

/// What has become of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happened", rename_all = "snake_case")]
pub(crate) enum Happened {
    Linked { in_max: bool, in_vk: bool },
    Unlinked,
    MessengerLeft,
    Doomed { at: Millis },
}

impl Notices {
    /// Whether this is new of that link; it is remembered.
    pub(crate) fn note(&mut self, linking: LinkingId, happened: Happened) -> bool {
        if self.told.contains(&(linking.clone(), happened)) {
            return false;
        }
        self.told.retain(|(of, _)| *of != linking);
        if self.told.len() == MOST_TOLD {
            self.told.remove(0);
        }
        self.told.push((linking, happened));
        true
    }
}
