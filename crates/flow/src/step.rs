//! `(state, input, now) -> next`: total, pure, never panics. [`step`] reads by place; each place has its file.
//!
//! Each file needs those before it alone: `transition`, then `open` (how a place is opened), then what each place does with an input, and
//! this one.

mod about;
mod contact;
mod diary;
mod entry;
mod family;
mod from_max;
mod hand_off;
mod known_link;
mod news;
mod notices;
mod open;
mod report;
mod security;
mod send;
mod transition;
mod typed;
mod vk;
mod wizard;

use mostik_wire::Millis;

use self::transition::Transition;
use crate::{Effect, FromMax, Input, Intent, Next, Route, State};

pub use report::report_of;

/// Decides what follows from an input. `now` is the device's clock.
#[must_use]
pub fn step(state: State, input: Input, now: Millis) -> Next {
    let before = notices::Before::of(&state);
    let mut next = decide(state, input, now);
    before.tell(&mut next, now);
    next
}

fn decide(mut state: State, input: Input, now: Millis) -> Next {
    // What lies above every place, and changes none.
    match input {
        Input::Intent(Intent::OpenReport) => return report::ask(state, now),
        Input::Intent(Intent::CloseReport) => return report::close(state),
        Input::Intent(Intent::OpenAbout) => return about::open(state),
        Input::Intent(Intent::CloseAbout) => return about::close(state),
        Input::Intent(Intent::CheckHealth) => return about::check_health(state),
        Input::Intent(Intent::CheckRelease) => return about::check_release(state),
        Input::Intent(Intent::SetNotices { on }) => return notices::switch(state, on),
        Input::Reply(attempt, reply) if about::awaits(&state, attempt) => {
            return about::handle_reply(state, attempt, reply);
        }
        _ => {}
    }
    let route = std::mem::replace(&mut state.route, Route::SignedOut { cause: None, in_wizard: false });
    let transition = Transition { state, effects: Vec::new(), now };
    let next = match (route, input) {
        (route, Input::Reply(attempt, reply)) if transition.state.conditions.claiming == Some(attempt) => {
            from_max::claimed(transition, route, attempt, reply)
        }
        (route, Input::Reply(attempt, reply)) if hand_off::awaits(&transition.state, attempt) => {
            hand_off::handle_reply(transition, route, attempt, reply)
        }
        (route, Input::Intent(Intent::SendToPhone)) => hand_off::send(transition, route),
        (route, Input::Intent(Intent::CloseSendToPhone)) => hand_off::close(transition, route),
        (Route::FromMax(from_max), input) if from_max::is_for_beneath(&from_max, &input) => {
            return step_beneath(transition, from_max, input);
        }
        (route, Input::News(news)) => news::step(transition, route, news),
        (route, Input::Intent(Intent::SetLanguage { language })) => transition.set_language(route, language),
        (Route::FromMax(from_max), Input::Intent(intent)) => from_max::handle_intent(transition, from_max, intent),
        (Route::FromMax(from_max), Input::Reply(_, reply)) => from_max::handle_reply(transition, from_max, reply),
        (route, Input::Intent(Intent::StopWaiting)) => open::stop_waiting(transition, route),

        // ── Nobody is known yet ──
        (Route::Starting { attempt, after }, input) => entry::starting(transition, attempt, after, input),
        (Route::Keyring { problem, pending, after }, input) => {
            entry::keyring(transition, problem, pending, after, input)
        }
        (Route::SignedOut { cause, in_wizard }, input) => entry::signed_out(transition, cause, in_wizard, input),
        (Route::SigningIn { attempt, address, in_wizard }, input) => {
            entry::signing_in(transition, attempt, address, in_wizard, input)
        }

        // ── Signed in ──
        (Route::Opening { pending, cause, in_wizard }, input) => {
            entry::opening(transition, pending, cause, in_wizard, input)
        }
        (Route::NoPupil { account }, input) => entry::no_pupil(transition, account, input),
        (Route::Family(family), Input::Intent(intent)) => family::handle_intent(transition, family, intent),
        (Route::Family(family), Input::Reply(attempt, reply)) => {
            family::handle_reply(transition, family, attempt, reply)
        }
        (Route::Diary(diary), Input::Intent(intent)) => diary::handle_intent(transition, diary, intent),
        (Route::Diary(diary), Input::Reply(attempt, reply)) => diary::handle_reply(transition, diary, attempt, reply),
        (Route::Security(security), Input::Intent(intent)) => security::handle_intent(transition, security, intent),
        (Route::Security(security), Input::Reply(attempt, reply)) => {
            security::handle_reply(transition, security, attempt, reply)
        }
        (Route::Wizard(wizard), Input::Intent(intent)) => wizard::handle_intent(transition, wizard, intent),
        (Route::Wizard(wizard), Input::Reply(attempt, reply)) => {
            wizard::handle_reply(transition, wizard, attempt, reply)
        }
    };
    settle(next, now)
}

/// After each step: what came in from MAX or from another device goes on as soon as there is somebody to ask.
fn settle(next: Next, now: Millis) -> Next {
    let Next { mut state, effects, verdict } = next;
    let route = std::mem::replace(&mut state.route, Route::SignedOut { cause: None, in_wizard: false });
    let mut transition = Transition { state, effects, now };
    let route = from_max::overlay_question(&mut transition, route);
    hand_off::advance(&mut transition, &route);
    transition.state.route = route;
    Next { state: transition.state, effects: transition.effects, verdict }
}

/// What is not about the question goes to what lies underneath.
fn step_beneath(transition: Transition, from_max: FromMax, input: Input) -> Next {
    let FromMax { beneath, claimed, launch, pending, cause } = from_max;
    let Transition { mut state, effects: _, now } = transition;
    state.route = *beneath;
    // What another device has shown waits for the answer to this question.
    let incoming = state.conditions.incoming.take();
    let mut next = decide(state, input, now);
    next.state.conditions.incoming = incoming;
    let route = std::mem::replace(&mut next.state.route, Route::SignedOut { cause: None, in_wizard: false });
    next.state.route = match route {
        // A newer link was laid over it meanwhile.
        Route::FromMax(newer) => Route::FromMax(newer),
        // The session ended: the question is asked again after the sign-in.
        route @ (Route::SignedOut { .. } | Route::Opening { .. } | Route::NoPupil { .. }) => {
            next.state.conditions.launched = Some((claimed, launch));
            route
        }
        route => Route::FromMax(FromMax { beneath: Box::new(route), claimed, launch, pending, cause }),
    };
    next
}

/// What to do after a restart: the keyring first, then on from where the person stood. Nothing is sent twice: what was
/// under way is read from the service, never repeated.
#[must_use]
pub fn resume(mut state: State, now: Millis) -> Next {
    let route = std::mem::replace(&mut state.route, Route::SignedOut { cause: None, in_wizard: false });
    let mut transition = Transition { state, effects: Vec::new(), now };
    let after = match route {
        Route::Starting { after, .. } | Route::Keyring { after, .. } => after,
        // What proves that this app has claimed it was not kept: the person presses the button in MAX once more.
        Route::FromMax(from_max) => Some(from_max.beneath),
        route @ (Route::Family(_) | Route::Diary(_) | Route::Security(_) | Route::Wizard(_)) => Some(Box::new(route)),
        Route::SignedOut { .. } | Route::SigningIn { .. } | Route::Opening { .. } | Route::NoPupil { .. } => None,
    };
    let attempt = transition.attempt();
    transition.effects.extend([Effect::UseLanguage(transition.state.language), Effect::ReadKeyring(attempt)]);
    settle(transition.moved(Route::Starting { attempt, after }), now)
}
