//! «О программе»: what runs here, what is kept where, how the service does, and whether the operator offers a newer release.
//! It lies above everything else, and nothing beneath changes by it.

use mostik_wire::{Code, Release};
use semver::Version;
use serde::Serialize;
use ts_rs::TS;

use crate::{Attempt, CauseKind, Device, Effect, Language, Next, Reply, State, Verdict};

/// A service that takes longer than this to say that it is well is slow, in ms: the window tells of slow answers then as well.
const SLOW_MS: u64 = 2000;

/// The longest words of a release that are shown, in characters.
const LONGEST_NOTES: usize = 600;

/// What the shell says once, at the start, of this copy of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Installation {
    /// The commit that it was built from, if whoever built it said so.
    pub commit: Option<String>,
    /// The service's address.
    pub service: String,
    /// The folder with the app's own data.
    pub data: String,
    /// The folder with what can be set, and the window's size.
    pub settings: String,
    /// Where exported files go.
    pub downloads: String,
    /// The folder with the log; `None`: it goes to the program's error stream alone.
    pub log: Option<String>,
    /// How it came here, and so how it is brought up to date.
    pub source: Source,
}

/// How the app came to this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A Debian package: `apt` brings the next one.
    Deb,
    /// An RPM package: `dnf` or `zypper` brings the next one.
    Rpm,
    /// One file that is replaced by hand.
    AppImage,
    /// An installer, on Windows.
    Installer,
    /// A disk image, on macOS.
    DiskImage,
    /// A store, on a phone.
    Store,
    /// Built here, from the source.
    #[default]
    Built,
}

/// How the service does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It is being asked.
    #[default]
    Asking,
    /// It is ready.
    Well,
    /// It is ready, and took long to say so.
    Slow,
    /// It answers that it is not, not at all, or somebody else does.
    Down,
    /// There is no way to it from here.
    Offline,
}

/// Whether there is a newer release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "update", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Update {
    /// Nobody has asked yet.
    #[default]
    NotAsked,
    /// The service is being asked.
    Asking,
    /// This is the newest one.
    Newest,
    /// There is one.
    Newer {
        /// Its version.
        version: String,
        /// When it came out, `YYYY-MM-DD`.
        released: String,
        /// What is new, in the operator's words.
        notes: String,
    },
    /// What is offered is older than this: nobody goes back by himself.
    Older {
        /// Its version.
        version: String,
    },
    /// The operator tells of no releases.
    NotOffered,
    /// This copy knows no key by which it could tell the operator's word from a stranger's.
    NoKey,
    /// The signature is not the operator's.
    Forged,
    /// It cannot be read.
    Unreadable,
    /// The service did not answer as it should.
    Down,
    /// There is no way to it from here.
    Offline,
}

/// Why what is offered is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReleaseFault {
    /// No key is built in or set.
    NoKey,
    /// The signature is not that key's.
    Forged,
    /// Not a manifest, or far too large for one.
    Unreadable,
}

/// «О программе», open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// How the service does.
    pub health: Health,
    /// The question after it that is under way.
    pub asking_health: Option<Attempt>,
    /// Whether there is a newer release.
    pub update: Update,
    /// The question after it that is under way.
    pub asking_update: Option<Attempt>,
}

/// «О программе», as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AboutCard {
    /// What runs here.
    pub device: Device,
    /// This copy of it.
    pub installation: Installation,
    /// The service's version, once it has answered.
    pub service_version: Option<String>,
    /// The session is in memory only, not in the keyring.
    pub session_only: bool,
    /// How the service does. [`crate::Intent::CheckHealth`].
    pub health: Health,
    /// Whether there is a newer release. [`crate::Intent::CheckRelease`].
    pub update: Update,
    /// The system tells what the person waited for. [`crate::Intent::SetNotices`].
    pub notices: bool,
    /// The system does not let it.
    pub notices_denied: bool,
}

/// What is shown of it, if it is open.
pub(crate) fn card(state: &State) -> Option<Box<AboutCard>> {
    let conditions = &state.conditions;
    let about = conditions.about.as_ref()?;
    Some(Box::new(AboutCard {
        device: conditions.device.clone(),
        installation: conditions.installation.clone(),
        service_version: conditions.service.clone(),
        session_only: conditions.session_only,
        health: about.health,
        update: about.update.clone(),
        notices: !state.notices.off,
        notices_denied: state.notices.denied,
    }))
}

/// It is opened: how the service does is asked at once, a newer release only when the person asks.
pub(crate) fn open(mut state: State) -> Next {
    if state.conditions.about.is_some() {
        return Next { state, effects: Vec::new(), verdict: Verdict::Ignored("it is open") };
    }
    state.conditions.about = Some(About::default());
    check_health(state)
}

/// It has been read. Answers that are still under way come late then.
pub(crate) fn close(mut state: State) -> Next {
    let verdict = match state.conditions.about.take() {
        Some(_) => Verdict::Moved,
        None => Verdict::Ignored("it is not open"),
    };
    Next { state, effects: Vec::new(), verdict }
}

/// «Проверить ещё раз».
pub(crate) fn check_health(mut state: State) -> Next {
    let attempt = state.attempt();
    let Some(about) = &mut state.conditions.about else { return not_open(state) };
    about.health = Health::Asking;
    about.asking_health = Some(attempt);
    Next { state, effects: vec![Effect::AskHealth(attempt)], verdict: Verdict::Moved }
}

/// «Проверить обновления».
pub(crate) fn check_release(mut state: State) -> Next {
    let attempt = state.attempt();
    let Some(about) = &mut state.conditions.about else { return not_open(state) };
    about.update = Update::Asking;
    about.asking_update = Some(attempt);
    Next { state, effects: vec![Effect::AskRelease(attempt)], verdict: Verdict::Moved }
}

fn not_open(state: State) -> Next {
    Next { state, effects: Vec::new(), verdict: Verdict::Refused("«О программе» is not open") }
}

/// Whether a reply answers a question of this page.
pub(crate) fn awaits(state: &State, attempt: Attempt) -> bool {
    let about = state.conditions.about.as_ref();
    about.is_some_and(|about| [about.asking_health, about.asking_update].contains(&Some(attempt)))
}

/// What came of it.
pub(crate) fn answer(mut state: State, attempt: Attempt, reply: Reply) -> Next {
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
        Reply::Failed(cause) if matches!(cause.kind, CauseKind::Offline | CauseKind::CaptivePortal) => Health::Offline,
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
            CauseKind::Offline | CauseKind::CaptivePortal => Update::Offline,
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
