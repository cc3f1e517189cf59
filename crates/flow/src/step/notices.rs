//! Sees from outside of a step what is to be told: what was known of each pupil's link before an input, against what is known after it.
//! So whichever way the news comes, it is told, and told once.

use mostik_wire::{LinkSummary, LinkingId, Millis, PupilId, Step};

use crate::{
    Effect, Family, Home, Next, Notice, RequestKind, Route, State, Verdict, moscow::moscow_date, notice::Happened,
};

/// A day, in ms.
const DAY: i64 = 86_400_000;

/// What was known before an input.
pub(super) struct Before {
    links: Vec<(PupilId, LinkSummary)>,
    /// The change is made in this window, so nobody has to be told.
    done_here: bool,
}

impl Before {
    pub(super) fn of(state: &State) -> Self {
        let done_here = matches!(&state.route, Route::Security(security)
            if security.pending.as_ref().is_some_and(|pending| matches!(pending.kind, RequestKind::Do { .. } | RequestKind::Keep)));
        Self { links: links(&state.route), done_here }
    }

    /// Tells what has changed since.
    pub(super) fn tell(self, next: &mut Next, now: Millis) {
        if next.verdict != Verdict::Moved {
            return;
        }
        ask_in_its_moment(next);
        for (pupil, after) in links(&next.state.route) {
            let Some((_, before)) = self.links.iter().find(|(id, _)| *id == pupil) else { continue };
            let Some((linking, happened)) = what_happened(before, &after) else { continue };
            let state = &mut next.state;
            let seen = !state.conditions.behind || self.done_here;
            if !state.notices.note(linking, happened) || seen || state.notices.off || state.notices.denied {
                continue;
            }
            if let Some(notice) = notice_of(happened, state, now) {
                state.conditions.told_of = Some(pupil);
                next.effects.push(Effect::Notify(notice));
            }
        }
    }
}

/// The person begins to wait for MAX: now it is plain what a notice would be good for, so now the system is asked, once for good.
fn ask_in_its_moment(next: &mut Next) {
    let route = match &next.state.route {
        Route::FromMax(from_max) => &from_max.beneath,
        route => route,
    };
    let waits = matches!(route, Route::Wizard(wizard) if matches!(wizard.linking.step, Step::Max(_)));
    let notices = &mut next.state.notices;
    if waits && !notices.asked && !notices.off {
        notices.asked = true;
        next.effects.push(Effect::RequestNotifyPermission);
    }
}

/// Turns notices on or off.
pub(super) fn switch(mut state: State, on: bool) -> Next {
    let mut effects = Vec::new();
    if state.notices.off != on {
        return Next { state, effects, verdict: Verdict::Ignored("as it is") };
    }
    state.notices.off = !on;
    // The system may have been told otherwise since.
    if on {
        state.notices.asked = true;
        effects.push(Effect::RequestNotifyPermission);
    }
    Next { state, effects, verdict: Verdict::Moved }
}

/// What is told of it today; a deletion is told of on its last two days.
fn notice_of(happened: Happened, state: &State, now: Millis) -> Option<Notice> {
    Some(match happened {
        Happened::Linked { .. } => Notice::Linked,
        Happened::Unlinked => Notice::Unlinked,
        Happened::MessengerLeft => Notice::MessengerLeft,
        Happened::Doomed { at } => {
            let now = state.on_service(now);
            let day = moscow_date(at);
            if at <= now {
                return None;
            } else if day == moscow_date(now) {
                Notice::DeletionToday
            } else if day == moscow_date(now.plus(DAY)) {
                Notice::DeletionTomorrow
            } else {
                return None;
            }
        }
    })
}

fn what_happened(before: &LinkSummary, after: &LinkSummary) -> Option<(LinkingId, Happened)> {
    let (was_in_max, was_in_vk, was_doomed) = match before {
        LinkSummary::Linked { in_max, in_vk, deletes_at, .. } => (*in_max, *in_vk, *deletes_at),
        LinkSummary::NotLinked | LinkSummary::InProgress { .. } => (false, false, None),
    };
    match (before, after) {
        (_, LinkSummary::Linked { linking, in_max, in_vk, deletes_at, .. }) => {
            let happened = match deletes_at {
                Some(at) if was_doomed != *deletes_at => Happened::Doomed { at: *at },
                // A link without a messenger is what somebody has just pressed; what is waited for is the messenger.
                _ if (*in_max && !was_in_max) || (*in_vk && !was_in_vk) => {
                    Happened::Linked { in_max: *in_max, in_vk: *in_vk }
                }
                _ if (was_in_max && !in_max) || (was_in_vk && !in_vk) => Happened::MessengerLeft,
                _ => return None,
            };
            Some((linking.clone(), happened))
        }
        (LinkSummary::Linked { linking, .. }, LinkSummary::NotLinked) => Some((linking.clone(), Happened::Unlinked)),
        _ => None,
    }
}

/// What is known of the links of the account's pupils; nothing where nobody's are.
fn links(route: &Route) -> Vec<(PupilId, LinkSummary)> {
    match route {
        Route::Family(Family { children, .. }) => {
            children.iter().map(|child| (child.id.clone(), child.link.clone())).collect()
        }
        Route::Diary(diary) => at_home(&diary.home),
        Route::Security(security) => at_home(&security.home),
        Route::Wizard(wizard) => at_home(&wizard.home),
        Route::FromMax(from_max) => links(&from_max.beneath),
        _ => Vec::new(),
    }
}

/// What is known of the open diary's pupil is newer there than among the siblings.
fn at_home(home: &Home) -> Vec<(PupilId, LinkSummary)> {
    let others = home.siblings.iter().filter(|child| child.id != home.pupil.id);
    std::iter::once(&home.pupil).chain(others).map(|child| (child.id.clone(), child.link.clone())).collect()
}
