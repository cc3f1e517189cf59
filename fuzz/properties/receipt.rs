// What is true of a delivery receipt, however its centre writes it: a line such as `class=4 coding=0 from=79000001242 to=Mostik id=1F
// state=2 answer=31`, then the octets of its text. Shared by the fuzz target and the tests of `mostik-service`.

use mostik_service::{
    config::MessageId,
    sms::{
        message_id::{answer_keys, folded, receipt_keys},
        receipt::{Outcome, Receipt, read},
    },
};
use rusmpp::{
    pdus::DeliverSm,
    tlvs::MessageDeliveryRequestTlvValue as Tlv,
    types::{AnyOctetString, OctetString},
    values::{DataCoding, EsmClass, MessagePayload, MessageState},
};

const UCS2: u8 = 8;
/// What a text of ours could say, to pass for the centre's word.
const QUOTED: [&str; 4] =
    ["id:666 stat:UNDELIV err:011", "x\" \"stat\":\"EXPIRED\"", "stat=DELIVRD", "status:2 id=0 text:stat:5"];

/// Whether it tells of an end. Panics when it is told anything that no centre has said, or otherwise in another spelling.
pub fn holds(bytes: &[u8]) -> bool {
    let told = Told::of(bytes);
    let receipt = read(&told.deliver());
    if let Some(receipt) = &receipt {
        told.says(receipt);
    }
    if told.is_plain() {
        told.says_the_same_as(receipt.as_ref());
    }
    told.is_read_in_the_usual_form();
    let ids = receipt.iter().flat_map(|receipt| &receipt.ids).chain(&told.ids);
    for id in ids {
        named(id, told.answer);
    }
    receipt.is_some()
}

/// What a centre writes.
#[derive(Clone)]
struct Told<'a> {
    class: u8,
    coding: u8,
    from: &'a str,
    to: &'a str,
    ids: Vec<String>,
    state: Option<u8>,
    /// The id that it gave when it took the message.
    answer: &'a str,
    text: Vec<u8>,
    in_payload: bool,
}

impl<'a> Told<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let end = bytes.iter().position(|octet| *octet == b'\n').unwrap_or_default();
        let text = bytes.get(end + 1..).unwrap_or_default().to_vec();
        let mut told = Self {
            class: 4,
            coding: 0,
            from: "79000001242",
            to: "Mostik",
            ids: Vec::new(),
            state: None,
            answer: "",
            in_payload: text.len() > 254,
            text,
        };
        let head = std::str::from_utf8(&bytes[..end]).unwrap_or_default();
        for (name, value) in head.split(' ').filter_map(|word| word.split_once('=')) {
            let number = value.parse().unwrap_or_default();
            match name {
                "class" => told.class = number,
                "coding" => told.coding = number,
                "from" => told.from = value,
                "to" => told.to = value,
                "id" => told.ids.push(value.to_owned()),
                "state" => told.state = Some(number),
                "answer" => told.answer = value,
                _ => {}
            }
        }
        // More than the TLV has room for, and what is not ASCII, never comes out of the codec.
        told.ids.retain(|id| id.len() < 65 && id.is_ascii() && !id.contains('\0'));
        told
    }

    fn deliver(&self) -> DeliverSm {
        let (short, payload) = if self.in_payload { (&[][..], Some(&self.text)) } else { (&self.text[..], None) };
        let mut deliver = DeliverSm::builder()
            .source_addr(self.from.parse().unwrap_or_default())
            .destination_addr(self.to.parse().unwrap_or_default())
            .esm_class(EsmClass::from(self.class))
            .data_coding(DataCoding::from(self.coding))
            .short_message(OctetString::from_vec(short.to_vec()).expect("it has room"))
            .build();
        for id in &self.ids {
            deliver.push_tlv(Tlv::ReceiptedMessageId(id.parse().expect("it has room")));
        }
        if let Some(state) = self.state {
            deliver.push_tlv(Tlv::MessageState(MessageState::from(state)));
        }
        if let Some(payload) = payload {
            deliver.push_tlv(Tlv::MessagePayload(MessagePayload::new(AnyOctetString::from_vec(payload.clone()))));
        }
        deliver
    }

    /// One octet a sign, and no header before the text.
    fn is_plain(&self) -> bool {
        self.text.is_ascii() && !self.text.is_empty() && !self.text.contains(&0) && self.class & 0x40 == 0
    }

    /// Everything that the receipt tells stands in what was written.
    fn says(&self, receipt: &Receipt) {
        let text = String::from_utf8_lossy(&self.text).replace('\0', "").to_lowercase();
        assert_eq!(receipt.marked, self.class & 0x3c == 4 || !self.ids.is_empty(), "{receipt:?}");
        let mut of_tlvs = self.ids.clone();
        of_tlvs.dedup();
        let of_text = match receipt.ids.strip_prefix(&of_tlvs[..]).expect("the TLVs' ids are told") {
            [] => None,
            [id] => Some(id),
            more => panic!("{more:?} are told by one text"),
        };
        if let Some(id) = of_text.filter(|_| self.is_plain()) {
            assert!(!id.is_empty() && text.contains(id.as_str()), "{id:?} is not in {text:?}");
        }
        assert!(receipt.marked || of_text.is_some(), "nothing says which message it is about");
        let outcome = match self.state {
            Some(2) => Some(Outcome::Delivered),
            Some(3) => Some(Outcome::Expired),
            Some(4 | 5 | 8 | 9) => Some(Outcome::Undelivered),
            Some(_) => None,
            None => Some(receipt.outcome),
        };
        assert_eq!(Some(receipt.outcome), outcome, "the TLV is exact");
        assert!(self.state.is_some() || !self.is_plain() || text.contains("stat"), "{text:?} says {receipt:?}");
        for address in &receipt.addresses {
            assert!(!address.is_empty() && address.bytes().all(|digit| digit.is_ascii_digit()), "{address:?}");
        }
        // It goes to operators: no text and no number of a person.
        if let Some(said) = &receipt.said {
            for word in said.split(", err ").map(|word| word.strip_prefix("err ").unwrap_or(word)) {
                let digits = word.bytes().filter(u8::is_ascii_digit).count();
                assert!(word.len() <= 16 && digits <= 5 && word.bytes().all(|b| b.is_ascii_alphanumeric()), "{said:?}");
            }
        }
    }

    /// Another case, alphabet or place of the text, and what our own message says, change nothing.
    fn says_the_same_as(&self, receipt: Option<&Receipt>) {
        let with = |change: &dyn Fn(&mut Self)| {
            let mut told = self.clone();
            change(&mut told);
            read(&told.deliver())
        };
        let same = |what: &str, again: Option<Receipt>| {
            assert_eq!(again.as_ref(), receipt, "{what}: {:?}", String::from_utf8_lossy(&self.text));
        };
        same("in capitals", with(&|told| told.text.make_ascii_uppercase()));
        same("in a payload", with(&|told| told.in_payload = true));
        same("marked as UCS-2", with(&|told| told.coding = UCS2));
        let units = |of: fn(u16) -> [u8; 2]| self.text.iter().flat_map(|octet| of(u16::from(*octet))).collect();
        let in_units =
            |units: Vec<u8>| with(&|told| (told.coding, told.in_payload, told.text) = (UCS2, true, units.clone()));
        same("in UCS-2", in_units(units(u16::to_be_bytes)));
        same("in UCS-2 the other way round", in_units(units(u16::to_le_bytes)));
        same(
            "behind another field",
            with(&|told| {
                (told.in_payload, told.text) = (true, [b"sub:001 ", &self.text[..]].concat());
            }),
        );
        let quoting = |quoted: &str| {
            with(&|told| (told.in_payload, told.text) = (true, [&self.text[..], b" text:", quoted.as_bytes()].concat()))
        };
        let empty = quoting("");
        for quoted in QUOTED {
            assert_eq!(quoting(quoted), empty, "{quoted:?} behind {:?}", String::from_utf8_lossy(&self.text));
        }
    }
}

