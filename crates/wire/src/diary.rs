use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{LinkingId, Messengers, Millis, PupilId, Role, StepName};

/// `GET /v1/me`: who is signed in and whose diaries that opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The account that signed in.
    pub account: Account,
    /// The pupils it may act for; empty for an account that has no diary.
    pub pupils: Vec<Pupil>,
    /// Pages of others that the app can open.
    pub pages: Pages,
    /// The messengers that the operator offers.
    #[serde(default)]
    pub messengers: Messengers,
}

/// The diary account that signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// First name, as in the diary; may be empty.
    pub first_name: String,
    /// Surname, as in the diary; may be empty.
    pub last_name: String,
    /// Pupil or parent.
    pub role: Role,
}

/// A pupil, as the diary describes them, with the state of the link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pupil {
    /// Opaque id.
    pub id: PupilId,
    /// First name, as in the diary; may be empty.
    pub first_name: String,
    /// Surname, as in the diary; may be empty.
    pub last_name: String,
    /// The class as the diary writes it: `8-Б`.
    pub class_name: String,
    /// The school's short name, if the diary gives one.
    pub school: Option<String>,
    /// Under fourteen full years on today's Moscow date.
    pub under_14: bool,
    /// The state of the link to a learning profile.
    pub link: LinkSummary,
    /// The chats of the class that the operator knows.
    #[serde(default)]
    pub chats: Vec<ClassChat>,
}

/// The state of a pupil's link, as the Sferum button shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LinkSummary {
    /// Never linked, or unlinked.
    NotLinked,
    /// A linking was begun and waits at `step`.
    InProgress {
        /// The linking to go on with.
        linking: LinkingId,
        /// Where it waits.
        step: StepName,
    },
    /// Linked.
    Linked {
        /// The linking that made the link; `GET` it for the details.
        linking: LinkingId,
        /// When the link was made.
        since: Millis,
        /// It is linked in MAX too.
        in_max: bool,
        /// It is linked in VK Messenger too.
        #[serde(default)]
        in_vk: bool,
        /// When the profile will be deleted, if that was asked for.
        #[serde(default)]
        deletes_at: Option<Millis>,
    },
}

/// Pages that the app opens in the browser: the operator's configuration, always `https` (or loopback `http`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pages {
    /// «Библиотека».
    pub library: String,
    /// «Портфолио учащегося».
    pub portfolio: String,
    /// The support of Sferum.
    pub support: String,
    /// Where MAX is to be had.
    pub get_max: String,
}

/// `GET /v1/pupils/{pupil}/schedule?date=YYYY-MM-DD`: the week that the date lies in, from Monday to Sunday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Schedule {
    /// The seven days in order.
    pub days: Vec<SchoolDay>,
}

impl Schedule {
    /// The day of a date, `YYYY-MM-DD`; `None` when the week has no such day.
    #[must_use]
    pub fn day(&self, date: &str) -> Option<&SchoolDay> {
        self.days.iter().find(|day| day.date == date)
    }
}

/// One day of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SchoolDay {
    /// The calendar date in Europe/Moscow, `YYYY-MM-DD`.
    pub date: String,
    /// Lessons by start; empty on a free day.
    pub lessons: Vec<Lesson>,
}

/// One lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lesson {
    /// Opaque, stable, unique among the pupil's lessons.
    pub id: LessonId,
    /// Start.
    pub begins_at: Millis,
    /// End.
    pub ends_at: Millis,
    /// The subject, as the diary writes it.
    pub subject: String,
    /// The room, when known.
    pub room: Option<String>,
    /// What was set for it, when known.
    pub homework: Option<String>,
    /// The mark given in it, as the diary writes it.
    pub mark: Option<String>,
    /// It does not take place as planned.
    #[serde(default)]
    pub change: Option<LessonChange>,
    /// Held remotely: it opens in Sferum.
    pub remote: bool,
    /// Where a remote lesson is joined, once the diary knows: an `https` address.
    #[serde(default)]
    pub join_url: Option<String>,
}

impl Lesson {
    /// Whether it can be joined from afar: remote, and it takes place.
    #[must_use]
    pub fn is_held_remotely(&self) -> bool {
        self.remote && self.change != Some(LessonChange::Cancelled)
    }
}

/// A lesson's id, as the diary gives it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct LessonId(pub String);

/// What became of a planned lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LessonChange {
    /// It does not take place.
    Cancelled,
    /// Another teacher gives it, or another lesson stands in its place.
    Replaced,
}

/// A chat of the pupil's class in the messenger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassChat {
    /// What people call it.
    pub title: String,
    /// The invitation into it, an `https` address; only while the pupil is linked in a messenger.
    pub url: Option<String>,
}
