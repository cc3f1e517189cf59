//! A message as the PDU that a centre gets.

use std::str::FromStr;

use mostik_wire::Millis;
use rusmpp::{
    pdus::SubmitSm,
    tlvs::MessageSubmissionRequestTlvValue as Tlv,
    types::{AnyOctetString, COctetString, EmptyOrFullCOctetString, OctetString},
    values::{DataCoding, MessagePayload, Npi, RegisteredDelivery, Ton},
};
use time::OffsetDateTime;

use crate::{
    clock::SECOND,
    config::{CentreConfig, Validity},
    outbox::Claimed,
};

/// What one SMS on the air holds (3GPP TS 23.040, 9.2.3.24). What is longer goes as `message_payload` (SMPP 3.4, 5.3.2.32), which
/// the centre divides: it alone knows the header that its network wants.
const ONE_PART: usize = 140;

/// The PDU for a message.
pub(super) fn submit(centre: &CentreConfig, message: &Claimed, now: Millis) -> SubmitSm {
    let ucs2: Vec<u8> = message.payload.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let digits = centre.source.bytes().all(|b| b.is_ascii_digit());
    let submit = SubmitSm::builder()
        .source_addr_ton(if digits { Ton::International } else { Ton::Alphanumeric })
        .source_addr_npi(if digits { Npi::Isdn } else { Npi::Unknown })
        .source_addr(field(&centre.source))
        .dest_addr_ton(Ton::International)
        .dest_addr_npi(Npi::Isdn)
        .destination_addr(field(&message.recipient))
        .registered_delivery(RegisteredDelivery::request_all())
        .validity_period(
            EmptyOrFullCOctetString::from_str(&validity_period(centre.validity, message.expires_at, now))
                .unwrap_or_else(|_| EmptyOrFullCOctetString::empty()),
        )
        .data_coding(DataCoding::Ucs2);
    let short = (ucs2.len() <= ONE_PART).then(|| OctetString::from_vec(ucs2.clone()).ok()).flatten();
    match short {
        Some(short) => submit.short_message(short).build(),
        None => submit.push_tlv(Tlv::MessagePayload(MessagePayload::new(AnyOctetString::from_vec(ucs2)))).build(),
    }
}

/// The settings' check has seen to it that the text fits.
pub(super) fn field<const N: usize>(text: &str) -> COctetString<1, N> {
    COctetString::from_str(text).unwrap_or_else(|_| COctetString::empty())
}

// `YYMMDDhhmmsstnnp` (SMPP 3.4, 7.1.1): in UTC with the difference zero, or as what is left, marked `R`. Whole seconds, and
// rather one too few: after its life a code is worth nothing.
fn validity_period(validity: Validity, expires_at: Millis, now: Millis) -> String {
    let left = (expires_at.0 - now.0) / SECOND;
    match validity {
        Validity::None => String::new(),
        Validity::Relative => {
            let (days, hours, minutes, seconds) = (left / 86_400, left / 3_600 % 24, left / 60 % 60, left % 60);
            format!("0000{days:02}{hours:02}{minutes:02}{seconds:02}000R")
        }
        Validity::Absolute => {
            let Ok(at) = OffsetDateTime::from_unix_timestamp(expires_at.0 / SECOND) else { return String::new() };
            let (year, month, day) = (at.year() % 100, u8::from(at.month()), at.day());
            format!("{year:02}{month:02}{day:02}{:02}{:02}{:02}000+", at.hour(), at.minute(), at.second())
        }
    }
}

#[cfg(test)]
mod tests {
    use rusmpp::tlvs::TlvValue;

    use super::*;
    use crate::{clock::MINUTE, config::MessageId};

    const NOON: i64 = 1_795_424_400_000;

    fn pdu(validity: Validity, payload: &str) -> SubmitSm {
        let centre = CentreConfig {
            name: "main".into(),
            smpp: Vec::new(),
            system_id: String::new(),
            password: String::new(),
            ca_pem: None,
            source: "Mostik".into(),
            message_id: MessageId::Auto,
            validity,
            window: 1,
            one_session: false,
        };
        let message = Claimed::for_test("79000001242", payload, Millis(NOON), Millis(NOON + 10 * MINUTE));
        submit(&centre, &message, Millis(NOON + 17_001))
    }

    #[test]
    fn a_centre_is_told_what_is_left_of_the_codes_life() {
        assert_eq!(pdu(Validity::Relative, "код").validity_period.to_string(), "000000000942000R");
        assert_eq!(pdu(Validity::Absolute, "код").validity_period.to_string(), "261123091000000+");
        assert_eq!(pdu(Validity::None, "код").validity_period.to_string(), "");
    }

    #[test]
    fn what_fits_one_sms_goes_as_one_and_what_does_not_as_payload() {
        let one = pdu(Validity::Relative, &"я".repeat(70));
        assert_eq!((one.short_message().len(), one.tlvs().len()), (140, 0));
        let long = pdu(Validity::Relative, &"я".repeat(71));
        assert_eq!(long.short_message().len(), 0);
        let payload = long.tlvs().iter().find_map(|tlv| match tlv.value() {
            Some(TlvValue::MessagePayload(payload)) => Some(payload.value.as_ref().len()),
            _ => None,
        });
        assert_eq!(payload, Some(142));
    }
}
