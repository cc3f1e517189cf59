//! The ways from MAX into the app: the bot's button, the page that it opens, the link that the page makes, and what MAX puts into
//! the address of a mini app, signed as MAX signs it.

use anyhow::{Context, Result, ensure};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::{Person, Stand, until};

impl Stand {
    /// What the person does in MAX: the bot is opened, the number is shared, and the bot's button opens this page.
    ///
    /// # Errors
    /// When the bot does not lead into the app.
    pub async fn page_from_max(&self, person: &Person) -> Result<String> {
        self.phone.open_bot(person).await?;
        self.phone.bot_answer(person, 0).await?;
        self.phone.share_own_number(person).await?;
        let page = until("the bot's way into the app", || async {
            let said = serde_json::to_string(&self.phone.bot_messages(person).await.ok()?).ok()?;
            let (_, page) = said.rsplit_once("/open/")?;
            Some(format!("{}/open/{}", self.proxy.address(), page.get(..22)?))
        });
        page.await
    }

    /// The link that the page's button makes.
    ///
    /// # Errors
    /// When it makes none.
    pub async fn link_of(&self, page: &str) -> Result<String> {
        let made = reqwest::Client::new().post(page).send().await?;
        ensure!(made.status().is_success(), "the page answers {}", made.status());
        let text = made.text().await?;
        let (_, rest) = text.split_once("mostik://open/").context("the page makes no link")?;
        Ok(format!("mostik://open/{}", rest.get(..22).context("the link is cut short")?))
    }

    /// Opens a link as any program of the desktop would.
    ///
    /// # Errors
    /// When nothing opens it.
    pub fn open_by_the_desktop(&self, link: &str) -> Result<()> {
        self.home.open_link(link)
    }

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
