//! `support find`: who is behind a number, an address or an id, and how they stand.

use mostik_store::{
    Conn,
    support::{self as stored, AccountRow, Found, ProfileRow},
};
use mostik_wire::{Contact, ContactError, Email, FullName, Millis, Phone};
use serde::Serialize;

use super::desk::{Desk, DeskError};
use crate::{
    audit::{Action, Subject},
    outbox::recipient,
};

/// Whom an operator asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    contact: Option<Contact>,
    id: Option<String>,
}

/// Why a text asks for nobody. The text itself is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoQuestion {
    /// It is neither.
    #[error("neither a number, nor an address, nor an id: {0}")]
    Neither(ContactError),
    /// There is a slip in it.
    #[error("a slip is likely: did you mean {0}? Nothing was looked up")]
    LooksLike(String),
}

impl Question {
    /// Reads what an operator was told on the telephone, as untidily as the app reads it; or an id. Ten digits may be both.
    ///
    /// # Errors
    /// Why it is neither.
    pub fn read(text: &str) -> Result<Self, NoQuestion> {
        let word = text.trim();
        let is_id =
            (1..=64).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let id = is_id.then(|| word.to_owned());
        match Contact::read(text) {
            Ok(contact) => Ok(Self { contact: Some(contact), id }),
            Err(_) if id.is_some() => Ok(Self { contact: None, id }),
            Err(ContactError::LooksLike { likely, .. }) => Err(NoQuestion::LooksLike(likely.display())),
            Err(error) => Err(NoQuestion::Neither(error)),
        }
    }

    /// The contact, if it is one.
    #[must_use]
    pub const fn contact(&self) -> Option<&Contact> {
        self.contact.as_ref()
    }

    /// The id, if it may be one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

/// What is shown of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Enough to recognise somebody on the telephone.
    Masked,
    /// Names and contacts in full.
    InFull,
}

impl Shown {
    fn name(self, first: &str, last: &str) -> String {
        let name = FullName::new(first, last);
        match self {
            Self::Masked => name.masked(),
            Self::InFull => name.whole(),
        }
    }

    fn contact(self, contact: &Contact) -> String {
        match self {
            Self::Masked => contact.masked(),
            Self::InFull => contact.display(),
        }
    }
}

/// All that was found. The names of the fields are the format of `--json`; moments are UTC milliseconds.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct Answer {
    pub pupils: Vec<PupilCard>,
    pub accounts: Vec<AccountCard>,
    pub profiles: Vec<ProfileCard>,
}

/// A pupil, as the diary has told, and every way to a link.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct PupilCard {
    pub id: String,
    pub name: String,
    pub class_name: String,
    pub school: Option<String>,
    pub profile: Option<String>,
    pub linked_at: Option<Millis>,
    pub former_profile: Option<String>,
    pub linkings: Vec<LinkingCard>,
}

/// A way to a link.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct LinkingCard {
    pub id: String,
    pub step: String,
    pub closed_reason: Option<mostik_wire::CloseReason>,
    pub contact: Option<String>,
    pub begun_at: Millis,
    pub changed_at: Millis,
}

/// An account of the diary.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct AccountCard {
    pub id: String,
    pub name: String,
    pub role: String,
    pub sessions: i64,
    pub seen_at: Option<Millis>,
    pub blocked_at: Option<Millis>,
}

/// A learning profile.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct ProfileCard {
    pub id: String,
    pub name: String,
    pub role: String,
    pub class_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub has_password: bool,
    pub pupil: Option<String>,
    pub max: Option<MessengerCard>,
    pub vk: Option<MessengerCard>,
    pub created_at: Millis,
    pub deletes_at: Option<Millis>,
    pub blocked_at: Option<Millis>,
}

/// An account in a messenger; its name is kept masked only.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct MessengerCard {
    pub name_masked: Option<String>,
    pub since: Millis,
}

