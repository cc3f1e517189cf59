//! What happens by itself.

use subtle::ConstantTimeEq;

use super::{
    diary, family, from_max, hand_off,
    open::{self, reread},
    security,
    transition::Transition,
    wizard,
};
use crate::{CauseKind, Link, LinkRefusal, News, Next, Route, link};

/// How many used handles are remembered: more than anyone uses up in a day.
const REMEMBERED_HANDLES: usize = 16;

pub(super) fn step(mut transition: Transition, route: Route, news: News) -> Next {
    match news {
        News::ClockOffset(offset_ms) => {
            transition.state.conditions.offset_ms = offset_ms;
            transition.moved(route)
        }
        News::NotKept => {
            transition.state.conditions.session_only = true;
            transition.moved(route)
        }
        News::StoreReset => {
            transition.state.conditions.store_reset = true;
            transition.moved(route)
        }
        News::SecondStart => {
            transition.state.conditions.second_start = true;
            transition.moved(route)
        }
        News::Reach(true) if transition.state.conditions.offline => {
            transition.state.conditions.offline = false;
            hand_off::retry_offline(&mut transition);
            reread(transition, route)
        }
        News::Reach(true) => transition.ignored(route, "in reach already"),
        News::Reach(false) => {
            transition.state.conditions.offline = true;
            transition.moved(route)
        }
        News::Live(live) => match route {
            Route::Wizard(mut wizard) => {
                wizard.live = live;
                transition.moved(Route::Wizard(wizard))
            }
            route => transition.ignored(route, "no linking is shown"),
        },
        News::SessionEnded(problem) => match route {
            Route::Wizard(_) => transition.session_ended(&problem, true),
            Route::Family(_) | Route::Diary(_) | Route::Security(_) | Route::FromMax(_) | Route::NoPupil { .. } => {
                transition.session_ended(&problem, false)
            }
            Route::Opening { in_wizard, .. } => transition.session_ended(&problem, in_wizard),
            route => transition.ignored(route, "nobody is signed in"),
        },
        News::Linking(linking) => match route {
            Route::Wizard(wizard) => wizard::linking_changed(transition, wizard, *linking),
            Route::Diary(diary) => diary::linking_changed(transition, diary, &linking),
            Route::Security(security) => security::linking_changed(transition, security, &linking),
            Route::Family(family) => family::linking_changed(transition, family, &linking),
            route => transition.ignored(route, "news of another linking"),
        },
        News::MaxHere(here) => {
            transition.state.conditions.max_here = here;
            transition.moved(route)
        }
        News::Device(device) => {
            transition.state.conditions.device = device;
            transition.moved(route)
        }
        News::Service(version) => {
            transition.state.conditions.service = Some(version);
            transition.moved(route)
        }
        News::Installed(installation) => {
            transition.state.conditions.installation = installation;
            transition.moved(route)
        }
        News::InFront(in_front) if transition.state.conditions.behind != in_front => {
            transition.ignored(route, "where it was")
        }
        News::InFront(in_front) => {
            transition.state.conditions.behind = !in_front;
            transition.moved(route)
        }
        News::MayNotify(may) => {
            transition.state.notices.denied = !may;
            transition.moved(route)
        }
        News::NoticePressed => notice_pressed(transition, route),
        News::LinkingGone(id) => match route {
            Route::Wizard(wizard) if wizard.linking.id == id => {
                open::wizard::leave(transition, wizard, Some(CauseKind::LinkingGone.into()))
            }
            route => transition.ignored(route, "news of another linking"),
        },
        News::Link(text) => match link::parse(&text) {
            Ok(Link::Return { handle }) => come_back(transition, route, handle),
            Ok(Link::Open { handle }) => from_max::claim(transition, route, handle),
            Ok(Link::Continue { handle }) => hand_off::look(transition, route, handle),
            Err(refusal) => refuse(transition, route, refusal),
        },
    }
}

/// A link of the right form: only the awaited handle does anything, once; and all it does is look whether MAX is done.
fn come_back(mut transition: Transition, route: Route, handle: String) -> Next {
    let same = |known: &String| bool::from(known.as_bytes().ct_eq(handle.as_bytes()));
    if transition.state.awaited_handle.as_ref().is_some_and(same) {
        transition.state.awaited_handle = None;
        if transition.state.used_handles.len() == REMEMBERED_HANDLES {
            transition.state.used_handles.remove(0);
        }
        transition.state.used_handles.push(handle);
        return reread(transition, route);
    }
    let refusal =
        if transition.state.used_handles.iter().any(same) { LinkRefusal::Repeated } else { LinkRefusal::Foreign };
    refuse(transition, route, refusal)
}

fn refuse(mut transition: Transition, route: Route, refusal: LinkRefusal) -> Next {
    transition.state.conditions.link_refused = Some(refusal);
    transition.refused(route, "a link that is not awaited")
}

/// The person comes from what the system told: to the diary of whom it told about. A wizard tells of its own pupil alone.
fn notice_pressed(mut transition: Transition, route: Route) -> Next {
    let Some(pupil) = transition.state.conditions.told_of.take() else {
        return transition.ignored(route, "nothing was told");
    };
    match route {
        Route::Family(family) => open::family::choose(transition, family, &pupil),
        Route::Diary(diary) if diary.home.pupil.id != pupil => {
            open::family::choose(transition, diary.home.into_family(), &pupil)
        }
        Route::Security(security) if security.home.pupil.id != pupil => {
            open::family::choose(transition, security.home.into_family(), &pupil)
        }
        route => transition.moved(route),
    }
}
