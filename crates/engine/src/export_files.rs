//! The two files with a person's data, written where downloads go: both whole, or neither.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use mostik_wire::Export;

/// So many names are tried: nobody has more exports of one day.
const MOST_ALIKE: u32 = 1000;

/// Writes both files, readable by the person alone, beside what lies there already. Answers with the one for people.
///
/// # Errors
/// When the folder cannot be made or written to; then nothing of this export is left in it.
pub fn save(folder: &Path, export: &Export) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let stem = stem(&export.name)?;
    for n in 1..MOST_ALIKE {
        let name = if n == 1 { stem.to_owned() } else { format!("{stem} ({n})") };
        let (page, data) = (folder.join(format!("{name}.html")), folder.join(format!("{name}.json")));
        if data.exists() {
            continue;
        }
        match write_new(&page, &export.html) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(()) => {
                return match write_new(&data, &export.json) {
                    Ok(()) => Ok(page),
                    Err(error) => {
                        fs::remove_file(&page)?;
                        Err(error)
                    }
                };
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

// A name, whatever the service says: it never leads out of the folder.
fn stem(name: &str) -> io::Result<&str> {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if plain { Ok(name) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file's name")) }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        drop(file);
        fs::remove_file(path)?;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(name: &str) -> Export {
        Export { name: name.into(), html: "<p>Аня".into(), json: "{}".into() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_name_that_leads_elsewhere_writes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["", "../x", "a/b", "a\\b", "C:x", "a\0b", "профиль"] {
            assert!(save(dir.path(), &export(name)).is_err(), "{name:?}");
        }
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn a_folder_that_is_a_file_is_an_error_that_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("Downloads");
        fs::write(&file, "").unwrap();
        assert!(save(&file, &export("mostik-1")).is_err());
    }

    #[test]
    fn both_files_lie_there_and_nothing_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("Downloads");
        let first = save(&folder, &export("mostik-1")).unwrap();
        let second = save(&folder, &export("mostik-1")).unwrap();
        assert_eq!(first, folder.join("mostik-1.html"));
        assert_eq!(second, folder.join("mostik-1 (2).html"));
        assert_eq!(names(&folder), ["mostik-1 (2).html", "mostik-1 (2).json", "mostik-1.html", "mostik-1.json"]);
        assert_eq!(fs::read_to_string(first).unwrap(), "<p>Аня");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_them() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let page = save(dir.path(), &export("mostik-1")).unwrap();
        assert_eq!(fs::metadata(page).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
