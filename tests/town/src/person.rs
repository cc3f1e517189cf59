//! People at their devices: what they mean to do, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use mostik_flow::{CauseKind, Intent};

use crate::family::Way;

/// What somebody means to do after everything is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    /// Looks at the diary once more.
    Looks,
    /// Unlinks.
    Unlinks,
    /// Has the profile deleted.
    Deletes,
}

/// What became of a child's link, as the person read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Linked.
    Linked,
    /// Not linked, and the person has read why.
    Read(CauseKind),
    /// The contact belongs to another child, and there is no other.
    Taken,
    /// Unlinked, as the person wished.
    Unlinked,
    /// Deleted, or about to be, as the person wished.
    Deleted,
}

/// Whoever sits at a device.
pub struct Person {
    /// The children whose diaries are to be linked, by their places in the family.
    pub children: Vec<usize>,
    /// The one that is open.
    pub at: usize,
    /// The way that is being taken, for each child.
    pub ways: BTreeMap<usize, Way>,
    /// The password that the person has set or means to set.
    pub password: String,
    /// When the person looks next.
    pub looks_at: Option<i64>,
    /// Since when the same thing has been waited for.
    pub waits_since: Option<(&'static str, i64)>,
    /// What came of it, for each child.
    pub ends: BTreeMap<usize, End>,
    /// The children whose links the person meant to undo, and began to.
    pub undid: BTreeSet<usize>,
    /// What is still meant to be done, and with which child.
    pub later: Vec<(i64, Later, usize)>,
    /// How often a code was asked for again.
    pub asked_again: u32,
    /// How often the link into MAX was opened.
    pub opened_max: u32,
    /// Everything works, and still it is tried.
    pub last_days: bool,
}

impl Person {
    /// Somebody who means to link these children.
    #[must_use]
    pub fn new(children: Vec<usize>, ways: BTreeMap<usize, Way>, password: String) -> Self {
        Self {
            at: children.first().copied().unwrap_or_default(),
            children,
            ways,
            password,
            looks_at: None,
            waits_since: None,
            ends: BTreeMap::new(),
            undid: BTreeSet::new(),
            later: Vec::new(),
            asked_again: 0,
            opened_max: 0,
            last_days: false,
        }
    }
}
/// What a person does after a look.
pub(crate) enum Does {
    /// Presses something.
    Presses(Intent),
    /// Waits for so long.
    Waits(i64),
    /// Has nothing more to do here.
    Is(End),
}
impl Person {
    pub(crate) fn doing(&mut self, later: Later) {
        self.later.insert(0, (i64::MAX, later, self.at));
    }

    /// What the person has come back for.
    pub(crate) fn doing_now(&self) -> Option<Later> {
        self.later.first().filter(|(at, _, _)| *at == i64::MAX).map(|(_, later, _)| *later)
    }
}
