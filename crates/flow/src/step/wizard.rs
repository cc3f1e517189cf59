//! The linking, step by step. The service says where it stands; this decides what the person may do there.

use mostik_wire::{Code, DetailsBody, Linking, MaxStep, MaxTrouble, ProfileStep, Role, Step, StepName};

use super::{
    contact,
    open::{
        family, security,
        wizard::{adopt, leave, read, resync},
    },
    send::{based_on, post, send, show_cause},
    transition::{Transition, ends_session, failure},
    typed::{CODE_DIGITS, RECOVERY_DIGITS, check_details, kind_of, read_code, weigh},
    vk,
};
use crate::{Attempt, Call, Cause, CauseKind, Details, Intent, Next, Reply, RequestKind, Route, Target, Wizard};

pub(super) fn handle_intent(mut transition: Transition, mut wizard: Wizard, intent: Intent) -> Next {
    let busy = wizard.pending.as_ref().is_some_and(|pending| !pending.kind.only_reads());
    let at = wizard.linking.step.name();
    match intent {
        // ── From every step ──
        Intent::SignOut => transition.sign_out(),
        Intent::BackToDiary => leave(transition, wizard, None),
        Intent::OpenSecurity => security::open(transition, wizard.home),
        Intent::ChangeChild if wizard.home.account.role == Role::Parent => family::back(transition, wizard.home),
        Intent::Dismiss => {
            transition.dismiss_strips();
            wizard.cause = None;
            wizard.failed = None;
            transition.moved(Route::Wizard(wizard))
        }
        _ if busy => transition.ignored(Route::Wizard(wizard), "a request is under way"),
        Intent::Refresh => resync(transition, wizard),
        Intent::Retry => match wizard.failed.take() {
            None => resync(transition, wizard),
            Some(request) => send(transition, wizard, request),
        },
        Intent::CancelLinking if is_open(&wizard.linking.step) => send(transition, wizard, RequestKind::Cancel),
        Intent::OpenPage { page } => {
            wizard.pending = transition.open_page(&wizard.home.pages, page);
            transition.moved(Route::Wizard(wizard))
        }

        // ── The number or the address ──
        Intent::ReadContact { text } if at == StepName::Contact || wizard.editing => {
            contact::read(transition, wizard, &text)
        }
        Intent::SubmitContact { text } if at == StepName::Contact || wizard.editing => {
            contact::submit(transition, wizard, text)
        }
        Intent::ChangeContact | Intent::RejectProfile if is_open(&wizard.linking.step) => {
            wizard.editing = at != StepName::Contact;
            wizard.cause = None;
            transition.moved(Route::Wizard(wizard))
        }
        Intent::BackToCode if wizard.editing => {
            wizard.editing = false;
            wizard.cause = None;
            transition.moved(Route::Wizard(wizard))
        }

        Intent::ProveByMax
            if wizard.home.messengers.max
                && is_open(&wizard.linking.step)
                && (at == StepName::Contact || wizard.editing) =>
        {
            send(transition, wizard, RequestKind::MaxProof)
        }
        Intent::SignInToFormer if matches!(&wizard.linking.step, Step::Contact { former: Some(_) }) => {
            send(transition, wizard, RequestKind::Former)
        }

        // ── The code ──
        Intent::SubmitCode { code } if at == StepName::Code && !wizard.editing => match read_code(&code, CODE_DIGITS) {
            Some(code) => {
                let (linking, version) = based_on(&wizard);
                post(transition, wizard, RequestKind::Code, Call::Code { linking, version, code })
            }
            None => show_cause(transition, wizard, CauseKind::CodeIncomplete.into()),
        },
        Intent::Resend if at == StepName::Code && !wizard.editing => match &wizard.linking.step {
            Step::Code(step) if transition.state.on_service(transition.now) < step.resend_at => {
                let retry_at = Some(transition.state.on_device(step.resend_at));
                show_cause(transition, wizard, Cause { retry_at, ..CauseKind::ResendTooEarly.into() })
            }
            _ => send(transition, wizard, RequestKind::Resend),
        },

        // ── The password ──
        Intent::WeighPassword { password } if matches!(at, StepName::Password | StepName::Recovery) => {
            let typed = !password.expose().is_empty();
            transition.state.conditions.typed_password = typed.then(|| weigh(&wizard, &password));
            transition.moved(Route::Wizard(wizard))
        }
        Intent::SubmitPassword { password } if at == StepName::Password && !wizard.editing => {
            match weigh(&wizard, &password) {
                Ok(_) => {
                    let (linking, version) = based_on(&wizard);
                    post(transition, wizard, RequestKind::Password, Call::Password { linking, version, password })
                }
                Err(problem) => show_cause(transition, wizard, kind_of(problem).into()),
            }
        }
        Intent::SignInToProfile { password } if at == StepName::Exists && !wizard.editing => {
            let (linking, version) = based_on(&wizard);
            post(transition, wizard, RequestKind::ProfileSignIn, Call::ProfileSignIn { linking, version, password })
        }
        Intent::RecoverPassword if matches!(at, StepName::Exists | StepName::Recovery) => match &wizard.linking.step {
            Step::Recovery(step) if transition.state.on_service(transition.now) < step.resend_at => {
                let retry_at = Some(transition.state.on_device(step.resend_at));
                show_cause(transition, wizard, Cause { retry_at, ..CauseKind::ResendTooEarly.into() })
            }
            _ => send(transition, wizard, RequestKind::Recover),
        },
        Intent::SubmitRecovery { code, password } if at == StepName::Recovery && !wizard.editing => {
            match (read_code(&code, RECOVERY_DIGITS), weigh(&wizard, &password)) {
                (None, _) => show_cause(transition, wizard, CauseKind::CodeIncomplete.into()),
                (_, Err(problem)) => show_cause(transition, wizard, kind_of(problem).into()),
                (Some(code), Ok(_)) => {
                    let (linking, version) = based_on(&wizard);
                    post(transition, wizard, RequestKind::Recovery, Call::Recovery { linking, version, code, password })
                }
            }
        }

        // ── The child's details ──
        Intent::SubmitDetails(details) if at == StepName::Details && !wizard.editing => {
            if wizard.home.account.role != Role::Parent {
                return show_cause(transition, wizard, CauseKind::NeedsParent.into());
            }
            if let Step::Details(told) = &wizard.linking.step
                && let Err(cause) = check_details(&details, told)
            {
                return show_cause(transition, wizard, cause);
            }
            let (linking, version) = based_on(&wizard);
            let Details { last_name, first_name, middle_name, birth_date, gender, consent } = details;
            let body = DetailsBody { version, last_name, first_name, middle_name, birth_date, gender, consent };
            post(transition, wizard, RequestKind::Details, Call::Details { linking, body })
        }

        // ── The profile ──
        Intent::ConfirmProfile { accept_other_name } if at == StepName::Profile && !wizard.editing => {
            if bears_other_name(&wizard.linking) && !accept_other_name {
                return show_cause(transition, wizard, CauseKind::OtherNameNotAccepted.into());
            }
            send(transition, wizard, RequestKind::Confirm { accept_other_name })
        }

        // ── MAX ──
        Intent::OpenMax if at == StepName::Max && !wizard.editing => {
            if let Step::Max(step) = &wizard.linking.step {
                wizard.pending = transition.open(Target::Max(step.url.clone()));
            }
            transition.moved(Route::Wizard(wizard))
        }
        Intent::TakeMaxNumber if takes_number(&wizard.linking) && !wizard.editing => {
            send(transition, wizard, RequestKind::MaxNumber)
        }
        Intent::RenewMaxLink if at == StepName::Max && !wizard.editing => {
            send(transition, wizard, RequestKind::RenewMaxLink)
        }
        // The profile is linked to the diary and MAX was left for later: now it is later.
        Intent::RenewMaxLink
            if wizard.home.messengers.max && matches!(&wizard.linking.step, Step::Linked(step) if !step.in_max) =>
        {
            send(transition, wizard, RequestKind::RenewMaxLink)
        }
        Intent::SkipMax if matches!(&wizard.linking.step, Step::Max(step) if step.skippable) => {
            send(transition, wizard, RequestKind::SkipMax)
        }

        // ── VK Messenger ──
        Intent::ConnectVk if vk::is_offered(&wizard.linking) && !wizard.editing => {
            send(transition, wizard, RequestKind::Vk)
        }
        Intent::OpenVk if vk::messenger(&wizard.linking).is_some() => {
            wizard.pending = vk::messenger(&wizard.linking).and_then(|target| transition.open(target));
            transition.moved(Route::Wizard(wizard))
        }

        // ── Linked ──
        Intent::JoinLesson { lesson } if at == StepName::Linked => {
            match wizard.home.lesson(&lesson).filter(|l| l.is_held_remotely()).and_then(|l| l.join_url.clone()) {
                Some(url) => {
                    wizard.pending = transition.open(Target::Lesson(url));
                    transition.moved(Route::Wizard(wizard))
                }
                None => transition.refused(Route::Wizard(wizard), "no lesson to join"),
            }
        }
        Intent::OpenSferum if at == StepName::Linked => {
            if let Step::Linked(step) = &wizard.linking.step {
                wizard.pending = transition.open(Target::Sferum(step.sferum_url.clone()));
            }
            transition.moved(Route::Wizard(wizard))
        }
        _ => transition.refused(Route::Wizard(wizard), "not at this step"),
    }
}

