//! Launches: from MAX into the app.
//!
//! The bot's button leads to a landing page, which any app or browser can open; the page's button makes a link with a
//! one-time handle of 60 seconds; the app claims the handle with a grant that it made itself; and only who is signed in
//! can accept it, for a pupil of theirs. Nothing is linked before that.

pub mod accept;
pub mod claim;
pub mod landing_page;
pub mod mini_app;

use mostik_store::{
    Conn,
    launches::{self, NewLaunch},
};
use mostik_wire::Phone;
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    clock::{self, MINUTE, SECOND},
    refusal::Refusal,
};

/// What the hashes of landing pages are keyed by; databases hold hashes that were made so.
const PAGE: &str = "door";
/// How long the page works: as long as a ticket the other way.
const PAGE_LIFE: i64 = 10 * MINUTE;
/// How long the link works that the page makes.
const HANDLE_LIFE: i64 = 60 * SECOND;
/// How long a claimed launch may wait for the person to sign in and to say yes.
const GRANT_LIFE: i64 = 15 * MINUTE;

/// Who comes from MAX.
#[derive(Serialize, Deserialize)]
pub struct Person {
    /// As MAX writes it.
    pub first_name: String,
    /// As MAX writes it; may be empty.
    pub last_name: String,
    /// The number, if MAX has proven it.
    pub phone: Option<Phone>,
}

/// What MAX has told of a person, opened.
fn person(app: &App, sealed: &str) -> Result<Person, Refusal> {
    serde_json::from_str(&app.live().keys.open(sealed)?).map_err(|e| Refusal::internal(&e))
}

/// Makes a launch for somebody whom MAX has shown to be `user`, and says the address of its page.
pub async fn make(app: &App, conn: &mut Conn, user: i64, person: &Person) -> Result<String, Refusal> {
    let page = clock::token::<16>(&*app.entropy);
    let text = serde_json::to_string(person).map_err(|e| Refusal::internal(&e))?;
    let launch = NewLaunch {
        page_hash: &app.live().keys.token_hash(PAGE, &page),
        max_user: user,
        sealed_person: &app.live().keys.seal(&*app.entropy, &text),
        expires_at: app.now().plus(PAGE_LIFE),
    };
    launches::make(conn, &launch).await?;
    Ok(format!("{}/open/{page}", app.public_url))
}
