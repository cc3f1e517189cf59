//! «Безопасность»: the linked profile; to take its data away, to unlink it, to have it deleted.

use mostik_wire::{Channel, Code, LinkSummary, Linking, Messenger, Profile, Proof, ProvenBody, Role};

use super::{
    diary,
    known_link::{Heard, hear},
    open::{
        self,
        diary::shown,
        family,
        security::{own, read, read_log, refresh},
    },
    turn::{Turn, ends_session, failure},
    typed::{CODE_DIGITS, read_code},
};
use crate::{
    Attempt, Cause, CauseKind, Deed, Diary, Effect, Home, Intent, Next, OwnCall, Place, Reply, Security, Target, Wish,
};

/// A linking of the account has changed somewhere: a link that was made or removed there is shown here.
pub(super) fn told(turn: Turn, mut security: Security, linking: &Linking) -> Next {
    if security.home.pupil.id != linking.pupil {
        return turn.ignored(Place::Security(security), "news of another linking");
    }
    let heard = hear(&mut security.home.pupil.link, linking);
    // There is nothing left that could be done with a link that is gone: a question that was open is answered.
    let linked = matches!(security.home.pupil.link, LinkSummary::Linked { .. });
    let gone = !linked && (security.profile.is_some() || security.deed.is_some());
    if gone {
        security.profile = None;
        security.deed = None;
    }
    match heard {
        Heard::Known if !gone => turn.ignored(Place::Security(security), "what is known already"),
        Heard::Reread if security.pending.is_none() => refresh(turn, security),
        Heard::Known | Heard::Shown | Heard::Reread => turn.moved(Place::Security(security)),
    }
}

pub(super) fn wish(mut turn: Turn, mut security: Security, intent: Intent) -> Next {
    let busy = security.pending.as_ref().is_some_and(|pending| !pending.wish.gives_way());
    match intent {
        Intent::SignOut => turn.sign_out(),
        Intent::BackToDiary => leave(turn, security.home, false),
        // The way into the wizard leads through the diary's own dialog.
        Intent::PressSferum => leave(turn, security.home, true),
        Intent::AddMessenger if matches!(security.home.pupil.link, LinkSummary::Linked { .. }) => {
            diary::wish(turn, shown(security.home), Intent::AddMessenger)
        }
        Intent::ChangeChild if security.home.account.role == Role::Parent => family::back(turn, security.home),
        Intent::Dismiss => {
            turn.dismiss_strips();
            security.cause = None;
            turn.moved(Place::Security(security))
        }
        _ if busy => turn.ignored(Place::Security(security), "a wish is under way"),
        Intent::Refresh | Intent::Retry => refresh(turn, security),
        Intent::CloseDialog => {
            security.deed = None;
            security.cause = None;
            turn.moved(Place::Security(security))
        }
        Intent::OpenPage { page } => {
            security.pending = turn.open_page(&security.home.pages, page);
            turn.moved(Place::Security(security))
        }
        Intent::ShowSaved => match security.saved.clone() {
            Some(file) => {
                security.pending = turn.open(Target::File(file));
                turn.moved(Place::Security(security))
            }
            None => turn.refused(Place::Security(security), "nothing was saved"),
        },
        Intent::EndSession { session } => {
            let another = security.log.iter().flat_map(|log| &log.sessions).any(|s| s.id == session && !s.present);
            if !another {
                return turn.refused(Place::Security(security), "no other device of this account");
            }
            end_sessions(turn, security, Wish::EndSession, Some(session))
        }
        Intent::SignOutEverywhere => end_sessions(turn, security, Wish::SignOutEverywhere, None),
        intent => match security.profile.clone() {
            Some(profile) => with_profile(turn, security, &profile, intent),
            None => turn.refused(Place::Security(security), "no linked profile is shown"),
        },
    }
}