pub(super) fn handle_reply(mut transition: Transition, mut wizard: Wizard, attempt: Attempt, reply: Reply) -> Next {
    let Some(pending) = wizard.pending.take_if(|pending| pending.attempt == attempt) else {
        return transition.ignored(Route::Wizard(wizard), "a late reply");
    };
    match (pending.kind, reply) {
        (request, Reply::Linking(linking)) => {
            // A reading made because a try failed keeps saying why it failed.
            if pending_clears_cause(&wizard) {
                wizard.cause = None;
            }
            wizard.editing = false;
            if request == RequestKind::Vk {
                wizard.pending = vk::open_sign_in(&mut transition, &linking);
            }
            adopt(transition, wizard, *linking)
        }
        (_, Reply::Refused(problem)) if ends_session(problem.code) => transition.session_ended(&problem, true),
        (_, Reply::Refused(problem)) if matches!(problem.code, Code::LinkingNotFound | Code::PupilNotYours) => {
            let cause = transition.cause_of(&problem);
            leave(transition, wizard, Some(cause))
        }
        (request, Reply::Refused(problem)) => {
            let cause = transition.cause_of(&problem);
            let resulting_step = request.resulting_step();
            match problem.linking {
                // The request had succeeded already: its first answer was lost on the way.
                Some(linking) if cause.kind == CauseKind::MovedOn && resulting_step == Some(linking.step.name()) => {
                    wizard.editing = false;
                    adopt(transition, wizard, *linking)
                }
                Some(linking) => {
                    wizard.editing &= cause.kind != CauseKind::MovedOn;
                    wizard.cause = Some(cause);
                    adopt(transition, wizard, *linking)
                }
                None => {
                    wizard.cause = Some(cause);
                    // A refused try changes the linking: without its present state the next try would be stale.
                    if matches!(request, RequestKind::Code | RequestKind::ProfileSignIn | RequestKind::Recovery)
                        || wizard.cause.as_ref().is_some_and(|c| c.kind == CauseKind::MovedOn)
                    {
                        read(&mut transition, &mut wizard);
                    }
                    transition.moved(Route::Wizard(wizard))
                }
            }
        }
        (_, Reply::Opened) => {
            wizard.cause = None;
            transition.moved(Route::Wizard(wizard))
        }
        // Nobody asked for this reading: the strip says that the service is out of reach.
        (RequestKind::Resync, Reply::Failed(cause)) if cause.kind == CauseKind::Offline => {
            transition.moved(Route::Wizard(wizard))
        }
        (request, reply) => {
            wizard.cause = Some(failure(&transition, reply));
            wizard.failed = (request != RequestKind::Open).then_some(request);
            transition.moved(Route::Wizard(wizard))
        }
    }
}