impl Told<'_> {
    /// Appendix B of SMPP 3.4, with anything at all quoted at its end.
    fn is_read_in_the_usual_form(&self) {
        let id: String = self.answer.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let ends = [
            ("DELIVRD", Outcome::Delivered),
            ("EXPIRED", Outcome::Expired),
            ("DELETED", Outcome::Undelivered),
            ("UNDELIV", Outcome::Undelivered),
            ("REJECTD", Outcome::Undelivered),
        ];
        let (stat, outcome) = ends[self.text.len() % ends.len()];
        if id.is_empty() {
            return;
        }
        let text =
            format!("id:{id} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:{stat} err:011 text:");
        let text = [text.as_bytes(), &self.text].concat();
        let usual = Told { class: 4, coding: 0, ids: Vec::new(), state: None, in_payload: true, text, ..self.clone() };
        let read = read(&usual.deliver()).map(|receipt| (receipt.ids, receipt.outcome, receipt.said));
        let said = Some(format!("{}, err 011", stat.to_lowercase()));
        assert_eq!(read, Some((vec![id.to_lowercase()], outcome, said)));
    }
}

/// What a receipt calls a message, and what the centre called it when it took it, lead to each other.
fn named(receipt: &str, answer: &str) {
    for id in [receipt, answer] {
        let spelled = [id.to_ascii_uppercase(), id.to_ascii_lowercase(), format!(" \"{id}\"\r\n")];
        for spelling in spelled {
            assert_eq!(folded(&spelling), folded(id), "{spelling:?}");
        }
        if id.starts_with(|sign: char| sign.is_ascii_digit()) && !id.starts_with("0x") && !id.starts_with("0X") {
            assert_eq!(folded(&format!("00{id}")), folded(id), "{id:?}");
        }
    }
    let (Some(receipt), Some(answer)) = (folded(receipt), folded(answer)) else { return };
    for way in [MessageId::Auto, MessageId::Exact, MessageId::HexInReceipt, MessageId::DecimalInReceipt] {
        let (there, back) = (answer_keys(way, &receipt), receipt_keys(way, &answer));
        assert_eq!(
            there.contains(&answer),
            back.contains(&receipt),
            "{way:?}: {receipt:?} {there:?}, {answer:?} {back:?}"
        );
        assert!(there.len() <= 3 && way != MessageId::Exact || there == [receipt.clone()], "{way:?}: {there:?}");
    }
}
