//! Under which keys it is counted what one contact, profile or MAX account may cost, and admitting a try before it is compared.

use mostik_linking::{Budget, Purpose};
use mostik_store::{
    Conn, KeyedHash, Tx,
    budgets::{self, BudgetKind},
};
use mostik_wire::{Code, Contact, Millis};

use crate::{app::App, keys::Keys, refusal::Refusal};

pub use mostik_linking::{FAILURES, GAPS, SENDS, WRONG_DIGITS, WRONG_PASSWORDS};

/// The key of a contact's codes of a purpose: for all addresses of a mailbox the same.
#[must_use]
pub fn of_contact(app: &App, contact: &Contact, purpose: Purpose) -> KeyedHash {
    contact_key(&app.live().keys, &mostik_store::contact::counted(contact), purpose)
}

fn contact_key(keys: &Keys, counted: &str, purpose: Purpose) -> KeyedHash {
    let name = match purpose {
        Purpose::Contact => counted.to_owned(),
        Purpose::Recovery => format!("recovery\0{counted}"),
        Purpose::Owner => format!("owner\0{counted}"),
    };
    keys.keyed(|key| key.contact(&name))
}

/// What a contact's codes of a purpose have cost, locked until the transaction ends.
///
/// # Errors
/// When the database does not answer.
pub async fn lock_contact(app: &App, tx: &mut Tx, contact: &Contact, purpose: Purpose) -> Result<Budget, Refusal> {
    let (live, now) = (app.live(), app.now());
    let budget = budgets::lock(tx, &of_contact(app, contact, purpose), now).await?;
    Ok(budget.and(by_address(&live.keys, tx, contact, purpose, now).await?))
}

/// The same for who only looks.
///
/// # Errors
/// When the database does not answer.
pub async fn read_contact(
    keys: &Keys,
    conn: &mut Conn,
    contact: &Contact,
    purpose: Purpose,
    now: Millis,
) -> Result<Budget, mostik_store::Error> {
    let key = contact_key(keys, &mostik_store::contact::counted(contact), purpose);
    let budget = budgets::read(conn, &key, now).await?;
    Ok(budget.and(by_address(keys, conn, contact, purpose, now).await?))
}

// The version before counted each address by itself. What it has counted is counted on, for the day that anything is, and nobody counts
// there any more once its nodes are gone: then this goes too.
async fn by_address(
    keys: &Keys,
    conn: &mut Conn,
    contact: &Contact,
    purpose: Purpose,
    now: Millis,
) -> Result<Budget, mostik_store::Error> {
    let address = mostik_store::contact::key(contact);
    if address == mostik_store::contact::counted(contact) {
        return Ok(Budget::default());
    }
    budgets::read(conn, &contact_key(keys, &address, purpose), now).await
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
