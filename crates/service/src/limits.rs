//! Counting for the limits: under which keys, and admitting a try before it is compared. Which limits there are is
//! [`mostik_linking::limits`]'s.

use mostik_linking::{
    Budget, Purpose,
    limits::{
        CODES_OF_SERVICE, Counted, Limit, Spent, WRONG_CODES_OF_SERVICE, WRONG_DIGITS_OF_MAX_ACCOUNT,
        WRONG_PASSWORDS_OF_PROFILE, Whose,
    },
};
use mostik_store::{
    Conn, KeyedHash, Tx,
    budgets::{self, BudgetKind},
    contact::counted,
};
use mostik_wire::{Contact, Millis};

use crate::{app::App, keys::Keys, refusal::Refusal, session::Session};

/// How far from its end a limit that all share is locked: below, no more requests are under way at once than it still admits.
const UNDER_WAY: usize = 100;

/// The key of a contact's codes of a purpose: for all addresses of a mailbox the same.
#[must_use]
pub fn of_contact(app: &App, contact: &Contact, purpose: Purpose) -> KeyedHash {
    contact_key(&app.live().keys, &counted(contact), purpose)
}

fn contact_key(keys: &Keys, contact: &str, purpose: Purpose) -> KeyedHash {
    let name = match purpose {
        Purpose::Contact => contact.to_owned(),
        Purpose::Recovery => format!("recovery\0{contact}"),
        Purpose::Owner => format!("owner\0{contact}"),
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
    let key = contact_key(keys, &counted(contact), purpose);
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
    if address == counted(contact) {
        return Ok(Budget::default());
    }
    budgets::read(conn, &contact_key(keys, &address, purpose), now).await
}

/// The key of a profile's password.
#[must_use]
pub fn of_password(app: &App, profile: &str) -> KeyedHash {
    app.live().keys.keyed(|key| key.contact(&format!("password\0{profile}")))
}

/// Admits a password of a profile, counted as wrong before it is compared; [`budgets::forgive`] takes it back. Answers with what it was
/// counted under.
///
/// # Errors
/// `password_blocked`; when the database does not answer.
pub async fn admit_password(app: &App, tx: &mut Tx, profile: &str) -> Result<String, Refusal> {
    admit_try(app, tx, &of_password(app, profile), &WRONG_PASSWORDS_OF_PROFILE).await
}

/// Wrong passwords that a profile still admits.
///
/// # Errors
/// When the database does not answer.
pub async fn passwords_left(app: &App, tx: &mut Tx, profile: &str) -> Result<u32, Refusal> {
    let budget = budgets::lock(tx, &of_password(app, profile), app.now()).await?;
    Ok(budget.tries_left(&WRONG_PASSWORDS_OF_PROFILE))
}

/// Admits the digits that a MAX account writes to the bot in place of a link, as [`admit_password`] does.
///
/// # Errors
/// `contact_blocked`; when the database does not answer.
pub async fn admit_digits(app: &App, tx: &mut Tx, user: i64) -> Result<String, Refusal> {
    let key = app.live().keys.keyed(|key| key.contact(&format!("digits\0{user}")));
    admit_try(app, tx, &key, &WRONG_DIGITS_OF_MAX_ACCOUNT).await
}

async fn admit_try(app: &App, tx: &mut Tx, key: &KeyedHash, limit: &'static Limit) -> Result<String, Refusal> {
    let budget = budgets::lock(tx, key, app.now()).await?;
    if let Err(refused) = budget.admit_try(limit) {
        app.metrics.limit_reached(limit.name);
        let refusal = Refusal::new(refused.code);
        return Err(match refused.retry_at {
            Some(at) => refusal.retry_at(at, app.now()),
            None => refusal,
        });
    }
    let id = app.new_id();
    budgets::count(tx, &id, key, BudgetKind::Failure, app.now()).await?;
    Ok(id)
}

/// Who asks, for limits that count by that.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// `None`: nobody who is signed in.
    pub session: Option<&'a Session>,
    /// The linking.
    pub linking: &'a str,
}

