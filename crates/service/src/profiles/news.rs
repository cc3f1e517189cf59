//! What happened to a profile, told to its people: a letter where it has an address, else a message in MAX.

use mostik_wire::{Email, FullName, Millis};

use crate::{
    app::App,
    clock::DAY,
    db::Tx,
    language::Language,
    mail::{Event, Letter, News},
    outbox::{self, MaxMessage},
    refusal::Refusal,
    session::Session,
};

/// For how long a letter of news is tried: mail servers rest over a weekend.
const NEWS_LIFE: i64 = 3 * DAY;

/// Tells that the profile was linked. In MAX the bot has said so already.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_of_link(app: &App, session: &Session, tx: &mut Tx, profile: &str) -> Result<(), Refusal> {
    let people = People::of(tx, profile).await?;
    match &people.email {
        Some(_) => {
            people.tell(app, tx, session.language, |name| News::Linked { name, event: event(app, session) }).await
        }
        None => Ok(()),
    }
}

/// Tells that the profile's password was set anew.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_of_password(app: &App, session: &Session, tx: &mut Tx, profile: &str) -> Result<(), Refusal> {
    let news = |name| News::PasswordChanged { name, event: event(app, session) };
    People::of(tx, profile).await?.tell(app, tx, session.language, news).await
}

/// Tells that a VK account was bound to the profile.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_of_vk(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    profile: &str,
    account: &str,
) -> Result<(), Refusal> {
    let news = |name| News::VkLinked { name, account: account.to_owned(), event: event(app, session) };
    People::of(tx, profile).await?.tell(app, tx, session.language, news).await
}

/// Now, from the session's device.
pub(super) fn event(app: &App, session: &Session) -> Event {
    Event { at: app.now(), device: session.device.clone() }
}

/// Whom a profile's news go to.
pub(super) struct People {
    name: String,
    email: Option<Email>,
    max_user: Option<i64>,
}

impl People {
    pub(super) async fn of(tx: &mut Tx, profile: &str) -> Result<Self, Refusal> {
        let (email, max_user, first, last): (Option<String>, Option<i64>, String, String) =
            sqlx::query_as("SELECT email, max_user, first_name, last_name FROM profiles WHERE id = $1")
                .bind(profile)
                .fetch_one(&mut **tx)
                .await?;
        let email = email.and_then(|text| Email::parse(&text).ok());
        Ok(Self { name: FullName::new(&first, &last).masked(), email, max_user })
    }

    pub(super) async fn tell(
        self,
        app: &App,
        tx: &mut Tx,
        language: Language,
        news: impl FnOnce(String) -> News,
    ) -> Result<(), Refusal> {
        let letter = Letter { language, news: news(self.name) };
        match (self.email, self.max_user) {
            (Some(email), _) => outbox::queue_mail(app, tx, &email, &letter, None, expires_at(app)).await,
            (None, Some(user)) if app.config.messengers.max => {
                let message = MaxMessage { text: letter.as_message(), button: None };
                outbox::queue_max(app, tx, user, &message).await
            }
            (None, _) => Ok(()),
        }
    }
}

fn expires_at(app: &App) -> Millis {
    app.now().plus(NEWS_LIFE)
}
