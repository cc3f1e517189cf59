//! Everything derived from the operator's `secret_key`: keyed hashes of what must not be readable, and sealing of what
//! the service itself must read again.

use std::ops::Deref;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{AeadInOut, KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use mostik_store::{KeyedHash, secret_keys::KeyNumbers};
use mostik_wire::LinkingId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::clock::Entropy;

/// What one `secret_key` makes: a key for each purpose, so that a value made for one purpose never serves another.
pub struct Key {
    /// How the database counts it. What the first key makes bears no mark; what another one makes begins with its number and a dot.
    number: i64,
    codes: [u8; 32],
    tokens: [u8; 32],
    contacts: [u8; 32],
    bodies: [u8; 32],
    verifiers: [u8; 32],
    audit: [u8; 32],
    seal: XChaCha20Poly1305,
    sign_ins: XChaCha20Poly1305,
}

/// The keys of a node: it writes with one, which is what this dereferences to, and reads others besides. See ADR 22.
pub struct Keys {
    writes: Key,
    reads: Vec<Key>,
}

/// A sealed text that no key here opens: another `secret_key`, or a damaged database.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value does not open: was secret_key changed without previous_secret_key?")]
pub struct Unsealable;

/// What tells a `secret_key` from another one, and nothing about it.
#[must_use]
pub fn fingerprint(secret_key: &[u8]) -> String {
    Key::derive(secret_key, 1).token_hash("fingerprint", "")
}

/// The number of the key that has made a hash or a sealed text.
#[must_use]
pub fn number_of(made: &str) -> i64 {
    made.split_once('.').map_or(1, |(number, _)| number.parse().unwrap_or_default())
}

impl Deref for Keys {
    type Target = Key;
    fn deref(&self) -> &Key {
        &self.writes
    }
}

impl Keys {
    /// The first key of a database, alone.
    #[must_use]
    pub fn new(secret_key: &[u8]) -> Self {
        Self { writes: Key::derive(secret_key, 1), reads: Vec::new() }
    }

    /// The keys of a node, with the numbers that the database has for them.
    #[must_use]
    pub fn numbered(secret_key: &[u8], previous: Option<&[u8]>, numbers: KeyNumbers) -> Self {
        let reads = previous.zip(numbers.reads).map(|(previous, number)| Key::derive(previous, number));
        Self { writes: Key::derive(secret_key, numbers.writes), reads: reads.into_iter().collect() }
    }

    /// With one more key that is read, of which nothing but entries of the audit log is left.
    #[must_use]
    pub fn with_former(mut self, secret_key: &[u8], number: i64) -> Self {
        self.reads.push(Key::derive(secret_key, number));
        self
    }

    /// The numbers of what is written with and of what is read besides.
    #[must_use]
    pub fn numbers(&self) -> KeyNumbers {
        KeyNumbers { writes: self.writes.number, reads: self.reads.first().map(|key| key.number) }
    }

    /// Every key that is read, the one that is written with first.
    pub fn readable(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.writes).chain(&self.reads)
    }

    /// The key of this number; `None`: it is not here.
    #[must_use]
    pub fn of_number(&self, number: i64) -> Option<&Key> {
        self.readable().find(|key| key.number == number)
    }

    /// The key that has made a hash or a sealed text; `None`: it is not here.
    #[must_use]
    pub fn of(&self, made: &str) -> Option<&Key> {
        self.of_number(number_of(made))
    }

    /// A hash under which something is kept, and may have been kept under the other key.
    #[must_use]
    pub fn keyed(&self, hash: impl Fn(&Key) -> String) -> KeyedHash {
        KeyedHash { written: hash(&self.writes), other: self.reads.first().map(hash) }
    }

    /// The hashes under which something may be kept, that of the key that is written with first.
    pub fn token_hashes(&self, purpose: &str, token: &str) -> Vec<String> {
        self.readable().map(|key| key.token_hash(purpose, token)).collect()
    }

    /// Decrypts what [`Key::seal`] made.
    ///
    /// # Errors
    /// When it was made with a key that is not here, or was changed since.
    pub fn open(&self, sealed: &str) -> Result<String, Unsealable> {
        decrypt(&self.of(sealed).ok_or(Unsealable)?.seal, sealed)
    }

    /// Decrypts what [`Key::seal_sign_in`] made, with the key that made it; `None`: nobody here made it.
    #[must_use]
    pub fn open_sign_in(&self, sealed: &str) -> Option<(String, &Key)> {
        let key = self.of(sealed)?;
        Some((decrypt(&key.sign_ins, sealed).ok()?, key))
    }
}

impl Key {
    fn derive(secret_key: &[u8], number: i64) -> Self {
        let derive = |purpose: &str| mac(secret_key, &[b"mostik/1/", purpose.as_bytes()]);
        Self {
            number,
            codes: derive("codes"),
            tokens: derive("tokens"),
            contacts: derive("contacts"),
            bodies: derive("bodies"),
            verifiers: derive("verifiers"),
            audit: derive("audit"),
            seal: XChaCha20Poly1305::new(&derive("seal").into()),
            sign_ins: XChaCha20Poly1305::new(&derive("sign-ins").into()),
        }
    }

