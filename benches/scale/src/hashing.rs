//! What a password costs: only who is under fourteen and has no number sets one.

use anyhow::Result;
use mostik_service::{clock::SystemEntropy, passwords::Hasher};
use mostik_wire::{Password, Secret};

use crate::costs::seconds_of;

/// How many are hashed.
const HASHES: u32 = 200;

/// Seconds of a processor for a hash, by the service's own pool.
pub async fn seconds() -> Result<f64> {
    let pool = Hasher::new(1);
    let typed = Secret::new("мостик через реку");
    let (password, _) = Password::check(&typed, 8, &[]).map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    let own = std::process::id();
    let before = seconds_of(own)?;
    for _ in 0..HASHES {
        pool.hash(&SystemEntropy, &password).await.map_err(|refusal| anyhow::anyhow!("{:?}", refusal.code()))?;
    }
    Ok((seconds_of(own)? - before) / f64::from(HASHES))
}
