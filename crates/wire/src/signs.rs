//! Signs that mean the same: what keyboards, messengers and word processors put in place of each other.

use icu_properties::{CodePointMapData, props::Script};
use unicode_normalization::UnicodeNormalization as _;

/// The ASCII digit that a sign stands for. Keyboards of some phones type full-width or Arabic digits; they mean the same in
/// numbers and in codes.
#[must_use]
pub fn digit_of(sign: char) -> Option<char> {
    let zero = match sign {
        '0'..='9' => return Some(sign),
        '\u{0660}'..='\u{0669}' => 0x0660,
        '\u{06F0}'..='\u{06F9}' => 0x06F0,
        '\u{FF10}'..='\u{FF19}' => 0xFF10,
        _ => return None,
    };
    char::from_digit(sign as u32 - zero, 10)
}

/// The script that a letter belongs to (UAX 24).
pub(crate) fn script(sign: char) -> Script {
    CodePointMapData::<Script>::new().get(sign)
}

/// Signs that nobody sees and that come along when a text is copied: joiners, marks of direction, the soft hyphen, the byte
/// order mark; and the two that make a keycap of a digit («8️⃣»).
///
/// Fewer than those of a name (`name/sign.rs`), which takes all that Unicode calls ignorable: fillers are among them, which stand
/// in place of a letter, and a contact is not put together from what such a sign parts. The keycap's frame is not ignorable.
pub(crate) const fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{20E3}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
    )
}

/// The dashes of numbers and addresses. A name takes every dash that Unicode knows (`name/sign.rs`); here a wave dash stands
/// between two numbers, and a raised minus counts something.
pub(crate) const fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// The text with one sign for each meaning, in NFC: ASCII digits, one kind of dash, of blank and of line break, no full-width
/// forms, nothing invisible.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut after_return = false;
    for sign in text.nfc() {
        let lone_feed = sign == '\n' && after_return;
        after_return = sign == '\r';
        match sign {
            _ if lone_feed || is_invisible(sign) => {}
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => plain.push('\n'),
            _ if sign.is_whitespace() || sign.is_control() => plain.push(' '),
            _ if is_dash(sign) => plain.push('-'),
            '\u{FE6B}' => plain.push('@'),
            '\u{3002}' | '\u{FF61}' => plain.push('.'),
            '\u{FF01}'..='\u{FF5E}' => plain.extend(char::from_u32(sign as u32 - 0xFEE0)),
            _ => plain.push(digit_of(sign).unwrap_or(sign)),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_mean_the_same_become_one() {
        assert_eq!(plain("８٩۰0"), "8900");
        assert_eq!(plain("8\u{a0}–\u{202f}9\t−1\r\n2\r3\u{2028}4"), "8 - 9 -1\n2\n3\n4");
        assert_eq!(plain("\u{feff}8️⃣9\u{200b}0\u{ad}0\u{202c}"), "8900");
        assert_eq!(plain("ａｎｙａ＠ｍａｉｌ．ｒｕ"), "anya@mail.ru");
        assert_eq!(plain("и\u{306}\0"), "й ");
        assert_eq!("0٠۰０".chars().filter_map(digit_of).collect::<String>(), "0000");
    }
}
