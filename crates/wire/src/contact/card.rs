//! Contact cards (vCard 2.1, 3.0, 4.0: RFC 2426, RFC 6350) as phones and messengers hand them over, whole or inside a message.
//!
//! No parser of the format: what is pasted is often cut, folded anew by a messenger, or escaped twice, and only the lines
//! with numbers and addresses matter.

use percent_encoding::percent_decode_str;
use quoted_printable::{ParseMode, decode};

/// The properties that hold a number or an address. A nameless contact has its number for a name; pictures, moments and ids
/// hold digits that are none.
const READ: [&str; 5] = ["TEL", "EMAIL", "FN", "N", "NOTE"];

/// The text with each card replaced by the values of its lines, one a line.
pub(super) fn open(text: &str) -> String {
    let mut opened = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = position(rest, "BEGIN:VCARD") {
        let (before, card) = rest.split_at(begin);
        let end = position(card, "END:VCARD").map_or(card.len(), |end| end + "END:VCARD".len());
        opened.push_str(before);
        read(&card[..end], &mut opened);
        rest = &card[end..];
    }
    opened.push_str(rest);
    opened
}

fn position(text: &str, mark: &str) -> Option<usize> {
    text.as_bytes().windows(mark.len()).position(|part| part.eq_ignore_ascii_case(mark.as_bytes()))
}

fn read(card: &str, opened: &mut String) {
    // Escaped once more on its way through JSON.
    let card = card.replace("\\r\\n", "\n").replace("\\n", "\n");
    // Without its line breaks it is a text like any other.
    if !card.contains('\n') {
        return opened.push_str(&card);
    }
    // A line goes on in the next one after a blank; in quoted-printable after `=` at its end.
    let card = card.replace("\n ", "").replace("=\n", "");
    for line in card.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.to_ascii_uppercase();
        let (property, parameters) = name.split_once(';').unwrap_or((&name, ""));
        // Apple groups lines: `item1.TEL`.
        let property = property.rsplit('.').next().unwrap_or_default().trim();
        if !READ.contains(&property) {
            continue;
        }
        opened.push('\n');
        let value = value.replace(['\\'], "");
        if parameters.contains("QUOTED-PRINTABLE") {
            let bytes = decode(value.trim_end_matches('='), ParseMode::Robust).unwrap_or_default();
            opened.push_str(&crate::signs::plain(&String::from_utf8_lossy(&bytes)));
        } else if property == "TEL" {
            opened.push_str(&percent_decode_str(&value).decode_utf8_lossy());
        } else {
            opened.push_str(&value);
        }
    }
    opened.push('\n');
}
