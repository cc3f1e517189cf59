//! Files that are their owner's alone, and that are on the disk before anybody counts on them.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
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
        let path = Self::path_beside(place, ending);
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

    /// Where it is made.
    pub(super) fn path_beside(place: &Path, ending: &str) -> PathBuf {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        place.with_file_name(format!(".{name}.{ending}"))
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
    sync(above(path))
}

/// The folder that a place is in.
pub(super) fn above(path: &Path) -> &Path {
    path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// How much of a file is in memory at a time.
const PART: usize = 1 << 20;

/// Copies a file to one that only its owner reads, and brings it to the disk.
pub(super) async fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut copy = create(to)?;
    for_each_part(from, |part| copy.write_all(part).map_err(|e| unwritable(to, e))).await?;
    copy.sync_all().map_err(|e| unwritable(to, e))
}

/// A file's length, and its SHA-256 in hex.
pub(super) async fn sum(path: &Path) -> Result<(u64, String), BackupError> {
    let mut hash = Sha256::new();
    let bytes = for_each_part(path, |part| {
        hash.update(part);
        Ok(())
    })
    .await?;
    Ok((bytes, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

// Between two parts others have their turn: whoever waits for a signal, with files of many gigabytes.
async fn for_each_part(
    path: &Path,
    mut take: impl FnMut(&[u8]) -> Result<(), BackupError>,
) -> Result<u64, BackupError> {
    let mut file = File::open(path).map_err(|e| unreadable(path, e))?;
    let (mut bytes, mut part) = (0, vec![0; PART]);
    loop {
        let read = file.read(&mut part).map_err(|e| unreadable(path, e))?;
        if read == 0 {
            return Ok(bytes);
        }
        take(&part[..read])?;
        bytes += read as u64;
        tokio::task::yield_now().await;
    }
}

pub(super) fn unwritable(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), source, next: WRITABLE }
}

pub(super) fn unreadable(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), source, next: READABLE }
}
