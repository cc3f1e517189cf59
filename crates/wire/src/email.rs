use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

use crate::signs::is_invisible;

/// An e-mail address: a local part as typed (NFC; Unicode allowed, RFC 6531) and a domain as A-labels in lower case.
///
/// Two addresses are the same when their domains agree as A-labels and their local parts agree but for case: no provider of
/// a school tells `Misha@` from `misha@`. `Debug` shows it masked, so that a log never holds it whole.
#[derive(Clone)]
pub struct Email {
    local: String,
    domain: String,
}

/// Why a text is no e-mail address a letter can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// There is no single @ with something on both sides.
    #[error("an address has one @ with a name before and a site after it")]
    Shape,
    /// The part before the @ has a character that no address has, or is longer than 64 bytes.
    #[error("the part before the @ has a character that does not belong there")]
    Local,
    /// The part after the @ is no domain: a label is empty, too long or has a wrong character, or there is no dot.
    #[error("the part after the @ is not a site's name")]
    Domain,
}

impl Email {
    /// Reads what people type: blanks around it, capitals, Unicode or punycode domains (.рф, .дети), plus tags.
    ///
    /// # Errors
    /// Which part is wrong.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text: String = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c)).nfc().collect();
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError::Shape)?;
        if local.is_empty() || domain.is_empty() || local.contains('@') {
            return Err(EmailError::Shape);
        }
        if !is_local(local) {
            return Err(EmailError::Local);
        }
        let domain = idna::domain_to_ascii_strict(domain.trim_end_matches('.')).map_err(|_| EmailError::Domain)?;
        let labels: Vec<_> = domain.split('.').collect();
        let named = labels.len() > 1 && labels.iter().all(|label| !label.is_empty());
        // A top-level domain of digits alone is an address of a machine, not of a mailbox.
        let top_is_name = labels.last().is_some_and(|top| !top.bytes().all(|b| b.is_ascii_digit()));
        if !named || !top_is_name || domain.len() > 253 {
            return Err(EmailError::Domain);
        }
        Ok(Self { local: local.to_owned(), domain })
    }

    /// What is compared and stored as the key: the local part in lower case, the domain as A-labels.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}@{}", self.local.to_lowercase(), self.domain)
    }

    /// The local part as typed, the domain as A-labels: for SMTP.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The local part as typed, the domain in Unicode: for people.
    #[must_use]
    pub fn display(&self) -> String {
        let (domain, readable) = idna::domain_to_unicode(&self.domain);
        format!("{}@{}", self.local, if readable.is_ok() { domain } else { self.domain.clone() })
    }

    /// `о•••@почта.рф`: enough to recognise one's own.
    #[must_use]
    pub fn masked(&self) -> String {
        let display = self.display();
        let domain = display.rsplit_once('@').map_or("", |(_, domain)| domain);
        let first = self.local.chars().next().map(String::from).unwrap_or_default();
        format!("{first}•••@{domain}")
    }

    /// Whether sending to it needs SMTPUTF8 (RFC 6531): its local part is not ASCII.
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        !self.local.is_ascii()
    }

    /// The local part as typed.
    pub(crate) fn local(&self) -> &str {
        &self.local
    }

    /// The domain as A-labels.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Email {}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.address())
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Email {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[^@]{1,64}@[a-z0-9.-]{3,253}$"))
            .description(Some("An e-mail address, its domain as A-labels."))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Email {}

// A dot-atom of RFC 5322 with the letters of RFC 6531: quoted local parts exist in standards and in no mailbox.
fn is_local(local: &str) -> bool {
    let allowed = |c: char| {
        c.is_alphanumeric()
            || (!c.is_ascii() && !c.is_whitespace() && !c.is_control() && !is_invisible(c))
            || "!#$%&'*+-/=?^_`{|}~.".contains(c)
    };
    local.len() <= 64
        && local.chars().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_address_is_refused_by_its_wrong_part() {
        use EmailError::{Domain, Local, Shape};
        for (text, error) in [
            ("", Shape),
            ("misha", Shape),
            ("@mail.ru", Shape),
            ("misha@", Shape),
            ("a@b@mail.ru", Shape),
            ("mi sha@mail.ru", Local),
            ("misha..orlov@mail.ru", Local),
            (".misha@mail.ru", Local),
            ("misha\u{0}@mail.ru", Local),
            ("misha\r\nbcc:x@mail.ru", Local),
            ("misha@mail", Domain),
            ("misha@.ru", Domain),
            ("misha@mail..ru", Domain),
            ("misha@ma_il.ru", Domain),
            ("misha@-mail.ru", Domain),
            ("misha@127.0.0.1", Domain),
        ] {
            assert_eq!(Email::parse(text).unwrap_err(), error, "{text:?}");
        }
        assert_eq!(Email::parse(&format!("{}@mail.ru", "a".repeat(65))).unwrap_err(), Local);
    }

    #[test]
    fn addresses_as_people_have_them_are_understood_and_compared() {
        for (one, other) in [
            ("Orlova@Mail.RU", " orlova@mail.ru\n"),
            ("anya@почта.рф", "anya@xn--80a1acny.xn--p1ai"),
            ("аня@школа.дети", "АНЯ@ШКОЛА.ДЕТИ"),
            ("anya@почта.рф.", "anya@ПОЧТА.РФ"),
        ] {
            assert_eq!(Email::parse(one).unwrap(), Email::parse(other).unwrap(), "{one} {other}");
        }
        assert_ne!(Email::parse("anya+shkola@mail.ru").unwrap(), Email::parse("anya@mail.ru").unwrap());
    }

    #[test]
    fn it_is_kept_as_a_labels_shown_in_unicode_and_hidden_in_logs() {
        let email = Email::parse("Аня@Почта.РФ").unwrap();
        assert_eq!(email.address(), "Аня@xn--80a1acny.xn--p1ai");
        assert_eq!(email.display(), "Аня@почта.рф");
        assert_eq!(email.masked(), "А•••@почта.рф");
        assert_eq!(format!("{email:?}"), email.masked());
        assert!(email.needs_smtputf8() && !Email::parse("anya@почта.рф").unwrap().needs_smtputf8());
    }

    proptest! {
        #[test]
        fn reading_is_idempotent_and_never_panics(text in "\\PC{0,40}", local in "[a-zа-я+._-]{1,20}", domain in "[a-zа-я.-]{1,20}") {
            for text in [text, format!("{local}@{domain}")] {
                if let Ok(email) = Email::parse(&text) {
                    prop_assert_eq!(&Email::parse(&email.address()).unwrap(), &email);
                    prop_assert_eq!(&Email::parse(&email.display()).unwrap(), &email);
                    prop_assert!(!email.address().contains(['\r', '\n']));
                }
            }
        }
    }
}
