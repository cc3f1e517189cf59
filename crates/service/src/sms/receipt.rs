//! Delivery receipts as centres write them.
//!
//! SMPP 3.4 fixes the TLVs `receipted_message_id` and `message_state` (5.3.2.12, 5.3.2.35) and calls the text «vendor specific»,
//! with «a typical example» in appendix B. So both are read, in any order, and what one lacks the other may have.

use rusmpp::{
    pdus::DeliverSm,
    tlvs::TlvValue,
    values::{DataCoding, MessageState},
};

pub use mostik_store::receipts::Outcome;

/// A receipt that tells of an end.
#[derive(Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Every id that it bears, as it is written: the TLV's and the text's may differ.
    pub ids: Vec<String>,
    /// The digits of both its addresses. One is the recipient; centres differ in which.
    pub addresses: Vec<String>,
    /// What it tells.
    pub outcome: Outcome,
    /// The state in the centre's words, and its own number for the cause, as far as they are short words: `undeliv, err 011`.
    pub said: Option<String>,
    /// It is marked as a receipt. What is not and looks like one may have been written by anybody.
    pub marked: bool,
}

/// `esm_class`, bits 5 to 2 (SMPP 3.4, 5.2.12): the type of the message.
const TYPE: u8 = 0b0011_1100;
const RECEIPT: u8 = 0b0000_0100;
/// `esm_class`, bit 6: the text begins with a header.
const HEADER: u8 = 0b0100_0000;

fn outcome_of_state(state: MessageState) -> Option<Outcome> {
    match state {
        MessageState::Delivered => Some(Outcome::Delivered),
        MessageState::Expired => Some(Outcome::Expired),
        MessageState::Deleted | MessageState::Undeliverable | MessageState::Rejected | MessageState::Skipped => {
            Some(Outcome::Undelivered)
        }
        // On its way; «accepted» is read by the centre's people, and «unknown» says nothing.
        _ => None,
    }
}

// Appendix B has seven letters; centres write more of the word, or the number of `message_state`.
fn outcome_of_word(word: &str) -> Option<Outcome> {
    if let Ok(state) = word.parse::<u8>() {
        return outcome_of_state(MessageState::from(state));
    }
    let starts = |with: &[&str]| with.iter().any(|with| word.starts_with(with));
    if starts(&["deliv"]) {
        Some(Outcome::Delivered)
    } else if starts(&["expir"]) {
        Some(Outcome::Expired)
    } else if starts(&["undel", "reject", "delet", "fail", "skip"]) {
        Some(Outcome::Undelivered)
    } else {
        None
    }
}

/// Reads a receipt; `None`: it is none, or tells of no end.
#[must_use]
pub fn read(deliver: &DeliverSm) -> Option<Receipt> {
    let class = u8::from(deliver.esm_class);
    let (mut ids, mut state, mut payload) = (Vec::new(), None, None);
    for tlv in deliver.tlvs() {
        match tlv.value() {
            Some(TlvValue::ReceiptedMessageId(value)) => ids.push(value.to_string()),
            Some(TlvValue::MessageState(value)) => state = Some(*value),
            Some(TlvValue::MessagePayload(value)) => payload = Some(value.value.as_ref()),
            _ => {}
        }
    }
    let marked = class & TYPE == RECEIPT || !ids.is_empty();
    // A letter of a person, a state on the way (0x20), an acknowledgement of the phone.
    if !marked && class & TYPE != 0 {
        return None;
    }
    let octets = [deliver.short_message().as_ref(), payload.unwrap_or_default()].concat();
    let octets = if class & HEADER == 0 { &octets[..] } else { octets.get(1 + usize::from(*octets.first()?)..)? };
    let text = text(deliver.data_coding, octets);
    let of_text = field(&text, "id");
    if !marked && of_text.is_none() {
        return None;
    }
    ids.extend(of_text);
    ids.dedup();
    let word = || field(&text, "stat").or_else(|| field(&text, "status"));
    let outcome = match state {
        Some(state) => outcome_of_state(state),
        None => outcome_of_word(&word()?),
    }?;
    let said = said(word(), field(&text, "err"));
    let digits = |address: &str| address.chars().filter(char::is_ascii_digit).collect::<String>();
    let addresses = [deliver.source_addr.as_str(), deliver.destination_addr.as_str()].map(digits);
    Some(Receipt { ids, addresses: addresses.into_iter().filter(|a| !a.is_empty()).collect(), outcome, said, marked })
}

