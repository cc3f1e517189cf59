//! What MAX puts into the address of a mini app, signed as MAX signs it.

use anyhow::Result;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::{Person, Stand};

impl Stand {
    /// The end of the address, behind `#`, for this person and now.
    ///
    /// # Errors
    /// When the sandbox has not said the bot's token.
    pub fn mini_app_data(&self, person: &Person) -> Result<String> {
        let token = self.world.bot_token()?;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
        let user = json!({ "id": person.max_user, "first_name": person.first_name, "last_name": "К" }).to_string();
        let signed = format!("auth_date={now}\nquery_id={now}\nuser={user}");
        let mac = |key: &[u8], text: &[u8]| -> Result<Vec<u8>> {
            Ok(Hmac::<Sha256>::new_from_slice(key)?.chain_update(text).finalize().into_bytes().to_vec())
        };
        let hash = mac(&mac(b"WebAppData", token.as_bytes())?, signed.as_bytes())?;
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let pairs = [("auth_date", now.to_string()), ("query_id", now.to_string()), ("user", user), ("hash", hash)];
        let data = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        // The whole of it is one value in the address.
        Ok(url::form_urlencoded::Serializer::new(String::new()).append_pair("WebAppData", &data).finish())
    }
}
