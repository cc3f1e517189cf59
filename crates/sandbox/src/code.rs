//! The one-time code in a text, as a phone or a mail program would offer it.

use std::ops::RangeInclusive;

/// The first group of digits of one of these lengths that stands alone, also when written as `123 456`. An origin-bound
/// last line (`@domain #123456`) goes before everything. Phone numbers, prices and times are no codes.
pub(crate) fn code_in(text: &str, lengths: RangeInclusive<usize>) -> Option<String> {
    let bound = text.lines().last().filter(|line| line.starts_with('@'));
    if let Some(code) = bound.and_then(|line| line.split('#').nth(1)).map(digits).filter(|code| !code.is_empty()) {
        return Some(code);
    }
    let signs: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        if signs[at] == '+' {
            // A phone number goes on for as long as there is anything that numbers are written with.
            at += 1;
            while signs.get(at).is_some_and(|sign| sign.is_ascii_digit() || " -()\u{a0}".contains(*sign)) {
                at += 1;
            }
            continue;
        }
        if !signs[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let begin = at;
        let mut code = String::new();
        while at < signs.len() {
            let joins = matches!(signs[at], ' ' | '-' | '\u{a0}')
                && code.len() == 3
                && signs.get(at + 1..at + 4).is_some_and(|next| next.iter().all(char::is_ascii_digit));
            if signs[at].is_ascii_digit() {
                code.push(signs[at]);
            } else if !joins {
                break;
            }
            at += 1;
        }
        let alone = begin == 0 || !(signs[begin - 1].is_alphanumeric() || matches!(signs[begin - 1], '.' | ','));
        if alone && lengths.contains(&code.len()) && signs.get(at).is_none_or(|next| !next.is_alphanumeric()) {
            return Some(code);
        }
    }
    None
}

/// Digits of a number, however it was written.
pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_numbers_and_words_are_no_codes() {
        for text in [
            "Звоните +79000001242",
            "Номер +7 900 000-12-42 подключён",
            "Номер +7 (900) 000-12-42 подключён",
            "Итого 12 руб.",
            "v10000x",
            "Ждём вас в 18:30",
            "",
        ] {
            assert_eq!(code_in(text, 4..=8), None, "{text}");
        }
        assert_eq!(code_in("Пароль изменён 22 ноября 2026 года", 6..=8), None);
    }

    #[test]
    fn codes_are_found_as_people_write_them() {
        for text in [
            "Мостик: код 481920. Никому его не сообщайте.",
            "Мостик: код 481 920. Никому",
            "481920",
            "Ваш код: 481-920",
            "Никому не сообщайте код.\n@mostik.example #481920",
            "На номер +7 900 000-12-42 выслан код 481920",
        ] {
            assert_eq!(code_in(text, 4..=8).as_deref(), Some("481920"), "{text}");
        }
        assert_eq!(code_in("Мостик: код 004219. Никому", 4..=8).as_deref(), Some("004219"));
        assert_eq!(code_in("Мостик: код 000042.\n@mostik.example #000042", 4..=8).as_deref(), Some("000042"));
    }
}
