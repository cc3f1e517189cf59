//! Who asks: the access token of a request.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use mostik_store::{
    Conn, accounts,
    sessions::{self, AccessToken},
};
use mostik_wire::Code;

use crate::{
    app::App,
    client::{Client, Network},
    device,
    language::Language,
    refusal::Refusal,
};

/// The session that an access token belongs to.
#[derive(Clone)]
pub struct Session {
    /// The session's id.
    pub id: String,
    /// The account that signed in.
    pub account: String,
    /// The language that this request asks for.
    pub language: Language,
    /// The family of the device that it came from, where that is known.
    pub device: Option<String>,
    /// Where this request comes from, for the limits; `None`: it has come by itself.
    pub network: Option<Network>,
}

impl FromRequestParts<App> for Session {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let token = header
            .and_then(|h| h.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token)
            .ok_or_else(|| Refusal::new(Code::Unauthorized))?;
        let mut found = None;
        let mut reader = app.store.reader().await?;
        for hash in app.live().keys.token_hashes("access", token) {
            found = sessions::of_access_token(&mut reader, &hash).await?;
            if found.is_some() {
                break;
            }
        }
        drop(reader);
        let AccessToken { session, generation, expires_at } = found.ok_or_else(|| Refusal::new(Code::Unauthorized))?;
        if session.blocked {
            return Err(Refusal::new(Code::AccountBlocked));
        }
        if session.ended_at.is_some() {
            return Err(Refusal::new(Code::SessionEnded));
        }
        if app.now() >= expires_at {
            return Err(Refusal::new(Code::Unauthorized));
        }
        if generation > session.confirmed {
            // The app holds these tokens: from now on the ones before them are dead.
            let mut tx = app.store.write().await?;
            sessions::confirm(&mut tx, &session.id, generation).await?;
            tx.commit().await?;
        }
        let (id, account) = (session.id, session.account);
        let client = parts.extensions.get::<Client>();
        Ok(Self {
            id,
            account,
            language: Language::of(&parts.headers),
            device: device::family(&parts.headers),
            network: client.map(|client| Network::of(client.address())),
        })
    }
}

impl Session {
    /// Whether the account may act for this pupil.
    pub async fn sees(&self, conn: &mut Conn, pupil: &str) -> Result<bool, Refusal> {
        Ok(accounts::sees(conn, &self.account, pupil).await?)
    }

    /// Whether the session still stands; for answers that last longer than a request.
    pub async fn stands(&self, app: &App) -> Result<bool, Refusal> {
        Ok(sessions::stands(&mut *app.store.reader().await?, &self.id).await?)
    }
}
