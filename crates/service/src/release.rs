//! `GET /app/latest`: the release of the app that the operator offers, as the operator has signed it. Apps believe the signature and
//! not this service.

use std::{
    io::{Error, ErrorKind, Read},
    path::Path,
};

use axum::{Json, extract::State};
use mostik_wire::{Code, SignedRelease};

use crate::{app::App, refusal::Refusal};

/// No manifest and no signature comes near this; apps read no more.
const LARGEST: u64 = 16 * 1024;

/// The manifest and its signature, as they lie on the disk at this moment: a new release needs no restart.
///
/// # Errors
/// `not_found` where the operator offers none.
#[utoipa::path(get, path = "/app/latest", tag = "app", responses((status = 200, body = SignedRelease)))]
pub async fn latest(State(app): State<App>) -> Result<Json<SignedRelease>, Refusal> {
    let file = app.config.latest_release.clone().ok_or_else(|| Refusal::new(Code::NotFound))?;
    let read = tokio::task::spawn_blocking(move || read(&file)).await;
    match read {
        Ok(Ok(signed)) => Ok(Json(signed)),
        Ok(Err(error)) => Err(Refusal::internal(&error)),
        Err(error) => Err(Refusal::internal(&error)),
    }
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
