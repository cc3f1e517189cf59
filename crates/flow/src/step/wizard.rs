//! The linking, step by step. The service says where it stands; this decides what the person may do there.

use mostik_wire::{Code, DetailsBody, Linking, MaxTrouble, ProfileStep, Role, Step, StepName};

use super::{
    contact,
    open::{
        family, security,
        wizard::{adopt, leave, read, resync},
    },
    send::{based_on, post, send, stay},
    turn::{Turn, ends_session, failure},
    typed::{CODE_DIGITS, RECOVERY_DIGITS, check_details, kind_of, read_code, weigh},
    vk,
};
use crate::{Attempt, Call, Cause, CauseKind, Details, Intent, Next, Place, Reply, Target, Wish, Wizard};

pub(super) fn wish(mut turn: Turn, mut wizard: Wizard, intent: Intent) -> Next {
    let busy = wizard.pending.as_ref().is_some_and(|pending| !pending.wish.gives_way());
    let at = wizard.linking.step.name();
    match intent {
        // ── From every step ──
        Intent::SignOut => turn.sign_out(),
        Intent::BackToDiary => leave(turn, wizard, None),
        Intent::OpenSecurity => security::open(turn, wizard.home),
        Intent::ChangeChild if wizard.home.account.role == Role::Parent => family::back(turn, wizard.home),
        Intent::Dismiss => {
            turn.dismiss_strips();
            wizard.cause = None;
            wizard.failed = None;
            turn.moved(Place::Wizard(wizard))
        }
        _ if busy => turn.ignored(Place::Wizard(wizard), "a wish is under way"),
        Intent::Refresh => resync(turn, wizard),
        Intent::Retry => match wizard.failed.take() {
            None => resync(turn, wizard),
            Some(wish) => send(turn, wizard, wish),
        },
        Intent::CancelLinking if is_open(&wizard.linking.step) => send(turn, wizard, Wish::Cancel),
        Intent::OpenPage { page } => {
            wizard.pending = turn.open_page(&wizard.home.pages, page);
            turn.moved(Place::Wizard(wizard))
        }

        // ── The number or the address ──
        Intent::ReadContact { text } if at == StepName::Contact || wizard.editing => contact::read(turn, wizard, &text),
        Intent::SubmitContact { text } if at == StepName::Contact || wizard.editing => {
            contact::submit(turn, wizard, text)
        }
        Intent::ChangeContact | Intent::RejectProfile if is_open(&wizard.linking.step) => {
            wizard.editing = at != StepName::Contact;
            wizard.cause = None;
            turn.moved(Place::Wizard(wizard))
        }
        Intent::BackToCode if wizard.editing => {
            wizard.editing = false;
            wizard.cause = None;
            turn.moved(Place::Wizard(wizard))
        }

        Intent::ProveByMax
            if wizard.home.messengers.max
                && is_open(&wizard.linking.step)
                && (at == StepName::Contact || wizard.editing) =>
        {
            send(turn, wizard, Wish::MaxProof)
        }
        Intent::SignInToFormer if matches!(&wizard.linking.step, Step::Contact { former: Some(_) }) => {
            send(turn, wizard, Wish::Former)
        }

        // ── The code ──
        Intent::SubmitCode { code } if at == StepName::Code && !wizard.editing => match read_code(&code, CODE_DIGITS) {
            Some(code) => {
                let (linking, version) = based_on(&wizard);
                post(turn, wizard, Wish::Code, Call::Code { linking, version, code })
            }
            None => stay(turn, wizard, CauseKind::CodeIncomplete.into()),
        },
        Intent::Resend if at == StepName::Code && !wizard.editing => match &wizard.linking.step {
            Step::Code(step) if turn.state.on_service(turn.now) < step.resend_at => {
                let retry_at = Some(turn.state.on_device(step.resend_at));
                stay(turn, wizard, Cause { retry_at, ..CauseKind::ResendTooEarly.into() })
            }
            _ => send(turn, wizard, Wish::Resend),
        },

        // ── The password ──
        Intent::WeighPassword { password } if matches!(at, StepName::Password | StepName::Recovery) => {
            let typed = !password.expose().is_empty();
            turn.state.conditions.typed_password = typed.then(|| weigh(&wizard, &password));
            turn.moved(Place::Wizard(wizard))
        }
        Intent::SubmitPassword { password } if at == StepName::Password && !wizard.editing => {
            match weigh(&wizard, &password) {
                Ok(_) => {
                    let (linking, version) = based_on(&wizard);
                    post(turn, wizard, Wish::Password, Call::Password { linking, version, password })
                }
                Err(problem) => stay(turn, wizard, kind_of(problem).into()),
            }
        }
        Intent::SignInToProfile { password } if at == StepName::Exists && !wizard.editing => {
            let (linking, version) = based_on(&wizard);
            post(turn, wizard, Wish::ProfileSignIn, Call::ProfileSignIn { linking, version, password })
        }
        Intent::RecoverPassword if matches!(at, StepName::Exists | StepName::Recovery) => match &wizard.linking.step {
            Step::Recovery(step) if turn.state.on_service(turn.now) < step.resend_at => {
                let retry_at = Some(turn.state.on_device(step.resend_at));
                stay(turn, wizard, Cause { retry_at, ..CauseKind::ResendTooEarly.into() })
            }
            _ => send(turn, wizard, Wish::Recover),
        },
        Intent::SubmitRecovery { code, password } if at == StepName::Recovery && !wizard.editing => {
            match (read_code(&code, RECOVERY_DIGITS), weigh(&wizard, &password)) {
                (None, _) => stay(turn, wizard, CauseKind::CodeIncomplete.into()),
                (_, Err(problem)) => stay(turn, wizard, kind_of(problem).into()),
                (Some(code), Ok(_)) => {
                    let (linking, version) = based_on(&wizard);
                    post(turn, wizard, Wish::Recovery, Call::Recovery { linking, version, code, password })
                }
            }
        }

        // ── The child's details ──
        Intent::SubmitDetails(details) if at == StepName::Details && !wizard.editing => {
            if wizard.home.account.role != Role::Parent {
                return stay(turn, wizard, CauseKind::NeedsParent.into());
            }
            if let Step::Details(told) = &wizard.linking.step
                && let Err(cause) = check_details(&details, told)
            {
                return stay(turn, wizard, cause);
            }
            let (linking, version) = based_on(&wizard);
            let Details { last_name, first_name, middle_name, birth_date, gender, consent } = details;
            let body = DetailsBody { version, last_name, first_name, middle_name, birth_date, gender, consent };
            post(turn, wizard, Wish::Details, Call::Details { linking, body })
        }

        // ── The profile ──
        Intent::ConfirmProfile { accept_other_name } if at == StepName::Profile && !wizard.editing => {
            if bears_other_name(&wizard.linking) && !accept_other_name {
                return stay(turn, wizard, CauseKind::OtherNameNotAccepted.into());
            }
            send(turn, wizard, Wish::Confirm { accept_other_name })
        }

        // ── MAX ──
        Intent::OpenMax if at == StepName::Max && !wizard.editing => {
            if let Step::Max(step) = &wizard.linking.step {
                wizard.pending = turn.open(Target::Max(step.url.clone()));
            }
            turn.moved(Place::Wizard(wizard))
        }
        Intent::TakeMaxNumber if takes_number(&wizard.linking) && !wizard.editing => {
            send(turn, wizard, Wish::MaxNumber)
        }
        Intent::RenewMaxLink if at == StepName::Max && !wizard.editing => send(turn, wizard, Wish::RenewMaxLink),
        // The profile is linked to the diary and MAX was left for later: now it is later.
        Intent::RenewMaxLink
            if wizard.home.messengers.max && matches!(&wizard.linking.step, Step::Linked(step) if !step.in_max) =>
        {
            send(turn, wizard, Wish::RenewMaxLink)
        }
        Intent::SkipMax if matches!(&wizard.linking.step, Step::Max(step) if step.skippable) => {
            send(turn, wizard, Wish::SkipMax)
        }

        // ── VK Messenger ──
        Intent::ConnectVk if vk::is_offered(&wizard.linking) && !wizard.editing => send(turn, wizard, Wish::Vk),
        Intent::OpenVk if vk::messenger(&wizard.linking).is_some() => {
            wizard.pending = vk::messenger(&wizard.linking).and_then(|target| turn.open(target));
            turn.moved(Place::Wizard(wizard))
        }

        // ── Linked ──
        Intent::JoinLesson { lesson } if at == StepName::Linked => {
            match wizard.home.lesson(&lesson).filter(|l| l.is_held_remotely()).and_then(|l| l.join_url.clone()) {
                Some(url) => {
                    wizard.pending = turn.open(Target::Lesson(url));
                    turn.moved(Place::Wizard(wizard))
                }
                None => turn.refused(Place::Wizard(wizard), "no lesson to join"),
            }
        }
        Intent::OpenSferum if at == StepName::Linked => {
            if let Step::Linked(step) = &wizard.linking.step {
                wizard.pending = turn.open(Target::Sferum(step.sferum_url.clone()));
            }
            turn.moved(Place::Wizard(wizard))
        }
        _ => turn.refused(Place::Wizard(wizard), "not at this step"),
    }
}

