//! What was done already: a step is left out while what it reads is what it was.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The fingerprint of files and of all that lies in folders; dependencies and build results are not looked into.
pub fn of(paths: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        add(path, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Whether the step was done for this fingerprint.
pub fn holds(name: &str, fingerprint: &str) -> bool {
    fs::read_to_string(file(name)).is_ok_and(|kept| kept == fingerprint)
}

/// Notes that the step is done.
pub fn keep(name: &str, fingerprint: &str) -> Result<()> {
    let file = file(name);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, fingerprint).with_context(|| format!("cannot write {}", file.display()))
}

fn file(name: &str) -> PathBuf {
    mostik_world::root().join("target/stamps").join(name)
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        inside.sort();
        for entry in inside.iter().filter(|entry| !is_made(entry)) {
            add(entry, hasher)?;
        }
    } else if path.exists() {
        path.hash(hasher);
        fs::read(path).with_context(|| format!("cannot read {}", path.display()))?.hash(hasher);
    }
    Ok(())
}

fn is_made(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "node_modules" || name == "dist" || name == "target")
}
