//! Why an operator does something: a text that stays in the audit log for good, and so bears nobody's number, address or code.

use crate::dates;

const SHORTEST: usize = 3;
const LONGEST: usize = 200;

/// Digits in a row that may be a code; shorter rows are a request's number, a class or a year.
const CODE: std::ops::RangeInclusive<usize> = 6..=8;

/// A reason that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

/// Why a text is no reason. The text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReason {
    /// Too short.
    #[error("--reason is too short: say why in {SHORTEST} to {LONGEST} characters")]
    TooShort,
    /// Too long.
    #[error("--reason is too long: say why in {SHORTEST} to {LONGEST} characters")]
    TooLong,
    /// More than one line, or a sign that nobody sees.
    #[error("--reason bears a line break or another control character: say why in one line")]
    Control,
    /// There is an @ in it.
    #[error("--reason bears a mail address or a name with @: it stays in the audit log, which has none. Leave it out")]
    Address,
    /// As many digits as a phone number has.
    #[error("--reason bears a phone number or one as long: it stays in the audit log, which has none. Leave it out")]
    Number,
    /// As many digits as a code has.
    #[error(
        "--reason bears what may be a code, 6 to 8 digits: it stays in the audit log, which has none. Leave it out; a request's number \
         may have 5 digits, or letters between"
    )]
    Code,
}

impl Reason {
    /// Reads a reason.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, NoReason> {
        let text = text.trim();
        match text.chars().count() {
            ..SHORTEST => return Err(NoReason::TooShort),
            SHORTEST..=LONGEST => {}
            _ => return Err(NoReason::TooLong),
        }
        if text.chars().any(char::is_control) {
            return Err(NoReason::Control);
        }
        if text.chars().any(|sign| matches!(sign, '@' | '＠' | '﹫')) {
            return Err(NoReason::Address);
        }
        match most_digits(text) {
            digits if CODE.contains(&digits) => Err(NoReason::Code),
            digits if digits > *CODE.end() => Err(NoReason::Number),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

// The most digits that stand together, with nothing between but what numbers are written with. A date is none.
fn most_digits(text: &str) -> usize {
    let (mut most, mut row) = (0, 0);
    for word in text.split_inclusive(char::is_whitespace) {
        if is_date(word) {
            row = 0;
            continue;
        }
        for sign in word.chars() {
            if sign.is_numeric() {
                row += 1;
                most = most.max(row);
            } else if !sign.is_whitespace() && !"+-–—()./_".contains(sign) {
                row = 0;
            }
        }
    }
    most
}

// `2026-11-23` or `23.11.2026`.
fn is_date(word: &str) -> bool {
    let word = word.trim_matches(|sign: char| !sign.is_ascii_digit());
    let turned = || {
        let mut parts = word.splitn(3, '.');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        dates::date(&format!("{year}-{month}-{day}"))
    };
    dates::date(word).or_else(turned).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_name_somebody_is_refused_by_its_name() {
        for (text, why) in [
            ("", NoReason::TooShort),
            (" ab ", NoReason::TooShort),
            (&"я".repeat(201), NoReason::TooLong),
            ("two\nlines", NoReason::Control),
            ("wrote from olga@mail.test", NoReason::Address),
            ("wrote as @olga", NoReason::Address),
            ("called from +7 900 000-12-42", NoReason::Number),
            ("called from 8(900)0001242 today", NoReason::Number),
            ("звонила с ９０００００１２４２", NoReason::Number),
            ("profile 1234567890", NoReason::Number),
            ("the code 481902 did not come", NoReason::Code),
            ("the code 481 902 did not come", NoReason::Code),
            ("recovery 12345678", NoReason::Code),
            ("2026-11-23 481902", NoReason::Code),
        ] {
            assert_eq!(Reason::read(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_request_is_named_by_its_number_and_its_day() {
        for text in
            ["the mother asked, request 47112", "письмо от 23.11.2026, № 12", "2026-11-23: room 12", "8-Б, M-7F3K-21"]
        {
            assert_eq!(Reason::read(&format!("  {text} ")).unwrap().text(), text);
        }
    }
}
