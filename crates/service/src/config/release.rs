//! `[app]`, checked: whether what is served could be believed is for each app to say, but what no app would read is named here.

use std::path::PathBuf;

use mostik_wire::Release;

use super::values::Values;
use crate::release;

const KEY: &str = "app.latest";

pub(super) fn check(values: &mut Values) -> Option<PathBuf> {
    let file = PathBuf::from(values.get(KEY)?);
    match release::read(&file) {
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
