//! VK Messenger in a linking: the way to VK ID, and into the messenger.

use mostik_wire::{Linking, Step, VkStep};

use super::transition::Transition;
use crate::{PendingRequest, Target};

/// VK at the step where the linking stands.
pub(super) const fn of(linking: &Linking) -> Option<&VkStep> {
    match &linking.step {
        Step::Max(step) => step.vk.as_ref(),
        Step::Linked(step) => step.vk.as_ref(),
        _ => None,
    }
}

/// Whether VK may be connected there.
pub(super) fn is_offered(linking: &Linking) -> bool {
    of(linking).is_some_and(|vk| !matches!(vk, VkStep::Bound { .. }))
}

/// Opens VK ID's page, if the linking bears one now.
pub(super) fn open_sign_in(transition: &mut Transition, linking: &Linking) -> Option<PendingRequest> {
    match of(linking) {
        Some(VkStep::SigningIn { url, .. }) => transition.open(Target::VkId(url.clone())),
        _ => None,
    }
}

/// The way into VK Messenger, where the profile is bound to it.
pub(super) fn messenger(linking: &Linking) -> Option<Target> {
    match of(linking) {
        Some(VkStep::Bound { messenger_url, .. }) => Some(Target::Vk(messenger_url.clone())),
        _ => None,
    }
}

/// The handle that a link back from MAX or from the browser may bear now.
pub(super) fn awaited_handle(linking: &Linking) -> Option<&str> {
    match (&linking.step, of(linking)) {
        (_, Some(VkStep::SigningIn { return_handle, .. })) => Some(return_handle),
        (Step::Max(step), _) => Some(&step.return_handle),
        _ => None,
    }
}
