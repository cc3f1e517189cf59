//! What happens by itself.

use subtle::ConstantTimeEq;

use super::{
    diary, family, from_max, hand_off,
    open::{self, again},
    security,
    turn::Turn,
    wizard,
};
use crate::{CauseKind, Link, LinkRefusal, News, Next, Place, link};

/// How many used handles are remembered: more than anyone uses up in a day.
const REMEMBERED_HANDLES: usize = 16;

pub(super) fn step(mut turn: Turn, place: Place, news: News) -> Next {
    match news {
        News::ClockOffset(offset_ms) => {
            turn.state.conditions.offset_ms = offset_ms;
            turn.moved(place)
        }
        News::NotKept => {
            turn.state.conditions.session_only = true;
            turn.moved(place)
        }
        News::StoreReset => {
            turn.state.conditions.store_reset = true;
            turn.moved(place)
        }
        News::SecondStart => {
            turn.state.conditions.second_start = true;
            turn.moved(place)
        }
        News::Reach(true) if turn.state.conditions.offline => {
            turn.state.conditions.offline = false;
            hand_off::again(&mut turn);
            again(turn, place)
        }
        News::Reach(true) => turn.ignored(place, "in reach already"),
        News::Reach(false) => {
            turn.state.conditions.offline = true;
            turn.moved(place)
        }
        News::Live(live) => match place {
            Place::Wizard(mut wizard) => {
                wizard.live = live;
                turn.moved(Place::Wizard(wizard))
            }
            place => turn.ignored(place, "no linking is shown"),
        },
        News::SessionEnded => match place {
            Place::Wizard(_) => turn.session_ended(true),
            Place::Family(_) | Place::Diary(_) | Place::Security(_) | Place::FromMax(_) | Place::NoPupil { .. } => {
                turn.session_ended(false)
            }
            Place::Opening { in_wizard, .. } => turn.session_ended(in_wizard),
            place => turn.ignored(place, "nobody is signed in"),
        },
        News::Linking(linking) => match place {
            Place::Wizard(wizard) => wizard::changed(turn, wizard, *linking),
            Place::Diary(diary) => diary::told(turn, diary, &linking),
            Place::Security(security) => security::told(turn, security, &linking),
            Place::Family(family) => family::told(turn, family, &linking),
            place => turn.ignored(place, "news of another linking"),
        },
        News::MaxHere(here) => {
            turn.state.conditions.max_here = here;
            turn.moved(place)
        }
        News::Device(device) => {
            turn.state.conditions.device = device;
            turn.moved(place)
        }
        News::Service(version) => {
            turn.state.conditions.service = Some(version);
            turn.moved(place)
        }
        News::Installed(installation) => {
            turn.state.conditions.installation = installation;
            turn.moved(place)
        }
        News::InFront(in_front) if turn.state.conditions.behind != in_front => turn.ignored(place, "where it was"),
        News::InFront(in_front) => {
            turn.state.conditions.behind = !in_front;
            turn.moved(place)
        }
        News::MayNotify(may) => {
            turn.state.notices.denied = !may;
            turn.moved(place)
        }
        News::NoticePressed => notice_pressed(turn, place),
        News::LinkingGone(id) => match place {
            Place::Wizard(wizard) if wizard.linking.id == id => {
                open::wizard::leave(turn, wizard, Some(CauseKind::LinkingGone.into()))
            }
            place => turn.ignored(place, "news of another linking"),
        },
        News::Link(text) => match link::parse(&text) {
            Ok(Link::Return { handle }) => come_back(turn, place, handle),
            Ok(Link::Open { handle }) => from_max::claim(turn, place, handle),
            Ok(Link::Continue { handle }) => hand_off::look(turn, place, handle),
            Err(refusal) => refuse(turn, place, refusal),
        },
    }
}

/// A link of the right form: only the awaited handle does anything, once; and all it does is look whether MAX is done.
fn come_back(mut turn: Turn, place: Place, handle: String) -> Next {
    let same = |known: &String| bool::from(known.as_bytes().ct_eq(handle.as_bytes()));
    if turn.state.awaited_handle.as_ref().is_some_and(same) {
        turn.state.awaited_handle = None;
        if turn.state.used_handles.len() == REMEMBERED_HANDLES {
            turn.state.used_handles.remove(0);
        }
        turn.state.used_handles.push(handle);
        return again(turn, place);
    }
    let refusal = if turn.state.used_handles.iter().any(same) { LinkRefusal::Repeated } else { LinkRefusal::Foreign };
    refuse(turn, place, refusal)
}

fn refuse(mut turn: Turn, place: Place, refusal: LinkRefusal) -> Next {
    turn.state.conditions.link_refused = Some(refusal);
    turn.refused(place, "a link that is not awaited")
}

/// The person comes from what the system told: to the diary of whom it told about. A wizard tells of its own pupil alone.
fn notice_pressed(mut turn: Turn, place: Place) -> Next {
    let Some(pupil) = turn.state.conditions.told_of.take() else { return turn.ignored(place, "nothing was told") };
    match place {
        Place::Family(family) => open::family::choose(turn, family, &pupil),
        Place::Diary(diary) if diary.home.pupil.id != pupil => {
            open::family::choose(turn, diary.home.into_family(), &pupil)
        }
        Place::Security(security) if security.home.pupil.id != pupil => {
            open::family::choose(turn, security.home.into_family(), &pupil)
        }
        place => turn.moved(place),
    }
}
