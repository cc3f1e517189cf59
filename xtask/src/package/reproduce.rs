//! `cargo xtask reproduce`: builds what is released twice, from two copies of the tree in two folders, and holds the programs against each
//! other, byte for byte. The tree's own is none of them: bundling writes the kind of package into the app that was built.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use mostik_world::root;
use sha2::{Digest, Sha256};

use super::programs;
use crate::{
    build, console,
    copies::copy_to,
    system::{self, Need},
    ui,
};

/// Two names of different lengths: what depends on where it is built does not even have the same size.
const FOLDERS: [&str; 2] = ["here", "in-another-place"];

/// Builds a program from the tree in a folder.
type Build = fn(&Path) -> Result<PathBuf>;

/// Builds the programs twice and compares them; `app` or `service` alone where that is named.
pub fn reproduce(words: &[String]) -> Result<ExitCode> {
    let Some((app, service)) = programs::named(words) else {
        bail!("what is built twice is the app or the service: cargo xtask reproduce [app | service]");
    };
    system::ready(if app { Need::Window } else { Need::Programs })?;
    let begun = Instant::now();
    let copies = FOLDERS.map(|folder| root().join("target/reproduce").join(folder));
    for copy in &copies {
        console::step(&format!("copying the tree to {}", copy.display()));
        copy_to(copy)?;
        if app {
            build::succeed(&mut ui::npm(&copy.join("ui"), ui::CLEAN_INSTALL))?;
        }
    }
    let builds = [(service, programs::service as Build), (app, programs::app)];
    let mut differ = Vec::new();
    for (_, build) in builds.into_iter().filter(|(is_named, _)| *is_named) {
        let [first, second] = copies.each_ref().map(|tree| -> Result<(PathBuf, Vec<u8>)> {
            console::step("building for release (the first time takes minutes)");
            let program = build(tree)?;
            let bytes = fs::read(&program).with_context(|| program.display().to_string())?;
            Ok((program, bytes))
        });
        let ((program, first), (_, second)) = (first?, second?);
        let name = program.file_name().unwrap_or_default().display().to_string();
        match difference(&first, &second) {
            None => console::plain(&format!("{name}: {} bytes, SHA-256 {}, twice", first.len(), digest(&first))),
            Some(what) => differ.push(format!("{name}: {what}")),
        }
    }
    ensure!(differ.is_empty(), "not the same in two places: {}", differ.join("; "));
    console::plain(&format!("the same in both places, in {}", console::duration(begun.elapsed())));
    Ok(ExitCode::SUCCESS)
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How two programs differ; `None`: in nothing.
fn difference(first: &[u8], second: &[u8]) -> Option<String> {
    let at = first.iter().zip(second).position(|(one, other)| one != other);
    let [one, other] = [first.len(), second.len()];
    match at {
        Some(at) => Some(format!("{one} and {other} bytes, the first that differs is at {at:#x}")),
        None if one != other => Some(format!("{one} and {other} bytes, the shorter begins the longer")),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        assert_eq!(difference(b"mostik", b"mostik"), None);
        assert_eq!(difference(b"mostik", b"mostyk").unwrap(), "6 and 6 bytes, the first that differs is at 0x4");
        assert_eq!(difference(b"mostik", b"mos").unwrap(), "6 and 3 bytes, the shorter begins the longer");
    }
}
