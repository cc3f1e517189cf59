//! Opens a diary, and reads it anew.

use crate::{Call, Diary, Effect, Home, Next, Place, Watched, Wish, step::turn::Turn};
use mostik_wire::LinkSummary;

pub(in crate::step) const fn shown(home: Home) -> Diary {
    Diary { home, dialog: false, pending: None, reading: None, cause: None, failed: None }
}

/// Opens a diary that is known already: its lessons are read, its linking is followed.
pub(in crate::step) fn open(turn: &mut Turn, home: Home) -> Diary {
    let mut diary = shown(home);
    read_schedule(turn, &mut diary);
    follow(turn);
    diary
}

/// The diary with everything that it shows being read anew.
pub(in crate::step) fn refresh(mut turn: Turn, mut diary: Diary) -> Next {
    diary.cause = None;
    diary.failed = None;
    diary.pending = turn.pending(Wish::Refresh, Effect::ReadMe);
    read_schedule(&mut turn, &mut diary);
    follow(&mut turn);
    turn.moved(Place::Diary(diary))
}

/// Reads the lessons of the week that is shown.
pub(in crate::step) fn read_schedule(turn: &mut Turn, diary: &mut Diary) {
    let attempt = turn.attempt();
    let (pupil, date) = (diary.home.pupil.id.clone(), diary.home.date.clone());
    turn.effects.push(Effect::ReadSchedule { attempt, pupil, date });
    diary.reading = Some(attempt);
}

/// What MAX, another device or the operator changes is shown by itself, whatever the pupil's state is.
pub(in crate::step) fn follow(turn: &mut Turn) {
    turn.effects.push(Effect::Watch(Watched::Account));
}

/// Reads the pupil's linking for a wish; `false` when there is none.
pub(in crate::step) fn enter(turn: &mut Turn, diary: &mut Diary, wish: Wish) -> bool {
    match &diary.home.pupil.link {
        LinkSummary::NotLinked => false,
        LinkSummary::InProgress { linking, .. } | LinkSummary::Linked { linking, .. } => {
            let call = Call::Read(linking.clone());
            diary.pending = turn.pending(wish, |attempt| Effect::Call { attempt, call });
            true
        }
    }
}
