// What is true of the reader of «Телефон или почта», whatever it is given. Shared by the fuzz target and the tests of
// `mostik-wire`.

use mostik_wire::{Contact, ContactError};
use unicode_normalization::UnicodeNormalization as _;

/// Whether a number or an address is read. Panics when it is not in the text, or is not read again from what the window shows.
pub fn holds(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    if text.contains(is_drawn) {
        // Nobody has an address in such letters; all that is asked is that they do no harm.
        drop(Contact::read(text));
        return false;
    }
    match Contact::read(text) {
        Ok(contact) => {
            stands(&contact);
            // What is found among words is found twice over as well, and is the same one. A card that was cut off swallows what follows, a
            // number that is broken over two lines runs into the other, and what ends a text may go on with what begins it.
            let is = |text: &str| Contact::read(text).as_ref() == Ok(&contact);
            let is_break = |sign: char| sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}');
            let whole = !text.to_ascii_uppercase().contains("VCARD") && text.split(is_break).any(is);
            if whole && is(&format!("{text}\nили")) && is(&format!("или\n{text}")) {
                assert!(is(&format!("{text}\nили\n{text}")), "twice: {text:?}");
            }
            true
        }
        Err(ContactError::LooksLike { likely, as_typed }) => {
            stands(&likely);
            assert_ne!(as_typed.as_ref(), Some(&likely), "asked about nothing: {text:?}");
            true
        }
        Err(_) => false,
    }
}

/// A letter in the shape of mathematics and the like: ℎ is an h to sites' names, and none to those who look for alphabets.
fn is_drawn(sign: char) -> bool {
    let is_wide = matches!(sign, '\u{ff01}'..='\u{ff5e}');
    sign.is_alphabetic() && !is_wide && !std::iter::once(sign).nfkc().eq(std::iter::once(sign).nfc())
}

/// It is whole, and read again as itself.
fn stands(contact: &Contact) {
    let shown = contact.display();
    // A site's name may consist of signs that no text has in one: it is typed in its other form.
    let is_word = |sign: char| sign.is_alphabetic() || sign.is_ascii();
    let again = if shown.chars().all(is_word) { shown.clone() } else { typed(contact) };
    assert_eq!(Contact::read(&again).as_ref(), Ok(contact), "{again:?} is not read again");
    match contact {
        Contact::Sms { phone } => assert!(phone.digits().len() == 11 && phone.digits().starts_with("79"), "{shown:?}"),
        Contact::Mail { email } => {
            let address = email.address();
            assert!(address.matches('@').count() == 1 && !address.contains(char::is_whitespace), "{shown:?}");
        }
    }
}

/// As its system takes it.
fn typed(contact: &Contact) -> String {
    match contact {
        Contact::Sms { phone } => phone.digits().to_owned(),
        Contact::Mail { email } => email.address(),
    }
}
