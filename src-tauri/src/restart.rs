//! The program starts again in its own place. What was typed and not sent goes along through a pipe, and so never lies on a disk;
//! links that nobody has read yet go along as arguments.

use std::{
    convert::Infallible,
    ffi::OsString,
    io::{self, Read},
    process::Command,
};

use mostik_flow::SafeReason;
use tauri::Env;

use crate::{news_queue, page::MEMORY_LIMIT, renderer::Renderer};

/// Start with the safe renderer; without a reason after it, the person has started it so, on the advice of support.
const SAFE: &str = "--safe-renderer";

/// What the page of the run before remembers comes through standard input.
const HANDED_OVER: &str = "--handed-over";

/// The reasons as arguments.
const REASONS: [(Renderer, &str); 4] = [
    (Renderer::Safe { reason: SafeReason::White, remembered: false }, "white"),
    (Renderer::Safe { reason: SafeReason::White, remembered: true }, "remembered"),
    (Renderer::Safe { reason: SafeReason::Crashes, remembered: false }, "crashes"),
    (Renderer::Safe { reason: SafeReason::Asked, remembered: false }, "asked"),
];

/// How this run was started.
#[derive(Debug, PartialEq, Eq)]
pub struct Start {
    /// How it is to draw.
    pub renderer: Renderer,
    /// The run before hands something over.
    pub handed_over: bool,
}

impl Start {
    /// Reads a program's arguments, without its name.
    pub fn read(words: impl Iterator<Item = OsString>) -> Self {
        let mut start = Self { renderer: Renderer::Usual, handed_over: false };
        for word in words {
            let Some(word) = word.to_str() else { continue };
            if word == HANDED_OVER {
                start.handed_over = true;
            } else if let Some(reason) = word.strip_prefix(SAFE) {
                let reason = reason.strip_prefix('=').unwrap_or("asked");
                let known = REASONS.iter().find(|(_, name)| *name == reason);
                start.renderer = known.map_or(start.renderer, |(renderer, _)| *renderer);
            }
        }
        start
    }

    /// What the page of the run before remembered.
    pub fn memory(&self, from: impl Read) -> Option<String> {
        let mut memory = String::new();
        let read = self.handed_over.then(|| from.take(MEMORY_LIMIT as u64).read_to_string(&mut memory))?;
        read.ok().filter(|length| *length > 0).map(|_| memory)
    }
}

/// The arguments of the next run: those of this one, with the renderer and the links that are still to be read.
fn words(given: impl Iterator<Item = OsString>, renderer: Renderer, links: Vec<String>) -> Vec<OsString> {
    let ours = |word: &OsString| {
        let word = word.to_string_lossy();
        word == HANDED_OVER || word.starts_with(SAFE) || news_queue::is_link(&word)
    };
    let drawn = REASONS.iter().find(|(known, _)| *known == renderer).map(|(_, name)| format!("{SAFE}={name}"));
    given.filter(|word| !ours(word)).chain(drawn.into_iter().chain(links).map(OsString::from)).collect()
}

/// Starts the program again in its own place. Comes back only when that does not work.
///
/// # Errors
/// When the program is no longer where it was, or the system has no room for it.
pub fn start_again(renderer: Renderer, memory: Option<&str>, links: Vec<String>) -> io::Result<Infallible> {
    let mut command = Command::new(tauri::process::current_binary(&Env::default())?);
    command.args(words(std::env::args_os().skip(1), renderer, links));
    #[cfg(target_os = "linux")]
    if renderer != Renderer::Usual {
        command.envs(crate::renderer::SAFE_ENVIRONMENT);
    }
    replace(command, memory)
}

/// WebKit reads its environment once: who asked for the safe renderer by an argument is given it.
///
/// # Errors
/// When the program cannot be started again.
#[cfg(target_os = "linux")]
pub fn set_environment(start: &Start) -> io::Result<()> {
    use std::os::unix::process::CommandExt;
    let set = |(name, value): &(&str, &str)| std::env::var_os(name).is_some_and(|now| now == *value);
    if start.renderer == Renderer::Usual || crate::renderer::SAFE_ENVIRONMENT.iter().all(set) {
        return Ok(());
    }
    let mut command = Command::new(tauri::process::current_binary(&Env::default())?);
    Err(command.args(std::env::args_os().skip(1)).envs(crate::renderer::SAFE_ENVIRONMENT).exec())
}

/// The same process goes on as another program: its window, its D-Bus name and its children's ends go with the open files.
#[cfg(target_os = "linux")]
fn replace(mut command: Command, memory: Option<&str>) -> io::Result<Infallible> {
    use std::{io::Write, os::unix::process::CommandExt};
    if let Some(memory) = memory {
        // It fits into the pipe's own store (64 KiB, pipe(7)), so nobody has to read meanwhile.
        let (reader, mut writer) = io::pipe()?;
        writer.write_all(memory.as_bytes())?;
        command.arg(HANDED_OVER).stdin(reader);
    }
    Err(command.exec())
}

/// Another process goes on, and this one ends.
#[cfg(not(target_os = "linux"))]
fn replace(mut command: Command, memory: Option<&str>) -> io::Result<Infallible> {
    use std::{io::Write, process::Stdio};
    if let Some(memory) = memory {
        let mut next = command.arg(HANDED_OVER).stdin(Stdio::piped()).spawn()?;
        if let Some(mut to_next) = next.stdin.take() {
            to_next.write_all(memory.as_bytes())?;
        }
    } else {
        command.spawn()?;
    }
    std::process::exit(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_word_that_is_none_of_ours_changes_nothing() {
        for strange in [&[][..], &["--safe-renderer=nonsense"], &["mostik://open/--safe-renderer"], &["--handed"]] {
            let usual = Start { renderer: Renderer::Usual, handed_over: false };
            assert_eq!(Start::read(given(strange).into_iter()), usual, "{strange:?}");
        }
    }

    #[test]
    fn what_the_next_run_is_told_is_what_it_reads_once_however_often_it_starts_again() {
        let mut words_now = given(&["--x", "mostik://open/read", "--safe-renderer"]);
        for (renderer, _) in REASONS.into_iter().chain([(Renderer::Usual, "")]) {
            let unread = vec!["mostik://open/unread".to_owned()];
            words_now = words(words_now.into_iter(), renderer, unread);
            assert_eq!(Start::read(words_now.clone().into_iter()).renderer, renderer);
            assert_eq!(words_now.iter().filter(|word| news_queue::is_link(&word.to_string_lossy())).count(), 1);
            assert_eq!(words_now[0], "--x");
        }
        assert_eq!(words_now.len(), 2);
    }

    #[test]
    fn what_was_typed_is_read_only_when_it_was_handed_over() {
        let start = |words: &[&str]| Start::read(given(words).into_iter());
        assert_eq!(start(&[]).memory(&b"typed by somebody"[..]), None);
        assert_eq!(start(&[HANDED_OVER]).memory(&b""[..]), None);
        assert_eq!(start(&[HANDED_OVER]).memory(&b"{}"[..]).as_deref(), Some("{}"));
        assert_eq!(start(&[SAFE]).renderer.safe_reason(), Some(SafeReason::Asked));
    }
}
