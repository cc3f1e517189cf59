//! What the system tells a person while the window is not in front: that what they waited for has happened, or what they have to
//! know of before they would look again. Nobody's name, number or class is in it: it may stand on a lock screen.
//!
//! It is seen from outside of [`crate::step()`]: what was known of each pupil's link before an input, against what is known after
//! it. So whichever way the news comes, it is told, and told once.

use mostik_wire::{LinkSummary, LinkingId, Millis, PupilId, Step};
use serde::{Deserialize, Serialize};

use crate::{Effect, Family, Home, Next, Place, State, Verdict, Wish, step::moscow_date};

/// How many links are remembered: more than an account has children, several times over.
const MOST_TOLD: usize = 16;

/// A day, in ms.
const DAY: i64 = 86_400_000;

/// What the system is to say. The shell has its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// The profile is linked, or a messenger has joined the link.
    Linked,
    /// The profile was unlinked, and not here.
    Unlinked,
    /// A messenger was unlinked from the profile, and not here.
    MessengerLeft,
    /// The profile is deleted tomorrow.
    DeletionTomorrow,
    /// The profile is deleted today.
    DeletionToday,
}

/// Notices, as the person and the system have them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notices {
    /// The person wants none.
    pub off: bool,
    /// The system was asked whether it shows them: once, when the person began to wait.
    pub asked: bool,
    /// The system does not show them.
    pub denied: bool,
    /// What was last told or seen of each link, the newest at the end.
    told: Vec<(LinkingId, Happened)>,
}

/// What has become of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happened", rename_all = "snake_case")]
enum Happened {
    Linked { in_max: bool, in_vk: bool },
    Unlinked,
    MessengerLeft,
    Doomed { at: Millis },
}

/// What was known before an input.
pub(crate) struct Before {
    links: Vec<(PupilId, LinkSummary)>,
    /// Somebody does it in this very window.
    done_here: bool,
}

impl Before {
    pub(crate) fn of(state: &State) -> Self {
        let done_here = matches!(&state.place, Place::Security(security)
            if security.pending.as_ref().is_some_and(|pending| matches!(pending.wish, Wish::Do { .. } | Wish::Keep)));
        Self { links: links(&state.place), done_here }
    }

    /// Tells what has changed since.
    pub(crate) fn tell(self, next: &mut Next, now: Millis) {
        if next.verdict != Verdict::Moved {
            return;
        }
        ask_in_its_moment(next);
        for (pupil, after) in links(&next.state.place) {
            let Some((_, before)) = self.links.iter().find(|(id, _)| *id == pupil) else { continue };
            let Some((linking, happened)) = what_happened(before, &after) else { continue };
            let state = &mut next.state;
            let seen = !state.conditions.behind || self.done_here;
            if !state.notices.note(linking, happened) || seen || state.notices.off || state.notices.denied {
                continue;
            }
            if let Some(notice) = happened.notice(state, now) {
                state.conditions.told_of = Some(pupil);
                next.effects.push(Effect::Notify(notice));
            }
        }
    }
}

/// The person begins to wait for MAX: now it is plain what a notice would be good for, so now the system is asked, once for good.
fn ask_in_its_moment(next: &mut Next) {
    let place = match &next.state.place {
        Place::FromMax(from_max) => &from_max.beneath,
        place => place,
    };
    let waits = matches!(place, Place::Wizard(wizard) if matches!(wizard.linking.step, Step::Max(_)));
    let notices = &mut next.state.notices;
    if waits && !notices.asked && !notices.off {
        notices.asked = true;
        next.effects.push(Effect::AskToNotify);
    }
}

/// The switch.
pub(crate) fn switch(mut state: State, on: bool) -> Next {
    let mut effects = Vec::new();
    if state.notices.off != on {
        return Next { state, effects, verdict: Verdict::Ignored("as it is") };
    }
    state.notices.off = !on;
    // The system may have been told otherwise since.
    if on {
        state.notices.asked = true;
        effects.push(Effect::AskToNotify);
    }
    Next { state, effects, verdict: Verdict::Moved }
}

impl Notices {
    /// Whether this is new of that link; it is remembered.
    fn note(&mut self, linking: LinkingId, happened: Happened) -> bool {
        if self.told.contains(&(linking.clone(), happened)) {
            return false;
        }
        self.told.retain(|(of, _)| *of != linking);
        if self.told.len() == MOST_TOLD {
            self.told.remove(0);
        }
        self.told.push((linking, happened));
        true
    }
}

impl Happened {
    fn notice(self, state: &State, now: Millis) -> Option<Notice> {
        Some(match self {
            Self::Linked { .. } => Notice::Linked,
            Self::Unlinked => Notice::Unlinked,
            Self::MessengerLeft => Notice::MessengerLeft,
            Self::Doomed { at } => {
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
fn links(place: &Place) -> Vec<(PupilId, LinkSummary)> {
    match place {
        Place::Family(Family { children, .. }) => {
            children.iter().map(|child| (child.id.clone(), child.link.clone())).collect()
        }
        Place::Diary(diary) => at_home(&diary.home),
        Place::Security(security) => at_home(&security.home),
        Place::Wizard(wizard) => at_home(&wizard.home),
        Place::FromMax(from_max) => links(&from_max.beneath),
        _ => Vec::new(),
    }
}

/// What is known of the open diary's pupil is newer there than among the siblings.
fn at_home(home: &Home) -> Vec<(PupilId, LinkSummary)> {
    let others = home.siblings.iter().filter(|child| child.id != home.pupil.id);
    std::iter::once(&home.pupil).chain(others).map(|child| (child.id.clone(), child.link.clone())).collect()
}
