//! «Отчёт для поддержки»: how things stand, in words that name nobody. The person reads it before copying.
//!
//! It is made of numbers, moments and names of ours alone. What the service or a person wrote is not copied into it: a test
//! walks the machine with a mark in each of those texts and finds none here.

use mostik_wire::{MaxTrouble, Messengers, Millis, Role, VkTrouble};
use serde::Serialize;
use ts_rs::TS;

use crate::{CauseKind, Device, KeyringProblem, Language, LinkRefusal};

/// The longest version that a service may say it has.
const LONGEST_VERSION: usize = 24;

/// How things stood when it was asked for. Moments are those of the service's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// When it was asked for.
    pub at: Millis,
    /// The versions of the app, the system and the web view on this device.
    pub device: Device,
    /// The service's version, once it has answered.
    pub service: Option<String>,
    /// The language of the window.
    pub language: Language,
    /// Where the person is: [`crate::State::name`].
    #[ts(type = "string")]
    pub route: &'static str,
    /// Who is signed in.
    pub role: Option<Role>,
    /// What went wrong.
    pub cause: Option<CauseKind>,
    /// What the service called it in its log: `M-7F3K-21`, or the request `7F3K-9QWX-2TBM`.
    pub support: Option<String>,
    /// What went wrong in MAX.
    pub max: Option<MaxTroubleKind>,
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
pub enum MaxTroubleKind {
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
    /// The person is asked whether the MAX account is theirs.
    ToConfirm,
}

impl From<&MaxTrouble> for MaxTroubleKind {
    fn from(trouble: &MaxTrouble) -> Self {
        match trouble {
            MaxTrouble::NumberDiffers { .. } => Self::NumberDiffers,
            MaxTrouble::NumberForeign { .. } => Self::NumberForeign,
            MaxTrouble::ForeignContact => Self::ForeignContact,
            MaxTrouble::UnprovenContact => Self::UnprovenContact,
            MaxTrouble::MaxAccountTaken => Self::MaxAccountTaken,
            MaxTrouble::ToConfirm { .. } => Self::ToConfirm,
        }
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
}
