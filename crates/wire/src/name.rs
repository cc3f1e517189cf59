//! People's names: what a person may type as one, how one is shown, and when two are the same.

mod fold;
mod sign;
#[cfg(test)]
mod tests;

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use sign::{Kind, unified};

/// The most letters of a surname, a first name or a patronymic that a person types. Marks (vowel points, accents that have no
/// letter of their own) are not counted; what the diary tells is not measured at all.
const LONGEST: usize = 60;

/// More marks in a row on one letter are no writing: UTS 39, section 5.4.
const MOST_MARKS: usize = 4;

/// A surname, a first name or a patronymic: as a person typed it, in NFC, with one kind of hyphen (`-`), apostrophe (`'`) and
/// blank; or as the diary told it, unchanged and made of anything.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

// Names are personal: they go to screens and letters, never to a log.
impl std::fmt::Debug for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonName")
    }
}

/// Which part of a name a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamePart {
    /// «Фамилия»
    LastName,
    /// «Имя»
    FirstName,
    /// «Отчество»
    MiddleName,
}

impl NamePart {
    /// As bodies and causes call it.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::LastName => "last_name",
            Self::FirstName => "first_name",
            Self::MiddleName => "middle_name",
        }
    }
}

/// Why a text that a person typed is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is there.
    #[error("nothing is there")]
    Empty,
    /// There is something else than letters with their marks, blanks, hyphens, apostrophes and full stops; or no letter.
    #[error("a name has letters, blanks, hyphens, apostrophes and full stops only")]
    Sign,
    /// More than 60 letters.
    #[error("longer than 60 letters")]
    Long,
}

impl PersonName {
    /// Reads what a person typed as one part of a name: letters and marks of any script, in as many words as there are. Digits,
    /// markup and what cannot be seen are refused: they are mistakes, or meant to mislead whoever reads the name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text: String = text.trim().nfc().map(unified).collect();
        let text = text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let (mut letters, mut marks, mut on_letter) = (0, 0, false);
        for c in text.chars() {
            (marks, on_letter) = match Kind::of(c) {
                Kind::Letter => {
                    letters += 1;
                    (0, true)
                }
                // A mark belongs to a letter: alone it would sit on whatever stands before the name.
                Kind::Mark if on_letter && marks < MOST_MARKS => (marks + 1, true),
                // Such a mark has a place of its own in the line.
                Kind::SpacingMark if on_letter => (0, true),
                Kind::Joint => (0, false),
                Kind::Mark | Kind::SpacingMark | Kind::Other => return Err(NameError::Sign),
            };
        }
        if letters == 0 {
            return Err(NameError::Sign);
        }
        if letters > LONGEST || text.chars().count() > LONGEST * (1 + MOST_MARKS) {
            return Err(NameError::Long);
        }
        Ok(Self(text))
    }

    // What the diary tells is right as it is. A field of one line shows no control signs and people trim blanks: a text that
    // differs from the diary's in these alone has not been changed.
    fn confirmed(text: &str, told: &str) -> Result<Self, NameError> {
        let in_field = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned();
        if in_field(text) == in_field(told) { Ok(Self(told.to_owned())) } else { Self::parse(text) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The three parts of a name as texts, typed or told by the diary.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the fields are told by their names")]
pub struct NameTexts<'a> {
    pub last_name: &'a str,
    pub first_name: &'a str,
    /// `None`: there is none.
    pub middle_name: Option<&'a str>,
}

/// A child's name as a person confirms it, beside what the diary told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are told by their names")]
pub struct ConfirmedName {
    pub last_name: PersonName,
    pub first_name: PersonName,
    pub middle_name: Option<PersonName>,
}

impl ConfirmedName {
    /// Reads the parts. One that is the diary's own text is taken as it is, whatever it is made of; so is an empty surname or
    /// first name where the diary has none either, as long as the other is there: some people have one name.
    ///
    /// # Errors
    /// The part that is no name, and why.
    pub fn read(typed: NameTexts<'_>, told: NameTexts<'_>) -> Result<Self, (NamePart, NameError)> {
        let read = |part, text, told| PersonName::confirmed(text, told).map_err(|error| (part, error));
        let last_name = read(NamePart::LastName, typed.last_name, told.last_name)?;
        let first_name = read(NamePart::FirstName, typed.first_name, told.first_name)?;
        if one_line(&last_name.0).is_empty() && one_line(&first_name.0).is_empty() {
            return Err((NamePart::LastName, NameError::Empty));
        }
        let middle_name = match (typed.middle_name, told.middle_name) {
            (None, _) => None,
            (Some(text), Some(told)) => Some(read(NamePart::MiddleName, text, told)?),
            (Some(text), None) => Some(PersonName::parse(text).map_err(|error| (NamePart::MiddleName, error))?),
        };
        Ok(Self { last_name, first_name, middle_name })
    }
}

/// First name and surname, as the diary, a profile or a messenger tells them; either may be empty, and both may hold anything.
///
/// All that is shown of them is one line that fits into a sentence: without control signs, and where it is written from right to
/// left, between U+2068 and U+2069, so that it does not turn what stands around it (UAX 9). It is a text, not markup.
#[derive(Clone, Copy)]
pub struct FullName<'a> {
    first: &'a str,
    last: &'a str,
}

