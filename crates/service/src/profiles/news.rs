//! What happened to a profile, told to its people: a letter where it has an address, else a message in MAX.

use mostik_store::{Tx, profiles};
use mostik_wire::FullName;

use crate::{
    app::App,
    clock::DAY,
    language::Language,
    mail::{Event, Letter, News},
    outbox::{self, MaxMessage},
    refusal::Refusal,
    session::Session,
};

/// For how long a letter of news is tried: mail servers rest over a weekend.
const NEWS_LIFE: i64 = 3 * DAY;

/// Now, from the session's device.
pub(crate) fn event(app: &App, session: Option<&Session>) -> Event {
    Event { at: app.now(), device: session.and_then(|session| session.device.clone()) }
}

/// Tells a profile's people; `by_letter_alone`: not in MAX.
pub(crate) async fn tell(
    app: &App,
    tx: &mut Tx,
    profile: &str,
    language: Language,
    by_letter_alone: bool,
    news: impl FnOnce(String) -> News,
) -> Result<(), Refusal> {
    let people = profiles::people(tx, profile).await?;
    let letter = Letter { language, news: news(FullName::new(&people.name.0, &people.name.1).masked()) };
    match (people.email, people.max_user) {
        (Some(email), _) => outbox::queue_mail(app, tx, &email, &letter, None, app.now().plus(NEWS_LIFE)).await,
        (None, Some(user)) if app.live().config.messengers.max && !by_letter_alone => {
            let message = MaxMessage { text: letter.as_message(), button: None };
            outbox::queue_max(app, tx, user, &message).await
        }
        (None, _) => Ok(()),
    }
}
