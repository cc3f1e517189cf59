//! «Отчёт для поддержки»: how things stand, in words that name nobody. The person reads it before copying.
//!
//! It is made of numbers, moments and names of ours alone. What the service or a person wrote is not copied into it: a test
//! walks the machine with a mark in each of those texts and finds none here.

use mostik_wire::{MaxTrouble, Messengers, Millis, Role, Step, VkStep, VkTrouble};
use serde::Serialize;
use ts_rs::TS;

use crate::{
    CauseKind, Family, FromMax, Home, KeyringProblem, Language, LinkRefusal, Next, Place, Security, State, Verdict,
    Wizard,
};

/// The longest version that a service may say it has.
const LONGEST_VERSION: usize = 24;

/// Why the window is drawn by the safe renderer, which does without the graphics card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SafeReason {
    /// The usual one has left the window empty.
    White,
    /// The process of the page has ended again and again.
    Crashes,
    /// The program was started so.
    Asked,
}

/// What runs here, as the shell says it at the start and whenever it has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// The app's version.
    pub app: String,
    /// The system's family and the processor's.
    pub system: String,
    /// The version of what draws the window.
    pub webview: String,
    /// The window is drawn by the safe renderer, for this reason.
    pub drawn_safely: Option<SafeReason>,
    /// How often the process of the page has ended by itself in this run.
    pub page_crashes: u32,
}

impl Device {
    /// Whether it is a phone or a tablet with a phone's system: what others send to, and what sends nothing on.
    #[must_use]
    pub fn is_phone(&self) -> bool {
        ["android", "ios"].contains(&self.system.split(' ').next().unwrap_or_default())
    }
}

/// How things stood when it was asked for. Moments are those of the service's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// When it was asked for.
    pub at: Millis,
    /// What runs here.
    pub device: Device,
    /// The service's version, once it has answered.
    pub service: Option<String>,
    /// The language of the window.
    pub language: Language,
    /// Where the person is: [`State::name`].
    #[ts(type = "string")]
    pub place: &'static str,
    /// Who is signed in.
    pub role: Option<Role>,
    /// What went wrong.
    pub cause: Option<CauseKind>,
    /// What the service called it in its log: `M-7F3K-21`.
    pub support: Option<String>,
    /// What went wrong in MAX.
    pub max: Option<Snag>,
    /// What went wrong at VK.
    pub vk: Option<VkTrouble>,
    /// What is wrong with the keyring.
    pub keyring: Option<KeyringProblem>,
    /// What became of a link that came in.
    pub link: Option<LinkRefusal>,
    /// The service is out of reach.
    pub offline: bool,
    /// When the service last confirmed what is shown.
    pub confirmed_at: Option<Millis>,
    /// The device's clock minus the service's.
    #[ts(type = "number")]
    pub clock_off_ms: i64,
    /// The session is in memory only.
    pub session_only: bool,
    /// What was kept on this device could not be read, and was put aside.
    pub store_reset: bool,
    /// The messengers that the operator offers, once that is known.
    pub messengers: Option<Messengers>,
    /// The page of support can be opened from here.
    pub page: bool,
}

/// [`MaxTrouble`] without the number in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Snag {
    /// MAX is signed in with another number.
    NumberDiffers,
    /// The number in MAX is no Russian mobile one.
    NumberForeign,
    /// Somebody else's contact was shared.
    ForeignContact,
    /// The contact's proof does not match.
    UnprovenContact,
    /// The MAX account is bound to another learning profile.
    MaxAccountTaken,
}

impl From<&MaxTrouble> for Snag {
    fn from(trouble: &MaxTrouble) -> Self {
        match trouble {
            MaxTrouble::NumberDiffers { .. } => Self::NumberDiffers,
            MaxTrouble::NumberForeign { .. } => Self::NumberForeign,
            MaxTrouble::ForeignContact => Self::ForeignContact,
            MaxTrouble::UnprovenContact => Self::UnprovenContact,
            MaxTrouble::MaxAccountTaken => Self::MaxAccountTaken,
        }
    }
}

/// The report of a state. `now` is the device's clock.
#[must_use]
pub fn report_of(state: &State, now: Millis) -> Report {
    let conditions = &state.conditions;
    let seen = Seen::of(&state.place);
    let cause = conditions.sending.as_ref().and_then(|sending| sending.cause.as_ref()).or(seen.cause);
    Report {
        at: state.on_service(now),
        device: conditions.device.clone(),
        service: conditions.service.clone(),
        language: state.language,
        place: state.name(),
        role: seen.role,
        cause: cause.map(|cause| cause.kind),
        support: cause.and_then(|cause| cause.support.clone()).filter(|code| is_support_code(code)),
        max: seen.max,
        vk: seen.vk,
        keyring: match &state.place {
            Place::Keyring { problem, .. } => Some(*problem),
            _ => None,
        },
        link: conditions.link_refused,
        offline: conditions.offline,
        confirmed_at: seen.confirmed_at.map(|at| state.on_service(at)),
        clock_off_ms: -conditions.offset_ms,
        session_only: conditions.session_only,
        store_reset: conditions.store_reset,
        messengers: seen.messengers,
        page: seen.page,
    }
}

