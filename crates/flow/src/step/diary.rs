//! The diary, with the Sferum button.

use mostik_wire::{Code, LinkSummary, Linking, Role, Step};
use time::{Date, format_description::FormatItem, macros::format_description};

use super::{
    known_link::{Heard, hear},
    open::{
        account,
        diary::{enter, follow, read_schedule, refresh},
        family, security, stop_waiting, wizard,
    },
    turn::{Turn, ends_session, failure},
    vk,
};
use crate::{
    Attempt, Call, CauseKind, Diary, Effect, Home, Intent, Next, Place, Reply, Target, Week, Wish, moscow::moscow_date,
};

/// A week that was read less than this long ago is not read anew when another of its days is shown, in ms.
const NEW: i64 = 60_000;

const DATE: &[FormatItem<'static>] = format_description!("[year]-[month]-[day]");

pub(super) fn wish(mut turn: Turn, mut diary: Diary, intent: Intent) -> Next {
    let busy = diary.pending.as_ref().is_some_and(|pending| !pending.wish.gives_way());
    match intent {
        Intent::SignOut => turn.sign_out(),
        Intent::ChangeChild if diary.home.account.role == Role::Parent => family::back(turn, diary.home),
        Intent::Dismiss => {
            turn.dismiss_strips();
            diary.cause = None;
            diary.failed = None;
            turn.moved(Place::Diary(diary))
        }
        Intent::ShowDay { date } => match Date::parse(&date, DATE) {
            Ok(_) => {
                diary.home.date = date;
                let newest = diary.home.week().is_some_and(|week| turn.now.0 - week.read_at.0 < NEW);
                if !newest {
                    read_schedule(&mut turn, &mut diary);
                }
                turn.moved(Place::Diary(diary))
            }
            Err(_) => turn.refused(Place::Diary(diary), "not a date"),
        },
        Intent::OpenSecurity => security::open(turn, diary.home),
        Intent::FoldInvitation => {
            diary.home.folded = true;
            turn.moved(Place::Diary(diary))
        }
        Intent::CloseDialog => {
            diary.dialog = false;
            // «Отмена» is no «yes» that comes late.
            if busy { stop_waiting(turn, Place::Diary(diary)) } else { turn.moved(Place::Diary(diary)) }
        }
        _ if busy => turn.ignored(Place::Diary(diary), "a wish is under way"),
        Intent::Refresh => refresh(turn, diary),
        Intent::Retry => match diary.failed.take() {
            Some(wish) => send(turn, diary, wish),
            None => refresh(turn, diary),
        },
        Intent::PressSferum if diary.home.pupil.link == LinkSummary::NotLinked => {
            diary.dialog = true;
            diary.cause = None;
            turn.moved(Place::Diary(diary))
        }
        Intent::PressSferum => into_sferum(turn, diary, None),
        Intent::JoinLesson { lesson } => match diary.home.lesson(&lesson) {
            Some(lesson) if lesson.is_held_remotely() => {
                let target = lesson.join_url.clone().map(Target::Lesson);
                into_sferum(turn, diary, target)
            }
            _ => turn.refused(Place::Diary(diary), "no remote lesson of this diary"),
        },
        Intent::OpenChat { title } => match diary.home.pupil.chats.iter().find(|chat| chat.title == title) {
            Some(chat) => {
                let target = chat.url.clone().map(Target::Chat);
                into_sferum(turn, diary, target)
            }
            None => turn.refused(Place::Diary(diary), "no chat of this class"),
        },
        Intent::AddMessenger if matches!(diary.home.pupil.link, LinkSummary::Linked { .. }) => {
            send(turn, diary, Wish::Enter)
        }
        Intent::OpenSferum => send(turn, diary, Wish::Sferum),
        Intent::Begin => send(turn, diary, Wish::Begin),
        Intent::OpenPage { page } => {
            diary.pending = turn.open_page(&diary.home.pages, page);
            turn.moved(Place::Diary(diary))
        }
        _ => turn.refused(Place::Diary(diary), "not in the diary"),
    }
}

pub(super) fn answer(mut turn: Turn, mut diary: Diary, attempt: Attempt, reply: Reply) -> Next {
    if diary.reading == Some(attempt) {
        return schedule_answer(turn, diary, reply);
    }
    let Some(pending) = diary.pending.take_if(|pending| pending.attempt == attempt) else {
        return turn.ignored(Place::Diary(diary), "a late reply");
    };
    match (pending.wish, reply) {
        (_, Reply::Refused(problem)) if ends_session(problem.code) => turn.session_ended(false),
        (Wish::Refresh, Reply::Me(me)) => {
            let family = turn.family(me);
            let Some(home) = Home::of(&family, &diary.home.pupil.id, turn.today()) else {
                // This pupil is no longer shown to the account: on to whom it shows.
                return account::open(turn, family, false);
            };
            let kept = std::mem::replace(&mut diary.home, home);
            diary.home.folded = kept.folded;
            // Who looked at today goes on to the new day; who looks at another day stays there.
            let looked_at_today = kept.date == moscow_date(turn.state.on_service(kept.confirmed_at));
            if !looked_at_today {
                diary.home.date = kept.date;
            }
            diary.home.weeks = kept.weeks;
            // Lessons of another week, should they be on their way, are not those that are shown now.
            if diary.home.week().is_none() {
                read_schedule(&mut turn, &mut diary);
            }
            diary.dialog &= diary.home.pupil.link == LinkSummary::NotLinked;
            follow(&mut turn);
            turn.moved(Place::Diary(diary))
        }
        (Wish::Begin | Wish::Enter, Reply::Linking(linking)) => wizard::open(turn, diary.home, *linking),
        (Wish::Sferum, Reply::Linking(linking)) => {
            let target = match &linking.step {
                Step::Linked(linked) if linked.in_max => Some(Target::Sferum(linked.sferum_url.clone())),
                _ => vk::messenger(&linking),
            };
            match target {
                Some(target) => {
                    diary.pending = turn.open(target);
                    turn.moved(Place::Diary(diary))
                }
                None => wizard::open(turn, diary.home, *linking),
            }
        }
        (_, Reply::Opened) => turn.moved(Place::Diary(diary)),
        // A refresh that nobody asked for fails quietly: the strip says that the service is out of reach.
        (Wish::Refresh, Reply::Failed(cause)) if cause.kind == CauseKind::Offline => turn.moved(Place::Diary(diary)),
        (wish, reply) => {
            let outdated = matches!(&reply, Reply::Refused(problem)
                if matches!(problem.code, Code::AlreadyLinked | Code::LinkingNotFound | Code::PupilNotYours));
            diary.cause = Some(failure(&turn, reply));
            diary.failed = (!outdated && wish != Wish::Open).then_some(wish);
            if outdated {
                // What the diary shows is no longer so: read it anew and say why.
                diary.dialog = false;
                diary.pending = turn.pending(Wish::Refresh, Effect::ReadMe);
            }
            turn.moved(Place::Diary(diary))
        }
    }
}

fn schedule_answer(turn: Turn, mut diary: Diary, reply: Reply) -> Next {
    diary.reading = None;
    match reply {
        Reply::Refused(problem) if ends_session(problem.code) => turn.session_ended(false),
        Reply::Schedule(schedule) => {
            let pupil = diary.home.pupil.id.clone();
            diary.home.keep(Week { pupil, schedule, read_at: turn.now });
            turn.moved(Place::Diary(diary))
        }
        reply => {
            // Never over a cause that answers a wish: the lessons were not asked for.
            if diary.cause.is_none() {
                diary.cause = Some(failure(&turn, reply));
            }
            turn.moved(Place::Diary(diary))
        }
    }
}

/// Into the messenger, as far as the link reaches: to what was asked for, to Sferum where that has no address of its own, and
/// into connecting where there is no way into a messenger yet.
fn into_sferum(mut turn: Turn, mut diary: Diary, target: Option<Target>) -> Next {
    match (&diary.home.pupil.link, target) {
        (LinkSummary::NotLinked, _) => send(turn, diary, Wish::Begin),
        (LinkSummary::InProgress { .. } | LinkSummary::Linked { in_max: false, in_vk: false, .. }, _) => {
            send(turn, diary, Wish::Enter)
        }
        (LinkSummary::Linked { .. }, Some(target)) => {
            diary.cause = None;
            diary.failed = None;
            diary.pending = turn.open(target);
            turn.moved(Place::Diary(diary))
        }
        (LinkSummary::Linked { .. }, None) => send(turn, diary, Wish::Sferum),
    }
}

/// Sends a wish off.
fn send(mut turn: Turn, mut diary: Diary, wish: Wish) -> Next {
    diary.cause = None;
    diary.failed = None;
    match wish {
        Wish::Begin => {
            let pupil = diary.home.pupil.id.clone();
            diary.pending = turn.pending(wish, |attempt| Effect::Call { attempt, call: Call::Create(pupil) });
        }
        Wish::Enter | Wish::Sferum => {
            if !enter(&mut turn, &mut diary, wish) {
                return turn.refused(Place::Diary(diary), "there is no linking yet");
            }
        }
        _ => return refresh(turn, diary),
    }
    turn.moved(Place::Diary(diary))
}

/// A linking of the account has changed somewhere.
pub(super) fn told(turn: Turn, mut diary: Diary, linking: &Linking) -> Next {
    if diary.home.pupil.id != linking.pupil {
        let siblings = diary.home.siblings.iter_mut().find(|pupil| pupil.id == linking.pupil);
        return match siblings.map(|pupil| hear(&mut pupil.link, linking)) {
            Some(Heard::Shown | Heard::Reread) => turn.moved(Place::Diary(diary)),
            _ => turn.ignored(Place::Diary(diary), "news of another linking"),
        };
    }
    match hear(&mut diary.home.pupil.link, linking) {
        Heard::Known => turn.ignored(Place::Diary(diary), "what is known already"),
        // A link was made or removed: who and what else has changed is read anew.
        Heard::Reread if diary.pending.is_none() => refresh(turn, diary),
        Heard::Shown | Heard::Reread => turn.moved(Place::Diary(diary)),
    }
}