impl Asker<'_> {
    // `None`: there is nobody of whom it could be counted.
    fn subject(&self, limit: &Limit) -> Option<String> {
        match limit.whose {
            Whose::Linking => Some(self.linking.to_owned()),
            Whose::Account => self.session.map(|session| session.account.clone()),
            Whose::Network => self.session?.network.map(|network| network.address().to_string()),
            Whose::Service => Some(String::new()),
            // These have keys of their own.
            Whose::Contact | Whose::Profile | Whose::MaxAccount => None,
        }
    }

    fn key(&self, app: &App, limit: &Limit) -> Option<KeyedHash> {
        let subject = self.subject(limit)?;
        Some(app.live().keys.keyed(|key| key.contact(&format!("{}\0{subject}", limit.name))))
    }

    // A contact is counted once, however often the same one gives it: by an id that says which it is.
    fn given(&self, app: &App, limit: &Limit, contact: &Contact) -> Option<KeyedHash> {
        let (subject, contact) = (self.subject(limit)?, counted(contact));
        Some(app.live().keys.keyed(|key| key.contact(&format!("{}\0{subject}\0{contact}", limit.name))))
    }
}

/// What was counted under these limits, locked until the transaction ends where another request could come between; of those of new
/// contacts the ones under which the contact is new.
///
/// # Errors
/// When the database does not answer.
pub async fn spent(
    app: &App,
    tx: &mut Tx,
    asker: Asker<'_>,
    contact: &Contact,
    limits: &[&'static Limit],
) -> Result<Vec<Spent>, Refusal> {
    let (live, now) = (app.live(), app.now());
    let mut all = Vec::new();
    for limit in limits {
        let Some(key) = asker.key(app, limit) else { continue };
        let after = now.plus(-limit.within);
        if limit.counted == Counted::NewContact
            && let Some(id) = asker.given(app, limit, contact)
            && budgets::was_counted(tx, &id, after).await?
        {
            continue;
        }
        let most = live.config.limits.most(limit, asker.session.and_then(|session| session.network));
        let kind = kind(limit);
        let is_far = match most.checked_sub(UNDER_WAY) {
            Some(early) if early > 0 && limit.whose == Whose::Service => {
                budgets::nth_newest(tx, &key, kind, after, early).await?.is_none()
            }
            _ => false,
        };
        let full_since = if is_far {
            None
        } else {
            budgets::hold(tx, &key, now).await?;
            budgets::nth_newest(tx, &key, kind, after, most).await?
        };
        all.push(Spent { limit, full_since });
    }
    Ok(all)
}

/// Counts a contact under the limits under which it is new; [`spent`] has told those before, in the same transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn count_contact(
    app: &App,
    tx: &mut Tx,
    asker: Asker<'_>,
    contact: &Contact,
    limits: &[&'static Limit],
) -> Result<(), Refusal> {
    for limit in limits {
        if let (Some(key), Some(id)) = (asker.key(app, limit), asker.given(app, limit, contact)) {
            budgets::count(tx, &id.written, &key, kind(limit), app.now()).await?;
        }
    }
    Ok(())
}

/// Counts a code that was sent, of the contact and, if it is not proven yet, of the whole service.
///
/// # Errors
/// When the database does not answer.
pub async fn count_code(app: &App, tx: &mut Tx, contact: &Contact, purpose: Purpose) -> Result<(), Refusal> {
    count_of_contact(app, tx, contact, purpose, BudgetKind::Send).await?;
    if purpose == Purpose::Contact {
        count_of_service(app, tx, &CODES_OF_SERVICE).await?;
    }
    Ok(())
}

/// Counts a wrong code, of the contact and of the whole service.
///
/// # Errors
/// When the database does not answer.
pub async fn count_wrong_code(app: &App, tx: &mut Tx, contact: &Contact, purpose: Purpose) -> Result<(), Refusal> {
    count_of_contact(app, tx, contact, purpose, BudgetKind::Failure).await?;
    count_of_service(app, tx, &WRONG_CODES_OF_SERVICE).await
}

async fn count_of_contact(
    app: &App,
    tx: &mut Tx,
    contact: &Contact,
    purpose: Purpose,
    kind: BudgetKind,
) -> Result<(), Refusal> {
    Ok(budgets::count(tx, &app.new_id(), &of_contact(app, contact, purpose), kind, app.now()).await?)
}

async fn count_of_service(app: &App, tx: &mut Tx, limit: &'static Limit) -> Result<(), Refusal> {
    let Some(key) = (Asker { session: None, linking: "" }).key(app, limit) else { return Ok(()) };
    budgets::ready(tx, &key, app.now()).await?;
    Ok(budgets::count(tx, &app.new_id(), &key, kind(limit), app.now()).await?)
}

const fn kind(limit: &Limit) -> BudgetKind {
    match limit.counted {
        Counted::Code | Counted::NewContact => BudgetKind::Send,
        Counted::WrongCode | Counted::WrongPassword | Counted::WrongDigits => BudgetKind::Failure,
    }
}