/// The version in a service's `Server` header, `mostik-service/0.1.0`; nothing else that may stand there is believed.
#[must_use]
pub fn service_version(server: &str) -> Option<String> {
    let version = server.strip_prefix("mostik-service/")?;
    let plain = version.bytes().all(|sign| sign.is_ascii_alphanumeric() || b".-+".contains(&sign));
    let fits = (1..=LONGEST_VERSION).contains(&version.len());
    (plain && fits && version.starts_with(|sign: char| sign.is_ascii_digit())).then(|| version.to_owned())
}

/// The form of the codes that the service gives to what broke.
fn is_support_code(code: &str) -> bool {
    let parts: Vec<&str> = code.split('-').collect();
    let sign = |sign: u8| sign.is_ascii_digit() || sign.is_ascii_uppercase();
    matches!(parts[..], ["M", four, two] if four.len() == 4 && two.len() == 2 && four.bytes().chain(two.bytes()).all(sign))
}

/// What a place holds of interest.
#[derive(Default)]
struct Seen<'a> {
    cause: Option<&'a crate::Cause>,
    role: Option<Role>,
    max: Option<Snag>,
    vk: Option<VkTrouble>,
    confirmed_at: Option<Millis>,
    messengers: Option<Messengers>,
    page: bool,
}

impl<'a> Seen<'a> {
    fn of(place: &'a Place) -> Self {
        match place {
            Place::Starting { .. } | Place::Keyring { .. } | Place::SigningIn { .. } => Self::default(),
            Place::SignedOut { cause, .. } | Place::Opening { cause, .. } => {
                Self { cause: cause.as_ref(), ..Self::default() }
            }
            Place::NoPupil { account } => Self { role: Some(account.role), ..Self::default() },
            Place::Family(Family { account, messengers, confirmed_at, cause, .. }) => Self {
                cause: cause.as_ref(),
                role: Some(account.role),
                confirmed_at: Some(*confirmed_at),
                messengers: Some(*messengers),
                page: true,
                ..Self::default()
            },
            Place::Diary(diary) => Self { cause: diary.cause.as_ref(), ..Self::at(&diary.home) },
            Place::Security(Security { home, cause, .. }) => Self { cause: cause.as_ref(), ..Self::at(home) },
            Place::Wizard(Wizard { home, linking, cause, .. }) => {
                let (max, vk) = match &linking.step {
                    Step::Max(step) => (step.trouble.as_ref().map(Snag::from), step.vk.as_ref()),
                    Step::Linked(step) => (None, step.vk.as_ref()),
                    _ => (None, None),
                };
                let vk = match vk {
                    Some(VkStep::Offered { trouble }) => *trouble,
                    _ => None,
                };
                Self { cause: cause.as_ref(), max, vk, ..Self::at(home) }
            }
            // The question answers for itself; what lies beneath says the rest.
            Place::FromMax(FromMax { beneath, cause, .. }) => {
                let beneath = Self::of(beneath);
                Self { cause: cause.as_ref().or(beneath.cause), page: false, ..beneath }
            }
        }
    }

    fn at(home: &Home) -> Self {
        Self {
            role: Some(home.account.role),
            confirmed_at: Some(home.confirmed_at),
            messengers: Some(home.messengers),
            page: true,
            ..Self::default()
        }
    }
}

/// The report is asked for, wherever the person is: nothing else changes by it, and what goes on beneath does not change it.
pub(crate) fn ask(mut state: State, now: Millis) -> Next {
    state.conditions.report = Some(Box::new(report_of(&state, now)));
    Next { state, effects: Vec::new(), verdict: Verdict::Moved }
}

/// It has been read.
pub(crate) fn close(mut state: State) -> Next {
    let verdict = match state.conditions.report.take() {
        Some(_) => Verdict::Moved,
        None => Verdict::Ignored("no report is open"),
    };
    Next { state, effects: Vec::new(), verdict }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_version_is_read_from_the_server_header() {
        for foreign in [
            "",
            "nginx/1.27",
            "mostik-service/",
            "mostik-service/latest",
            "mostik-service/1.0 (Школа № 1)",
            "mostik-service/1.0;x=Орлов",
            "mostik-service/1.0.0.0.0.0.0.0.0.0.0.0.0.0",
        ] {
            assert_eq!(service_version(foreign), None, "{foreign}");
        }
        assert_eq!(service_version("mostik-service/0.1.0").as_deref(), Some("0.1.0"));
        assert_eq!(service_version("mostik-service/1.2.0-rc.1+7").as_deref(), Some("1.2.0-rc.1+7"));
    }

    #[test]
    fn only_a_code_of_the_services_form_is_taken_for_one() {
        assert!(is_support_code("M-7F3K-21"));
        for other in ["", "M-7F3K", "M-7F3K-211", "m-7f3k-21", "M-ОРЛ1-21", "X-7F3K-21", "Орлов", "+79000001242"]
        {
            assert!(!is_support_code(other), "{other}");
        }
    }
}
