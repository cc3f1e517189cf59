use std::iter;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use unicode_normalization::UnicodeNormalization as _;

use crate::Secret;

/// The longest password that is read at all; more is refused before any work is done on it.
pub const LONGEST_PASSWORD: usize = 128;
/// The shortest one by default (a deviation from NIST 63B-4's 15 for children; the operator can ask for more).
pub const SHORTEST_PASSWORD: usize = 10;

/// The commonest passwords of Russian-speaking people that the English lists do not know, in lower case.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PasswordProblem {
    /// Fewer characters than asked for.
    #[error("too short")]
    Short,
    /// More than [`LONGEST_PASSWORD`] characters.
    #[error("too long")]
    Long,
    /// One of the first that anyone would try: a common one, a row of keys, the child's own name or birth date.
    #[error("too easily guessed")]
    Common,
}

/// How hard a password is to guess, by `zxcvbn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// «Слабый»: not taken.
    Weak,
    /// «Сойдёт»
    Fair,
    /// «Крепкий пароль»
    Strong,
}

/// A password that meets the rules, in NFC: what is hashed.
pub struct Password(Secret);

impl Password {
    /// Checks a password as typed. No rules of composition; `context` are words that make it easy to guess for whoever knows
    /// the child: names, school, birth date.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn check(typed: &Secret, shortest: usize, context: &[&str]) -> Result<(Self, Strength), PasswordProblem> {
        let text = typed.expose();
        // In bytes first: a megabyte is refused without being looked at.
        if text.len() > LONGEST_PASSWORD * 4 {
            return Err(PasswordProblem::Long);
        }
        let text: String = text.nfc().collect();
        let length = text.chars().count();
        if length > LONGEST_PASSWORD {
            return Err(PasswordProblem::Long);
        }
        if length < shortest {
            return Err(PasswordProblem::Short);
        }
        match weigh(&text, context) {
            Strength::Weak => Err(PasswordProblem::Common),
            strength => Ok((Self(Secret::new(text)), strength)),
        }
    }

    /// A text as it would be hashed, whatever the rules say of it: for comparing with a password that was set before the rules
    /// changed. Cut where no password reaches.
    #[must_use]
    pub fn normal(typed: &Secret) -> String {
        typed.expose().chars().take(LONGEST_PASSWORD * 4).nfc().collect()
    }

    /// The text to hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The weaker of what it is as typed and with the keyboard switched to the other layout: `gfhjkm` is «пароль».
fn weigh(text: &str, context: &[&str]) -> Strength {
    let lower = text.to_lowercase();
    let context = words_of(context);
    [lower.clone(), to_latin_keys(&lower), to_russian_keys(&lower)]
        .iter()
        .map(|form| weigh_one(form, &context))
        .min()
        .unwrap_or(Strength::Weak)
}

/// What is known of the child, each text as a whole and by its words: a name may have many. A name of a letter or two says
/// nothing of a password, and would be found in every one.
fn words_of(context: &[&str]) -> Vec<String> {
    let parts = context.iter().flat_map(|known| iter::once(*known).chain(known.split(|c: char| !c.is_alphanumeric())));
    parts.filter(|word| word.chars().count() > 2).map(|word| word.to_lowercase().nfc().collect()).collect()
}

fn weigh_one(text: &str, context: &[String]) -> Strength {
    // A common word with a few digits behind it is still that word.
    let core = text.trim_matches(|c: char| !c.is_alphabetic());
    let is_common = |word: &str| COMMON.lines().any(|known| !known.starts_with('#') && known == word);
    let is_context = |word: &str| context.iter().any(|known| known == word);
    if is_common(text) || (!core.is_empty() && (is_common(core) || is_context(core))) {
        return Strength::Weak;
    }
    // zxcvbn reads Latin letters: Russian words are weighed by their keys.
    let keys = to_latin_keys(text);
    let words: Vec<String> = context.iter().flat_map(|word| [word.clone(), to_latin_keys(word)]).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match u8::from(zxcvbn::zxcvbn(&keys, &words).score()) {
        0..=1 => Strength::Weak,
        2..=3 => Strength::Fair,
        _ => Strength::Strong,
    }
}

