//! What the shell knows of the page.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use super::paint_watch::PaintWatch;
use crate::renderer::{Machine, Renderer};

/// The most bytes that a page may have remembered: more than all fields of a step hold, and less than a pipe does.
pub const MEMORY_LIMIT: usize = 48 * 1024;

/// What the shell knows of the page.
pub struct Page {
    /// How it is drawn.
    pub renderer: Renderer,
    pub(super) machine: Machine,
    /// Where the app keeps its data.
    pub(super) folder: PathBuf,
    state: Mutex<PageState>,
}

pub(super) struct PageState {
    pub(super) watch: PaintWatch,
    pub(super) memory: Option<String>,
    /// The page has been loaded, and its window shown.
    pub(super) shown: bool,
    /// A task looks whether it paints.
    pub(super) looked_at: bool,
    /// When it was begun last.
    pub(super) begun: Instant,
    pub(super) crashes: u32,
}

impl Page {
    /// The state of a page whose window is about to be opened.
    pub fn new(renderer: Renderer, machine: Machine, folder: PathBuf, memory: Option<String>) -> Self {
        let state = PageState {
            watch: PaintWatch::new(renderer.fallback()),
            memory,
            shown: false,
            looked_at: false,
            begun: Instant::now(),
            crashes: 0,
        };
        Self { renderer, machine, folder, state: Mutex::new(state) }
    }

    /// Remembers what the page says, in place of what it said before.
    pub fn keep(&self, memory: String) {
        if memory.len() <= MEMORY_LIMIT {
            self.state().memory = Some(memory);
        }
    }

    /// What the page before this one said last.
    pub fn kept(&self) -> Option<String> {
        self.state().memory.clone()
    }

    /// How often the page's process has ended by itself.
    pub fn crashes(&self) -> u32 {
        self.state().crashes
    }

    /// The window is shown: from now on it matters whether somebody can see it.
    pub fn shown(&self) {
        self.state().shown = true;
    }

    pub(super) fn state(&self) -> MutexGuard<'_, PageState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