/// The linking changed by itself: MAX answered, a message was delivered, another window moved it.
pub(super) fn linking_changed(transition: Transition, wizard: Wizard, linking: Linking) -> Next {
    if linking.id != wizard.linking.id {
        return transition.ignored(Route::Wizard(wizard), "news of another linking");
    }
    if linking.version <= wizard.linking.version {
        return transition.ignored(Route::Wizard(wizard), "old news");
    }
    adopt(transition, wizard, linking)
}

const fn bears_other_name(linking: &Linking) -> bool {
    matches!(&linking.step, Step::Profile(ProfileStep { found: Some(found), .. }) if !found.same_name)
}

fn takes_number(linking: &Linking) -> bool {
    let Step::Max(MaxStep { trouble: Some(trouble), .. }) = &linking.step else { return false };
    matches!(trouble, MaxTrouble::NumberDiffers { usable: true, .. } | MaxTrouble::ToConfirm { .. })
}

fn pending_clears_cause(wizard: &Wizard) -> bool {
    wizard.cause.as_ref().is_none_or(|cause| cause.kind == CauseKind::Offline)
}

impl RequestKind {
    /// The step at which the linking stands once the request has succeeded.
    const fn resulting_step(&self) -> Option<StepName> {
        match self {
            Self::Contact { .. } | Self::Resend | Self::Former => Some(StepName::Code),
            Self::Code | Self::ProfileSignIn | Self::Recovery | Self::MaxNumber => Some(StepName::Profile),
            Self::Password => Some(StepName::Details),
            Self::Recover => Some(StepName::Recovery),
            Self::Details => Some(StepName::Max),
            Self::SkipMax => Some(StepName::Linked),
            Self::Confirm { .. } | Self::RenewMaxLink | Self::MaxProof => Some(StepName::Max),
            Self::Cancel => Some(StepName::Closed),
            // It stays where it is, with an address in it.
            Self::Vk
            | Self::Refresh
            | Self::Begin
            | Self::Accept { .. }
            | Self::Enter
            | Self::Sferum
            | Self::Resync
            | Self::Open
            | Self::ReadProfile
            | Self::OwnerCode
            | Self::Do { .. }
            | Self::Keep
            | Self::EndSession
            | Self::SignOutEverywhere => None,
        }
    }
}

/// Whether another contact may still be given, and all of it be called off: not once the link to the diary stands.
fn is_open(step: &Step) -> bool {
    !step.is_over() && !matches!(step, Step::Max(max) if max.skippable)
}
