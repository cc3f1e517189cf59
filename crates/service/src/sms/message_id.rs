//! The ids of messages at a centre: the same number comes back in another base, case or width.
//!
//! SMPP 3.4 says that `message_id` is opaque (5.2.23) and that a receipt's text is vendor specific (appendix B, where the id is
//! decimal); many centres answer in hexadecimal and write decimal, or the other way round.

use crate::config::MessageId;

/// An id without what does not tell it from others: case, zeros and `0x` before it, blanks and quotes around it. `None`: empty.
#[must_use]
pub fn folded(id: &str) -> Option<String> {
    let id = id.trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'')).to_lowercase();
    let number = id.strip_prefix("0x").filter(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit())).unwrap_or(&id);
    let short = number.trim_start_matches('0');
    match (number.is_empty(), short.is_empty()) {
        (true, _) => None,
        (false, true) => Some("0".into()),
        (false, false) => Some(short.into()),
    }
}

/// What a centre may have answered with for the message that its receipt names by this (folded) id.
#[must_use]
pub fn answer_keys(way: MessageId, receipt: &str) -> Vec<String> {
    keys(way, receipt, way == MessageId::HexInReceipt)
}

/// How a receipt may name the message that the centre answered with this (folded) id for.
#[must_use]
pub fn receipt_keys(way: MessageId, answer: &str) -> Vec<String> {
    keys(way, answer, way == MessageId::DecimalInReceipt)
}

fn keys(way: MessageId, id: &str, is_hex: bool) -> Vec<String> {
    let same = Some(id.to_owned());
    let all = match way {
        MessageId::Exact => [same, None, None],
        MessageId::Auto => [same, to_decimal(id), to_hex(id)],
        _ if is_hex => [to_decimal(id), None, None],
        _ => [to_hex(id), None, None],
    };
    let mut all: Vec<String> = all.into_iter().flatten().collect();
    // One digit is the same in both.
    all.dedup();
    all
}

fn to_decimal(hex: &str) -> Option<String> {
    number(hex, 16).map(|number| number.to_string())
}

fn to_hex(decimal: &str) -> Option<String> {
    number(decimal, 10).map(|number| format!("{number:x}"))
}

// Digits alone: Rust would take a sign before them, which does not come back.
fn number(digits: &str, radix: u32) -> Option<u128> {
    u128::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_has_none() {
        for text in ["", "  ", "\"\"", "\0", "0x"] {
            assert_eq!(folded(text), None, "{text:?}");
        }
        assert_eq!(answer_keys(MessageId::HexInReceipt, "not-hex"), [""; 0]);
        assert_eq!(answer_keys(MessageId::DecimalInReceipt, "1f"), [""; 0]);
        assert_eq!(answer_keys(MessageId::HexInReceipt, "+1f"), [""; 0]);
        // More than any number has: compared as it is.
        let long = "f".repeat(40);
        assert_eq!(answer_keys(MessageId::Auto, &long), [long]);
    }

    #[test]
    fn zeros_case_blanks_and_quotes_do_not_count() {
        for text in ["1a2b", "1A2B", "00001a2B", " 1A2B\r\n", "\"1a2b\"", "0x1A2B", "0X00001a2b", "1a2b\0"] {
            assert_eq!(folded(text).as_deref(), Some("1a2b"), "{text:?}");
        }
        assert_eq!(folded("0000").as_deref(), Some("0"));
        assert_eq!(folded("d0c0ffee-0042").as_deref(), Some("d0c0ffee-0042"));
    }

    #[test]
    fn each_way_names_what_the_other_side_may_have_written() {
        assert_eq!(answer_keys(MessageId::Auto, "6699"), ["6699", "26265", "1a2b"]);
        assert_eq!(answer_keys(MessageId::Auto, "1a2b"), ["1a2b", "6699"]);
        assert_eq!(answer_keys(MessageId::Exact, "6699"), ["6699"]);
        assert_eq!(answer_keys(MessageId::HexInReceipt, "1a2b"), ["6699"]);
        assert_eq!(answer_keys(MessageId::DecimalInReceipt, "6699"), ["1a2b"]);
        assert_eq!(receipt_keys(MessageId::HexInReceipt, "6699"), ["1a2b"]);
        assert_eq!(receipt_keys(MessageId::DecimalInReceipt, "1a2b"), ["6699"]);
        assert_eq!(receipt_keys(MessageId::Auto, "7"), ["7"]);
    }
}
