//! What is likely meant by a text that holds neither a number nor an address: slips of the hand that people are asked about.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    addresses::{Address, COMMON, by_mail},
    look_alike,
    one::read_plain,
};
use crate::{Contact, Email};

/// «anya собака mail точка ru», «anya(at)mail.ru».
static SPOKEN_AT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s*[(\[{]\s*(?:at|собака|собачка|эт)\s*[)\]}]\s*|\s+(?:at|собака|собачка|эт)\s+")
        .expect("a pattern")
});
static SPOKEN_DOT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\s*[(\[{]\s*(?:dot|точка)\s*[)\]}]\s*|\s+(?:dot|точка)\s+").expect("a pattern"));
/// `anya"mail.ru`: the key of the @ on a Russian keyboard. `anya2mail.ru`: that key without Shift.
static OTHER_KEY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?i)([\p{L}\d_])["2]((?:[a-z]+\.)+[a-z]{2,})"#).expect("a pattern"));

/// The keys of a Russian keyboard in the order of the Latin letters on them.
const KEYS: [(&str, &str); 2] = [
    ("ёйцукенгшщзхъфывапролджэячсмитьбю.\"", "`qwertyuiop[]asdfghjkl;'zxcvbnm,./@"),
    ("ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,", "~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"),
];

/// Slips are of the hand: nobody types more than this into one field.
const LONGEST: usize = 512;

/// The one number or address that a text of plain signs likely means.
pub(super) fn of(text: &str) -> Option<Contact> {
    if text.len() > LONGEST {
        return None;
    }
    let number = with_digits(text).and_then(|text| read_plain(&text).ok());
    if let Some(Contact::Sms { .. }) = number {
        return number;
    }
    let spoken = SPOKEN_DOT.replace_all(&SPOKEN_AT.replace_all(text, "@"), ".").into_owned();
    if spoken != text
        && let Some(email) = sound(&spoken)
    {
        return Some(by_mail(email));
    }
    let typed = [OTHER_KEY.replace_all(text, "$1@$2").into_owned(), on_latin_keys(text)];
    typed.iter().find_map(|typed| sound(typed).filter(|email| COMMON.contains(&email.domain()))).map(by_mail)
}

/// Words of digits with letters among them that look like digits (`8 9ОО`) in digits alone.
fn with_digits(text: &str) -> Option<String> {
    let mut changed = false;
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            let mended: Option<String> = word
                .chars()
                .map(|sign| if sign.is_alphabetic() || sign == '|' { look_alike::digit_of(sign) } else { Some(sign) })
                .collect();
            match mended {
                Some(mended) if mended != word && word.contains(|sign: char| sign.is_ascii_digit()) => {
                    changed = true;
                    mended
                }
                _ => word.to_owned(),
            }
        })
        .collect();
    changed.then(|| words.join(" "))
}

/// The same keys pressed on a Latin keyboard: `фтнф"ьфшдюкг`.
fn on_latin_keys(text: &str) -> String {
    let latin = |sign: char| {
        KEYS.iter().find_map(|(russian, latin)| latin.chars().nth(russian.chars().position(|key| key == sign)?))
    };
    text.chars().map(|sign| latin(sign).unwrap_or(sign)).collect()
}

/// The one address of a text, if no doubt is left about it.
fn sound(text: &str) -> Option<Email> {
    match super::addresses::find(text).0.as_slice() {
        [Address::Sound(email)] => Some(email.clone()),
        _ => None,
    }
}
