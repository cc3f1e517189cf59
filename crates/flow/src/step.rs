//! `(state, input, now) -> next`: total, pure, never panics. [`step`] reads by place; each place has its file.
//!
//! Each file needs those before it alone: `turn`, then `open` (how a place is opened), then what each place does with an input, and
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
mod turn;
mod typed;
mod vk;
mod wizard;

use mostik_wire::Millis;

use self::turn::Turn;
use crate::{Effect, FromMax, Input, Intent, Next, Place, State};

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
        Input::Intent(Intent::AskReport) => return report::ask(state, now),
        Input::Intent(Intent::CloseReport) => return report::close(state),
        Input::Intent(Intent::OpenAbout) => return about::open(state),
        Input::Intent(Intent::CloseAbout) => return about::close(state),
        Input::Intent(Intent::CheckHealth) => return about::check_health(state),
        Input::Intent(Intent::CheckRelease) => return about::check_release(state),
        Input::Intent(Intent::SetNotices { on }) => return notices::switch(state, on),
        Input::Reply(attempt, reply) if about::awaits(&state, attempt) => return about::answer(state, attempt, reply),
        _ => {}
    }
    let place = std::mem::replace(&mut state.place, Place::SignedOut { cause: None, in_wizard: false });
    let turn = Turn { state, effects: Vec::new(), now };
    let next = match (place, input) {
        (place, Input::Reply(attempt, reply)) if turn.state.conditions.claiming == Some(attempt) => {
            from_max::claimed(turn, place, attempt, reply)
        }
        (place, Input::Reply(attempt, reply)) if hand_off::awaits(&turn.state, attempt) => {
            hand_off::answer(turn, place, attempt, reply)
        }
        (place, Input::Intent(Intent::SendToPhone)) => hand_off::send(turn, place),
        (place, Input::Intent(Intent::CloseSendToPhone)) => hand_off::close(turn, place),
        (Place::FromMax(from_max), input) if from_max::is_for_beneath(&from_max, &input) => {
            return step_beneath(turn, from_max, input);
        }
        (place, Input::News(news)) => news::step(turn, place, news),
        (place, Input::Intent(Intent::SetLanguage { language })) => turn.set_language(place, language),
        (Place::FromMax(from_max), Input::Intent(intent)) => from_max::wish(turn, from_max, intent),
        (Place::FromMax(from_max), Input::Reply(_, reply)) => from_max::answer(turn, from_max, reply),
        (place, Input::Intent(Intent::StopWaiting)) => open::stop_waiting(turn, place),

        // ── Nobody is known yet ──
        (Place::Starting { attempt, after }, input) => entry::starting(turn, attempt, after, input),
        (Place::Keyring { problem, pending, after }, input) => entry::keyring(turn, problem, pending, after, input),
        (Place::SignedOut { cause, in_wizard }, input) => entry::signed_out(turn, cause, in_wizard, input),
        (Place::SigningIn { attempt, address, in_wizard }, input) => {
            entry::signing_in(turn, attempt, address, in_wizard, input)
        }

        // ── Signed in ──
        (Place::Opening { pending, cause, in_wizard }, input) => entry::opening(turn, pending, cause, in_wizard, input),
        (Place::NoPupil { account }, input) => entry::no_pupil(turn, account, input),
        (Place::Family(family), Input::Intent(intent)) => family::wish(turn, family, intent),
        (Place::Family(family), Input::Reply(attempt, reply)) => family::answer(turn, family, attempt, reply),
        (Place::Diary(diary), Input::Intent(intent)) => diary::wish(turn, diary, intent),
        (Place::Diary(diary), Input::Reply(attempt, reply)) => diary::answer(turn, diary, attempt, reply),
        (Place::Security(security), Input::Intent(intent)) => security::wish(turn, security, intent),
        (Place::Security(security), Input::Reply(attempt, reply)) => security::answer(turn, security, attempt, reply),
        (Place::Wizard(wizard), Input::Intent(intent)) => wizard::wish(turn, wizard, intent),
        (Place::Wizard(wizard), Input::Reply(attempt, reply)) => wizard::answer(turn, wizard, attempt, reply),
    };
    settle(next, now)
}

/// After each step: what came in from MAX or from another device goes on as soon as there is somebody to ask.
fn settle(next: Next, now: Millis) -> Next {
    let Next { mut state, effects, verdict } = next;
    let place = std::mem::replace(&mut state.place, Place::SignedOut { cause: None, in_wizard: false });
    let mut turn = Turn { state, effects, now };
    let place = from_max::lay_over(&mut turn, place);
    hand_off::keep_up(&mut turn, &place);
    turn.state.place = place;
    Next { state: turn.state, effects: turn.effects, verdict }
}

/// What is not about the question goes to what lies underneath.
fn step_beneath(turn: Turn, from_max: FromMax, input: Input) -> Next {
    let FromMax { beneath, claimed, launch, pending, cause } = from_max;
    let Turn { mut state, effects: _, now } = turn;
    state.place = *beneath;
    // What another device has shown waits for the answer to this question.
    let arriving = state.conditions.arriving.take();
    let mut next = decide(state, input, now);
    next.state.conditions.arriving = arriving;
    let place = std::mem::replace(&mut next.state.place, Place::SignedOut { cause: None, in_wizard: false });
    next.state.place = match place {
        // A newer link was laid over it meanwhile.
        Place::FromMax(newer) => Place::FromMax(newer),
        // The session ended: the question is asked again after the sign-in.
        place @ (Place::SignedOut { .. } | Place::Opening { .. } | Place::NoPupil { .. }) => {
            next.state.conditions.launched = Some((claimed, launch));
            place
        }
        place => Place::FromMax(FromMax { beneath: Box::new(place), claimed, launch, pending, cause }),
    };
    next
}

/// What to do after a restart: the keyring first, then on from where the person stood. Nothing is sent twice: what was
/// under way is read from the service, never repeated.
#[must_use]
pub fn resume(mut state: State, now: Millis) -> Next {
    let place = std::mem::replace(&mut state.place, Place::SignedOut { cause: None, in_wizard: false });
    let mut turn = Turn { state, effects: Vec::new(), now };
    let after = match place {
        Place::Starting { after, .. } | Place::Keyring { after, .. } => after,
        // What proves that this app has claimed it was not kept: the person presses the button in MAX once more.
        Place::FromMax(from_max) => Some(from_max.beneath),
        place @ (Place::Family(_) | Place::Diary(_) | Place::Security(_) | Place::Wizard(_)) => Some(Box::new(place)),
        Place::SignedOut { .. } | Place::SigningIn { .. } | Place::Opening { .. } | Place::NoPupil { .. } => None,
    };
    let attempt = turn.attempt();
    turn.effects.extend([Effect::UseLanguage(turn.state.language), Effect::ReadKeyring(attempt)]);
    settle(turn.moved(Place::Starting { attempt, after }), now)
}
