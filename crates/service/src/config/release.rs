//! `[app]`, checked: whether what is served could be believed is for each app to say, but what no app would read is named here.

use std::{
    io::{Error, ErrorKind, Read},
    path::{Path, PathBuf},
};

use mostik_wire::{Release, SignedRelease};

use super::values::Values;

const KEY: &str = "app.latest";
/// No manifest and no signature comes near this; apps read no more.
const LARGEST: u64 = 16 * 1024;

pub(super) fn check(values: &mut Values) -> Option<PathBuf> {
    let file = PathBuf::from(values.get(KEY)?);
    match read(&file) {
        Err(error) => values.fault(
            KEY,
            &format!("cannot be read: {error}"),
            "Name a manifest that `minisign -S -m FILE` has signed; its .minisig lies beside it",
        ),
        Ok(signed) => {
            if let Err(error) = serde_json::from_str::<Release>(&signed.manifest) {
                values.fault(KEY, &format!("{}: {error}", file.display()), "See docs/releasing.md for what it says");
            }
        }
    }
    Some(file)
}

/// The manifest and what lies beside it under the same name with `.minisig`, as minisign writes it.
///
/// # Errors
/// When one of them cannot be read, is far too large, or is no text.
pub fn read(manifest: &Path) -> Result<SignedRelease, Error> {
    let mut signature = manifest.as_os_str().to_owned();
    signature.push(".minisig");
    Ok(SignedRelease { manifest: text(manifest)?, signature: text(Path::new(&signature))? })
}

fn text(file: &Path) -> Result<String, Error> {
    let named = |error: Error| Error::new(error.kind(), format!("{}: {error}", file.display()));
    let mut text = String::new();
    std::fs::File::open(file).map_err(named)?.take(LARGEST + 1).read_to_string(&mut text).map_err(named)?;
    if text.len() as u64 > LARGEST {
        return Err(named(Error::new(ErrorKind::InvalidData, "larger than 16 KiB")));
    }
    Ok(text)
}
