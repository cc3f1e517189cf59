//! Octets of a short message and their text: alphabets, and the header that joins long messages.

use std::collections::HashMap;

/// The GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1); 0x1B leads to [`EXTENSION`].
const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// After 0x1B.
const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{c}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2F, '\\'),
    (0x3C, '['),
    (0x3D, '~'),
    (0x3E, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// Text, or `None` for a coding that this centre does not know or octets that are no text in it.
pub(super) fn decode(data_coding: u8, octets: &[u8]) -> Option<String> {
    match data_coding {
        0 => gsm(octets),
        1 | 3 => Some(octets.iter().map(|octet| char::from(*octet)).collect()),
        8 => {
            let (units, rest) = octets.as_chunks::<2>();
            let units = units.iter().map(|pair| u16::from_be_bytes(*pair));
            char::decode_utf16(units).collect::<Result<_, _>>().ok().filter(|_| rest.is_empty())
        }
        _ => None,
    }
}

/// One septet per octet, as SMPP carries it.
fn gsm(octets: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(octets.len());
    let mut octets = octets.iter();
    while let Some(octet) = octets.next() {
        if *octet == 0x1B {
            let wanted = octets.next()?;
            // An unknown extension is shown as a space, as the standard says.
            text.push(EXTENSION.iter().find(|(octet, _)| octet == wanted).map_or(' ', |(_, sign)| *sign));
        } else {
            text.push(GSM.chars().nth(usize::from(*octet))?);
        }
    }
    Some(text)
}

/// Which part of which long message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) reference: u16,
    pub(super) total: u8,
    /// From 1.
    pub(super) number: u8,
}

/// Cuts the user data header off; `Err` when it does not fit its own lengths.
pub(super) fn split_header(octets: &[u8]) -> Result<(Option<Part>, &[u8]), ()> {
    let (length, rest) = octets.split_first().ok_or(())?;
    let (mut header, body) = rest.split_at_checked(usize::from(*length)).ok_or(())?;
    let mut part = None;
    while let [element, length, rest @ ..] = header {
        let (value, rest) = rest.split_at_checked(usize::from(*length)).ok_or(())?;
        part = match (*element, value) {
            (0x00, [reference, total, number]) => {
                Some(Part { reference: u16::from(*reference), total: *total, number: *number })
            }
            (0x08, [high, low, total, number]) => {
                Some(Part { reference: u16::from_be_bytes([*high, *low]), total: *total, number: *number })
            }
            _ => part,
        };
        header = rest;
    }
    if part.is_some_and(|part| part.number == 0 || part.number > part.total) {
        return Err(());
    }
    Ok((part, body))
}

/// Parts that wait for the rest.
pub(super) struct PartialMessages<T> {
    /// By sender, recipient and reference.
    open: HashMap<(String, String, u16), Vec<Slot<T>>>,
}

/// A part, once it is there.
type Slot<T> = Option<(Vec<u8>, T)>;

/// Long messages in progress in one session; more than this is no honest use.
const MOST_OPEN: usize = 64;

impl<T> PartialMessages<T> {
    pub(super) fn new() -> Self {
        Self { open: HashMap::new() }
    }

    /// Adds a part. With the last one the message is whole: its octets, and what came with each part.
    pub(super) fn add(
        &mut self,
        from: &str,
        to: &str,
        part: Part,
        octets: &[u8],
        extra: T,
    ) -> Option<(Vec<u8>, Vec<T>)> {
        let key = (from.to_owned(), to.to_owned(), part.reference);
        if self.open.len() >= MOST_OPEN && !self.open.contains_key(&key) {
            self.open.clear();
        }
        let total = usize::from(part.total);
        let parts = self.open.entry(key.clone()).or_default();
        if parts.len() != total {
            // The reference is used anew: the older message will never be whole.
            *parts = std::iter::repeat_with(|| None).take(total).collect();
        }
        parts[usize::from(part.number) - 1] = Some((octets.to_vec(), extra));
        if parts.iter().any(Option::is_none) {
            return None;
        }
        let parts = self.open.remove(&key)?.into_iter().flatten();
        let (octets, extras): (Vec<_>, Vec<_>) = parts.unzip();
        Some((octets.concat(), extras))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_signs_and_foreign_alphabets_are_refused() {
        assert_eq!(decode(8, &[0x04]), None);
        assert_eq!(decode(8, &[0xD8, 0x00]), None);
        assert_eq!(decode(0, &[0x80]), None);
        assert_eq!(decode(0, &[0x1B]), None);
        assert_eq!(decode(4, b"binary"), None);
    }

    #[test]
    fn headers_that_lie_about_their_length_are_refused() {
        for octets in
            [&[][..], &[5, 0, 3, 1], &[5, 0, 9, 1, 2, 1, b'x'], &[5, 0, 3, 1, 2, 0, b'x'], &[5, 0, 3, 1, 2, 3]]
        {
            assert_eq!(split_header(octets), Err(()), "{octets:?}");
        }
    }

    #[test]
    fn texts_are_read_in_every_alphabet() {
        assert_eq!(GSM.chars().count(), 128);
        assert_eq!(decode(0, b"code 481920 \x1b\x3c\x1b\x3e \x1b\x65\x00").as_deref(), Some("code 481920 [] €@"));
        assert_eq!(decode(3, b"caf\xe9").as_deref(), Some("café"));
        let cyrillic: Vec<u8> = "код 481 🌉".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(8, &cyrillic).as_deref(), Some("код 481 🌉"));
    }

    #[test]
    fn parts_come_together_in_any_order() {
        let mut partial = PartialMessages::new();
        let part = |number| Part { reference: 7, total: 3, number };
        assert_eq!(partial.add("a", "b", part(3), b"three", 3), None);
        assert_eq!(partial.add("a", "b", part(1), b"one ", 1), None);
        assert_eq!(partial.add("a", "c", part(2), b"elsewhere", 9), None);
        assert_eq!(partial.add("a", "b", part(2), b"two ", 2), Some((b"one two three".to_vec(), vec![1, 2, 3])));
    }
}