const LATIN: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";

fn to_latin_keys(text: &str) -> String {
    swap_keys(text, RUSSIAN, LATIN)
}

fn to_russian_keys(text: &str) -> String {
    swap_keys(text, LATIN, RUSSIAN)
}

fn swap_keys(text: &str, from: &str, to: &str) -> String {
    text.chars().map(|c| from.chars().position(|key| key == c).and_then(|at| to.chars().nth(at)).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: [&str; 5] = ["Анна", "Орлова", "Сергеевна", "2015-03-03", "школа"];

    fn check(text: &str) -> Result<Strength, PasswordProblem> {
        Password::check(&Secret::new(text), SHORTEST_PASSWORD, &CONTEXT).map(|(_, strength)| strength)
    }

    #[test]
    fn short_long_and_common_ones_are_not_taken() {
        for (text, problem) in [
            ("", PasswordProblem::Short),
            ("девять999", PasswordProblem::Short),
            (&"а".repeat(129), PasswordProblem::Long),
            ("1234567890", PasswordProblem::Common),
            ("qwertyuiop", PasswordProblem::Common),
            ("йцукенгшщз", PasswordProblem::Common),
            ("пароль1234", PasswordProblem::Common),
            ("gfhjkm1234", PasswordProblem::Common),
            ("ПАРОЛЬ-2026", PasswordProblem::Common),
            ("орлова2015", PasswordProblem::Common),
            ("jhkjdf2015", PasswordProblem::Common),
            ("password123", PasswordProblem::Common),
            ("аааааааааааа", PasswordProblem::Common),
        ] {
            assert_eq!(check(text), Err(problem), "{text}");
        }
        assert_eq!(check(&"x".repeat(1 << 20)), Err(PasswordProblem::Long));
    }

    #[test]
    fn a_phrase_of_a_few_words_is_strong_and_any_unicode_is_welcome() {
        assert_eq!(check("синий трамвай у моря"), Ok(Strength::Strong));
        assert!(check("🐙 осьминог на чердаке").is_ok());
        assert!(check("correct horse battery staple").is_ok());
    }

    #[test]
    fn every_word_of_a_name_is_easy_to_guess_and_a_name_of_one_letter_spoils_no_password() {
        let of =
            |text: &str, name: &str| Password::check(&Secret::new(text), 10, &[name]).map(|(_, strength)| strength);
        for text in ["шарлотта2015", "ШАРЛОТТА-2015", "артаньян2015"] {
            assert_eq!(of(text, "Д'Артаньян Шарлотта"), Err(PasswordProblem::Common), "{text}");
        }
        assert_eq!(of("андрейка2015", "Андреи\u{306}ка"), Err(PasswordProblem::Common));
        for name in ["О", "Ын", "О О", "-", ""] {
            assert_eq!(of("синий трамвай у моря", name), Ok(Strength::Strong), "{name}");
        }
    }

    #[test]
    fn one_text_typed_on_two_keyboards_is_one_password() {
        let composed = Password::check(&Secret::new("жёлтый чайник поёт"), 10, &[]).unwrap().0;
        let decomposed =
            Password::check(&Secret::new("же\u{308}лтыи\u{306} чаи\u{306}ник пое\u{308}т"), 10, &[]).unwrap().0;
        assert_eq!(composed.expose(), decomposed.expose());
    }

    #[test]
    fn the_length_is_the_operators_to_raise() {
        let fifteen = |text: &str| Password::check(&Secret::new(text), 15, &[]).map(|(_, strength)| strength);
        assert_eq!(fifteen("трамвай у моря"), Err(PasswordProblem::Short));
        assert!(fifteen("трамвай у моря и чайка").is_ok());
    }
}
