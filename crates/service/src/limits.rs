//! Under which keys it is counted what one contact, profile or MAX account may cost, and admitting a try before it is compared.

use mostik_linking::{Budget, Purpose};
use mostik_store::{
    KeyedHash, Tx,
    budgets::{self, BudgetKind},
};
use mostik_wire::{Code, Contact};

use crate::{app::App, keys::Keys, refusal::Refusal};

pub use mostik_linking::{FAILURES, GAPS, SENDS, WRONG_DIGITS, WRONG_PASSWORDS};

/// The key of a contact's codes of a purpose.
#[must_use]
pub fn of_contact(app: &App, contact: &Contact, purpose: Purpose) -> KeyedHash {
    contact_key(&app.live().keys, contact, purpose)
}

/// The same, for who has the keys alone.
#[must_use]
pub fn contact_key(keys: &Keys, contact: &Contact, purpose: Purpose) -> KeyedHash {
    let name = match purpose {
        Purpose::Contact => mostik_store::contact::key(contact),
        Purpose::Recovery => format!("recovery\0{}", mostik_store::contact::key(contact)),
        Purpose::Owner => format!("owner\0{}", mostik_store::contact::key(contact)),
    };
    keys.keyed(|key| key.contact(&name))
}

/// The key of a profile's password.
#[must_use]
pub fn of_password(app: &App, profile: &str) -> KeyedHash {
    app.live().keys.keyed(|key| key.contact(&format!("password\0{profile}")))
}

/// The key of the digits that a MAX account writes to the bot in place of a link.
#[must_use]
pub fn of_digits(app: &App, user: i64) -> KeyedHash {
    app.live().keys.keyed(|key| key.contact(&format!("digits\0{user}")))
}

/// Admits a try of `most` in 24 hours, counted as failed before anything is compared; [`budgets::forgive`] takes it back.
/// Answers with what it was counted under.
///
/// # Errors
/// `blocked` when the day's failures are used up; when the database does not answer.
pub async fn admit_try(app: &App, tx: &mut Tx, key: &KeyedHash, most: usize, blocked: Code) -> Result<String, Refusal> {
    let budget = budgets::lock(tx, key, app.now()).await?;
    admitted(app, budget.admit_try(most, blocked))?;
    let id = app.new_id();
    budgets::count(tx, &id, key, BudgetKind::Failure, app.now()).await?;
    Ok(id)
}

/// Failures that are left of `most`.
pub async fn tries_left(app: &App, tx: &mut Tx, key: &KeyedHash, most: usize) -> Result<u32, Refusal> {
    let budget: Budget = budgets::lock(tx, key, app.now()).await?;
    Ok(budget.tries_left(most))
}

fn admitted(app: &App, result: Result<(), mostik_linking::Refusal>) -> Result<(), Refusal> {
    result.map_err(|refused| {
        let refusal = Refusal::new(refused.code);
        match refused.retry_at {
            Some(at) => refusal.retry_at(at, app.now()),
            None => refusal,
        }
    })
}