impl Desk {
    /// Looks up whom a question leads to. That it was asked, and whom it led to, is in the audit log before anything is shown.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, question: &Question, shown: Shown) -> Result<Answer, DeskError> {
        let mut tx = self.store.snapshot().await?;
        let found = self.led_to(&mut tx, question).await?;
        let answer = answer(&mut tx, &found, shown).await?;
        drop(tx);
        self.record_looking(&found).await?;
        Ok(answer)
    }

    /// Whom a question leads to, by ids.
    pub(super) async fn led_to(&self, conn: &mut Conn, question: &Question) -> Result<Found, DeskError> {
        let mut found = Found::default();
        if let Some(contact) = question.contact() {
            found = stored::by_contact(conn, contact, &recipient::of_contact(&self.keys, contact)).await?;
        }
        if let Some(id) = question.id() {
            let by_id = stored::by_id(conn, id).await?;
            for (all, more) in [
                (&mut found.pupils, by_id.pupils),
                (&mut found.accounts, by_id.accounts),
                (&mut found.profiles, by_id.profiles),
            ] {
                all.extend(more);
                all.sort_unstable();
                all.dedup();
            }
        }
        Ok(found)
    }

    /// Writes down that these were looked at; that a question led to nobody, too.
    pub(super) async fn record_looking(&self, found: &Found) -> Result<(), DeskError> {
        let mut about: Vec<Subject<'_>> = Vec::new();
        about.extend(found.profiles.iter().map(|id| Subject { profile: Some(id), ..Subject::default() }));
        about.extend(found.pupils.iter().map(|id| Subject { pupil: Some(id), ..Subject::default() }));
        about.extend(found.accounts.iter().map(|id| Subject { account: Some(id), ..Subject::default() }));
        if about.is_empty() {
            about.push(Subject::default());
        }
        let mut tx = self.store.write().await?;
        for about in &about {
            self.record(&mut tx, Action::SupportLooked, about).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn answer(conn: &mut Conn, found: &Found, shown: Shown) -> Result<Answer, DeskError> {
    let mut answer = Answer { pupils: Vec::new(), accounts: Vec::new(), profiles: Vec::new() };
    for id in &found.pupils {
        let Some(row) = stored::pupil(conn, id).await? else { continue };
        let linkings = stored::linkings(conn, id).await?.into_iter().map(|row| LinkingCard {
            id: row.id,
            step: row.step,
            closed_reason: row.closed_reason,
            contact: row.contact.map(|contact| shown.contact(&contact)),
            begun_at: row.begun_at,
            changed_at: row.changed_at,
        });
        answer.pupils.push(PupilCard {
            id: id.clone(),
            name: shown.name(&row.first_name, &row.last_name),
            class_name: row.class_name,
            school: row.school,
            profile: row.profile_id,
            linked_at: row.linked_at.map(Millis),
            former_profile: row.former_profile,
            linkings: linkings.collect(),
        });
    }
    for id in &found.accounts {
        if let Some(row) = stored::account(conn, id).await? {
            answer.accounts.push(account(id, row, shown));
        }
    }
    for id in &found.profiles {
        if let Some(row) = stored::profile(conn, id).await? {
            answer.profiles.push(profile(id, row, shown));
        }
    }
    Ok(answer)
}

fn account(id: &str, row: AccountRow, shown: Shown) -> AccountCard {
    AccountCard {
        id: id.to_owned(),
        name: shown.name(&row.first_name, &row.last_name),
        role: row.role,
        sessions: row.sessions,
        seen_at: row.seen_at.map(Millis),
        blocked_at: row.blocked_at.map(Millis),
    }
}

fn profile(id: &str, row: ProfileRow, shown: Shown) -> ProfileCard {
    let phone = row.phone.and_then(|text| Phone::parse(&text).ok()).map(|phone| Contact::Sms { phone });
    let email = row.email.and_then(|text| Email::parse(&text).ok()).map(|email| Contact::Mail { email });
    let messenger = |since: Option<i64>, name_masked| since.map(|at| MessengerCard { name_masked, since: Millis(at) });
    ProfileCard {
        id: id.to_owned(),
        name: shown.name(&row.first_name, &row.last_name),
        role: row.role,
        class_name: row.class_name,
        phone: phone.map(|phone| shown.contact(&phone)),
        email: email.map(|email| shown.contact(&email)),
        has_password: row.has_password,
        pupil: row.pupil_id,
        max: messenger(row.max_at, row.max_name),
        vk: messenger(row.vk_at, row.vk_name),
        created_at: Millis(row.created_at),
        deletes_at: row.deletes_at.map(Millis),
        blocked_at: row.blocked_at.map(Millis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_as_untidily_as_the_app_reads() {
        let asked = |text| Question::read(text).unwrap();
        for text in ["8 (900) 000-12-42", "Мой номер: +7 900 000 12 42, спасибо", "tel:+79000001242"] {
            assert!(matches!(asked(text).contact(), Some(Contact::Sms { .. })), "{text}");
        }
        assert!(matches!(asked("Olga@Mail.test").contact(), Some(Contact::Mail { .. })));
        // Ten digits may be a number or a profile's id.
        let both = asked("9000001242");
        assert!(both.contact().is_some() && both.id() == Some("9000001242"));
        assert_eq!(asked(" 1000123 "), Question { contact: None, id: Some("1000123".into()) });
        for text in ["", "no idea", "+7 900 000-12-42 or +7 900 000-23-57"] {
            assert!(matches!(Question::read(text), Err(NoQuestion::Neither(_))), "{text}");
        }
        assert!(matches!(Question::read("olga@gmail,com"), Err(NoQuestion::LooksLike(_))));
    }
}
