//! Everything derived from the operator's `secret_key`: keyed hashes of what must not be readable, and sealing of what
//! the service itself must read again.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{AeadInOut, KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use mostik_wire::LinkingId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::clock::Entropy;

/// The keys, one per purpose, so that a value made for one purpose never serves another.
pub struct Keys {
    codes: [u8; 32],
    tokens: [u8; 32],
    contacts: [u8; 32],
    bodies: [u8; 32],
    verifiers: [u8; 32],
    audit: [u8; 32],
    seal: XChaCha20Poly1305,
}

/// A sealed text that this key does not open: another `secret_key`, or a damaged database.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value does not open: was secret_key changed?")]
pub struct Unsealable;

impl Keys {
    /// Derives all keys from the operator's secret.
    #[must_use]
    pub fn new(secret_key: &[u8]) -> Self {
        let derive = |purpose: &str| mac(secret_key, &[b"mostik/1/", purpose.as_bytes()]);
        Self {
            codes: derive("codes"),
            tokens: derive("tokens"),
            contacts: derive("contacts"),
            bodies: derive("bodies"),
            verifiers: derive("verifiers"),
            audit: derive("audit"),
            seal: XChaCha20Poly1305::new(&derive("seal").into()),
        }
    }

    /// What tells this key from another one, and nothing about it: for a database whose sealed texts it has to open.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.token_hash("fingerprint", "")
    }

    /// The hash of a code, bound to its linking and to the contact it was sent to (by its key, `mostik_store::contact::key`).
    #[must_use]
    pub fn code_hash(&self, linking: &LinkingId, contact: &str, code: &str) -> String {
        hex(&mac(&self.codes, &[linking.0.as_bytes(), b"\0", contact.as_bytes(), b"\0", code.as_bytes()]))
    }

    /// The hash under which a token, a one-time code or a ticket is looked up.
    #[must_use]
    pub fn token_hash(&self, purpose: &str, token: &str) -> String {
        hex(&mac(&self.tokens, &[purpose.as_bytes(), b"\0", token.as_bytes()]))
    }

    /// The name under which a contact's or a profile's sends and failures are counted.
    #[must_use]
    pub fn contact(&self, name: &str) -> String {
        hex(&mac(&self.contacts, &[name.as_bytes()]))
    }

    /// The hash of a request, to recognise the same one; keyed, because bodies may bear codes.
    #[must_use]
    pub fn body_hash(&self, path: &str, body: &[u8]) -> String {
        hex(&mac(&self.bodies, &[path.as_bytes(), b"\0", body]))
    }

    /// The hash of what an entry of the audit log says.
    #[must_use]
    pub fn audit_entry(&self, said: &str) -> String {
        hex(&mac(&self.audit, &[b"entry\0", said.as_bytes()]))
    }

    /// The link at a place of the audit log: a hash of the place, the link before, and the hash of the entry there.
    #[must_use]
    pub fn audit_link(&self, place: i64, before: &str, entry: &str) -> String {
        hex(&mac(&self.audit, &[b"link\0", &place.to_be_bytes(), before.as_bytes(), b"\0", entry.as_bytes()]))
    }

    /// The PKCE verifier that belongs to a `state` of ours at the diary.
    #[must_use]
    pub fn verifier(&self, state: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.verifiers, &[state.as_bytes()]))
    }

    /// Encrypts a text for the database.
    #[must_use]
    pub fn seal(&self, entropy: &dyn Entropy, text: &str) -> String {
        let mut nonce = [0; 24];
        entropy.fill(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        self.seal
            .encrypt_in_place(&XNonce::from(nonce), b"", &mut sealed)
            .expect("a text of a few kilobytes can be encrypted");
        let mut out = nonce.to_vec();
        out.extend(sealed);
        URL_SAFE_NO_PAD.encode(out)
    }

    /// Decrypts what [`Keys::seal`] made.
    ///
    /// # Errors
    /// When it was made with another key or was changed since.
    pub fn open(&self, sealed: &str) -> Result<String, Unsealable> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Unsealable)?;
        let (nonce, text) = bytes.split_first_chunk::<24>().ok_or(Unsealable)?;
        let mut text = text.to_vec();
        self.seal.decrypt_in_place(&XNonce::from(*nonce), b"", &mut text).map_err(|_| Unsealable)?;
        String::from_utf8(text).map_err(|_| Unsealable)
    }
}

/// `BASE64URL(SHA256(verifier))`: PKCE's `S256`.
#[must_use]
pub fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Compares two texts without telling by the time taken where they differ.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn a_sealed_text_opens_only_unchanged_and_with_its_key() {
        let keys = Keys::new(b"one");
        let sealed = keys.seal(&SystemEntropy, "код 481902");
        assert!(Keys::new(b"two").open(&sealed).is_err());
        assert!(keys.open(&sealed[..sealed.len() - 2]).is_err());
        assert!(keys.open("").is_err());
        assert_eq!(keys.open(&sealed).unwrap(), "код 481902");
        assert_ne!(keys.seal(&SystemEntropy, "код 481902"), sealed);
    }

    #[test]
    fn a_code_is_bound_to_its_linking_and_contact() {
        let keys = Keys::new(b"one");
        let (a, b) = ("+79161234567", "+79161234568");
        let (x, y) = (LinkingId("x".into()), LinkingId("y".into()));
        let hash = keys.code_hash(&x, a, "481902");
        assert_ne!(hash, keys.code_hash(&y, a, "481902"));
        assert_ne!(hash, keys.code_hash(&x, b, "481902"));
        assert_ne!(hash, Keys::new(b"two").code_hash(&x, a, "481902"));
        assert_eq!(hash, keys.code_hash(&x, a, "481902"));
    }

    #[test]
    fn s256_is_that_of_rfc_7636() {
        assert_eq!(s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
