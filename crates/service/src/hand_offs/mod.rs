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

use mostik_store::{
    Conn,
    hand_offs::{self, HandOff, HandOffKey},
};
use mostik_wire::{Code, FullName, HandOffStage, HandOffStatus, Millis};

use crate::{
    app::App,
    clock::{MINUTE, is_token},
    refusal::Refusal,
};

/// How long a code on a screen works: a phone is at hand, or is fetched.
const LIFE: i64 = 5 * MINUTE;
/// How long who has opened it may take to sign in: as long as a launch out of MAX waits, less the code's own life.
const SIGN_IN_LIFE: i64 = 10 * MINUTE;

/// The purpose under which a token is hashed.
const PURPOSE: &str = "hand-off";

/// Until when it can be taken.
fn until(found: &HandOff) -> Millis {
    found.seen_until.unwrap_or(found.expires_at)
}

fn stage(found: &HandOff, now: Millis) -> HandOffStage {
    match (found.taken_at, found.seen_until) {
        (Some(_), _) => HandOffStage::Taken,
        _ if found.session_ended_at.is_some() || now >= until(found) => HandOffStage::Over,
        (None, Some(_)) => HandOffStage::Seen,
        (None, None) => HandOffStage::Waiting,
    }
}

fn status(found: &HandOff, now: Millis) -> HandOffStatus {
    HandOffStatus {
        stage: stage(found, now),
        expires_at: until(found),
        device: found.taken_by_device.clone(),
        server_time: now,
    }
}

fn pupil_name(found: &HandOff) -> String {
    FullName::new(&found.first_name, &found.last_name).masked()
}

/// Refuses what can no longer be taken.
fn refuse_over(found: &HandOff, now: Millis) -> Result<(), Refusal> {
    match stage(found, now) {
        HandOffStage::Waiting | HandOffStage::Seen => Ok(()),
        HandOffStage::Taken => Err(Refusal::new(Code::HandOffUsed)),
        HandOffStage::Over => Err(Refusal::new(Code::HandOffExpired)),
    }
}

/// The hand-off that a token belongs to, if it can still be taken.
///
/// # Errors
/// `hand_off_unknown`, `hand_off_expired`, `hand_off_used`.
async fn open_by_token(app: &App, conn: &mut Conn, token: &str) -> Result<HandOff, Refusal> {
    let found = by_token(app, conn, token).await?;
    let found = found.ok_or_else(|| Refusal::new(Code::HandOffUnknown))?;
    refuse_over(&found, app.now())?;
    Ok(found)
}

/// The hand-off that a token belongs to.
async fn by_token(app: &App, conn: &mut Conn, token: &str) -> Result<Option<HandOff>, Refusal> {
    if !is_token(token) {
        return Ok(None);
    }
    for hash in app.live().keys.token_hashes(PURPOSE, token) {
        if let Some(found) = hand_offs::find(conn, HandOffKey::Token(&hash)).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
