//! What the app's log says.

use std::{fs, path::Path};

/// What the app's log says when a page has painted.
pub(crate) const PAINTED: &str = "the page has painted";

/// How often a page has painted, by the logs in this folder.
#[must_use]
pub fn paintings(logs: &Path) -> usize {
    log_in(logs).matches(PAINTED).count()
}

/// What stands in the logs in this folder.
#[must_use]
pub fn log_in(folder: &Path) -> String {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| fs::read_to_string(file.path()).ok()).collect()
}