fn with_profile(turn: Turn, mut security: Security, profile: &Profile, intent: Intent) -> Next {
    match (intent, security.deed) {
        (Intent::AskFor { deed }, _) => {
            let Some(deed) = what_that_means(profile, deed) else {
                return turn.refused(Place::Security(security), "not bound there");
            };
            security.cause = None;
            if profile.deletes_at.is_some() && deed != Deed::Export {
                return stay(turn, security, CauseKind::DeletionPending.into());
            }
            security.deed = Some(deed);
            turn.moved(Place::Security(security))
        }
        (Intent::KeepProfile, _) if profile.deletes_at.is_some() => {
            send(turn, security, Wish::Keep, OwnCall::Keep(profile.id.clone()))
        }
        (Intent::SendOwnerCode, Some(_)) => match profile.resend_at {
            Some(at) if turn.state.on_service(turn.now) < at => {
                let retry_at = Some(turn.state.on_device(at));
                stay(turn, security, Cause { retry_at, ..CauseKind::ResendTooEarly.into() })
            }
            _ => send(turn, security, Wish::OwnerCode, OwnCall::Code(profile.id.clone())),
        },
        (Intent::ProveByPassword { password }, Some(deed)) if profile.has_password => {
            let proof = Proof::Password { password };
            carry_out(turn, security, profile, deed, proof)
        }
        (Intent::ProveByCode { code }, Some(deed)) => match read_code(&code, CODE_DIGITS) {
            Some(code) => carry_out(turn, security, profile, deed, Proof::Code { code }),
            None => stay(turn, security, CauseKind::CodeIncomplete.into()),
        },
        _ => turn.refused(Place::Security(security), "not under «Безопасность»"),
    }
}

/// A link by phone stands on its messengers: without the last one it is unlinked as a whole. `None`: not bound there.
fn what_that_means(profile: &Profile, deed: Deed) -> Option<Deed> {
    let (leaving, other) = match deed {
        Deed::UnlinkMax => (&profile.max, &profile.vk),
        Deed::UnlinkVk => (&profile.vk, &profile.max),
        Deed::Export | Deed::Unlink | Deed::Delete => return Some(deed),
    };
    leaving.as_ref()?;
    Some(if other.is_none() && profile.channel == Channel::Sms { Deed::Unlink } else { deed })
}

fn carry_out(turn: Turn, security: Security, profile: &Profile, deed: Deed, proof: Proof) -> Next {
    let body = ProvenBody { profile: profile.id.clone(), proof };
    let call = match deed {
        Deed::Export => OwnCall::Export(body),
        Deed::Unlink => OwnCall::Unlink(body),
        Deed::UnlinkMax => OwnCall::UnlinkMessenger(Messenger::Max, body),
        Deed::UnlinkVk => OwnCall::UnlinkMessenger(Messenger::Vk, body),
        Deed::Delete => OwnCall::Delete(body),
    };
    send(turn, security, Wish::Do { deed }, call)
}

fn send(mut turn: Turn, mut security: Security, wish: Wish, call: OwnCall) -> Next {
    security.cause = None;
    security.saved = None;
    security.pending = own(&mut turn, &security, wish, call);
    turn.moved(Place::Security(security))
}

fn end_sessions(mut turn: Turn, mut security: Security, wish: Wish, session: Option<String>) -> Next {
    security.cause = None;
    security.pending = turn.pending(wish, |attempt| Effect::EndSessions { attempt, session });
    turn.moved(Place::Security(security))
}

fn stay(turn: Turn, mut security: Security, cause: Cause) -> Next {
    security.cause = Some(cause);
    turn.moved(Place::Security(security))
}