pub(super) fn answer(mut turn: Turn, mut wizard: Wizard, attempt: Attempt, reply: Reply) -> Next {
    let Some(pending) = wizard.pending.take_if(|pending| pending.attempt == attempt) else {
        return turn.ignored(Place::Wizard(wizard), "a late reply");
    };
    match (pending.wish, reply) {
        (wish, Reply::Linking(linking)) => {
            // A reading made because a try failed keeps saying why it failed.
            if pending_clears_cause(&wizard) {
                wizard.cause = None;
            }
            wizard.editing = false;
            if wish == Wish::Vk {
                wizard.pending = vk::open_sign_in(&mut turn, &linking);
            }
            adopt(turn, wizard, *linking)
        }
        (_, Reply::Refused(problem)) if ends_session(problem.code) => turn.session_ended(true),
        (_, Reply::Refused(problem)) if matches!(problem.code, Code::LinkingNotFound | Code::PupilNotYours) => {
            let cause = turn.cause_of(&problem);
            leave(turn, wizard, Some(cause))
        }
        (wish, Reply::Refused(problem)) => {
            let cause = turn.cause_of(&problem);
            let led_to = wish.leads_to();
            match problem.linking {
                // The wish had come true already: its first answer was lost on the way.
                Some(linking) if cause.kind == CauseKind::MovedOn && led_to == Some(linking.step.name()) => {
                    wizard.editing = false;
                    adopt(turn, wizard, *linking)
                }
                Some(linking) => {
                    wizard.editing &= cause.kind != CauseKind::MovedOn;
                    wizard.cause = Some(cause);
                    adopt(turn, wizard, *linking)
                }
                None => {
                    wizard.cause = Some(cause);
                    // A refused try changes the linking: without its present state the next try would be stale.
                    if matches!(wish, Wish::Code | Wish::ProfileSignIn | Wish::Recovery)
                        || wizard.cause.as_ref().is_some_and(|c| c.kind == CauseKind::MovedOn)
                    {
                        read(&mut turn, &mut wizard);
                    }
                    turn.moved(Place::Wizard(wizard))
                }
            }
        }
        (_, Reply::Opened) => {
            wizard.cause = None;
            turn.moved(Place::Wizard(wizard))
        }
        // Nobody asked for this reading: the strip says that the service is out of reach.
        (Wish::Resync, Reply::Failed(cause)) if cause.kind == CauseKind::Offline => turn.moved(Place::Wizard(wizard)),
        (wish, reply) => {
            wizard.cause = Some(failure(&turn, reply));
            wizard.failed = (wish != Wish::Open).then_some(wish);
            turn.moved(Place::Wizard(wizard))
        }
    }
}

/// The linking changed by itself: MAX answered, a message was delivered, another window moved it.
pub(super) fn changed(turn: Turn, wizard: Wizard, linking: Linking) -> Next {
    if linking.id != wizard.linking.id {
        return turn.ignored(Place::Wizard(wizard), "news of another linking");
    }
    if linking.version <= wizard.linking.version {
        return turn.ignored(Place::Wizard(wizard), "old news");
    }
    adopt(turn, wizard, linking)
}

const fn bears_other_name(linking: &Linking) -> bool {
    matches!(&linking.step, Step::Profile(ProfileStep { found: Some(found), .. }) if !found.same_name)
}

fn takes_number(linking: &Linking) -> bool {
    matches!(&linking.step, Step::Max(step) if matches!(step.trouble, Some(MaxTrouble::NumberDiffers { usable: true, .. })))
}

fn pending_clears_cause(wizard: &Wizard) -> bool {
    wizard.cause.as_ref().is_none_or(|cause| cause.kind == CauseKind::Offline)
}

impl Wish {
    /// The step at which the linking stands when the wish has come true.
    const fn leads_to(&self) -> Option<StepName> {
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
