//! Hand-offs: from a signed-in device to another one, at the same pupil and the same place; see ADR 15.
//!
//! The token in the QR code is no key: whoever holds it learns a masked name ([`look`]), and where to go on only with a session
//! of their own that sees the pupil ([`take`]). So a photograph of the code opens nothing, and those who have no right to it do
//! not use it up.

pub mod follow;
pub mod look;
pub mod make;
pub mod page;
pub mod take;

use mostik_wire::{Code, FullName, HandOffPlace, HandOffStage, HandOffStatus, Millis};

use crate::{
    app::App,
    clock::{MINUTE, is_token},
    db::Inconsistent,
    refusal::Refusal,
};

/// How long a code on a screen works: a phone is at hand, or is fetched.
const LIFE: i64 = 5 * MINUTE;
/// How long who has opened it may take to sign in: as long as a launch out of MAX waits, less the code's own life.
const SIGN_IN_LIFE: i64 = 10 * MINUTE;

/// The purpose under which a token is hashed.
const PURPOSE: &str = "hand-off";

const FIND: &str = "SELECT h.*, s.ended_at AS session_ended_at, u.first_name, u.last_name
FROM hand_offs h JOIN sessions s ON s.id = h.session_id JOIN pupils u ON u.id = h.pupil_id";

/// A hand-off as the database holds it, with whose it is.
#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    session_id: String,
    pupil_id: String,
    place: String,
    expires_at: i64,
    seen_until: Option<i64>,
    taken_at: Option<i64>,
    taken_by_device: Option<String>,
    session_ended_at: Option<i64>,
    first_name: String,
    last_name: String,
}

impl Row {
    /// Until when it can be taken.
    fn until(&self) -> Millis {
        Millis(self.seen_until.unwrap_or(self.expires_at))
    }

    fn stage(&self, now: Millis) -> HandOffStage {
        match (self.taken_at, self.seen_until) {
            (Some(_), _) => HandOffStage::Taken,
            _ if self.session_ended_at.is_some() || now >= self.until() => HandOffStage::Over,
            (None, Some(_)) => HandOffStage::Seen,
            (None, None) => HandOffStage::Waiting,
        }
    }

    fn status(&self, now: Millis) -> HandOffStatus {
        HandOffStatus {
            stage: self.stage(now),
            expires_at: self.until(),
            device: self.taken_by_device.clone(),
            server_time: now,
        }
    }

    fn pupil_name(&self) -> String {
        FullName::new(&self.first_name, &self.last_name).masked()
    }

    fn place(&self) -> Result<HandOffPlace, Inconsistent> {
        PLACES.into_iter().find(|(_, name)| *name == self.place).map(|(place, _)| place).ok_or_else(|| Inconsistent {
            table: "hand_offs",
            id: self.id.clone(),
            what: "unknown place",
        })
    }

    /// Refuses what can no longer be taken.
    fn refuse_over(&self, now: Millis) -> Result<(), Refusal> {
        match self.stage(now) {
            HandOffStage::Waiting | HandOffStage::Seen => Ok(()),
            HandOffStage::Taken => Err(Refusal::new(Code::HandOffUsed)),
            HandOffStage::Over => Err(Refusal::new(Code::HandOffExpired)),
        }
    }
}

const PLACES: [(HandOffPlace, &str); 3] =
    [(HandOffPlace::Diary, "diary"), (HandOffPlace::Linking, "linking"), (HandOffPlace::Security, "security")];

fn place_name(place: HandOffPlace) -> &'static str {
    PLACES.into_iter().find(|(known, _)| *known == place).map_or("diary", |(_, name)| name)
}

/// The hand-off that a token belongs to.
async fn by_token<'e>(
    app: &App,
    db: impl sqlx::Executor<'e, Database = sqlx::Sqlite>,
    token: &str,
) -> Result<Option<Row>, Refusal> {
    if !is_token(token) {
        return Ok(None);
    }
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("{FIND} WHERE h.token_hash = $1")))
        .bind(app.keys.token_hash(PURPOSE, token))
        .fetch_optional(db)
        .await?)
}
