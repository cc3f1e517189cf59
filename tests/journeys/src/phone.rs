//! «Телефон» of the sandbox, over its JSON: the SMS and letters that came, and what a pupil does in MAX.

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::person::Person;

/// The way to the phone.
pub struct Phone {
    address: String,
    client: Client,
}

impl Phone {
    /// At the address that the sandbox said.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self { address: address.trim_end_matches('/').to_owned(), client: Client::new() }
    }

    /// The page that shows this person's phone.
    #[must_use]
    pub fn page_of(&self, person: &Person) -> String {
        format!("{}/?number={}&as={}", self.address, person.number, person.max_user)
    }

    /// The page that shows this person's letters.
    #[must_use]
    pub fn mailbox_of(&self, person: &Person) -> String {
        format!("{}/?mail={}&tab=mail", self.address, person.mail)
    }

    /// Waits for the `nth` SMS with a code, from 1, and reads the code.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn code(&self, person: &Person, nth: usize) -> Result<String> {
        let mut after = 0;
        loop {
            let path = format!("/api/sms/wait?to={}&after={after}&timeout_s=30", person.number);
            let new = self.get(&path).await?;
            let newest = new.as_array().and_then(|list| list.last()).context("no SMS came")?;
            after = newest["id"].as_u64().context("an SMS without a number")?;
            let codes = self.codes(person).await?;
            if let Some(code) = codes.get(nth - 1) {
                return Ok(code.clone());
            }
        }
    }

    /// All codes that came by SMS, the oldest first.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub async fn codes(&self, person: &Person) -> Result<Vec<String>> {
        let all = self.get(&format!("/api/sms?to={}", person.number)).await?;
        let codes = all.as_array().into_iter().flatten().filter_map(|sms| sms["code"].as_str());
        Ok(codes.map(str::to_owned).collect())
    }

    /// Waits for the `nth` letter with a code to this address, from 1, and reads the code.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn mailed_code(&self, address: &str, nth: usize) -> Result<String> {
        let mut after = 0;
        loop {
            let new = self.get(&format!("/api/mail/wait?to={address}&after={after}&timeout_s=30")).await?;
            let newest = new.as_array().and_then(|list| list.last()).context("no letter came")?;
            after = newest["id"].as_u64().context("a letter without a number")?;
            let letters = self.letters(address).await?;
            if let Some(code) = letters.iter().filter_map(|letter| letter["code"].as_str()).nth(nth - 1) {
                return Ok(code.to_owned());
            }
        }
    }

    /// All letters to this address, the oldest first.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub async fn letters(&self, address: &str) -> Result<Vec<Value>> {
        Ok(self.get(&format!("/api/mail?to={address}")).await?.as_array().cloned().unwrap_or_default())
    }

    /// Waits for a letter to this address whose subject has these words.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn letter(&self, address: &str, subject: &str) -> Result<Value> {
        let fits = |letter: &Value| letter["subject"].as_str().is_some_and(|words| words.contains(subject));
        crate::until(subject, || async { self.letters(address).await.ok()?.into_iter().find(fits) }).await
    }

    /// Opens a link of the bot and presses «Начать».
    ///
    /// # Errors
    /// When the sandbox refuses.
    pub async fn open_in_max(&self, person: &Person, link: &str) -> Result<()> {
        self.act("open", json!({ "user_id": person.max_user, "link": link })).await
    }

    /// Opens the bot by itself, without a link of the app's, and presses «Начать».
    ///
    /// # Errors
    /// When the sandbox refuses.
    pub async fn open_bot(&self, person: &Person) -> Result<()> {
        self.act("open", json!({ "user_id": person.max_user, "payload": null })).await
    }

    /// Writes to the bot.
    ///
    /// # Errors
    /// When the sandbox refuses.
    pub async fn write(&self, person: &Person, text: &str) -> Result<()> {
        self.act("message", json!({ "user_id": person.max_user, "text": text })).await
    }

    /// Shares the person's own contact with the bot.
    ///
    /// # Errors
    /// When the sandbox refuses.
    pub async fn share_own_number(&self, person: &Person) -> Result<()> {
        self.share(person, json!({})).await
    }

    /// Shares a contact with the bot, in another way than the usual one.
    ///
    /// # Errors
    /// When the sandbox refuses.
    pub async fn share(&self, person: &Person, mut how: Value) -> Result<()> {
        how["user_id"] = json!(person.max_user);
        self.act("contact", how).await
    }

    /// What the bot has written to this person, the oldest first.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub async fn bot_messages(&self, person: &Person) -> Result<Vec<Value>> {
        let chat = self.get(&format!("/api/max/chat?user_id={}", person.max_user)).await?;
        let all = chat["messages"].as_array().cloned().unwrap_or_default();
        Ok(all.into_iter().filter(|message| message["from"] == "bot").collect())
    }

    /// Waits for a message of the bot that has more than `known` before it.
    ///
    /// # Errors
    /// When none comes.
    pub async fn bot_answer(&self, person: &Person, known: usize) -> Result<Value> {
        let messages = crate::until("an answer of the bot", || async {
            self.bot_messages(person).await.ok().filter(|messages| messages.len() > known)
        });
        messages.await?.pop().context("the bot is silent")
    }

    /// Switches faults of the outside parties on; what is not named is well.
    ///
    /// # Errors
    /// When the sandbox knows no such fault.
    pub async fn faults(&self, faults: Value) -> Result<()> {
        answer(self.client.put(format!("{}/api/faults", self.address)).json(&faults).send().await?).await.map(|_| ())
    }

    async fn act(&self, act: &str, wish: Value) -> Result<()> {
        answer(self.client.post(format!("{}/api/max/{act}", self.address)).json(&wish).send().await?).await.map(|_| ())
    }

    async fn get(&self, path: &str) -> Result<Value> {
        answer(self.client.get(format!("{}{path}", self.address)).send().await?).await
    }
}

async fn answer(response: Response) -> Result<Value> {
    let status = response.status();
    let text = response.text().await?;
    ensure!(status.is_success(), "the sandbox answers {status}: {text}");
    Ok(serde_json::from_str(&text)?)
}
