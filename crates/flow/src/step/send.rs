//! Sends what a linking's step asks of the service, based on the version that is shown.

use mostik_wire::LinkingId;

use super::{open::wizard::resync, transition::Transition};
use crate::{Call, Cause, Effect, Next, RequestKind, Route, Wizard};

/// Sends a request, based on the version that is shown.
pub(super) fn send(mut transition: Transition, mut wizard: Wizard, request: RequestKind) -> Next {
    let (linking, version) = (wizard.linking.id.clone(), wizard.linking.version);
    let call = match &request {
        RequestKind::Contact { contact } => Call::Contact { linking, version, contact: contact.clone() },
        RequestKind::Recover => Call::Recover { linking, version },
        RequestKind::MaxProof => Call::MaxProof { linking, version },
        RequestKind::MaxNumber => Call::MaxNumber { linking, version },
        RequestKind::Former => Call::Former { linking, version },
        RequestKind::SkipMax => Call::SkipMax { linking, version },
        RequestKind::Resend => Call::Resend { linking, version },
        RequestKind::Confirm { accept_other_name } => {
            Call::Confirm { linking, version, accept_other_name: *accept_other_name }
        }
        RequestKind::RenewMaxLink => Call::RenewMaxLink { linking, version },
        RequestKind::Vk => Call::Vk { linking, version },
        RequestKind::Cancel => Call::Cancel { linking, version },
        // What holds a secret is not kept, so it cannot be sent again; and it may have counted: the service knows.
        _ => return resync(transition, wizard),
    };
    wizard.cause = None;
    wizard.failed = None;
    wizard.pending = transition.begin(request, |attempt| Effect::Call { attempt, call });
    transition.moved(Route::Wizard(wizard))
}

/// Sends what holds a secret or a child's details: it goes into this one request and is not kept.
pub(super) fn post(mut transition: Transition, mut wizard: Wizard, request: RequestKind, call: Call) -> Next {
    wizard.cause = None;
    wizard.failed = None;
    wizard.pending = transition.begin(request, |attempt| Effect::Call { attempt, call });
    transition.moved(Route::Wizard(wizard))
}

pub(super) fn based_on(wizard: &Wizard) -> (LinkingId, u64) {
    (wizard.linking.id.clone(), wizard.linking.version)
}

pub(super) fn show_cause(transition: Transition, mut wizard: Wizard, cause: Cause) -> Next {
    wizard.cause = Some(cause);
    transition.moved(Route::Wizard(wizard))
}
