//! What the diary shows: the Sferum button and the lessons of a day.

use mostik_wire::{LinkSummary, Millis, StepName};
use serde::Serialize;
use ts_rs::TS;

/// The Sferum button of the bar, with its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SferumButton {
    /// «Не подключён»
    NotLinked,
    /// «Продолжить»: a wizard was left midway.
    Continue,
    /// «Ждём MAX»
    AwaitingMax,
    /// «Подключён»
    Linked,
    /// «Подключите MAX»: the profile is linked to the diary, and to no messenger yet.
    LinkedWithoutMessenger,
    /// «Нужно внимание»: the number is taken, or MAX said no.
    Attention,
    /// «Нет сети»: the state is not known at the moment.
    Offline,
}

impl SferumButton {
    /// The button for a link, while the service is in reach.
    #[must_use]
    pub const fn of(link: &LinkSummary) -> Self {
        match link {
            LinkSummary::NotLinked => Self::NotLinked,
            LinkSummary::InProgress { step: StepName::Max, .. } => Self::AwaitingMax,
            LinkSummary::InProgress { step: StepName::Taken, .. } => Self::Attention,
            LinkSummary::InProgress { .. } => Self::Continue,
            LinkSummary::Linked { in_max: false, in_vk: false, .. } => Self::LinkedWithoutMessenger,
            LinkSummary::Linked { .. } => Self::Linked,
        }
    }
}

/// The day in the diary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// `YYYY-MM-DD` in Europe/Moscow: the day that is shown.
    pub date: String,
    /// `YYYY-MM-DD` in Europe/Moscow: today.
    pub today: String,
    /// The lessons in order; `None` while they are being read or cannot be.
    pub lessons: Option<Vec<LessonRow>>,
}

/// One lesson of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LessonRow {
    /// Start, device's clock.
    pub begins_at: Millis,
    /// End, device's clock.
    pub ends_at: Millis,
    /// Start as the diary's clock shows it in Moscow: `12:40`.
    pub begins: String,
    /// End as the diary's clock shows it in Moscow: `13:25`.
    pub ends: String,
    /// The subject.
    pub subject: String,
    /// The room.
    pub room: Option<String>,
    /// What was set for it.
    pub homework: Option<String>,
    /// The mark.
    pub mark: Option<String>,
    /// Held remotely.
    pub remote: bool,
}
