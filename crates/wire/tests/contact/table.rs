//! Real-shaped inputs, by verdict. The phones are invented, the shapes are those of contact books, messengers and letters.

use mostik_wire::{Contact, ContactError, EmailError};

use crate::found::{ADDRESSES, ASKED, NUMBERS, PHONE, REAL};

const MAIL: &str = "anya@example.ru";

/// What is refused, by name.
fn refused() -> Vec<(&'static str, ContactError)> {
    use ContactError::{
        Empty, Extension, Foreign, Landline, MixedAlphabets, NothingFound, NumberAndAddress, TooFewDigits,
        TooManyDigits, TwoAddresses, TwoNumbers,
    };
    let groups: &[(ContactError, &[&'static str])] = &[
        (Empty, &["", "   ", "\n\t", "\u{200b}\u{feff}"]),
        (
            NothingFound,
            &[
                "привет",
                "Анна Орлова",
                "+",
                "112",
                "8 916",
                "5Б класс",
                "14.03.2016",
                "14:30",
                "мой номер",
                "https://vk.com/id79002223344",
                "https://t.me/anya_orlova",
                "ИНН 9701234567",
                "anya",
                "+7 900 ***-**-44",
                "BEGIN:VCARD\nVERSION:3.0\nFN:Анна\nEND:VCARD",
            ],
        ),
        (
            TwoNumbers,
            &[
                "8 900 222-33-44, 8 900 555-66-77",
                "8 900 222-33-44 8 900 555-66-77",
                "89002223344 89005556677",
                "9002223344 9005556677",
                "89002223344/89005556677",
                "8 900 222-33-44 / 8 900 555-66-77",
                "89002223344\n89005556677",
                "мама 8 900 222-33-44 папа 8 900 555-66-77",
                "+79002223344+79005556677",
                "+7 900 222-33-44 или +7 900 222-33-45",
                "8 900 222-33-44, +375 29 123-45-67",
                "8 900 222-33-44, 8 900 222-33-4",
                "tel:+79002223344,+79005556677",
                "https://wa.me/79002223344 8 900 555-66-77",
                "BEGIN:VCARD\nVERSION:3.0\nTEL;TYPE=CELL:+79002223344\nTEL;TYPE=CELL:+79005556677\nEND:VCARD",
                "BEGIN:VCARD\nTEL:+79002223344\nEND:VCARD\nBEGIN:VCARD\nTEL:+79005556677\nEND:VCARD",
                "BEGIN:VCARD\nTEL:+79002223344\nNOTE:запасной 8 900 555-66-77\nEND:VCARD",
            ],
        ),
        (
            TwoAddresses,
            &[
                "anya@example.ru, olga@example.ru",
                "anya@example.ru olga@example.ru",
                "anya@example.ru;anya@mail.ru",
                "mailto:anya@example.ru,olga@example.ru",
                "anya@mail,ru olga@mail.ru",
                "Анна <anya@example.ru>, Ольга <olga@example.ru>",
            ],
        ),
        (
            NumberAndAddress,
            &[
                "8 900 222-33-44, anya@example.ru",
                "anya@example.ru +7 900 222-33-44",
                "Анна Орлова\nмоб. +7 900 222-33-44\nanya@example.ru",
                "anya@mail,ru 89002223344",
                "+375 29 123-45-67 anya@example.ru",
                "BEGIN:VCARD\nVERSION:3.0\nTEL:+79002223344\nEMAIL:anya@example.ru\nEND:VCARD",
                "MECARD:N:Орлова,Анна;TEL:+79002223344;EMAIL:anya@example.ru;;",
            ],
        ),
        (
            Extension,
            &[
                "89161234567 доб. 5",
                "8 900 222-33-44 доб. 12",
                "8 900 222-33-44, доб. 12",
                "8 900 222-33-44 (доб. 12)",
                "8 900 222-33-44 доб.12",
                "8 900 222-33-44 добавочный 12",
                "8 900 222-33-44 вн. 12",
                "+7 900 222-33-44 ext. 12",
                "+7 900 222-33-44 x12",
                "+7 900 222-33-44 #12",
                "89002223344,12",
                "89002223344,,12#",
                "89002223344p12",
                "tel:+7-900-222-33-44;ext=12",
                "BEGIN:VCARD\nTEL;VALUE=uri:tel:+7-900-222-33-44;ext=12\nEND:VCARD",
            ],
        ),
        (
            TooManyDigits,
            &[
                "8 900 222-33-445",
                "890022233445",
                "123456789012",
                "4276 3800 1234 5678",
                "4276380012345678",
                "40817810099910004312",
                "40817 81009 99100 04312",
                "8900222334489005556677",
                "8 900 222-33-44 15",
                "8 900 222-33-44-12",
                "8 900 222-33-44 (12)",
                "8 900 222-33-44/45",
                "+7 8 900 222-33-44",
                "44 8 900 222-33-44",
                "тел. 8 900 222-33-44 55 мама",
            ],
        ),
        (
            TooFewDigits,
            &[
                "8 900 222-33-4",
                "900 222-33-4",
                "+7 900 222 33 4",
                "8 916 123",
                "222-33-44",
                "тел. 8 900 222-33-4 (мама)",
                "12345",
            ],
        ),
        (
            Landline,
            &[
                "8 495 123-45-67",
                "+7 (812) 123-45-67",
                "4951234567",
                "8 800 555-35-35",
                "тел. 8 495 123-45-67",
                "Школа: +7 495 123-45-67 доб. 12",
                "tel:+74951234567",
                "BEGIN:VCARD\nTEL;TYPE=HOME:+74951234567\nEND:VCARD",
            ],
        ),
        (
            Foreign,
            &[
                "+375 29 123-45-67",
                "+7 701 123-45-67",
                "8 707 123 45 67",
                "+44 7911 123456",
                "8 10 375 29 123 45 67",
                "375291234567",
                "тел. +375 29 123-45-67 (мама)",
                "tel:+375291234567",
                "wa.me/375291234567",
            ],
        ),
        (MixedAlphabets, &["anyaя@mail.ru", "anya@mailщ.com", "пoчтаz@почта.рф"]),
        (
            EmailError::Shape.into(),
            &["anya@", "@mail.ru", "anya@@mail.ru", "a@b@mail.ru", "anya@mail@ru", "@anya_orlova", "@"],
        ),
        (EmailError::Local.into(), &["misha..orlov@mail.ru"]),
        (
            EmailError::Domain.into(),
            &["anna@почта", "misha@.ru", "misha@school..ru", "misha@127.0.0.1", "misha@scho_ol.ru"],
        ),
    ];
    groups.iter().flat_map(|(error, texts)| texts.iter().map(|text| (*text, error.clone()))).collect()
}

fn shown(read: &Result<Contact, ContactError>) -> String {
    match read {
        Ok(contact) => contact.display(),
        Err(ContactError::LooksLike { likely, as_typed }) => {
            format!("? {} ({})", likely.display(), as_typed.as_ref().map_or("no".into(), Contact::display))
        }
        Err(error) => format!("{error:?}"),
    }
}

fn agree(cases: Vec<(&str, String)>) {
    let wrong: Vec<String> = cases
        .into_iter()
        .map(|(text, expected)| (text, expected, shown(&Contact::read(text))))
        .filter(|(_, expected, read)| expected != read)
        .map(|(text, expected, read)| format!("{text:?}\n    is read as {read}\n    and is      {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_one_contact_is_refused_by_name() {
    agree(refused().into_iter().map(|(text, error)| (text, format!("{error:?}"))).collect());
}

#[test]
fn a_slip_is_asked_about_with_what_is_likely_meant() {
    for (text, likely, sendable) in ASKED {
        let Err(ContactError::LooksLike { likely: read, as_typed }) = Contact::read(text) else {
            panic!("{text:?} is not asked about: {}", shown(&Contact::read(text)));
        };
        assert_eq!((read.display().as_str(), as_typed.is_some()), (*likely, *sendable), "{text:?}");
    }
}

#[test]
fn a_real_address_is_never_doubted() {
    agree(REAL.iter().map(|(text, address)| (*text, (*address).to_owned())).collect());
}

#[test]
fn one_number_is_found_whatever_stands_around() {
    agree(NUMBERS.iter().map(|text| (*text, PHONE.to_owned())).collect());
}

#[test]
fn one_address_is_found_whatever_stands_around() {
    let same = |text: &str| match Contact::read(text) {
        Ok(Contact::Mail { email }) => email.key() == MAIL,
        _ => false,
    };
    let wrong: Vec<String> = ADDRESSES
        .iter()
        .filter(|text| !same(text))
        .map(|text| format!("{text:?}: {}", shown(&Contact::read(text))))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_is_long_enough_and_says_nothing_twice() {
    let texts = NUMBERS.iter().chain(ADDRESSES).copied();
    let texts = texts.chain(REAL.iter().map(|(text, _)| *text)).chain(ASKED.iter().map(|(text, ..)| *text));
    let texts: Vec<_> = texts.chain(refused().into_iter().map(|(text, _)| text)).collect();
    let distinct: std::collections::BTreeSet<_> = texts.iter().collect();
    assert_eq!(distinct.len(), texts.len());
    assert!(texts.len() >= 300, "{}", texts.len());
}
