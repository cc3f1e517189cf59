//! «О программе»: how the service does, and whether the operator offers a newer release. It lies above everything else, and nothing
//! beneath changes by it.

use mostik_wire::{Code, Release};
use semver::Version;

use crate::{About, Attempt, CauseKind, Effect, Health, Language, Next, ReleaseFault, Reply, State, Update, Verdict};

/// A service that takes longer than this to say that it is well is slow, in ms: the window tells of slow answers then as well.
const SLOW_MS: u64 = 2000;

/// The longest words of a release that are shown, in characters.
const LONGEST_NOTES: usize = 600;

/// Opens it. How the service does is asked at once; whether there is a newer release only when the person asks.
pub(super) fn open(mut state: State) -> Next {
    if state.conditions.about.is_some() {
        return Next { state, effects: Vec::new(), verdict: Verdict::Ignored("it is open") };
    }
    state.conditions.about = Some(About::default());
    check_health(state)
}

/// Closes it. Answers that are still under way do not count any more.
pub(super) fn close(mut state: State) -> Next {
    let verdict = match state.conditions.about.take() {
        Some(_) => Verdict::Moved,
        None => Verdict::Ignored("it is not open"),
    };
    Next { state, effects: Vec::new(), verdict }
}

/// «Проверить ещё раз».
pub(super) fn check_health(mut state: State) -> Next {
    let attempt = state.attempt();
    let Some(about) = &mut state.conditions.about else { return not_open(state) };
    about.health = Health::Asking;
    about.asking_health = Some(attempt);
    Next { state, effects: vec![Effect::CheckHealth(attempt)], verdict: Verdict::Moved }
}

/// «Проверить обновления».
pub(super) fn check_release(mut state: State) -> Next {
    let attempt = state.attempt();
    let Some(about) = &mut state.conditions.about else { return not_open(state) };
    about.update = Update::Asking;
    about.asking_update = Some(attempt);
    Next { state, effects: vec![Effect::CheckRelease(attempt)], verdict: Verdict::Moved }
}

fn not_open(state: State) -> Next {
    Next { state, effects: Vec::new(), verdict: Verdict::Refused("«О программе» is not open") }
}

/// Whether a reply answers a question of this page.
pub(super) fn awaits(state: &State, attempt: Attempt) -> bool {
    let about = state.conditions.about.as_ref();
    about.is_some_and(|about| [about.asking_health, about.asking_update].contains(&Some(attempt)))
}

/// Takes the answer to one of the two questions.
pub(super) fn handle_reply(mut state: State, attempt: Attempt, reply: Reply) -> Next {
    let own = state.conditions.device.app.clone();
    let language = state.language;
    if let Some(about) = &mut state.conditions.about {
        if about.asking_health == Some(attempt) {
            about.asking_health = None;
            about.health = health_of(&reply);
        } else {
            about.asking_update = None;
            about.update = update_of(reply, &own, language);
        }
    }
    Next { state, effects: Vec::new(), verdict: Verdict::Moved }
}

fn health_of(reply: &Reply) -> Health {
    match reply {
        Reply::Healthy { took_ms } if *took_ms > SLOW_MS => Health::Slow,
        Reply::Healthy { .. } => Health::Well,
        Reply::Failed(cause) if cause.kind.is_out_of_reach() => Health::Offline,
        _ => Health::Down,
    }
}

fn update_of(reply: Reply, own: &str, language: Language) -> Update {
    match reply {
        Reply::Release(release) => compare(*release, own, language),
        Reply::ReleaseRefused(ReleaseFault::NoKey) => Update::NoKey,
        Reply::ReleaseRefused(ReleaseFault::Forged) => Update::Forged,
        Reply::ReleaseRefused(ReleaseFault::Unreadable) => Update::Unreadable,
        Reply::Refused(problem) if problem.code == Code::NotFound => Update::NotOffered,
        Reply::Failed(cause) => match cause.kind {
            kind if kind.is_out_of_reach() => Update::Offline,
            CauseKind::AnswerUnreadable => Update::Unreadable,
            _ => Update::Down,
        },
        _ => Update::Down,
    }
}

fn compare(release: Release, own: &str, language: Language) -> Update {
    let Release { version, released, notes } = release;
    let notes = match language {
        Language::Ru => notes.ru,
        Language::En => notes.en,
    };
    let is_date = released.len() == 10 && released.bytes().all(|sign| sign.is_ascii_digit() || sign == b'-');
    let (Ok(own), Ok(offered)) = (Version::parse(own), Version::parse(&version)) else { return Update::Unreadable };
    if !is_date || notes.chars().count() > LONGEST_NOTES || notes.contains(|sign: char| sign.is_control()) {
        return Update::Unreadable;
    }
    // What follows a plus tells builds of one release apart, and orders nothing.
    match offered.cmp_precedence(&own) {
        std::cmp::Ordering::Greater => Update::Newer { version, released, notes },
        std::cmp::Ordering::Equal => Update::Newest,
        std::cmp::Ordering::Less => Update::Older { version },
    }
}
