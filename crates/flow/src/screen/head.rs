//! The head of every step: the two banks, and how far the bridge between them is.

use mostik_wire::Role;
use serde::Serialize;
use ts_rs::TS;

/// Whose account it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiaryOwner {
    /// What they are called: the first name, or the surname of who has no other.
    pub first_name: String,
    /// First name and surname, as far as there are both.
    pub full_name: String,
    /// One or two letters for the round mark; none where the name has no letters.
    pub initials: String,
    /// The class: `8 «Б»`.
    pub class_name: String,
    /// The school's short name.
    pub school: Option<String>,
    /// The parent who acts for the pupil, first name and surname; `None`: the pupil acts.
    pub parent: Option<String>,
}

/// The head of every step: whose account, what is joined, how far the bridge is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepHead {
    /// The left end of the bridge: whose diary.
    pub who: DiaryOwner,
    /// The right end of the bridge: what is known of the learning profile.
    pub profile: ProfilePreview,
    /// The number of the present step, from 1. On «Готово» it is `of` + 1: all planks lie.
    pub step: u8,
    /// How many steps there are.
    pub of: u8,
}

/// What is known of the learning profile, for the right end of the bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ProfilePreview {
    /// Nothing known yet: «Найдём или создадим».
    Unknown,
    /// A new profile will be made.
    New,
    /// A profile is there.
    Found {
        /// `Михаил О.`
        name_masked: String,
        /// Its role.
        role: Role,
    },
    /// Linked.
    Linked {
        /// `Михаил О.`
        name_masked: String,
    },
}
