//! Which release of the app the operator offers: believed by the operator's signature alone, whoever has brought it.

use minisign_verify::{PublicKey, Signature};
use mostik_flow::ReleaseFault;
use mostik_wire::{Release, SignedRelease};

use crate::StartError;

/// The most bytes of a manifest that are read.
const LARGEST: usize = 64 * 1024;

/// A key as minisign writes it: the line alone, or the file with its comment.
pub fn key(text: &str) -> Result<PublicKey, StartError> {
    let text = text.trim();
    PublicKey::from_base64(text).or_else(|_| PublicKey::decode(text)).map_err(|_| StartError::ReleaseKeyMalformed)
}

/// The release of a signed manifest. Nothing of the manifest is read before its signature has been checked.
pub fn read(key: &PublicKey, answer: &[u8]) -> Result<Release, ReleaseFault> {
    if answer.len() > LARGEST {
        return Err(ReleaseFault::Unreadable);
    }
    let signed: SignedRelease = serde_json::from_slice(answer).map_err(|_| ReleaseFault::Unreadable)?;
    let signature = Signature::decode(&signed.signature).map_err(|_| ReleaseFault::Forged)?;
    // The older kind of signature, without the hash, is not taken.
    key.verify(signed.manifest.as_bytes(), &signature, false).map_err(|_| ReleaseFault::Forged)?;
    serde_json::from_str(&signed.manifest).map_err(|_| ReleaseFault::Unreadable)
}
