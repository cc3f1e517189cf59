//! What holds for any text.

use mostik_wire::{Contact, ContactError};
use proptest::prelude::*;

/// Words and signs that stand around numbers and addresses, and are neither.
const AROUND: [&str; 24] = [
    "тел.",
    "моб.:",
    "мама",
    "(Аня)",
    "«",
    "»",
    ",",
    ";",
    "\n",
    "\u{200e}",
    "—",
    "5Б класс,",
    "14.03.2016,",
    "в 18:30",
    "Анна Орлова",
    "\"",
    "№",
    "кв. 12,",
    "📞",
    "@anya_orlova",
    "https://vk.com/id1",
    "\u{feff}",
    "[12.05.2024, 14:30]",
    "WhatsApp:",
];

fn noise() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&AROUND[..]), 0..5).prop_map(|words| words.join(" "))
}

/// A mobile number in one of the ways in which people write it.
fn written(n: u64, way: usize) -> String {
    let d = n.to_string();
    let (a, b, c, e) = (&d[..3], &d[3..6], &d[6..8], &d[8..]);
    match way % 7 {
        0 => format!("8 {a} {b}-{c}-{e}"),
        1 => format!("+7 ({a}) {b}-{c}-{e}"),
        2 => format!("8{d}"),
        3 => format!("+7{d}"),
        4 => format!("{a} {b} {c} {e}"),
        5 => format!("8({a}){b}{c}{e}"),
        _ => format!("+7-{a}-{b}-{c}-{e}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic_and_what_it_reads_it_reads_again(text in "[\\PC\n]{0,60}") {
        reads_again(&text)?;
    }

    #[test]
    fn nor_do_texts_of_the_signs_that_it_knows(text in "[0-9+()@. ,;:/#a-cо-яx№\n-]{0,40}") {
        reads_again(&text)?;
    }

    #[test]
    fn a_number_is_found_in_any_noise(n in 9_000_000_000u64..=9_999_999_999, way in 0usize..7, before in noise(), after in noise()) {
        let text = format!("{before} {} {after}", written(n, way));
        let read = Contact::read(&text);
        prop_assert!(matches!(&read, Ok(Contact::Sms { phone }) if phone.digits() == format!("7{n}")), "{text:?}: {read:?}");
    }

    #[test]
    fn an_address_is_found_in_any_noise(local in "[a-z][a-z0-9]{0,8}([._+-][a-z0-9]{1,5})?", before in noise(), after in noise()) {
        let text = format!("{before} {local}@example.ru {after}");
        let read = Contact::read(&text);
        let address = format!("{local}@example.ru");
        prop_assert!(matches!(&read, Ok(Contact::Mail { email }) if email.address() == address), "{text:?}: {read:?}");
    }

    #[test]
    fn two_numbers_are_never_one(
        n in 9_000_000_000u64..=9_999_999_999, m in 9_000_000_000u64..=9_999_999_999, ways in (0usize..7, 0usize..7), between in noise(),
    ) {
        prop_assume!(n != m);
        let text = format!("{} {between} {}", written(n, ways.0), written(m, ways.1));
        prop_assert!(Contact::read(&text).is_err(), "{text:?}");
    }

    #[test]
    fn a_number_and_an_address_are_never_one(n in 9_000_000_000u64..=9_999_999_999, way in 0usize..7, between in noise()) {
        let text = format!("{} {between} anya@example.ru", written(n, way));
        prop_assert_eq!(Contact::read(&text), Err(ContactError::NumberAndAddress), "{:?}", text);
    }

    #[test]
    fn digits_to_spare_are_never_left_out(n in 9_000_000_000u64..=9_999_999_999, more in "[0-9]{1,9}", before in any::<bool>()) {
        let text = if before { format!("{more}8{n}") } else { format!("8{n}{more}") };
        let read = Contact::read(&text);
        prop_assert!(read.is_err(), "{text:?}: {read:?}");
    }
}

fn reads_again(text: &str) -> Result<(), TestCaseError> {
    match Contact::read(text) {
        Ok(contact) => prop_assert_eq!(Contact::read(&contact.display()), Ok(contact), "{:?}", text),
        Err(ContactError::LooksLike { likely, .. }) => {
            prop_assert_eq!(Contact::read(&likely.display()), Ok(likely), "{:?}", text);
        }
        Err(_) => {}
    }
    Ok(())
}
