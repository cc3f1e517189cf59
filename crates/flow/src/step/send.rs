//! Sends a linking's wishes to the service, based on the version that is shown.

use mostik_wire::LinkingId;

use super::{open::wizard::resync, turn::Turn};
use crate::{Call, Cause, Effect, Next, Place, Wish, Wizard};

/// Sends a wish off, based on the version that is shown.
pub(super) fn send(mut turn: Turn, mut wizard: Wizard, wish: Wish) -> Next {
    let (linking, version) = (wizard.linking.id.clone(), wizard.linking.version);
    let call = match &wish {
        Wish::Contact { contact } => Call::Contact { linking, version, contact: contact.clone() },
        Wish::Recover => Call::Recover { linking, version },
        Wish::MaxProof => Call::MaxProof { linking, version },
        Wish::MaxNumber => Call::MaxNumber { linking, version },
        Wish::Former => Call::Former { linking, version },
        Wish::SkipMax => Call::SkipMax { linking, version },
        Wish::Resend => Call::Resend { linking, version },
        Wish::Confirm { accept_other_name } => {
            Call::Confirm { linking, version, accept_other_name: *accept_other_name }
        }
        Wish::RenewMaxLink => Call::RenewMaxLink { linking, version },
        Wish::Vk => Call::Vk { linking, version },
        Wish::Cancel => Call::Cancel { linking, version },
        // What holds a secret is not kept, so it cannot be sent again; and it may have counted: the service knows.
        _ => return resync(turn, wizard),
    };
    wizard.cause = None;
    wizard.failed = None;
    wizard.pending = turn.pending(wish, |attempt| Effect::Call { attempt, call });
    turn.moved(Place::Wizard(wizard))
}

/// Sends what holds a secret or a child's details: it goes into this one request and is not kept.
pub(super) fn post(mut turn: Turn, mut wizard: Wizard, wish: Wish, call: Call) -> Next {
    wizard.cause = None;
    wizard.failed = None;
    wizard.pending = turn.pending(wish, |attempt| Effect::Call { attempt, call });
    turn.moved(Place::Wizard(wizard))
}

pub(super) fn based_on(wizard: &Wizard) -> (LinkingId, u64) {
    (wizard.linking.id.clone(), wizard.linking.version)
}

pub(super) fn stay(turn: Turn, mut wizard: Wizard, cause: Cause) -> Next {
    wizard.cause = Some(cause);
    turn.moved(Place::Wizard(wizard))
}
