//! Values of the product that have no hash of their own: shared, and told apart by what they are stored as.

use std::{
    cell::RefCell,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write as _,
    ops::Deref,
    sync::Arc,
};

use mostik_flow::State;
use mostik_linking::Linking;
use serde::Serialize;

thread_local! {
    /// What is written down to be digested, one after the other.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A shared value with a digest of all that is in it.
pub(crate) struct Kept<T> {
    value: Arc<T>,
    digest: u64,
}

impl<T: Stored> Kept<T> {
    pub(crate) fn new(value: T) -> Self {
        let digest = TEXT.with_borrow_mut(|text| {
            text.clear();
            value.store(text);
            let mut hasher = DefaultHasher::new();
            hasher.write(text);
            hasher.finish()
        });
        Self { value: Arc::new(value), digest }
    }
}

impl<T> Kept<T> {
    pub(crate) const fn digest(&self) -> u64 {
        self.digest
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), digest: self.digest }
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Kept<T> {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.value == other.value
    }
}

impl<T: Eq> Eq for Kept<T> {}

impl<T> Hash for Kept<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}

impl<T: fmt::Debug> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// Can be written down whole.
pub(crate) trait Stored {
    fn store(&self, text: &mut Vec<u8>);
}

fn as_json(value: &impl Serialize, text: &mut Vec<u8>) {
    serde_json::to_writer(text, value).expect("it has a form as JSON");
}

impl Stored for Linking {
    fn store(&self, text: &mut Vec<u8>) {
        as_json(&self.step, text);
        let Self { id, pupil, version, moved_at_version, moved_by, codes, step: _ } = self;
        as_json(&(id, pupil, version, moved_at_version, moved_by, codes), text);
    }
}

impl Stored for State {
    fn store(&self, text: &mut Vec<u8>) {
        as_json(self, text);
        // What holds for this run alone is not in the stored form.
        write!(text, "{:?}", self.conditions).expect("a text takes everything");
    }
}

macro_rules! stored_as_json {
    ($($name:ty),*) => {
        $(impl Stored for $name {
            fn store(&self, text: &mut Vec<u8>) {
                as_json(self, text);
            }
        })*
    };
}

stored_as_json!(mostik_wire::Linking, mostik_wire::Me, mostik_wire::Problem, mostik_wire::Profile);
