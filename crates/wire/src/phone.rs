use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::signs::{digit_of, is_dash, is_invisible};

/// A Russian mobile number: `+7` and ten digits, the first of them 9 (numbering plan by libphonenumber).
///
/// `Debug` shows it masked, so that a log never holds it whole.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

/// Why a text is not a number a code can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Not a phone number at all, or one with digits missing or to spare.
    #[error("not a phone number: expected ten digits after +7 or 8")]
    Malformed,
    /// A Russian number, but not a mobile one.
    #[error("not a mobile number: a Russian mobile number begins with 9 after +7 or 8")]
    Landline,
    /// A number of another country, Kazakhstan's +7 7… included.
    #[error("not a Russian number: it begins with +7 9")]
    Foreign,
}

impl Phone {
    /// Reads what people type: `8 916…`, `+7(916)…`, `7916…`, `916…`, with blanks of any kind, dots, dashes, brackets.
    ///
    /// # Errors
    /// Says whether the text is no number, a landline, or a number of another country.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let digits = digits_of(text).ok_or(PhoneError::Malformed)?;
        Self::of_digits(&digits, text.trim_start_matches(is_filler).starts_with('+') || text.contains('＋'))
    }

    /// Reads ASCII digits alone; `international`: a plus stands before them.
    pub(crate) fn of_digits(digits: &str, international: bool) -> Result<Self, PhoneError> {
        // A leading 8 is the trunk prefix unless a plus says that it is a country; a bare ten-digit number has none.
        let e164 = match (digits.as_bytes(), international) {
            _ if digits.len() > 17 => return Err(PhoneError::Malformed),
            ([b'7', ..], _) if digits.len() == 11 => format!("+{digits}"),
            ([b'8', rest @ ..], _) if rest.len() == 10 => format!("+7{}", &digits[1..]),
            (_, false) if digits.len() == 10 => format!("+7{digits}"),
            (_, true) => format!("+{digits}"),
            // Russia dials 8 10 before another country's code, most countries 00.
            ([b'8', b'1', b'0', ..], false) => format!("+{}", &digits[3..]),
            ([b'0', b'0', ..], false) => format!("+{}", &digits[2..]),
            _ => return Err(PhoneError::Malformed),
        };
        let Some(national) = e164.strip_prefix("+7") else {
            // Not every +digits is a number somewhere: only a real one is called foreign.
            let foreign = phonenumber::parse(None, &e164).is_ok_and(|number| number.is_valid());
            return Err(if foreign { PhoneError::Foreign } else { PhoneError::Malformed });
        };
        // ITU zone 7: 9 is Russia's mobile range, 6 and 7 are Kazakhstan's, the rest are Russian lines with a fixed place.
        match national.as_bytes() {
            _ if national.len() != 10 => Err(PhoneError::Malformed),
            [b'9', ..] => Ok(Self(e164)),
            // No such range exists: 8 9… and 7 9… with ten digits are mobile numbers with a digit left out.
            [b'7' | b'8', b'9', ..] => Err(PhoneError::Malformed),
            [b'6' | b'7', ..] => Err(PhoneError::Foreign),
            [b'3' | b'4' | b'8', ..] => Err(PhoneError::Landline),
            _ => Err(PhoneError::Malformed),
        }
    }

    /// `+79161234567`.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// `79161234567`, as SMS providers and MAX write it.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0[1..]
    }

    /// `+7 916 123-45-67`, as people write it.
    #[must_use]
    pub fn display(&self) -> String {
        let d = &self.0[2..];
        format!("+7 {} {}-{}-{}", &d[..3], &d[3..6], &d[6..8], &d[8..])
    }

    /// `+7 916 •••-••-67`: enough to recognise one's own, too little to learn another's.
    #[must_use]
    pub fn masked(&self) -> String {
        let d = &self.0[2..];
        format!("+7 {} •••-••-{}", &d[..3], &d[8..])
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Phone {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(r"^\+79[0-9]{9}$"))
            .description(Some("A Russian mobile number in E.164."))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Phone {}

// The digits of a text that holds nothing but digits and what people put between them.
fn digits_of(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(16);
    for c in text.chars() {
        match c {
            _ if is_filler(c) => {}
            '+' | '＋' if digits.is_empty() => {}
            _ => digits.push(digit_of(c)?),
        }
        // The longest with 00 before it.
        if digits.len() > 17 {
            return None;
        }
    }
    (!digits.is_empty()).then_some(digits)
}

fn is_filler(c: char) -> bool {
    c.is_whitespace() || is_dash(c) || is_invisible(c) || matches!(c, '(' | ')' | '.' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", " ", "+", "привет", "8 916 123-45-6", "8 916 123-45-678", "89161234567 доб. 5", "misha@mail.ru", "112"]
        {
            assert_eq!(Phone::parse(text), Err(PhoneError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn landlines_are_refused_as_landlines() {
        for text in ["8 495 123-45-67", "+7 (812) 123-45-67", "4951234567", "8 800 555-35-35"] {
            assert_eq!(Phone::parse(text), Err(PhoneError::Landline), "{text:?}");
        }
    }

    #[test]
    fn numbers_of_other_countries_are_refused_as_foreign() {
        for text in
            ["+375 29 123-45-67", "+7 701 123-45-67", "8 707 123 45 67", "+44 7911 123456", "8 10 375 29 123 45 67"]
        {
            assert_eq!(Phone::parse(text), Err(PhoneError::Foreign), "{text:?}");
        }
    }

    #[test]
    fn what_people_type_is_understood() {
        for text in [
            "8 916 123-45-67",
            "+7(916)1234567",
            "9161234567",
            "79161234567",
            "8(916)123\u{a0}45\u{a0}67",
            "\u{202a}+7 916 123‑45‑67\u{202c}",
            "+7.916.123.45.67",
            "8-10-7-916-123-45-67",
            "00 7 916 123 45 67",
            "８９１６１２３４５６７",
            " +7 916 123 45 67\n",
        ] {
            let phone = Phone::parse(text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
            assert_eq!(phone.e164(), "+79161234567", "{text:?}");
        }
    }

    #[test]
    fn it_is_shown_back_as_people_write_it_and_hidden_in_logs() {
        let phone = Phone::parse("89161234567").unwrap();
        assert_eq!(phone.display(), "+7 916 123-45-67");
        assert_eq!(phone.masked(), "+7 916 •••-••-67");
        assert_eq!(format!("{phone:?}"), "+7 916 •••-••-67");
    }

    proptest! {
        #[test]
        fn reading_is_idempotent_and_never_panics(text in "\\PC{0,24}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(&phone.display()).unwrap(), phone.clone());
                prop_assert_eq!(Phone::parse(phone.digits()).unwrap(), phone);
            }
        }

        #[test]
        fn every_mobile_number_is_read_in_every_common_form(n in 9_000_000_000u64..=9_999_999_999) {
            for text in [format!("8{n}"), format!("+7{n}"), format!("{n}"), format!("7{n}")] {
                let phone = Phone::parse(&text).unwrap();
                prop_assert_eq!(phone.digits(), format!("7{n}"));
            }
        }
    }
}