impl<'a> FullName<'a> {
    /// Of its two parts.
    #[must_use]
    pub const fn new(first: &'a str, last: &'a str) -> Self {
        Self { first, last }
    }

    /// `Михаил Орлов`
    #[must_use]
    pub fn whole(&self) -> String {
        isolated(self.joined())
    }

    /// `Михаил`; who has a surname alone is called by it.
    #[must_use]
    pub fn called(&self) -> String {
        let first = one_line(self.first);
        isolated(if first.is_empty() { one_line(self.last) } else { first })
    }

    /// `Михаил О.`: of the surname no more than its first letter, also where it is the only name.
    #[must_use]
    pub fn masked(&self) -> String {
        let (first, last) = (one_line(self.first), one_line(self.last));
        let initial = initial(&last).map(|letter| format!("{letter}."));
        let parts = [Some(first), initial].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        if parts.is_empty() {
            // A name of signs alone, as people give themselves in messengers.
            return isolated(last.graphemes(true).next().unwrap_or_default().to_owned());
        }
        isolated(parts.join(" "))
    }

    /// `МО`: for a round mark, where they stand alone.
    #[must_use]
    pub fn initials(&self) -> String {
        let parts = [one_line(self.first), one_line(self.last)];
        let letters: Vec<&str> = parts.iter().filter_map(|part| initial(part)).collect();
        // Letters of a joined script would run together.
        letters.join(if letters.iter().any(|letter| letter.chars().any(sign::is_right_to_left)) {
            "\u{200c}"
        } else {
            ""
        })
    }

    /// Whether people mean the same by both: without case, ё as е, whatever code points й is written in, any hyphen, apostrophe
    /// and blank for any other and a hyphen for a blank, and look-alike letters of Latin and Cyrillic in a word that mixes them.
    /// The words count, not which of the two parts they stand in. A name that is empty is the same as no other.
    #[must_use]
    pub fn is_same(&self, other: &FullName<'_>) -> bool {
        let folded = fold::fold(&self.joined());
        !folded.is_empty() && folded == fold::fold(&other.joined())
    }

    fn joined(&self) -> String {
        let parts = [one_line(self.first), one_line(self.last)];
        parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

// Letters and signs as they are; what would break the line or turn its direction becomes a blank or goes.
fn one_line(text: &str) -> String {
    let line = text.chars().filter(|c| !sign::turns_direction(*c)).map(|c| if sign::breaks_line(c) { ' ' } else { c });
    line.collect::<String>().trim().to_owned()
}

fn isolated(name: String) -> String {
    if name.chars().any(sign::is_right_to_left) { format!("\u{2068}{name}\u{2069}") } else { name }
}

// The first letter with its marks; a digit serves too.
fn initial(part: &str) -> Option<&str> {
    part.graphemes(true).find(|cluster| cluster.chars().any(char::is_alphanumeric))
}