// A number of more than five digits could be somebody's.
fn said(state: Option<String>, cause: Option<String>) -> Option<String> {
    let short = |word: &String| {
        (1..=16).contains(&word.len())
            && word.bytes().all(|b| b.is_ascii_alphanumeric())
            && word.bytes().filter(u8::is_ascii_digit).count() <= 5
    };
    match (state.filter(short), cause.filter(short)) {
        (Some(state), Some(cause)) => Some(format!("{state}, err {cause}")),
        (state, cause) => state.or_else(|| cause.map(|cause| format!("err {cause}"))),
    }
}

// In lower case. Only ASCII is looked for, so that any one-octet alphabet will do.
fn text(coding: DataCoding, octets: &[u8]) -> String {
    let units = || octets.chunks_exact(2);
    let zeros = |at: usize| octets.len() > 1 && units().all(|unit| unit[at] == 0);
    // UCS-2 of what a receipt holds has a zero in most units. Some write it and do not say so, in either order; some say so and
    // write ASCII.
    let one_octet = octets.is_ascii() && !octets.contains(&0);
    if zeros(1) {
        String::from_utf16_lossy(&units().map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect::<Vec<_>>())
    } else if (coding == DataCoding::Ucs2 && !one_octet) || zeros(0) {
        String::from_utf16_lossy(&units().map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect::<Vec<_>>())
    } else {
        String::from_utf8_lossy(octets).into_owned()
    }
    .to_lowercase()
}

// The value of a field: `id:7`, `ID: 7`, `id=7`, `"id" : "7"`, after anything that is no letter, and never from the message's own
// text, which a receipt quotes at its end.
fn field(text: &str, name: &str) -> Option<String> {
    let own = find(text, "text").map_or(text, |(before, _)| &text[..before]);
    let (_, rest) = find(own, name)?;
    let separates = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '|' | '&' | '"' | '\'');
    let value: String = rest.trim_start_matches(separates).chars().take_while(|c| !separates(*c)).collect();
    (!value.is_empty()).then_some(value)
}

// Where a field begins, and what follows its colon.
fn find<'a>(text: &'a str, name: &str) -> Option<(usize, &'a str)> {
    text.match_indices(name).find_map(|(at, _)| {
        let joined = |c: char| c.is_alphanumeric();
        if text[..at].chars().next_back().is_some_and(joined) {
            return None;
        }
        let rest = text[at + name.len()..].trim_start_matches(['"', '\'', ' ', '\t']);
        Some((at, rest.strip_prefix([':', '='])?))
    })
}

#[cfg(test)]
mod tests {
    use rusmpp::{
        tlvs::MessageDeliveryRequestTlvValue as Tlv,
        types::{AnyOctetString, OctetString},
        values::{EsmClass, MessagePayload},
    };

    use super::*;

    fn deliver(class: u8, text: &[u8]) -> DeliverSm {
        DeliverSm::builder()
            .source_addr("79000001242".parse().unwrap())
            .destination_addr("Mostik".parse().unwrap())
            .esm_class(EsmClass::from(class))
            .short_message(OctetString::from_vec(text.to_vec()).unwrap())
            .build()
    }

    fn told(deliver: &DeliverSm) -> Option<(Vec<String>, Outcome)> {
        read(deliver).map(|receipt| (receipt.ids, receipt.outcome))
    }

