//! A disk that loses what was not synced when the power goes: the real program's writes are noted below SQLite, and what is left of them is
//! put in the place of its files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rand::{Rng, rngs::StdRng};

/// What is lost or kept as a whole of one write.
const SECTOR: usize = 512;

/// The files of a database by their names, on a disk.
type Files = BTreeMap<String, Vec<u8>>;

/// A disk below one folder.
pub struct Disk {
    folder: PathBuf,
    shim: PathBuf,
    notes: PathBuf,
    lies: bool,
    /// What is on it for sure.
    kept: Files,
}

/// What happened to a file since its last sync.
#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Size(usize),
}

/// What a power loss took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lost {
    /// Writes that nobody had synced.
    pub unsynced: u64,
    /// Of them, those that are lost or torn.
    pub lost: u64,
    /// Syncs before it.
    pub syncs: u64,
}

impl Disk {
    /// The disk that `folder` lies on; `lies`: it says that it has synced, and has not.
    pub fn below(folder: &Path, lies: bool) -> Self {
        let notes = folder.with_extension("notes");
        let shim = folder.with_extension("so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/service/disk/writes.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O2", "-Wall", "-o"]).arg(&shim).arg(source).arg("-ldl");
        assert!(compiler.status().expect("a C compiler").success(), "what notes writes does not compile");
        Self { kept: files(folder), folder: fs::canonicalize(folder).unwrap(), shim, notes, lies }
    }

    /// Lets a program write to this disk.
    pub fn under<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("LD_PRELOAD", &self.shim).env("MOSTIK_DISK_OF", &self.folder).env("MOSTIK_DISK_NOTES", &self.notes);
        if self.lies {
            command.env("MOSTIK_DISK_LIES", "1");
        }
        command
    }

    /// The power goes, after the program has ended: of what was not synced any part may be there, in any order, sector by sector.
    pub fn lose_power(&mut self, rng: &mut StdRng) -> Lost {
        let mut lost = Lost::default();
        let mut open: BTreeMap<String, Vec<Change>> = BTreeMap::new();
        // Files whose names the folder does not have for sure yet, or still has.
        let (mut made, mut unlinked): (Vec<String>, Files) = (Vec::new(), Files::new());
        let notes = fs::read(&self.notes).unwrap_or_default();
        fs::remove_file(&self.notes).ok();
        let mut rest = notes.as_slice();
        while rest.len() >= 32 {
            let number =
                |at: usize| usize::try_from(u64::from_le_bytes(rest[at * 8..][..8].try_into().unwrap())).unwrap();
            let (kind, path, at, length) = (number(0), number(1), number(2), number(3));
            if rest.len() < 32 + path + length {
                break;
            }
            let name = String::from_utf8(rest[32..32 + path].to_vec()).unwrap();
            let data = rest[32 + path..32 + path + length].to_vec();
            rest = &rest[32 + path + length..];
            match u8::try_from(kind).unwrap() {
                b'W' | b'T' => {
                    if !self.kept.contains_key(&name) && !made.contains(&name) {
                        made.push(name.clone());
                    }
                    let change = if kind == usize::from(b'W') { Change::Write(at, data) } else { Change::Size(at) };
                    open.entry(name).or_default().push(change);
                }
                b'S' if name.is_empty() => {
                    // The folder itself: its names are for sure.
                    lost.syncs += 1;
                    made.clear();
                    unlinked.clear();
                }
                b'S' => {
                    lost.syncs += 1;
                    let file = self.kept.entry(name.clone()).or_default();
                    open.remove(&name).into_iter().flatten().for_each(|change| apply(file, &change));
                }
                b'U' => {
                    open.remove(&name);
                    made.retain(|known| *known != name);
                    if let Some(file) = self.kept.remove(&name) {
                        unlinked.insert(name, file);
                    }
                }
                kind => panic!("a note of kind {kind}"),
            }
        }
        for (name, changes) in open {
            let file = self.kept.entry(name).or_default();
            for change in changes {
                lost.unsynced += 1;
                lost.lost += u64::from(!apply_some(file, &change, rng));
            }
        }
        for name in made {
            // A file that is synced keeps its name with most file systems, and not with all.
            if self.kept.get(&name).is_some_and(Vec::is_empty) || rng.random_bool(0.1) {
                self.kept.remove(&name);
            }
        }
        for (name, file) in unlinked {
            if rng.random_bool(0.5) {
                self.kept.insert(name, file);
            }
        }
        self.put();
        lost
    }

    fn put(&self) {
        for (name, _) in files(&self.folder) {
            fs::remove_file(self.folder.join(name)).unwrap();
        }
        for (name, bytes) in &self.kept {
            fs::write(self.folder.join(name), bytes).unwrap();
        }
    }
}

fn apply(file: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Size(size) => file.resize(*size, 0),
        Change::Write(at, data) => {
            file.resize(file.len().max(at + data.len()), 0);
            file[*at..at + data.len()].copy_from_slice(data);
        }
    }
}

/// All of it, some of its sectors, or nothing; whether it was all.
fn apply_some(file: &mut Vec<u8>, change: &Change, rng: &mut StdRng) -> bool {
    match rng.random_range(0..3) {
        0 => false,
        1 => {
            apply(file, change);
            true
        }
        _ => {
            let Change::Write(at, data) = change else { return false };
            for (nth, sector) in data.chunks(SECTOR).enumerate() {
                if rng.random_bool(0.5) {
                    apply(file, &Change::Write(at + nth * SECTOR, sector.to_vec()));
                }
            }
            false
        }
    }
}

/// The database and its log; its index in shared memory is made anew.
fn files(folder: &Path) -> Files {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let ours = names.filter(|name| name.contains(".sqlite") && !name.ends_with("-shm"));
    ours.map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}
