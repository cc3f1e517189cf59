//! The way to VK ID.

use mostik_store::{
    Tx,
    vk_sign_ins::{self, NewSignIn},
};
use mostik_wire::Millis;

use crate::{app::App, clock, linkings::OnBehalfOf, refusal::Refusal};

/// Begins a sign-in at VK ID for a profile: what VK ID brings back is made and kept.
pub(crate) async fn begin(
    app: &App,
    tx: &mut Tx,
    by: OnBehalfOf<'_>,
    linking: &str,
    profile: &str,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let session = by.session().ok_or_else(|| Refusal::internal(&"a sign-in at VK ID that nobody began"))?;
    let state = clock::token::<32>(&*app.entropy);
    // The seal, the hash and the verifier are made with one key.
    let live = app.live();
    let hash = live.keys.token_hash("vk_state", &state);
    let new =
        NewSignIn { linking, profile, session: &session.id, language: session.language.tag(), hash: &hash, expires_at };
    Ok(vk_sign_ins::begin(tx, &new, &live.keys.seal(&*app.entropy, &state), &live.config.vk.client_id).await?)
}
