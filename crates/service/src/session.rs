//! Who asks: the access token of a request.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use mostik_wire::Code;

use crate::{app::App, db::Tx, device, language::Language, refusal::Refusal, store::accounts};

/// The session that an access token belongs to.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session's id.
    pub id: String,
    /// The account that signed in.
    pub account: String,
    /// The language that this request asks for.
    pub language: Language,
    /// The family of the device that it came from, where that is known.
    pub device: Option<String>,
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
        let row: Option<(String, String, i64, i64, i64, Option<i64>)> = sqlx::query_as(
            "SELECT s.id, s.account_id, t.expires_at, t.generation, s.confirmed, s.ended_at
             FROM access_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = $1",
        )
        .bind(app.keys.token_hash("access", token))
        .fetch_optional(app.db.read())
        .await?;
        let Some((id, account, expires_at, generation, confirmed, ended_at)) = row else {
            return Err(Refusal::new(Code::Unauthorized));
        };
        if ended_at.is_some() {
            return Err(Refusal::new(Code::SessionEnded));
        }
        if app.now().0 >= expires_at {
            return Err(Refusal::new(Code::Unauthorized));
        }
        if generation > confirmed {
            // The app holds these tokens: from now on the ones before them are dead.
            let mut tx = app.db.write().await?;
            sqlx::query("UPDATE sessions SET confirmed = $2 WHERE id = $1 AND confirmed < $2")
                .bind(&id)
                .bind(generation)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        }
        Ok(Self { id, account, language: Language::of(&parts.headers), device: device::family(&parts.headers) })
    }
}

impl Session {
    /// Whether the account may act for this pupil.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sees(&self, tx: &mut Tx, pupil: &str) -> Result<bool, Refusal> {
        Ok(accounts::sees(tx, &self.account, pupil).await?)
    }

    /// Whether the session still stands; for answers that last longer than a request.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stands(&self, app: &App) -> Result<bool, Refusal> {
        let ended: Option<i64> = sqlx::query_scalar("SELECT ended_at FROM sessions WHERE id = $1")
            .bind(&self.id)
            .fetch_one(app.db.read())
            .await?;
        Ok(ended.is_none())
    }
}
