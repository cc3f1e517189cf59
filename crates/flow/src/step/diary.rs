//! The diary, with the Sferum button.

use mostik_wire::{Code, LinkSummary, Linking, Role, Step};
use time::{Date, format_description::FormatItem, macros::format_description};

use super::{
    known_link::{LinkChange, apply_news},
    open::{
        account,
        diary::{enter, follow, read_schedule, refresh},
        family, security, stop_waiting, wizard,
    },
    transition::{Transition, ends_session, failure},
    vk,
};
use crate::{
    Attempt, Call, CauseKind, Diary, Effect, Home, Intent, Next, Reply, RequestKind, Route, Target, Week,
    moscow::moscow_date,
};

/// A week that was read less than this long ago is not read anew when another of its days is shown, in ms.
const NEW: i64 = 60_000;

const DATE: &[FormatItem<'static>] = format_description!("[year]-[month]-[day]");

pub(super) fn handle_intent(mut transition: Transition, mut diary: Diary, intent: Intent) -> Next {
    let busy = diary.pending.as_ref().is_some_and(|pending| !pending.kind.only_reads());
    match intent {
        Intent::SignOut => transition.sign_out(),
        Intent::ChangeChild if diary.home.account.role == Role::Parent => family::back(transition, diary.home),
        Intent::Dismiss => {
            transition.dismiss_strips();
            diary.cause = None;
            diary.failed = None;
            transition.moved(Route::Diary(diary))
        }
        Intent::ShowDay { date } => match Date::parse(&date, DATE) {
            Ok(_) => {
                diary.home.date = date;
                let newest = diary.home.week().is_some_and(|week| transition.now.0 - week.read_at.0 < NEW);
                if !newest {
                    read_schedule(&mut transition, &mut diary);
                }
                transition.moved(Route::Diary(diary))
            }
            Err(_) => transition.refused(Route::Diary(diary), "not a date"),
        },
        Intent::OpenSecurity => security::open(transition, diary.home),
        Intent::FoldInvitation => {
            diary.home.folded = true;
            transition.moved(Route::Diary(diary))
        }
        Intent::CloseDialog => {
            diary.dialog = false;
            // «Отмена» is no «yes» that comes late.
            if busy { stop_waiting(transition, Route::Diary(diary)) } else { transition.moved(Route::Diary(diary)) }
        }
        _ if busy => transition.ignored(Route::Diary(diary), "a request is under way"),
        Intent::Refresh => refresh(transition, diary),
        Intent::Retry => match diary.failed.take() {
            Some(request) => send(transition, diary, request),
            None => refresh(transition, diary),
        },
        Intent::PressSferum if diary.home.pupil.link == LinkSummary::NotLinked => {
            diary.dialog = true;
            diary.cause = None;
            transition.moved(Route::Diary(diary))
        }
        Intent::PressSferum => into_sferum(transition, diary, None),
        Intent::JoinLesson { lesson } => match diary.home.lesson(&lesson) {
            Some(lesson) if lesson.is_held_remotely() => {
                let target = lesson.join_url.clone().map(Target::Lesson);
                into_sferum(transition, diary, target)
            }
            _ => transition.refused(Route::Diary(diary), "no remote lesson of this diary"),
        },
        Intent::OpenChat { title } => match diary.home.pupil.chats.iter().find(|chat| chat.title == title) {
            Some(chat) => {
                let target = chat.url.clone().map(Target::Chat);
                into_sferum(transition, diary, target)
            }
            None => transition.refused(Route::Diary(diary), "no chat of this class"),
        },
        Intent::AddMessenger if matches!(diary.home.pupil.link, LinkSummary::Linked { .. }) => {
            send(transition, diary, RequestKind::Enter)
        }
        Intent::OpenSferum => send(transition, diary, RequestKind::Sferum),
        Intent::Begin => send(transition, diary, RequestKind::Begin),
        Intent::OpenPage { page } => {
            diary.pending = transition.open_page(&diary.home.pages, page);
            transition.moved(Route::Diary(diary))
        }
        _ => transition.refused(Route::Diary(diary), "not in the diary"),
    }
}

pub(super) fn handle_reply(mut transition: Transition, mut diary: Diary, attempt: Attempt, reply: Reply) -> Next {
    if diary.reading == Some(attempt) {
        return schedule_answer(transition, diary, reply);
    }
    let Some(pending) = diary.pending.take_if(|pending| pending.attempt == attempt) else {
        return transition.ignored(Route::Diary(diary), "a late reply");
    };
    match (pending.kind, reply) {
        (_, Reply::Refused(problem)) if ends_session(problem.code) => transition.session_ended(&problem, false),
        (RequestKind::Refresh, Reply::Me(me)) => {
            let family = transition.family(me);
            let Some(home) = Home::of(&family, &diary.home.pupil.id, transition.today()) else {
                // This pupil is no longer shown to the account: on to whom it shows.
                return account::open(transition, family, false);
            };
            let kept = std::mem::replace(&mut diary.home, home);
            diary.home.folded = kept.folded;
            // Who looked at today goes on to the new day; who looks at another day stays there.
            let looked_at_today = kept.date == moscow_date(transition.state.on_service(kept.confirmed_at));
            if !looked_at_today {
                diary.home.date = kept.date;
            }
            diary.home.weeks = kept.weeks;
            // Lessons of another week, should they be on their way, are not those that are shown now.
            if diary.home.week().is_none() {
                read_schedule(&mut transition, &mut diary);
            }
            diary.dialog &= diary.home.pupil.link == LinkSummary::NotLinked;
            follow(&mut transition);
            transition.moved(Route::Diary(diary))
        }
        (RequestKind::Begin | RequestKind::Enter, Reply::Linking(linking)) => {
            wizard::open(transition, diary.home, *linking)
        }
        (RequestKind::Sferum, Reply::Linking(linking)) => {
            let target = match &linking.step {
                Step::Linked(linked) if linked.in_max => Some(Target::Sferum(linked.sferum_url.clone())),
                _ => vk::messenger(&linking),
            };
            match target {
                Some(target) => {
                    diary.pending = transition.open(target);
                    transition.moved(Route::Diary(diary))
                }
                None => wizard::open(transition, diary.home, *linking),
            }
        }
        (_, Reply::Opened) => transition.moved(Route::Diary(diary)),
        // A refresh that nobody asked for fails quietly: the strip says that the service is out of reach.
        (RequestKind::Refresh, Reply::Failed(cause)) if cause.kind == CauseKind::Offline => {
            transition.moved(Route::Diary(diary))
        }
        (request, reply) => {
            let outdated = matches!(&reply, Reply::Refused(problem)
                if matches!(problem.code, Code::AlreadyLinked | Code::LinkingNotFound | Code::PupilNotYours));
            diary.cause = Some(failure(&transition, reply));
            diary.failed = (!outdated && request != RequestKind::Open).then_some(request);
            if outdated {
                // What the diary shows is no longer so: read it anew and say why.
                diary.dialog = false;
                diary.pending = transition.begin(RequestKind::Refresh, Effect::ReadMe);
            }
            transition.moved(Route::Diary(diary))
        }
    }
}

fn schedule_answer(transition: Transition, mut diary: Diary, reply: Reply) -> Next {
    diary.reading = None;
    match reply {
        Reply::Refused(problem) if ends_session(problem.code) => transition.session_ended(&problem, false),
        Reply::Schedule(schedule) => {
            let pupil = diary.home.pupil.id.clone();
            diary.home.keep(Week { pupil, schedule, read_at: transition.now });
            transition.moved(Route::Diary(diary))
        }
        reply => {
            // Never over a cause that answers a request: the lessons were not asked for.
            if diary.cause.is_none() {
                diary.cause = Some(failure(&transition, reply));
            }
            transition.moved(Route::Diary(diary))
        }
    }
}

/// Into the messenger, as far as the link reaches: to what was asked for, to Sferum where that has no address of its own, and
/// into connecting where there is no way into a messenger yet.
fn into_sferum(mut transition: Transition, mut diary: Diary, target: Option<Target>) -> Next {
    match (&diary.home.pupil.link, target) {
        (LinkSummary::NotLinked, _) => send(transition, diary, RequestKind::Begin),
        (LinkSummary::InProgress { .. } | LinkSummary::Linked { in_max: false, in_vk: false, .. }, _) => {
            send(transition, diary, RequestKind::Enter)
        }
        (LinkSummary::Linked { .. }, Some(target)) => {
            diary.cause = None;
            diary.failed = None;
            diary.pending = transition.open(target);
            transition.moved(Route::Diary(diary))
        }
        (LinkSummary::Linked { .. }, None) => send(transition, diary, RequestKind::Sferum),
    }
}

/// Sends a request.
fn send(mut transition: Transition, mut diary: Diary, request: RequestKind) -> Next {
    diary.cause = None;
    diary.failed = None;
    match request {
        RequestKind::Begin => {
            let pupil = diary.home.pupil.id.clone();
            diary.pending = transition.begin(request, |attempt| Effect::Call { attempt, call: Call::Create(pupil) });
        }
        RequestKind::Enter | RequestKind::Sferum => {
            if !enter(&mut transition, &mut diary, request) {
                return transition.refused(Route::Diary(diary), "there is no linking yet");
            }
        }
        _ => return refresh(transition, diary),
    }
    transition.moved(Route::Diary(diary))
}

/// A linking of the account has changed somewhere.
pub(super) fn linking_changed(transition: Transition, mut diary: Diary, linking: &Linking) -> Next {
    if diary.home.pupil.id != linking.pupil {
        let siblings = diary.home.siblings.iter_mut().find(|pupil| pupil.id == linking.pupil);
        return match siblings.map(|pupil| apply_news(&mut pupil.link, linking)) {
            Some(LinkChange::Shown | LinkChange::Reread) => transition.moved(Route::Diary(diary)),
            _ => transition.ignored(Route::Diary(diary), "news of another linking"),
        };
    }
    match apply_news(&mut diary.home.pupil.link, linking) {
        LinkChange::Known => transition.ignored(Route::Diary(diary), "what is known already"),
        // A link was made or removed: who and what else has changed is read anew.
        LinkChange::Reread if diary.pending.is_none() => refresh(transition, diary),
        LinkChange::Shown | LinkChange::Reread => transition.moved(Route::Diary(diary)),
    }
}
