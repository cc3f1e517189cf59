//! The linking, step by step. The service says where it stands; this decides what the person may do there.

use mostik_wire::{CloseReason, Code, LinkSummary, Linking, Phone, PhoneError, ProfileStep, Secret, Step, StepName};

use super::{Turn, diary, ends_session, entry::failure};
use crate::{Attempt, Call, Cause, CauseKind, Diary, Effect, Home, Intent, Next, Place, Reply, Target, Wish, Wizard};

pub(super) fn wish(mut turn: Turn, mut wizard: Wizard, intent: Intent) -> Next {
    let busy = wizard.pending.as_ref().is_some_and(|pending| !pending.wish.gives_way());
    let at = wizard.linking.step.name();
    match intent {
        // ── From every step ──
        Intent::SignOut => turn.sign_out(),
        Intent::BackToDiary => leave(turn, wizard, None),
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
        Intent::CancelLinking if !wizard.linking.step.is_over() => send(turn, wizard, Wish::Cancel),
        Intent::OpenPage { page } => {
            wizard.pending = turn.open_page(&wizard.home, page);
            turn.moved(Place::Wizard(wizard))
        }

        // ── The number ──
        Intent::SubmitContact { text } if at == StepName::Contact || wizard.editing => {
            wizard.typed.clone_from(&text);
            match read_contact(&text) {
                Ok(phone) => send(turn, wizard, Wish::Contact { phone: phone.e164().to_owned() }),
                Err(kind) => stay(turn, wizard, kind.into()),
            }
        }
        Intent::ChangeContact | Intent::RejectProfile if !wizard.linking.step.is_over() => {
            wizard.editing = at != StepName::Contact;
            wizard.cause = None;
            turn.moved(Place::Wizard(wizard))
        }
        Intent::BackToCode if wizard.editing => {
            wizard.editing = false;
            wizard.cause = None;
            turn.moved(Place::Wizard(wizard))
        }

        // ── The code ──
        Intent::SubmitCode { code } if at == StepName::Code && !wizard.editing => match read_code(&code) {
            Some(code) => send_code(turn, wizard, code),
            None => stay(turn, wizard, CauseKind::CodeIncomplete.into()),
        },
        Intent::Resend if at == StepName::Code && !wizard.editing => match &wizard.linking.step {
            Step::Code(step) if turn.state.on_service(turn.now) < step.resend_at => {
                let retry_at = Some(turn.state.on_device(step.resend_at));
                stay(turn, wizard, Cause { retry_at, ..CauseKind::ResendTooEarly.into() })
            }
            _ => send(turn, wizard, Wish::Resend),
        },

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
        Intent::RenewMaxLink if at == StepName::Max && !wizard.editing => send(turn, wizard, Wish::RenewMaxLink),

        // ── Linked ──
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
        (_, Reply::Linking(linking)) => {
            // A reading made because a try failed keeps saying why it failed.
            if pending_clears_cause(&wizard) {
                wizard.cause = None;
            }
            wizard.editing = false;
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
                    if wish == Wish::Code || wizard.cause.as_ref().is_some_and(|c| c.kind == CauseKind::MovedOn) {
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
    turn.effects.push(Effect::Watch(linking.id.clone()));
    let wizard = Wizard {
        home,
        linking: linking.clone(),
        editing: false,
        typed: String::new(),
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
    turn.effects.push(Effect::Watch(wizard.linking.id.clone()));
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
    }
    wizard.linking = linking;
    wizard.home.pupil.link = summary(&wizard.linking);
    match &wizard.linking.step {
        Step::Max(step) => turn.state.awaited_handle = Some(step.return_handle.clone()),
        Step::Closed { reason } => {
            let cause = (*reason != CloseReason::Cancelled).then(|| CauseKind::LinkingGone.into());
            return leave(turn, wizard, cause);
        }
        _ => {}
    }
    turn.moved(Place::Wizard(wizard))
}

/// Back to the diary; the linking waits where it is.
pub(super) fn leave(mut turn: Turn, wizard: Wizard, cause: Option<Cause>) -> Next {
    let Wizard { home, .. } = wizard;
    let mut diary = Diary { home, dialog: false, pending: None, reading: None, cause, failed: None };
    diary.pending = turn.pending(Wish::Refresh, Effect::ReadMe);
    diary::read_schedule(&mut turn, &mut diary);
    diary::follow(&mut turn, &diary);
    turn.moved(Place::Diary(diary))
}

/// Sends a wish off, based on the version that is shown.
fn send(mut turn: Turn, mut wizard: Wizard, wish: Wish) -> Next {
    let (linking, version) = (wizard.linking.id.clone(), wizard.linking.version);
    let call = match &wish {
        Wish::Contact { phone } => Call::Contact { linking, version, phone: phone.clone() },
        Wish::Resend => Call::Resend { linking, version },
        Wish::Confirm { accept_other_name } => {
            Call::Confirm { linking, version, accept_other_name: *accept_other_name }
        }
        Wish::RenewMaxLink => Call::RenewMaxLink { linking, version },
        Wish::Cancel => Call::Cancel { linking, version },
        // A code is not kept, so it cannot be sent again; and it may have counted: the service knows.
        _ => return resync(turn, wizard),
    };
    wizard.cause = None;
    wizard.failed = None;
    wizard.pending = turn.pending(wish, |attempt| Effect::Call { attempt, call });
    turn.moved(Place::Wizard(wizard))
}

fn send_code(mut turn: Turn, mut wizard: Wizard, code: Secret) -> Next {
    let call = Call::Code { linking: wizard.linking.id.clone(), version: wizard.linking.version, code };
    wizard.cause = None;
    wizard.failed = None;
    wizard.pending = turn.pending(Wish::Code, |attempt| Effect::Call { attempt, call });
    turn.moved(Place::Wizard(wizard))
}

fn stay(turn: Turn, mut wizard: Wizard, cause: Cause) -> Next {
    wizard.cause = Some(cause);
    turn.moved(Place::Wizard(wizard))
}

fn read_contact(text: &str) -> Result<Phone, CauseKind> {
    let text = text.trim();
    if text.is_empty() {
        return Err(CauseKind::ContactEmpty);
    }
    if text.contains('@') {
        return Err(CauseKind::EmailNotHere);
    }
    Phone::parse(text).map_err(|error| match error {
        PhoneError::Malformed => CauseKind::PhoneMalformed,
        PhoneError::Landline => CauseKind::PhoneLandline,
        PhoneError::Foreign => CauseKind::PhoneForeign,
    })
}

/// Six digits with anything people put between them.
fn read_code(typed: &Secret) -> Option<Secret> {
    let digits: String = typed.expose().chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 6).then(|| Secret::new(digits))
}

const fn bears_other_name(linking: &Linking) -> bool {
    matches!(&linking.step, Step::Profile(ProfileStep { found: Some(found), .. }) if !found.same_name)
}

fn pending_clears_cause(wizard: &Wizard) -> bool {
    wizard.cause.as_ref().is_none_or(|cause| cause.kind == CauseKind::Offline)
}

/// The bar's view of a linking.
pub(super) fn summary(linking: &Linking) -> LinkSummary {
    let id = linking.id.clone();
    match &linking.step {
        Step::Linked(step) => LinkSummary::Linked { linking: id, since: step.linked_at },
        Step::Closed { .. } => LinkSummary::NotLinked,
        step => LinkSummary::InProgress { linking: id, step: step.name() },
    }
}

impl Wish {
    /// The step at which the linking stands when the wish has come true.
    const fn leads_to(&self) -> Option<StepName> {
        match self {
            Self::Contact { .. } | Self::Resend => Some(StepName::Code),
            Self::Code => Some(StepName::Profile),
            Self::Confirm { .. } | Self::RenewMaxLink => Some(StepName::Max),
            Self::Cancel => Some(StepName::Closed),
            Self::Refresh | Self::Begin | Self::Enter | Self::Sferum | Self::Resync | Self::Open => None,
        }
    }
}
