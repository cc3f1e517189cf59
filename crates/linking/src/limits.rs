//! What may be done how often: the whole table, and weighing what was counted against it.
//!
//! What is counted lies in the database, for all nodes and over restarts; where it cannot be read, nothing is admitted.

use mostik_wire::{Code, Millis};

use crate::{action::ActionName, refusal::Refusal};

const MINUTE: i64 = 60 * 1_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// A code was sent.
    Code,
    /// A code was wrong.
    WrongCode,
    /// A password was wrong.
    WrongPassword,
    /// Digits that the bot was written were wrong.
    WrongDigits,
    /// A code was sent to a contact that none was sent to before, for the same of whom it is counted, in the time of the limit.
    NewContact,
}

/// Of whom it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of a number or a mailbox, for each purpose of codes apart.
    Contact,
    /// Of a profile.
    Profile,
    /// Of a MAX account.
    MaxAccount,
    /// Of a linking.
    Linking,
    /// Of an account of the diary.
    Account,
    /// Of a client's address; with IPv6 of its network of 64 bits, as any household has one.
    Network,
    /// Of all together.
    Service,
}

/// How often something may be done in any stretch of time.
#[derive(Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its name: in metrics, and where there is a setting, in the settings.
    pub name: &'static str,
    /// What is counted.
    pub counted: Counted,
    /// Of whom.
    pub whose: Whose,
    /// How often; of one that the operator may set, unless it is set.
    pub most: usize,
    /// Whether the operator may set it.
    pub can_be_set: bool,
    /// In which time, in milliseconds.
    pub within: i64,
    /// What one too many is refused with.
    pub code: Code,
}

const fn limit(name: &'static str, counted: Counted, whose: Whose, most: usize, within: i64, code: Code) -> Limit {
    Limit { name, counted, whose, most, can_be_set: false, within, code }
}

/// Codes that are sent to a contact; there are pauses between them besides, see [`crate::GAPS`].
pub static CODES_OF_CONTACT: Limit =
    limit("codes_of_contact", Counted::Code, Whose::Contact, 5, DAY, Code::SendsUsedUp);
/// Wrong codes of a contact: with a million codes, a chance of 1 in 40 000 a day.
pub static WRONG_CODES_OF_CONTACT: Limit =
    limit("wrong_codes_of_contact", Counted::WrongCode, Whose::Contact, 25, DAY, Code::ContactBlocked);
/// Wrong passwords of a profile.
pub static WRONG_PASSWORDS_OF_PROFILE: Limit =
    limit("wrong_passwords_of_profile", Counted::WrongPassword, Whose::Profile, 10, DAY, Code::PasswordBlocked);
/// Wrong digits that a MAX account writes to the bot: with a thousand million of them and a thousand people linking at once, a chance
/// of 1 in 100 000.
pub static WRONG_DIGITS_OF_MAX_ACCOUNT: Limit =
    limit("wrong_digits_of_max_account", Counted::WrongDigits, Whose::MaxAccount, 10, DAY, Code::ContactBlocked);
/// Contacts that a linking is given.
pub static CONTACTS_OF_LINKING: Limit =
    limit("contacts_of_linking", Counted::NewContact, Whose::Linking, 5, DAY, Code::ContactsUsedUp);
/// Contacts that an account gives, for all of its pupils.
pub static CONTACTS_OF_ACCOUNT: Limit =
    limit("contacts_of_account", Counted::NewContact, Whose::Account, 10, DAY, Code::ContactsUsedUp);
/// Contacts that are given from one address.
pub static CONTACTS_OF_NETWORK: Limit = Limit {
    can_be_set: true,
    ..limit("contacts_of_network", Counted::NewContact, Whose::Network, 3, HOUR, Code::NetworkContactsUsedUp)
};
/// Codes to contacts that are not proven yet, from the whole service: what an attacker can make its operator pay for.
pub static CODES_OF_SERVICE: Limit = Limit {
    can_be_set: true,
    ..limit("codes_of_service", Counted::Code, Whose::Service, 5_000, HOUR, Code::CodesPaused)
};
/// Wrong codes from the whole service: above them somebody guesses at many contacts, one or two codes at each.
pub static WRONG_CODES_OF_SERVICE: Limit = Limit {
    can_be_set: true,
    ..limit("wrong_codes_of_service", Counted::WrongCode, Whose::Service, 1_000, 10 * MINUTE, Code::CodesPaused)
};

/// All of them.
pub static LIMITS: [&Limit; 9] = [
    &CODES_OF_CONTACT,
    &WRONG_CODES_OF_CONTACT,
    &WRONG_PASSWORDS_OF_PROFILE,
    &WRONG_DIGITS_OF_MAX_ACCOUNT,
    &CONTACTS_OF_LINKING,
    &CONTACTS_OF_ACCOUNT,
    &CONTACTS_OF_NETWORK,
    &CODES_OF_SERVICE,
    &WRONG_CODES_OF_SERVICE,
];

/// What was counted under a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// The limit.
    pub limit: &'static Limit,
    /// If as many were counted in its time as may be: when the oldest of these was. `None`: another one is admitted.
    pub full_since: Option<Millis>,
}

impl Spent {
    /// Why another one is not admitted.
    fn refusal(&self) -> Option<Refusal> {
        self.full_since.map(|oldest| self.limit.refusal(oldest))
    }
}

impl Limit {
    /// One too many; `oldest` is that of the events that count whose end makes room.
    pub(crate) const fn refusal(&'static self, oldest: Millis) -> Refusal {
        let mut refusal = Refusal::new(self.code).retry_at(oldest.plus(self.within));
        refusal.limit = Some(self.name);
        refusal
    }
}

impl ActionName {
    /// The limits that are weighed beside the contact's own; of those of new contacts the ones under which the contact is new.
    #[must_use]
    pub const fn limits(self) -> &'static [&'static Limit] {
        match self {
            Self::GiveContact => {
                const {
                    &[
                        &CONTACTS_OF_LINKING,
                        &CONTACTS_OF_ACCOUNT,
                        &CONTACTS_OF_NETWORK,
                        &CODES_OF_SERVICE,
                        &WRONG_CODES_OF_SERVICE,
                    ]
                }
            }
            Self::Resend => const { &[&CODES_OF_SERVICE] },
            _ => &[],
        }
    }
}

/// Whether all of them admit another one, and so does the contact's own budget, which says `own`.
///
/// # Errors
/// What the one says that admits it last, so that who waits as told is not told to wait again.
pub(crate) fn admit<T>(spent: &[Spent], own: Result<T, Refusal>) -> Result<T, Refusal> {
    let refusals = spent.iter().filter_map(Spent::refusal).chain(own.as_ref().err().cloned());
    refusals.max_by_key(|refusal| refusal.retry_at).map_or(own, Err)
}

/// Those of them that count new contacts: under the others of that kind the contact is not new.
pub(crate) fn of_new_contacts(spent: &[Spent]) -> Vec<&'static Limit> {
    spent.iter().map(|spent| spent.limit).filter(|limit| limit.counted == Counted::NewContact).collect()
}