pub(super) fn answer(mut turn: Turn, mut security: Security, attempt: Attempt, reply: Reply) -> Next {
    if security.reading == Some(attempt) {
        return log_answer(turn, security, reply);
    }
    let Some(pending) = security.pending.take_if(|pending| pending.attempt == attempt) else {
        return turn.ignored(Place::Security(security), "a late reply");
    };
    match (pending.wish, reply) {
        (_, Reply::Refused(problem)) if ends_session(problem.code) => turn.session_ended(false),
        (wish, Reply::Profile(profile)) => {
            if matches!(wish, Wish::Do { .. }) {
                security.deed = None;
            }
            if let LinkSummary::Linked { deletes_at, in_max, in_vk, .. } = &mut security.home.pupil.link {
                (*deletes_at, *in_max, *in_vk) = (profile.deletes_at, profile.max.is_some(), profile.vk.is_some());
            }
            security.profile = Some(*profile);
            // What was done stands in the log by now.
            if matches!(wish, Wish::Do { .. } | Wish::Keep) {
                read_log(&mut turn, &mut security);
            }
            turn.moved(Place::Security(security))
        }
        (Wish::Do { .. }, Reply::Saved { file }) => {
            security.deed = None;
            security.saved = Some(file);
            // The code is spent: what is shown of it is not so any more.
            read(&mut turn, &mut security);
            turn.moved(Place::Security(security))
        }
        (Wish::Do { .. }, Reply::Unlinked) => {
            forget(&mut security);
            read(&mut turn, &mut security);
            turn.moved(Place::Security(security))
        }
        (Wish::EndSession, Reply::SessionsEnded) => {
            read(&mut turn, &mut security);
            turn.moved(Place::Security(security))
        }
        // This device among them: what it holds of the session is worth nothing any more.
        (Wish::SignOutEverywhere, Reply::SessionsEnded) => turn.sign_out(),
        (Wish::Refresh, Reply::Me(me)) => match Home::of(&turn.family(me), &security.home.pupil.id, turn.today()) {
            Some(home) => {
                let linked = matches!(home.pupil.link, LinkSummary::Linked { .. });
                security.home.pupil = home.pupil;
                security.home.confirmed_at = home.confirmed_at;
                if linked {
                    read(&mut turn, &mut security);
                }
                turn.moved(Place::Security(security))
            }
            None => leave(turn, security.home, false),
        },
        (_, Reply::Refused(problem)) if problem.code == Code::PupilNotYours => leave(turn, security.home, false),
        (wish, Reply::Refused(problem)) if problem.code == Code::NotLinked => {
            forget(&mut security);
            security.cause = (wish != Wish::ReadProfile).then(|| turn.cause_of(&problem));
            turn.moved(Place::Security(security))
        }
        (_, Reply::Opened) => turn.moved(Place::Security(security)),
        // Nobody asked for this reading: the strip says that the service is out of reach.
        (Wish::Refresh | Wish::ReadProfile, Reply::Failed(cause)) if cause.kind == CauseKind::Offline => {
            turn.moved(Place::Security(security))
        }
        (wish, reply) => {
            // What the dialog says is no longer so.
            let outdated = matches!(&reply, Reply::Refused(problem)
                if matches!(problem.code, Code::DeletionPending | Code::LastMessenger));
            security.cause = Some(failure(&turn, reply));
            if outdated {
                security.deed = None;
            }
            // A try costs one: how many are left, and whether it was done after all, the service knows.
            if !matches!(wish, Wish::ReadProfile | Wish::Refresh | Wish::Open) {
                read(&mut turn, &mut security);
            }
            turn.moved(Place::Security(security))
        }
    }
}

fn log_answer(turn: Turn, mut security: Security, reply: Reply) -> Next {
    security.reading = None;
    match reply {
        Reply::Refused(problem) if ends_session(problem.code) => turn.session_ended(false),
        Reply::SecurityLog(log) => {
            security.log = Some(*log);
            turn.moved(Place::Security(security))
        }
        // The page says more than its log: what stood there stays, and a lasting trouble shows with the profile.
        _ => turn.moved(Place::Security(security)),
    }
}

/// There is no link any more.
fn forget(security: &mut Security) {
    security.profile = None;
    security.deed = None;
    security.home.pupil.link = LinkSummary::NotLinked;
}

/// Back to the diary, which is read anew.
fn leave(mut turn: Turn, home: Home, asked_for_sferum: bool) -> Next {
    let dialog = asked_for_sferum && home.pupil.link == LinkSummary::NotLinked;
    let diary = Diary { dialog, ..shown(home) };
    if asked_for_sferum && !dialog {
        return diary::wish(turn, diary, Intent::PressSferum);
    }
    turn.effects.push(Effect::Unwatch);
    open::diary::refresh(turn, diary)
}
