// What is true of people's names, whatever is typed or told: `first|last|other first|other last`. Shared by the fuzz target and the
// tests of `mostik-wire`.

use mostik_wire::{ConfirmedName, FullName, NameError, NameTexts, PersonName};
use unicode_normalization::UnicodeNormalization as _;

/// Whether the first two may be typed as first name and surname. Panics when what is read, shown or compared breaks its promise.
pub fn holds(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.splitn(4, '|');
    let [first, last, other_first, other_last] = [(); 4].map(|()| parts.next().unwrap_or_default());
    shown(first, last);
    shown(other_first, other_last);
    // One of the spellings each time: comparing is what takes its time.
    let nth = bytes.iter().fold(0, |sum, byte| sum ^ usize::from(*byte));
    compared(first, last, other_first, other_last, nth);
    confirmed(first, last, other_first);
    let typed = [first, last].map(typed);
    typed.iter().all(Result::is_ok)
}

/// A part of a name as a person types it.
fn typed(text: &str) -> Result<(), NameError> {
    let decomposed: String = text.nfd().collect();
    let name = PersonName::parse(text);
    assert_eq!(PersonName::parse(&decomposed), name, "the same letters in other code points: {text:?}");
    let name = name?;
    assert_eq!(format!("{name:?}"), "PersonName");
    let kept = name.as_str();
    assert_eq!(PersonName::parse(kept).as_ref(), Ok(&name), "{text:?} is typed once more");
    assert!(FullName::new(text, "").is_same(&FullName::new(kept, "")), "{text:?} is kept as {kept:?}");
    let letters = kept.chars().filter(|sign| sign.is_alphabetic()).count();
    assert!(letters > 0 && kept.chars().count() <= 300, "{kept:?}");
    assert!(kept.nfc().eq(kept.chars()) && !kept.contains("  ") && kept.trim() == kept, "{kept:?}");
    // Markup, digits and what cannot be seen reach nobody.
    let no_name = |sign: char| {
        sign.is_control()
            || sign.is_numeric()
            || is_steering(sign)
            || (sign.is_ascii_punctuation() && !"-'.".contains(sign))
            || (sign.is_whitespace() && sign != ' ')
    };
    assert!(!kept.contains(no_name), "{kept:?}");
    Ok(())
}

/// What is shown fits into a sentence, and a mask hides what it promises to hide.
fn shown(first: &str, last: &str) {
    let name = FullName::new(first, last);
    let (whole, masked, called) = (name.whole(), name.masked(), name.called());
    for text in [&whole, &masked, &called] {
        let inner = isolated(text);
        assert!(!inner.contains(|sign| is_breaking(sign) || is_turning(sign)), "{text:?}");
        assert_eq!(inner.trim(), inner, "{text:?}");
    }
    assert!(!name.initials().contains(|sign| is_breaking(sign) || is_turning(sign)), "{first:?} {last:?}");
    assert!(isolated(&whole).contains(isolated(&called)), "{whole:?} is called {called:?}");

    // Of the surname one letter with its marks: whatever else it consists of does not show.
    let first_alone = FullName::new(first, "").whole();
    let hint = isolated(&masked).strip_prefix(isolated(&first_alone)).expect("the first name is not hidden").trim();
    let letters = hint.chars().filter(|sign| sign.is_lowercase() || sign.is_uppercase()).count();
    assert!(letters <= 1, "{last:?} shows as {hint:?}");
    let letter = hint.strip_suffix('.').unwrap_or(hint);
    let surname = FullName::new("", last).whole();
    assert!(isolated(&surname).contains(letter), "{last:?} shows as {hint:?}");
    if letters == 1 && letter.chars().count() == 1 {
        let hidden = FullName::new(first, &format!("{letter}ова")).masked();
        assert_eq!(isolated(&hidden), isolated(&masked), "{first:?} {last:?}");
    }
}

/// People mean the same by both, or not, from either side and in any spelling.
fn compared(first: &str, last: &str, other_first: &str, other_last: &str, nth: usize) {
    let (name, other) = (FullName::new(first, last), FullName::new(other_first, other_last));
    let same = name.is_same(&other);
    assert_eq!(same, other.is_same(&name), "{first:?} {last:?}, {other_first:?} {other_last:?}");
    let is_named = name.is_same(&name);
    let named = |sign: char| sign.is_lowercase() || sign.is_uppercase();
    assert!(is_named || !name.whole().contains(named), "{first:?} {last:?} is not itself");
    if !is_named {
        return assert!(!same, "nobody is {other_first:?} {other_last:?}");
    }
    let again = spelled(&[first, last].join(" "), nth);
    let spelling = FullName::new(&again, "");
    assert!(spelling.is_same(&name), "{again:?} is not {first:?} {last:?}");
    assert_eq!(spelling.is_same(&other), same, "{again:?} and {other_first:?} {other_last:?}");
    // A letter more is another name.
    let longer = format!("{last}щ");
    assert!(!FullName::new(first, &longer).is_same(&name), "{first:?} {longer:?}");
}

/// The same name as somebody else writes it.
fn spelled(name: &str, nth: usize) -> String {
    // With Latin letters ё may stand for ë, which is no e; and with a further mark it is another letter.
    let is_cyrillic = name.chars().all(|sign| matches!(sign, 'Ѐ'..='ԯ' | ' ' | '-'));
    match nth % 8 {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name.nfd().collect(),
        3 if is_cyrillic => name.replace(['ё', 'Ё'], "е"),
        4 => name.replace('-', "\u{2010}"),
        5 => name.replace('\'', "\u{2019}"),
        6 => name.replace(' ', "\u{a0}"),
        _ => name.replace(' ', " - "),
    }
}

/// What the diary tells is taken as it is; what is changed is read as it is typed.
fn confirmed(first: &str, last: &str, typed: &str) {
    let told = NameTexts { last_name: last, first_name: first, middle_name: Some(last) };
    match ConfirmedName::read(told, told) {
        Ok(name) => {
            let parts = [&name.last_name, &name.first_name].map(PersonName::as_str);
            assert_eq!((parts, name.middle_name.as_ref().map(PersonName::as_str)), ([last, first], Some(last)));
        }
        Err(error) => assert!(FullName::new(first, last).whole().is_empty(), "{first:?} {last:?}: {error:?}"),
    }
    let changed = NameTexts { first_name: typed, ..told };
    if let Ok(name) = ConfirmedName::read(changed, told)
        && name.first_name.as_str() != first
    {
        assert_eq!(PersonName::parse(typed).as_ref(), Ok(&name.first_name), "{typed:?} for {first:?}");
    }
}

/// Without the pair that isolates a text that is written from right to left.
fn isolated(text: &str) -> &str {
    text.strip_prefix('\u{2068}').and_then(|rest| rest.strip_suffix('\u{2069}')).unwrap_or(text)
}

/// Ends the line that a text stands in.
fn is_breaking(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}')
}

/// Turns the direction of what follows.
fn is_turning(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Marks of direction, joiners and the like: seen by nobody.
fn is_steering(sign: char) -> bool {
    is_turning(sign)
        || matches!(sign, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}
