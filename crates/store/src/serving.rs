//! Who has a file of SQLite open: a lock on a file beside it. Whoever may change its tables, or take all that is in it somewhere else,
//! has to know that nobody else is inside. On the file itself a lock would meet SQLite's own.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// A place among those that have the file open, until it is dropped.
pub(crate) struct Serving {
    file: File,
    alone: bool,
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(beside(path))
}

impl Serving {
    /// Takes a place: alone where nobody is inside, else beside the others once the one who was alone has let them in.
    pub(crate) async fn enter(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        let entered = tokio::task::spawn_blocking(move || {
            let file = open(&path)?;
            let alone = match file.try_lock() {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) => {
                    file.lock_shared()?;
                    false
                }
                Err(TryLockError::Error(error)) => return Err(error),
            };
            Ok(Self { file, alone })
        });
        entered.await.map_err(io::Error::other)?
    }

    /// Takes the only place; `None`: somebody is inside.
    pub(crate) fn enter_alone(path: &Path) -> io::Result<Option<Self>> {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file, alone: true })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Whether somebody is inside; makes no lock file where there is none.
    pub(crate) fn is_taken(path: &Path) -> bool {
        let file = OpenOptions::new().write(true).open(beside(path));
        file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Whether somebody was inside, and nobody is any more.
    pub(crate) fn is_left(path: &Path) -> bool {
        let file = OpenOptions::new().write(true).open(beside(path));
        file.is_ok_and(|file| file.try_lock().is_ok())
    }

    /// Lets others in.
    pub(crate) fn let_in(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.alone) {
            self.file.lock_shared()?;
        }
        Ok(())
    }
}