    #[test]
    fn what_is_no_receipt_is_read_as_none() {
        for (class, text) in [
            (0, "Здравствуйте, это бабушка".as_bytes()),
            (0, b"stat:DELIVRD"),
            (0, b"my id: please"),
            (4, b""),
            (4, b"id:7"),
            (4, b"id:7 stat:ENROUTE"),
            (4, b"id:7 stat:ACCEPTD"),
            (4, b"id:7 stat:UNKNOWN"),
            (4, b"id:7 stat:1"),
            // The state on the way, and the phone's own acknowledgement.
            (0x20, b"id:7 stat:DELIVRD"),
            (0x08, b"id:7 stat:DELIVRD"),
            // Headers that swallow the fields.
            (0x44, b"\x09id:7 stat:DELIVRD"),
            (0x44, b"\xffid:7"),
            // What the message itself says is not said by the centre.
            (4, b"text:id:7 stat:DELIVRD"),
            (4, b"id:7 text:stat:DELIVRD"),
        ] {
            assert_eq!(told(&deliver(class, text)), None, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn the_text_is_read_whatever_stands_between_its_fields() {
        for text in [
            "id:0a7F sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:code",
            "id:0a7F\r\nsub:001\r\ndlvrd:001\r\nstat:DELIVRD\r\nerr:000\r\ntext:",
            "id:0a7F\nstat:DELIVRD",
            "ID:0a7F\tSTAT:DELIVRD\tErr:0",
            "stat:DELIVRD err:000 id:0a7F",
            "id: 0a7F stat: DELIVRD",
            "id=0a7F&stat=DELIVRD",
            "id:0a7F,sub:001,dlvrd:001,stat:DELIVERED",
            "id:0a7F;stat:delivrd;",
            "id:0a7F|stat:Delivered|text:id:9",
            "{\"id\": \"0a7F\", \"stat\": \"DELIVRD\"}",
            "submit date:2611231200 id:0a7F status:DELIVRD",
            "msg valid:1 id:0a7F stat:2 text:Мостик",
            "id:0a7F stat:DELIVRD\0",
        ] {
            let expected = Some((vec!["0a7f".to_owned()], Outcome::Delivered));
            assert_eq!(told(&deliver(4, text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn every_end_is_told_apart() {
        for (word, outcome) in [
            ("DELIVRD", Outcome::Delivered),
            ("EXPIRED", Outcome::Expired),
            ("DELETED", Outcome::Undelivered),
            ("UNDELIV", Outcome::Undelivered),
            ("UNDELIVERABLE", Outcome::Undelivered),
            ("REJECTD", Outcome::Undelivered),
            ("REJECTED", Outcome::Undelivered),
            ("FAILED", Outcome::Undelivered),
            ("5", Outcome::Undelivered),
        ] {
            let text = format!("id:7 stat:{word} err:001");
            assert_eq!(told(&deliver(4, text.as_bytes())), Some((vec!["7".into()], outcome)), "{word}");
        }
    }

    #[test]
    fn tlvs_and_texts_complete_each_other() {
        let tlvs = |ids: &[&str], state: Option<MessageState>, text: &[u8]| {
            let mut pdu = deliver(4, text);
            ids.iter().for_each(|id| pdu.push_tlv(Tlv::ReceiptedMessageId(id.parse().unwrap())));
            state.into_iter().for_each(|state| pdu.push_tlv(Tlv::MessageState(state)));
            told(&pdu)
        };
        let ids = |all: &[&str]| all.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let (delivered, failed) = (Some(MessageState::Delivered), Some(MessageState::Undeliverable));
        assert_eq!(tlvs(&["1F"], delivered, b""), Some((ids(&["1F"]), Outcome::Delivered)));
        assert_eq!(tlvs(&["1F"], None, b"stat:UNDELIV"), Some((ids(&["1F"]), Outcome::Undelivered)));
        assert_eq!(tlvs(&[], failed, b"id:31"), Some((ids(&["31"]), Outcome::Undelivered)));
        assert_eq!(tlvs(&["1F"], delivered, b"id:31 stat:DELIVRD"), Some((ids(&["1F", "31"]), Outcome::Delivered)));
        assert_eq!(tlvs(&["1F"], Some(MessageState::Enroute), b"id:31 stat:DELIVRD"), None, "the TLV is exact");
    }

    #[test]
    fn payloads_headers_and_two_octet_alphabets_are_read() {
        let line = "id:7 stat:DELIVRD";
        let expected = Some((vec!["7".to_owned()], Outcome::Delivered));
        let big: Vec<u8> = line.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let little: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mixed: Vec<u8> = format!("{line} text:Мостик").encode_utf16().flat_map(u16::to_be_bytes).collect();
        let coded = |octets: &[u8], coding| {
            let mut pdu = deliver(4, octets);
            pdu.data_coding = coding;
            told(&pdu)
        };
        for octets in [&big, &mixed, &little, &line.as_bytes().to_vec()] {
            assert_eq!(coded(octets, DataCoding::Ucs2), expected);
        }
        assert_eq!(coded(&big, DataCoding::McSpecific), expected);
        assert_eq!(told(&deliver(0x44, b"\x03\x04\x01\x00id:7 stat:DELIVRD")), expected);
        let mut pdu = deliver(4, b"");
        pdu.push_tlv(Tlv::MessagePayload(MessagePayload::new(AnyOctetString::from_vec(line.into()))));
        assert_eq!(told(&pdu), expected);
    }

    #[test]
    fn what_the_centre_says_of_the_cause_is_kept_in_short_words() {
        let said = |text: &str| read(&deliver(4, text.as_bytes())).unwrap().said;
        assert_eq!(said("id:7 stat:UNDELIV err:011").as_deref(), Some("undeliv, err 011"));
        assert_eq!(said("id:7 stat:UNDELIV err:9000001242").as_deref(), Some("undeliv"));
        assert_eq!(said("id:7 stat:DELIVRD").as_deref(), Some("delivrd"));
    }

    #[test]
    fn a_receipt_that_is_not_marked_says_so() {
        let receipt = read(&deliver(0, b"id:7 sub:001 dlvrd:001 stat:DELIVRD")).unwrap();
        assert!(!receipt.marked);
        assert_eq!(receipt.addresses, ["79000001242"]);
        assert!(read(&deliver(0x07, b"id:7 stat:DELIVRD")).unwrap().marked, "the lowest bits are the mode");
    }
}
