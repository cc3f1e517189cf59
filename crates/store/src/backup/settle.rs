//! What is old in a backup, and must not be done again by what is restored.
//!
//! The world outside did not go back with it: messages were sent since, one-time secrets used, deletions called off.

use mostik_wire::Millis;

use crate::secret_keys::NodeKeys;

/// What a restore is told.
#[derive(Clone, Copy, Debug)]
pub struct Restoring<'a> {
    /// What tells the secret keys from others: the backup has to be sealed with one of them.
    pub keys: NodeKeys<'a>,
    /// Now.
    pub now: Millis,
    /// Before that no profile is deleted whose deletion was asked for.
    pub deletions_not_before: Millis,
    /// Everybody signs in anew.
    pub end_sessions: bool,
}

/// What is changed in any case.
const ALWAYS: [&str; 11] = [
    // Each has most likely gone out since. Its sender gives up what is over, and its linking is told that the code has not come.
    "UPDATE outbox SET expires_at = created_at WHERE state = 'queued'",
    // Nor does one go out once more by another centre.
    "UPDATE outbox SET recipient = NULL, sealed_payload = NULL WHERE state = 'sent'",
    // Secrets that serve once may have served since.
    "DELETE FROM auth_codes",
    "DELETE FROM launches",
    "DELETE FROM hand_offs",
    "DELETE FROM vk_sign_ins",
    // From the old one on MAX would tell all anew, and the bot would answer it.
    "DELETE FROM max_markers",
    // No request of then is under way. Those that were answered keep their answers: these fit what is restored.
    "DELETE FROM idempotency WHERE status IS NULL",
    "DELETE FROM receipts",
    "DELETE FROM leases",
    "DELETE FROM key_holders",
];

/// Whoever asked for deletion may have called it off since, and cannot once it is done: it is due a day from now at the earliest.
const POSTPONE_DELETIONS: &str = "UPDATE profiles SET deletes_at = $1 WHERE deletes_at IS NOT NULL AND deletes_at < $1";

/// Where the operator wants it: a session that was ended since would be open again.
const END_SESSIONS: &str = "UPDATE sessions SET ended_at = $1 WHERE ended_at IS NULL";

/// What is changed, with what each statement is given.
pub(super) fn statements(restoring: &Restoring<'_>) -> Vec<(&'static str, Option<Millis>)> {
    let mut all: Vec<_> = ALWAYS.into_iter().map(|sql| (sql, None)).collect();
    all.push((POSTPONE_DELETIONS, Some(restoring.deletions_not_before)));
    if restoring.end_sessions {
        all.push((END_SESSIONS, Some(restoring.now)));
    }
    all
}
