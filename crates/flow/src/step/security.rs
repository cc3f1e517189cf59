//! «Безопасность»: the linked profile; to take its data away, to unlink it, to have it deleted.

use mostik_wire::{Channel, Code, LinkSummary, Linking, Messenger, Profile, Proof, ProvenBody, Role};

use super::{
    diary,
    known_link::{LinkChange, apply_news},
    open::{
        self,
        diary::shown,
        family,
        security::{own, read, read_log, refresh},
    },
    transition::{Transition, ends_session, failure},
    typed::{CODE_DIGITS, read_code},
};
use crate::{
    Attempt, Cause, CauseKind, Diary, Effect, Home, Intent, Next, ProfileCall, ProtectedAction, Reply, RequestKind,
    Route, Security, Target,
};

/// A linking of the account has changed somewhere: a link that was made or removed there is shown here.
pub(super) fn linking_changed(transition: Transition, mut security: Security, linking: &Linking) -> Next {
    if security.home.pupil.id != linking.pupil {
        return transition.ignored(Route::Security(security), "news of another linking");
    }
    let change = apply_news(&mut security.home.pupil.link, linking);
    // There is nothing left that could be done with a link that is gone: a question that was open is answered.
    let linked = matches!(security.home.pupil.link, LinkSummary::Linked { .. });
    let gone = !linked && (security.profile.is_some() || security.action.is_some());
    if gone {
        security.profile = None;
        security.action = None;
    }
    match change {
        LinkChange::Known if !gone => transition.ignored(Route::Security(security), "what is known already"),
        LinkChange::Reread if security.pending.is_none() => refresh(transition, security),
        LinkChange::Known | LinkChange::Shown | LinkChange::Reread => transition.moved(Route::Security(security)),
    }
}

pub(super) fn handle_intent(mut transition: Transition, mut security: Security, intent: Intent) -> Next {
    let busy = security.pending.as_ref().is_some_and(|pending| !pending.kind.only_reads());
    match intent {
        Intent::SignOut => transition.sign_out(),
        Intent::BackToDiary => leave(transition, security.home, false),
        // The way into the wizard leads through the diary's own dialog.
        Intent::PressSferum => leave(transition, security.home, true),
        Intent::AddMessenger if matches!(security.home.pupil.link, LinkSummary::Linked { .. }) => {
            diary::handle_intent(transition, shown(security.home), Intent::AddMessenger)
        }
        Intent::ChangeChild if security.home.account.role == Role::Parent => family::back(transition, security.home),
        Intent::Dismiss => {
            transition.dismiss_strips();
            security.cause = None;
            transition.moved(Route::Security(security))
        }
        _ if busy => transition.ignored(Route::Security(security), "a request is under way"),
        Intent::Refresh | Intent::Retry => refresh(transition, security),
        Intent::CloseDialog => {
            security.action = None;
            security.cause = None;
            transition.moved(Route::Security(security))
        }
        Intent::OpenPage { page } => {
            security.pending = transition.open_page(&security.home.pages, page);
            transition.moved(Route::Security(security))
        }
        Intent::ShowSaved => match security.saved.clone() {
            Some(file) => {
                security.pending = transition.open(Target::File(file));
                transition.moved(Route::Security(security))
            }
            None => transition.refused(Route::Security(security), "nothing was saved"),
        },
        Intent::EndSession { session } => {
            let another = security.log.iter().flat_map(|log| &log.sessions).any(|s| s.id == session && !s.present);
            if !another {
                return transition.refused(Route::Security(security), "no other device of this account");
            }
            end_sessions(transition, security, RequestKind::EndSession, Some(session))
        }
        Intent::SignOutEverywhere => end_sessions(transition, security, RequestKind::SignOutEverywhere, None),
        intent => match security.profile.clone() {
            Some(profile) => with_profile(transition, security, &profile, intent),
            None => transition.refused(Route::Security(security), "no linked profile is shown"),
        },
    }
}

