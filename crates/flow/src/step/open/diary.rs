//! Opens a diary, and reads it anew.

use crate::{Call, Diary, Effect, Home, Next, RequestKind, Route, Watched, step::transition::Transition};
use mostik_wire::LinkSummary;

pub(in crate::step) const fn shown(home: Home) -> Diary {
    Diary { home, dialog: false, pending: None, reading: None, cause: None, failed: None }
}

/// Opens a diary that is known already: its lessons are read, its linking is followed.
pub(in crate::step) fn open(transition: &mut Transition, home: Home) -> Diary {
    let mut diary = shown(home);
    read_schedule(transition, &mut diary);
    follow(transition);
    diary
}

/// The diary with everything that it shows being read anew.
pub(in crate::step) fn refresh(mut transition: Transition, mut diary: Diary) -> Next {
    diary.cause = None;
    diary.failed = None;
    diary.pending = transition.begin(RequestKind::Refresh, Effect::ReadMe);
    read_schedule(&mut transition, &mut diary);
    follow(&mut transition);
    transition.moved(Route::Diary(diary))
}

/// Reads the lessons of the week that is shown.
pub(in crate::step) fn read_schedule(transition: &mut Transition, diary: &mut Diary) {
    let attempt = transition.attempt();
    let (pupil, date) = (diary.home.pupil.id.clone(), diary.home.date.clone());
    transition.effects.push(Effect::ReadSchedule { attempt, pupil, date });
    diary.reading = Some(attempt);
}

/// What MAX, another device or the operator changes is shown by itself, whatever the pupil's state is.
pub(in crate::step) fn follow(transition: &mut Transition) {
    transition.effects.push(Effect::Watch(Watched::Account));
}

/// Reads the pupil's linking for a request; `false` when there is none.
pub(in crate::step) fn enter(transition: &mut Transition, diary: &mut Diary, request: RequestKind) -> bool {
    match &diary.home.pupil.link {
        LinkSummary::NotLinked => false,
        LinkSummary::InProgress { linking, .. } | LinkSummary::Linked { linking, .. } => {
            let call = Call::Read(linking.clone());
            diary.pending = transition.begin(request, |attempt| Effect::Call { attempt, call });
            true
        }
    }
}
