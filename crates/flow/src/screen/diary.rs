//! What the diary shows: the Sferum button and the lessons of a day.

use mostik_wire::{LessonChange, LessonId, LinkSummary, Millis, StepName};
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
    /// The week that it lies in, Monday first; `None` while it is being read or cannot be.
    pub week: Option<Vec<DayRow>>,
    /// When the week was read, device's clock; `None` without one.
    pub read_at: Option<Millis>,
}

/// One day of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DayRow {
    /// `YYYY-MM-DD` in Europe/Moscow.
    pub date: String,
    /// The lessons in order.
    pub lessons: Vec<LessonRow>,
}

/// A chat of the class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatRow {
    /// Its name.
    pub title: String,
    /// It has an address to open.
    pub opens: bool,
}

/// One lesson of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LessonRow {
    /// Its id, for [`crate::Intent::JoinLesson`].
    pub id: LessonId,
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
    /// It does not take place as planned.
    pub change: Option<LessonChange>,
    /// Held remotely.
    pub remote: bool,
    /// The diary knows the address of the remote lesson.
    pub joins: bool,
}