fn with_profile(transition: Transition, mut security: Security, profile: &Profile, intent: Intent) -> Next {
    match (intent, security.action) {
        (Intent::BeginProof { action }, _) => {
            let Some(action) = effective_action(profile, action) else {
                return transition.refused(Route::Security(security), "not bound there");
            };
            security.cause = None;
            if profile.deletes_at.is_some() && action != ProtectedAction::Export {
                return show_cause(transition, security, CauseKind::DeletionPending.into());
            }
            security.action = Some(action);
            transition.moved(Route::Security(security))
        }
        (Intent::KeepProfile, _) if profile.deletes_at.is_some() => {
            send(transition, security, RequestKind::Keep, ProfileCall::Keep(profile.id.clone()))
        }
        (Intent::SendOwnerCode, Some(_)) => match profile.resend_at {
            Some(at) if transition.state.on_service(transition.now) < at => {
                let retry_at = Some(transition.state.on_device(at));
                show_cause(transition, security, Cause { retry_at, ..CauseKind::ResendTooEarly.into() })
            }
            _ => send(transition, security, RequestKind::OwnerCode, ProfileCall::Code(profile.id.clone())),
        },
        (Intent::ProveByPassword { password }, Some(action)) if profile.has_password => {
            let proof = Proof::Password { password };
            perform(transition, security, profile, action, proof)
        }
        (Intent::ProveByCode { code }, Some(action)) => match read_code(&code, CODE_DIGITS) {
            Some(code) => perform(transition, security, profile, action, Proof::Code { code }),
            None => show_cause(transition, security, CauseKind::CodeIncomplete.into()),
        },
        _ => transition.refused(Route::Security(security), "not under «Безопасность»"),
    }
}

/// A link by phone stands on its messengers: without the last one it is unlinked as a whole. `None`: not bound there.
fn effective_action(profile: &Profile, action: ProtectedAction) -> Option<ProtectedAction> {
    let (leaving, other) = match action {
        ProtectedAction::UnlinkMax => (&profile.max, &profile.vk),
        ProtectedAction::UnlinkVk => (&profile.vk, &profile.max),
        ProtectedAction::Export | ProtectedAction::Unlink | ProtectedAction::Delete => return Some(action),
    };
    leaving.as_ref()?;
    Some(if other.is_none() && profile.channel == Channel::Sms { ProtectedAction::Unlink } else { action })
}

fn perform(
    transition: Transition,
    security: Security,
    profile: &Profile,
    action: ProtectedAction,
    proof: Proof,
) -> Next {
    let body = ProvenBody { profile: profile.id.clone(), proof };
    let call = match action {
        ProtectedAction::Export => ProfileCall::Export(body),
        ProtectedAction::Unlink => ProfileCall::Unlink(body),
        ProtectedAction::UnlinkMax => ProfileCall::UnlinkMessenger(Messenger::Max, body),
        ProtectedAction::UnlinkVk => ProfileCall::UnlinkMessenger(Messenger::Vk, body),
        ProtectedAction::Delete => ProfileCall::Delete(body),
    };
    send(transition, security, RequestKind::Do { action }, call)
}

fn send(mut transition: Transition, mut security: Security, request: RequestKind, call: ProfileCall) -> Next {
    security.cause = None;
    security.saved = None;
    security.pending = own(&mut transition, &security, request, call);
    transition.moved(Route::Security(security))
}

fn end_sessions(
    mut transition: Transition,
    mut security: Security,
    request: RequestKind,
    session: Option<String>,
) -> Next {
    security.cause = None;
    security.pending = transition.begin(request, |attempt| Effect::EndSessions { attempt, session });
    transition.moved(Route::Security(security))
}

fn show_cause(transition: Transition, mut security: Security, cause: Cause) -> Next {
    security.cause = Some(cause);
    transition.moved(Route::Security(security))
}

