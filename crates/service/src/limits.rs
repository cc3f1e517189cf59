//! What one contact or profile may cost: sends and failed tries, counted in the database over any 24 hours, whichever
//! linkings, restarts or nodes they came by. Without the database nothing is admitted.

use mostik_wire::{Code, Contact, Millis};

use crate::{
    app::App,
    clock::{DAY, SECOND},
    contact,
    db::Tx,
    linkings::Purpose,
    refusal::Refusal,
};

/// Failed tries a contact admits in 24 hours: with a million codes, a chance of 1 in 40 000 a day.
pub const FAILURES: usize = 25;
/// Wrong passwords that a profile admits in 24 hours.
pub const WRONG_PASSWORDS: usize = 10;
/// Wrong digits that a MAX account may write to the bot in 24 hours: with a thousand million of them and a thousand people
/// linking at once, a chance of 1 in 100 000.
pub const WRONG_DIGITS: usize = 10;
/// The pauses after the first, second, third and fourth code.
pub const GAPS: [i64; 4] = [60 * SECOND, 120 * SECOND, 300 * SECOND, 900 * SECOND];
/// Codes that may be sent to a contact in 24 hours.
pub const SENDS: usize = GAPS.len() + 1;

/// What one contact or profile has left; its row is locked until the transaction ends.
pub struct Budget {
    key: String,
    failures: usize,
    blocked: Code,
    now: Millis,
}

impl Budget {
    /// The codes of a purpose for a contact: two nodes never count past each other.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is admitted.
    pub async fn of_contact(app: &App, tx: &mut Tx, contact: &Contact, purpose: Purpose) -> Result<Self, Refusal> {
        let name = match purpose {
            Purpose::Contact => contact::key(contact),
            Purpose::Recovery => format!("recovery\0{}", contact::key(contact)),
            Purpose::Owner => format!("owner\0{}", contact::key(contact)),
        };
        Self::lock(app, tx, &name, FAILURES, Code::ContactBlocked).await
    }

    /// The password of a profile.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is admitted.
    pub async fn of_password(app: &App, tx: &mut Tx, profile: &str) -> Result<Self, Refusal> {
        Self::lock(app, tx, &format!("password\0{profile}"), WRONG_PASSWORDS, Code::PasswordBlocked).await
    }

    /// The digits that a MAX account writes to the bot in place of a link.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is admitted.
    pub async fn of_digits(app: &App, tx: &mut Tx, user: i64) -> Result<Self, Refusal> {
        Self::lock(app, tx, &format!("digits\0{user}"), WRONG_DIGITS, Code::TooManyRequests).await
    }

    async fn lock(app: &App, tx: &mut Tx, name: &str, failures: usize, blocked: Code) -> Result<Self, Refusal> {
        let budget = Self { key: app.keys.contact(name), failures, blocked, now: app.now() };
        sqlx::query(
            "INSERT INTO contacts (contact, touched_at) VALUES ($1, $2)
             ON CONFLICT (contact) DO UPDATE SET touched_at = $2",
        )
        .bind(&budget.key)
        .bind(budget.now.0)
        .execute(&mut **tx)
        .await?;
        Ok(budget)
    }

    // The moments of what happened in the 24 hours before now, newest first. A clock set back hides nothing.
    async fn recent(&self, tx: &mut Tx, kind: &str) -> Result<Vec<i64>, Refusal> {
        Ok(sqlx::query_scalar(
            "SELECT happened_at FROM contact_events WHERE contact = $1 AND kind = $2 AND happened_at > $3
             ORDER BY happened_at DESC",
        )
        .bind(&self.key)
        .bind(kind)
        .bind(self.now.plus(-DAY).0)
        .fetch_all(&mut **tx)
        .await?)
    }

    async fn note(&self, app: &App, tx: &mut Tx, kind: &str) -> Result<String, Refusal> {
        let id = app.new_id();
        sqlx::query("INSERT INTO contact_events (id, contact, kind, happened_at) VALUES ($1, $2, $3, $4)")
            .bind(&id)
            .bind(&self.key)
            .bind(kind)
            .bind(self.now.0)
            .execute(&mut **tx)
            .await?;
        Ok(id)
    }

    /// Admits a try, counted as failed before anything is compared; [`Budget::forgive`] takes it back.
    ///
    /// # Errors
    /// `contact_blocked` or `password_blocked` when the day's failures are used up.
    pub async fn admit_try(&self, app: &App, tx: &mut Tx) -> Result<String, Refusal> {
        self.refuse_blocked(tx).await?;
        self.note(app, tx, "failure").await
    }

    async fn refuse_blocked(&self, tx: &mut Tx) -> Result<(), Refusal> {
        let failures = self.recent(tx, "failure").await?;
        match failures.get(self.failures - 1) {
            Some(oldest) => Err(Refusal::new(self.blocked).retry_at(Millis(oldest + DAY), self.now)),
            None => Ok(()),
        }
    }

    /// Failures that are left today.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn left(&self, tx: &mut Tx) -> Result<u32, Refusal> {
        let failures = self.recent(tx, "failure").await?;
        Ok(u32::try_from(self.failures.saturating_sub(failures.len())).unwrap_or(u32::MAX))
    }

    /// The try was right after all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forgive(&self, tx: &mut Tx, id: &str) -> Result<(), Refusal> {
        sqlx::query("DELETE FROM contact_events WHERE id = $1").bind(id).execute(&mut **tx).await?;
        Ok(())
    }

    /// What was guessed at is no longer there: its failures count no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forgive_all(&self, tx: &mut Tx) -> Result<(), Refusal> {
        sqlx::query("DELETE FROM contact_events WHERE contact = $1 AND kind = 'failure'")
            .bind(&self.key)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Admits a send and says when the next one may follow.
    ///
    /// # Errors
    /// `resend_too_early`, `sends_used_up`, `contact_blocked`, each with the moment from which it is admitted.
    pub async fn admit_send(&self, app: &App, tx: &mut Tx) -> Result<Millis, Refusal> {
        self.refuse_blocked(tx).await?;
        let sends = self.recent(tx, "send").await?;
        if let Some(newest) = sends.first() {
            let next = next_send(&sends, *newest);
            if self.now < next {
                let code = if sends.len() >= SENDS { Code::SendsUsedUp } else { Code::ResendTooEarly };
                return Err(Refusal::new(code).retry_at(next, self.now));
            }
        }
        self.note(app, tx, "send").await?;
        let sends = self.recent(tx, "send").await?;
        Ok(next_send(&sends, self.now.0))
    }
}

// The gap grows with the number of sends; after the last one it lasts until the oldest is a day old.
fn next_send(newest_first: &[i64], newest: i64) -> Millis {
    match GAPS.get(newest_first.len() - 1) {
        Some(gap) => Millis(newest + gap),
        None => Millis(newest_first[SENDS - 1] + DAY),
    }
}
