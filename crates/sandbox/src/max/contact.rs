//! A shared contact: the vCard and the hash that proves whose it is.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;

use super::messenger::user_json;
use crate::ambient::hex;
use crate::shared::Shared;
use crate::world::MaxUser;

/// What is shared, honest unless told otherwise.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct SharedContact {
    /// Somebody else's card, picked from the contacts: it carries no hash.
    pub(crate) contact_user_id: Option<i64>,
    /// Somebody else's card, forwarded: it carries the other's good hash.
    #[serde(default)]
    pub(crate) forwarded: bool,
    /// The hash does not fit.
    #[serde(default)]
    pub(crate) forged_hash: bool,
    /// The account in MAX has this number in place of its own.
    pub(crate) phone: Option<String>,
}

/// The attachment as the bot receives it.
pub(super) fn attachment(
    shared: &Shared,
    sender: &MaxUser,
    subject: &MaxUser,
    shared_contact: &SharedContact,
    now: i64,
) -> Value {
    let phone = shared_contact.phone.as_deref().unwrap_or(&subject.phone);
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let name = format!("{} {}", subject.first_name, subject.last_name.as_deref().unwrap_or_default());
    let card = format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:ez-vcard 0.10.3\r\nTEL;TYPE=cell:{digits}\r\nFN:{}\r\nEND:VCARD\r\n",
        name.trim(),
    );
    let own = sender.user_id == subject.user_id;
    let hash = if shared_contact.forged_hash {
        Some(shared.random.hex::<32>())
    } else {
        (own || shared_contact.forwarded).then(|| signature(&shared.secrets().bot_token[0], &card))
    };
    let mut payload = json!({ "vcf_info": card, "max_info": user_json(subject, now) });
    if let Some(hash) = hash {
        payload["hash"] = json!(hash);
    }
    json!({ "type": "contact", "payload": payload })
}

/// `lower_hex(HMAC_SHA256(bot token, vCard))`.
fn signature(token: &str, card: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(token.as_bytes());
    mac.map(|mac| hex(&mac.chain_update(card.as_bytes()).finalize().into_bytes())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_signature_is_the_one_that_clients_check() {
        let card = "BEGIN:VCARD\nTEL;TYPE=CELL:+1 (234) 567-890\nEND:VCARD";
        assert_eq!(signature("secret", card), "ee3d82750cc421d596d2bac3350e80c763406417768bbba9292ed95463139807");
    }
}
