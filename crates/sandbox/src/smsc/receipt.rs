//! Delivery receipts: `deliver_sm` with the customary text (SMPP 3.4, appendix B) and the TLVs.

use rusmpp::pdus::DeliverSm;
use rusmpp::tlvs::MessageDeliveryRequestTlvValue as Tlv;
use rusmpp::types::OctetString;
use rusmpp::values::{EsmClass, MessageState};

use crate::calendar::Date;

/// What the sender of a part is to be told.
#[derive(Clone, Debug)]
pub(super) struct Receipt {
    /// The session that sent the part.
    pub(super) session: u64,
    pub(super) message_id: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) excerpt: String,
    pub(super) submitted_at: i64,
    pub(super) done_at: i64,
    /// Else its time was over.
    pub(super) delivered: bool,
}

impl Receipt {
    /// As the PDU that goes back: the phone is its source, the sender its destination.
    pub(super) fn pdu(&self) -> DeliverSm {
        let (delivered, stat, state) = if self.delivered {
            (1, "DELIVRD", MessageState::Delivered)
        } else {
            (0, "EXPIRED", MessageState::Expired)
        };
        let text = format!(
            "id:{} sub:001 dlvrd:{delivered:03} submit date:{} done date:{} stat:{stat} err:000 text:{}",
            self.message_id,
            stamp(self.submitted_at),
            stamp(self.done_at),
            self.excerpt,
        );
        let mut builder = DeliverSm::builder()
            .source_addr(self.to.parse().unwrap_or_default())
            .destination_addr(self.from.parse().unwrap_or_default())
            .esm_class(EsmClass::from(0b0000_0100))
            .short_message(OctetString::from_string(text).unwrap_or_default())
            .push_tlv(Tlv::MessageState(state));
        if let Ok(id) = self.message_id.parse() {
            builder = builder.push_tlv(Tlv::ReceiptedMessageId(id));
        }
        builder.build()
    }
}

/// `YYMMDDhhmm` in Moscow, where this centre stands.
fn stamp(ms: i64) -> String {
    let (date, minutes) = Date::in_moscow(ms);
    let day = date.number().rem_euclid(1_000_000);
    format!("{day:06}{:02}{:02}", minutes / 60, minutes % 60)
}

/// The first signs of a text, as far as they are ASCII: a receipt is written in the default alphabet.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == ' ').take(20).collect()
}
