//! A sign-in under way at the diary. It is sealed into the `state` that the diary brings back, and lies nowhere else: anybody may
//! begin one, and nothing is kept of who has not signed in. See ADR 27.

use mostik_wire::Millis;

use crate::{
    clock::Entropy,
    keys::{Key, Keys},
};

/// A sign-in under way.
pub(super) struct SignIn {
    /// Random; known to nobody outside.
    pub id: String,
    /// The client that began it.
    pub client: String,
    /// Where the browser goes afterwards.
    pub redirect_uri: String,
    /// The client's own `state`.
    pub client_state: String,
    /// The client's PKCE challenge.
    pub challenge: String,
    /// When it is over.
    pub expires_at: Millis,
}

impl SignIn {
    /// As `state` at the diary. It is short on purpose: authorization servers take a state of 1024 characters and promise no more.
    pub fn sealed(&self, key: &Key, entropy: &dyn Entropy) -> String {
        let Self { id, client, redirect_uri, client_state, challenge, expires_at } = self;
        // Only the last may hold any sign.
        key.seal_sign_in(
            entropy,
            &[id, &expires_at.0.to_string(), client, redirect_uri, challenge, client_state]
                .map(String::as_str)
                .join("\0"),
        )
    }

    /// Opens a `state`; with the key that has sealed it.
    pub fn open<'a>(keys: &'a Keys, state: &str) -> Option<(Self, &'a Key)> {
        let (text, key) = keys.open_sign_in(state)?;
        let mut parts = text.splitn(6, '\0').map(str::to_owned);
        let mut next = || parts.next();
        let (id, expires_at) = (next()?, Millis(next()?.parse().ok()?));
        let (client, redirect_uri, challenge, client_state) = (next()?, next()?, next()?, next()?);
        Some((Self { id, client, redirect_uri, client_state, challenge, expires_at }, key))
    }

    /// Under what it is noted once it has ended. By its id, not by the state: one state can be written in several ways.
    pub fn hash(&self, key: &Key) -> String {
        key.token_hash("state", &self.id)
    }

    /// Our own PKCE verifier at the diary.
    pub fn verifier(&self, key: &Key) -> String {
        key.verifier(&self.id)
    }
}
