//! Letters of other alphabets that look the same, by Unicode's own tables (UTS 39, 4: skeletons).

use icu_properties::props::Script;
use unicode_security::confusable_detection::skeleton;

use crate::signs::script;

/// The ASCII letter or digit that a sign looks like, in its own case or, like `М` and `Т`, in capitals.
pub(super) fn latin_of(sign: char) -> Option<char> {
    if sign.is_ascii() {
        return Some(sign);
    }
    alone(sign).or_else(|| {
        let mut capital = sign.to_uppercase();
        let capital = capital.next().filter(|_| capital.len() == 0)?;
        alone(capital).map(|latin| latin.to_ascii_lowercase())
    })
}

/// The digit that a letter looks like: `О`, `o`, `З`, `б`, `l`, `I`.
pub(super) fn digit_of(sign: char) -> Option<char> {
    if sign.is_ascii_digit() {
        return Some(sign);
    }
    // Zero looks like a capital O, and people type the small one as often.
    let shapes = [sign, sign.to_uppercase().next().unwrap_or(sign)].map(|sign| shape(sign).collect::<String>());
    ('0'..='9').find(|digit| shapes.contains(&shape(*digit).collect()))
}

/// Whether the letters of a word are of more than one alphabet.
pub(super) fn is_mixed(word: &str) -> bool {
    let mut scripts = word.chars().filter(|sign| sign.is_alphabetic()).map(script);
    scripts.next().is_some_and(|first| scripts.any(|script| script != first))
}

/// Whether the letters of a word are Latin; a word without letters is.
pub(super) fn is_latin(word: &str) -> bool {
    word.chars().filter(|sign| sign.is_alphabetic()).all(|sign| script(sign) == Script::Latin)
}

/// The word in Latin letters that look the same, where there are such for all of its letters.
pub(super) fn in_latin(word: &str) -> Option<String> {
    word.chars().map(|sign| if script(sign) == Script::Latin { Some(sign) } else { latin_of(sign) }).collect()
}

/// The word in Cyrillic letters that look the same, where there are such for all of its letters.
pub(super) fn in_cyrillic(word: &str) -> Option<String> {
    word.chars().map(|sign| if sign.is_ascii_alphabetic() { cyrillic_of(sign) } else { Some(sign) }).collect()
}

fn cyrillic_of(latin: char) -> Option<char> {
    let small = ('а'..='я').find(|letter| latin_of(*letter) == Some(latin.to_ascii_lowercase()))?;
    if latin.is_ascii_uppercase() { small.to_uppercase().next() } else { Some(small) }
}

fn alone(sign: char) -> Option<char> {
    let mut shape = shape(sign);
    let first = shape.next()?;
    (first.is_ascii_alphanumeric() && shape.next().is_none()).then_some(first)
}

fn shape(sign: char) -> impl Iterator<Item = char> {
    skeleton(sign.encode_utf8(&mut [0; 4])).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_look_the_same_are_known() {
        for (word, latin) in [("mаil", Some("mail")), ("Аnnа", Some("Anna")), ("сор", Some("cop")), ("яндекс", None)]
        {
            assert_eq!(in_latin(word).as_deref(), latin, "{word}");
        }
        assert_eq!(in_cyrillic("пoчтa").as_deref(), Some("почта"));
        assert_eq!(in_cyrillic("почтaz"), None);
        assert!(is_mixed("mаil") && !is_mixed("mail") && !is_mixed("почта2"));
    }

    #[test]
    fn letters_that_look_like_digits_are_known() {
        for (letters, digit) in [("OОoоΟ", '0'), ("ЗЗ", '3'), ("lI|", '1'), ("б", '6')] {
            for letter in letters.chars() {
                assert_eq!(digit_of(letter), Some(digit), "{letter}");
            }
        }
        assert!("мамаfx".chars().all(|letter| letter == 'а' || digit_of(letter).is_none()));
    }
}
