//! A backup that comes into being, and what is left in its folder of those whose run was killed.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::{
    disk::{self, Partial},
    error::BackupError,
    manifest::{self, PG_DUMP_FILE, SQLITE_FILE},
};

/// In the folder of backups: held while one begins or ends, so that no other takes it for left over.
const DOOR: &str = ".mostik-backup.lock";

/// Behind the name of a backup that comes into being.
const ENDING: &str = "partial";

/// In such a backup: held as long as its run lives, whatever ends that.
const CLAIM: &str = "claim";

/// A backup that comes into being. It goes away with what is in it, unless it was put in its place.
pub(super) struct Coming {
    place: PathBuf,
    partial: Partial,
    _claim: File,
}

impl Coming {
    /// Begins one, and removes what is left in the folder.
    pub(super) fn at(place: &Path) -> Result<Self, BackupError> {
        let _door = shut_door(place)?;
        refuse_taken(place)?;
        let path = Partial::path_beside(place, ENDING);
        sweep(disk::above(place))?;
        if path.exists() {
            return Err(BackupError::Claimed(place.to_owned()));
        }
        let partial = Partial::beside(place, ENDING)?;
        let path = partial.path().join(CLAIM);
        let claim = disk::create(&path)?;
        claim.lock().map_err(|e| disk::unwritable(&path, e))?;
        Ok(Self { place: place.to_owned(), partial, _claim: claim })
    }

    pub(super) fn path(&self) -> &Path {
        self.partial.path()
    }

    /// Gives it its name.
    pub(super) fn put(self) -> Result<(), BackupError> {
        let _door = shut_door(&self.place)?;
        refuse_taken(&self.place)?;
        let claim = self.partial.path().join(CLAIM);
        fs::remove_file(&claim).map_err(|e| disk::unwritable(&claim, e))?;
        self.partial.put(&self.place)
    }
}

fn refuse_taken(place: &Path) -> Result<(), BackupError> {
    if place.symlink_metadata().is_ok() { Err(BackupError::Taken(place.to_owned())) } else { Ok(()) }
}

// Nobody holds it for longer than it takes to make or rename a folder.
fn shut_door(place: &Path) -> Result<File, BackupError> {
    let path = disk::above(place).join(DOOR);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let door = opened.map_err(|e| disk::unwritable(&path, e))?;
    door.lock().map_err(|e| disk::unwritable(&path, e))?;
    Ok(door)
}

fn sweep(folder: &Path) -> Result<(), BackupError> {
    for entry in fs::read_dir(folder).map_err(|e| disk::unreadable(folder, e))?.flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let name = name.to_string_lossy();
        let is_partial = name.starts_with('.') && Path::new(&*name).extension().is_some_and(|ending| ending == ENDING);
        if is_partial && is_ours(&path).unwrap_or(false) && is_left(&path).unwrap_or(false) {
            fs::remove_dir_all(&path).map_err(|e| disk::unwritable(&path, e))?;
        }
    }
    Ok(())
}

// Whether there is nothing in it but what a backup has.
fn is_ours(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if ![CLAIM, manifest::FILE, SQLITE_FILE, PG_DUMP_FILE].iter().any(|known| name == **known) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_left(path: &Path) -> io::Result<bool> {
    match OpenOptions::new().write(true).open(path.join(CLAIM)) {
        Ok(claim) => Ok(!matches!(claim.try_lock(), Err(TryLockError::WouldBlock))),
        // It was killed before it had made it, or after it had taken it away.
        Err(error) => Ok(error.kind() == io::ErrorKind::NotFound),
    }
}