    /// How the database counts it.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.number
    }

    fn marked(&self, made: String) -> String {
        if self.number == 1 { made } else { format!("{}.{made}", self.number) }
    }

    /// The hash of a code, bound to its linking and to the contact it was sent to (by its key, `mostik_store::contact::key`).
    #[must_use]
    pub fn code_hash(&self, linking: &LinkingId, contact: &str, code: &str) -> String {
        self.marked(hex(&mac(&self.codes, &[linking.0.as_bytes(), b"\0", contact.as_bytes(), b"\0", code.as_bytes()])))
    }

    /// The hash under which a token, a one-time code or a ticket is looked up.
    #[must_use]
    pub fn token_hash(&self, purpose: &str, token: &str) -> String {
        self.marked(hex(&mac(&self.tokens, &[purpose.as_bytes(), b"\0", token.as_bytes()])))
    }

    /// The hash of a MAX account, under which its dialog with the bot is kept.
    #[must_use]
    pub fn max_user(&self, user: i64) -> String {
        self.token_hash("max user", &user.to_string())
    }

    /// The name under which a contact's or a profile's sends and failures are counted.
    #[must_use]
    pub fn contact(&self, name: &str) -> String {
        self.marked(hex(&mac(&self.contacts, &[name.as_bytes()])))
    }

    /// The hash of a request, to recognise the same one; keyed, because bodies may bear codes.
    #[must_use]
    pub fn body_hash(&self, path: &str, body: &[u8]) -> String {
        self.marked(hex(&mac(&self.bodies, &[path.as_bytes(), b"\0", body])))
    }

    /// The hash of what an entry of the audit log says.
    #[must_use]
    pub fn audit_entry(&self, said: &str) -> String {
        self.marked(hex(&mac(&self.audit, &[b"entry\0", said.as_bytes()])))
    }

    /// The link at a place of the audit log: a hash of the place, the link before, and the hash of the entry there.
    #[must_use]
    pub fn audit_link(&self, place: i64, before: &str, entry: &str) -> String {
        self.marked(hex(&mac(
            &self.audit,
            &[b"link\0", &place.to_be_bytes(), before.as_bytes(), b"\0", entry.as_bytes()],
        )))
    }

    /// The PKCE verifier that belongs to a sign-in elsewhere, by what only the service knows or keeps of it.
    #[must_use]
    pub fn verifier(&self, sign_in: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.verifiers, &[sign_in.as_bytes()]))
    }

    /// Encrypts a text for the database.
    #[must_use]
    pub fn seal(&self, entropy: &dyn Entropy, text: &str) -> String {
        self.marked(encrypt(&self.seal, entropy, text))
    }

    /// Encrypts a sign-in for whoever begins it: with a key of its own, so that nothing of the database is ever taken for one.
    #[must_use]
    pub fn seal_sign_in(&self, entropy: &dyn Entropy, text: &str) -> String {
        self.marked(encrypt(&self.sign_ins, entropy, text))
    }
}

fn encrypt(cipher: &XChaCha20Poly1305, entropy: &dyn Entropy, text: &str) -> String {
    let mut nonce = [0; 24];
    entropy.fill(&mut nonce);
    let mut sealed = text.as_bytes().to_vec();
    cipher
        .encrypt_in_place(&XNonce::from(nonce), b"", &mut sealed)
        .expect("a text of a few kilobytes can be encrypted");
    let mut out = nonce.to_vec();
    out.extend(sealed);
    URL_SAFE_NO_PAD.encode(out)
}

fn decrypt(cipher: &XChaCha20Poly1305, sealed: &str) -> Result<String, Unsealable> {
    let sealed = sealed.split_once('.').map_or(sealed, |(_, text)| text);
    let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Unsealable)?;
    let (nonce, text) = bytes.split_first_chunk::<24>().ok_or(Unsealable)?;
    let mut text = text.to_vec();
    cipher.decrypt_in_place(&XNonce::from(*nonce), b"", &mut text).map_err(|_| Unsealable)?;
    String::from_utf8(text).map_err(|_| Unsealable)
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
        // Neither is taken for the other.
        let sign_in = keys.seal_sign_in(&SystemEntropy, "код 481902");
        assert!(keys.open(&sign_in).is_err() && keys.open_sign_in(&sealed).is_none());
        assert_eq!(keys.open_sign_in(&sign_in).unwrap().0, "код 481902");
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
    fn what_a_later_key_makes_bears_its_number_and_is_read_beside_what_the_first_has_made() {
        let first = Keys::new(b"one");
        let both = Keys::numbered(b"two", Some(b"one"), KeyNumbers { writes: 2, reads: Some(1) });
        let alone = Keys::numbered(b"two", None, KeyNumbers { writes: 2, reads: None });
        let (old, new) = (first.seal(&SystemEntropy, "a"), both.seal(&SystemEntropy, "b"));
        assert_eq!((number_of(&old), number_of(&new)), (1, 2));
        assert_eq!((both.open(&old).unwrap(), both.open(&new).unwrap()), ("a".into(), "b".into()));
        assert!(alone.open(&old).is_err());
        assert_eq!(alone.open(&new).unwrap(), "b");
        assert!(first.open(&new).is_err());
        let hashes = both.token_hashes("ticket", "t");
        assert_eq!(hashes, [alone.token_hash("ticket", "t"), first.token_hash("ticket", "t")]);
        assert!(hashes[0].starts_with("2."));
        assert_eq!(both.of(&hashes[1]).unwrap().verifier("s"), first.verifier("s"));
        assert_eq!(fingerprint(b"one"), first.token_hash("fingerprint", ""));
    }

    #[test]
    fn s256_is_that_of_rfc_7636() {
        assert_eq!(s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
