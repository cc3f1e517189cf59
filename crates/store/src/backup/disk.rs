//! Files that are their owner's alone, and that are on the disk before anybody counts on them.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::error::BackupError;

const WRITABLE: &str = "See that this user may write there, and that there is space left";
const READABLE: &str = "See that this user may read it";

/// A folder beside a place, under another name, until it is whole; it goes away with what is in it unless it was put there.
pub(super) struct Partial {
    path: PathBuf,
    kept: bool,
}

impl Partial {
    /// Makes it anew: what a run that was killed has left there is removed.
    pub(super) fn beside(place: &Path, ending: &str) -> Result<Self, BackupError> {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let path = place.with_file_name(format!(".{name}.{ending}"));
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(&path, error)),
            _ => {}
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|e| unwritable(&path, e))?;
        Ok(Self { path, kept: false })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name.
    pub(super) fn put(mut self, place: &Path) -> Result<(), BackupError> {
        sync(&self.path)?;
        fs::rename(&self.path, place).map_err(|e| unwritable(place, e))?;
        self.kept = true;
        sync_above(place)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.kept {
            // The next run removes what stays.
            fs::remove_dir_all(&self.path).ok();
        }
    }
}

/// Makes an empty file that only its owner reads.
pub(super) fn create(path: &Path) -> Result<File, BackupError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|e| unwritable(path, e))
}

/// Sees to it that a file, or a folder's list of names, is on the disk.
pub(super) fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|e| unwritable(path, e))
}

/// The same for the name of a file.
pub(super) fn sync_above(path: &Path) -> Result<(), BackupError> {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    sync(above.unwrap_or(Path::new(".")))
}

/// Copies a file to one that only its owner reads, and brings it to the disk.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut source = File::open(from).map_err(|e| unreadable(from, e))?;
    let mut copy = create(to)?;
    io::copy(&mut source, &mut copy).and_then(|_| copy.sync_all()).map_err(|e| unwritable(to, e))
}

/// A file's length, and its SHA-256 in hex.
pub(super) fn sum(path: &Path) -> Result<(u64, String), BackupError> {
    let mut file = File::open(path).map_err(|e| unreadable(path, e))?;
    let (mut hash, mut bytes, mut part) = (Sha256::new(), 0, vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut part).map_err(|e| unreadable(path, e))?;
        if read == 0 {
            break;
        }
        hash.update(&part[..read]);
        bytes += read as u64;
    }
    Ok((bytes, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

pub(super) fn unwritable(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), source, next: WRITABLE }
}

fn unreadable(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), source, next: READABLE }
}
