// What is true of the reader of «Телефон или почта», whatever it is given. Shared by the fuzz target and the tests of
// `mostik-wire`.

use mostik_wire::{Contact, ContactError};

/// Whether a number or an address is read. Panics when it is not in the text, or is not read again from what the window shows.
pub fn holds(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    match Contact::read(text) {
        Ok(contact) => {
            stands(&contact);
            // What stands beside it as it was, twice over, is the same one.
            // A card that was cut off swallows what follows.
            if !text.to_ascii_uppercase().contains("VCARD") {
                assert_eq!(Contact::read(&format!("{text}\n{text}")).ok().as_ref(), Some(&contact), "twice: {text:?}");
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

/// It is whole, and read again as itself.
fn stands(contact: &Contact) {
    let shown = contact.display();
    assert_eq!(Contact::read(&shown).as_ref(), Ok(contact), "{shown:?} is not read again");
    match contact {
        Contact::Sms { phone } => assert!(phone.digits().len() == 11 && phone.digits().starts_with("79"), "{shown:?}"),
        Contact::Mail { email } => {
            let address = email.address();
            assert!(address.matches('@').count() == 1 && !address.contains(char::is_whitespace), "{shown:?}");
        }
    }
}