pub(super) fn handle_reply(mut transition: Transition, mut security: Security, attempt: Attempt, reply: Reply) -> Next {
    if security.reading == Some(attempt) {
        return log_answer(transition, security, reply);
    }
    let Some(pending) = security.pending.take_if(|pending| pending.attempt == attempt) else {
        return transition.ignored(Route::Security(security), "a late reply");
    };
    match (pending.kind, reply) {
        (_, Reply::Refused(problem)) if ends_session(problem.code) => transition.session_ended(&problem, false),
        (request, Reply::Profile(profile)) => {
            if matches!(request, RequestKind::Do { .. }) {
                security.action = None;
            }
            if let LinkSummary::Linked { deletes_at, in_max, in_vk, .. } = &mut security.home.pupil.link {
                (*deletes_at, *in_max, *in_vk) = (profile.deletes_at, profile.max.is_some(), profile.vk.is_some());
            }
            security.profile = Some(*profile);
            // What was done stands in the log by now.
            if matches!(request, RequestKind::Do { .. } | RequestKind::Keep) {
                read_log(&mut transition, &mut security);
            }
            transition.moved(Route::Security(security))
        }
        (RequestKind::Do { .. }, Reply::Saved { file }) => {
            security.action = None;
            security.saved = Some(file);
            // The code is spent: what is shown of it is not so any more.
            read(&mut transition, &mut security);
            transition.moved(Route::Security(security))
        }
        (RequestKind::Do { .. }, Reply::Unlinked) => {
            forget(&mut security);
            read(&mut transition, &mut security);
            transition.moved(Route::Security(security))
        }
        (RequestKind::EndSession, Reply::SessionsEnded) => {
            read(&mut transition, &mut security);
            transition.moved(Route::Security(security))
        }
        // This device among them: what it holds of the session is worth nothing any more.
        (RequestKind::SignOutEverywhere, Reply::SessionsEnded) => transition.sign_out(),
        (RequestKind::Refresh, Reply::Me(me)) => {
            match Home::of(&transition.family(me), &security.home.pupil.id, transition.today()) {
                Some(home) => {
                    let linked = matches!(home.pupil.link, LinkSummary::Linked { .. });
                    security.home.pupil = home.pupil;
                    security.home.confirmed_at = home.confirmed_at;
                    if linked {
                        read(&mut transition, &mut security);
                    }
                    transition.moved(Route::Security(security))
                }
                None => leave(transition, security.home, false),
            }
        }
        (_, Reply::Refused(problem)) if problem.code == Code::PupilNotYours => leave(transition, security.home, false),
        (request, Reply::Refused(problem)) if problem.code == Code::NotLinked => {
            forget(&mut security);
            security.cause = (request != RequestKind::ReadProfile).then(|| transition.cause_of(&problem));
            transition.moved(Route::Security(security))
        }
        (_, Reply::Opened) => transition.moved(Route::Security(security)),
        // Nobody asked for this reading: the strip says that the service is out of reach.
        (RequestKind::Refresh | RequestKind::ReadProfile, Reply::Failed(cause)) if cause.kind == CauseKind::Offline => {
            transition.moved(Route::Security(security))
        }
        (request, reply) => {
            // What the dialog says is no longer so.
            let outdated = matches!(&reply, Reply::Refused(problem)
                if matches!(problem.code, Code::DeletionPending | Code::ProfileBlocked | Code::LastMessenger));
            security.cause = Some(failure(&transition, reply));
            if outdated {
                security.action = None;
            }
            // A try costs one: how many are left, and whether it was done after all, the service knows.
            if !matches!(request, RequestKind::ReadProfile | RequestKind::Refresh | RequestKind::Open) {
                read(&mut transition, &mut security);
            }
            transition.moved(Route::Security(security))
        }
    }
}

fn log_answer(transition: Transition, mut security: Security, reply: Reply) -> Next {
    security.reading = None;
    match reply {
        Reply::Refused(problem) if ends_session(problem.code) => transition.session_ended(&problem, false),
        Reply::SecurityLog(log) => {
            security.log = Some(*log);
            transition.moved(Route::Security(security))
        }
        // The page says more than its log: what stood there stays, and a lasting trouble shows with the profile.
        _ => transition.moved(Route::Security(security)),
    }
}

/// There is no link any more.
fn forget(security: &mut Security) {
    security.profile = None;
    security.action = None;
    security.home.pupil.link = LinkSummary::NotLinked;
}

/// Back to the diary, which is read anew.
fn leave(mut transition: Transition, home: Home, asked_for_sferum: bool) -> Next {
    let dialog = asked_for_sferum && home.pupil.link == LinkSummary::NotLinked;
    let diary = Diary { dialog, ..shown(home) };
    if asked_for_sferum && !dialog {
        return diary::handle_intent(transition, diary, Intent::PressSferum);
    }
    transition.effects.push(Effect::Unwatch);
    open::diary::refresh(transition, diary)
}
