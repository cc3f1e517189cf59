//! Copies of the tree: what git keeps or would keep, without anything that was built.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, anyhow, ensure};
use mostik_world::root;

/// Copies the tree into a folder. A file that is there already and the same keeps its time, so that it is not built anew.
///
/// # Errors
/// When git does not answer, or when the folder cannot be written to.
pub fn copy_to(folder: &Path) -> Result<()> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .context("cannot start git")?;
    ensure!(listed.status.success(), "git does not say what is in the tree");
    for file in String::from_utf8(listed.stdout)?.lines().filter(|file| root().join(file).is_file()) {
        let to = folder.join(file);
        fs::create_dir_all(to.parent().context("a file without a folder")?)?;
        let bytes = fs::read(root().join(file))?;
        if !fs::read(&to).is_ok_and(|known| known == bytes) {
            fs::write(&to, bytes).map_err(|error| anyhow!("{}: {error}", to.display()))?;
        }
    }
    Ok(())
}
