//! The linking, step by step. The service says where it stands; this decides what the person may do there.

use mostik_wire::{
    CloseReason, Code, DetailsBody, LinkSummary, Linking, LinkingId, MaxTrouble, ProfileStep, Role, Step, StepName,
};

use super::{
    Turn, contact, diary, ends_session,
    entry::failure,
    family, security,
    typed::{CODE_DIGITS, RECOVERY_DIGITS, check_details, kind_of, read_code, weigh},
    vk,
};
use crate::{
    Attempt, Call, Cause, CauseKind, Details, Diary, Effect, Home, Intent, Next, Place, Reply, Target, Watched, Wish,
    Wizard,
};

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

/// Opens a linking from the diary.
pub(super) fn open(mut turn: Turn, home: Home, linking: Linking) -> Next {
    turn.effects.push(Effect::Watch(Watched::Linking(linking.id.clone())));
    turn.state.conditions.understood = None;
    let wizard = Wizard {
        home,
        linking: linking.clone(),
        editing: false,
        typed: String::new(),
        suggestion: None,
        sendable: false,
        live: true,
        pending: None,
        cause: None,
        failed: None,
    };
    adopt(turn, wizard, linking)
}

/// Goes on after a restart, or asks where it stands: reads the linking and follows it.
pub(super) fn resync(mut turn: Turn, mut wizard: Wizard) -> Next {
    wizard.cause = None;
    wizard.failed = None;
    read(&mut turn, &mut wizard);
    turn.effects.push(Effect::Watch(Watched::Linking(wizard.linking.id.clone())));
    if wizard.linking.step.name() == StepName::Max {
        // It may have been installed since.
        turn.effects.push(Effect::LookForMax);
    }
    turn.moved(Place::Wizard(wizard))
}

fn read(turn: &mut Turn, wizard: &mut Wizard) {
    let call = Call::Read(wizard.linking.id.clone());
    wizard.pending = turn.pending(Wish::Resync, |attempt| Effect::Call { attempt, call });
}

/// Takes the service's word for where the linking stands.
fn adopt(mut turn: Turn, mut wizard: Wizard, linking: Linking) -> Next {
    if linking.id != wizard.linking.id || linking.version < wizard.linking.version {
        return turn.moved(Place::Wizard(wizard));
    }
    if linking.step.name() != wizard.linking.step.name() {
        wizard.editing = false;
        wizard.failed = None;
        turn.state.conditions.typed_password = None;
        turn.state.conditions.understood = None;
    }
    // What was over is followed no longer; a link whose way into a messenger was left for later goes on.
    if !wizard.linking.step.moves_by_itself() && linking.step.moves_by_itself() {
        turn.effects.push(Effect::Watch(Watched::Linking(linking.id.clone())));
    }
    if linking.step.name() == StepName::Max && turn.state.conditions.max_here.is_none() {
        turn.effects.push(Effect::LookForMax);
    }
    wizard.linking = linking;
    wizard.home.pupil.link = summary(&wizard.linking);
    if let Some(handle) = vk::awaited_handle(&wizard.linking) {
        turn.state.awaited_handle = Some(handle.to_owned());
    }
    if let Step::Closed { reason } = &wizard.linking.step {
        let cause = (*reason != CloseReason::Cancelled).then(|| CauseKind::LinkingGone.into());
        return leave(turn, wizard, cause);
    }
    turn.moved(Place::Wizard(wizard))
}

/// Back to the diary; the linking waits where it is.
pub(super) fn leave(mut turn: Turn, wizard: Wizard, cause: Option<Cause>) -> Next {
    let Wizard { home, .. } = wizard;
    let mut diary = Diary { home, dialog: false, pending: None, reading: None, cause, failed: None };
    diary.pending = turn.pending(Wish::Refresh, Effect::ReadMe);
    diary::read_schedule(&mut turn, &mut diary);
    diary::follow(&mut turn);
    turn.moved(Place::Diary(diary))
}

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
fn post(mut turn: Turn, mut wizard: Wizard, wish: Wish, call: Call) -> Next {
    wizard.cause = None;
    wizard.failed = None;
    wizard.pending = turn.pending(wish, |attempt| Effect::Call { attempt, call });
    turn.moved(Place::Wizard(wizard))
}

fn based_on(wizard: &Wizard) -> (LinkingId, u64) {
    (wizard.linking.id.clone(), wizard.linking.version)
}

pub(super) fn stay(turn: Turn, mut wizard: Wizard, cause: Cause) -> Next {
    wizard.cause = Some(cause);
    turn.moved(Place::Wizard(wizard))
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

/// The bar's view of a linking.
pub(super) fn summary(linking: &Linking) -> LinkSummary {
    let id = linking.id.clone();
    match &linking.step {
        Step::Linked(step) => LinkSummary::Linked {
            linking: id,
            since: step.linked_at,
            in_max: step.in_max,
            in_vk: vk::messenger(linking).is_some(),
            deletes_at: step.deletes_at,
        },
        Step::Closed { .. } => LinkSummary::NotLinked,
        step => LinkSummary::InProgress { linking: id, step: step.name() },
    }
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
