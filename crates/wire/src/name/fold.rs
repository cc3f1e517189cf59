//! What is left of a name when everything is taken off by which people tell no names apart.

use icu_properties::props::Script;
use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

use super::sign::{breaks_line, is_invisible, unified};
use crate::signs::script;

/// Small letters of Latin and Cyrillic of which one case at least looks the same (Unicode's `intentional.txt`, with Y and У).
/// Case is gone before they are looked up, so В stands for B in both cases. Own table: the skeletons of UTS 39 in
/// `unicode-security` take far more letters for one another, and names that differ would be the same.
const LOOK_ALIKE: [(char, char); 15] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('i', 'і'),
    ('j', 'ј'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('s', 'ѕ'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
];

/// The same text for all spellings of one name.
pub(super) fn fold(name: &str) -> String {
    let plain = name.nfc().map(unified).map(|c| if breaks_line(c) { ' ' } else { c }).filter(|c| !is_invisible(*c));
    // Up and down: ß is SS in capitals.
    let small = plain.nfkc().collect::<String>().to_uppercase().to_lowercase();
    // Once more: ŉ bears an apostrophe of its own.
    let small: String = small.chars().map(unified).collect();
    let words = small.split([' ', '-']).filter(|word| !word.is_empty()).map(in_one_script);
    words.collect::<Vec<_>>().join(" ").replace('ё', "е")
}

/// A word that mixes the two scripts is meant in one of them: in Cyrillic if all its Latin letters look like Cyrillic ones, else
/// in Latin if it works that way round. A word in Latin letters alone is left so: «Pak» is not «Рак».
fn in_one_script(word: &str) -> String {
    // Apart from their marks, so that a Latin ë counts as е with dots.
    let word = without_dot(word.nfd());
    let has = |text: &str, of: Script| text.chars().any(|c| script(c) == of);
    if has(&word, Script::Latin) && has(&word, Script::Cyrillic) {
        let swapped = |other: fn(&(char, char)) -> (char, char)| -> String {
            let pairs = LOOK_ALIKE.iter().map(other);
            word.chars().map(|c| pairs.clone().find(|(from, _)| *from == c).map_or(c, |(_, to)| to)).nfc().collect()
        };
        let cyrillic = swapped(|pair| *pair);
        if !has(&cyrillic, Script::Latin) {
            return cyrillic;
        }
        let latin = swapped(|(latin, cyrillic)| (*cyrillic, *latin));
        if !has(&latin, Script::Cyrillic) {
            return latin;
        }
    }
    word.nfc().collect()
}

/// A capital İ leaves a dot behind, among other marks where it bears some.
fn without_dot(decomposed: impl Iterator<Item = char>) -> String {
    let mut on_i = false;
    let stays = |c: &char| {
        if canonical_combining_class(*c) == 0 {
            on_i = *c == 'i';
        }
        !(on_i && *c == '\u{307}')
    };
    decomposed.filter(stays).collect()
}
