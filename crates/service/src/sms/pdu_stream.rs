//! The octets of a centre, mended where a slip in them would end the connection.
//!
//! The codec refuses a PDU that breaks the form in any place, and the client then drops the connection; the centre brings the
//! same receipt again to the next one, for ever. So a PDU that it does not read is reduced to what can be read.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use rusmpp::tokio_codec::CommandCodec;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::{
    bytes::{Buf, BytesMut},
    codec::Decoder,
};

/// A payload may fill 64 KiB; no honest PDU is longer.
pub(super) const LONGEST_PDU: usize = 66 * 1024;
/// `command_length`, `command_id`, `command_status`, `sequence_number` (SMPP 3.4, 3.2).
const HEAD: usize = 16;
const DELIVER_SM: u32 = 0x0000_0005;
const SUBMIT_SM_RESP: u32 = 0x8000_0004;
/// `receipted_message_id`, `message_payload`, `message_state`.
const OF_RECEIPTS: [u16; 3] = [0x001E, 0x0424, 0x0427];

/// A connection that is read PDU by PDU.
pub(super) struct PduStream<S> {
    inner: S,
    /// What has come and is no whole PDU yet.
    coming: BytesMut,
    /// What may be read.
    whole: BytesMut,
}

impl<S> PduStream<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, coming: BytesMut::new(), whole: BytesMut::new() }
    }

    fn sort(&mut self) {
        while let Some(length) = self.coming.get(..4).map(|mut octets| octets.get_u32() as usize) {
            if !(HEAD..=LONGEST_PDU).contains(&length) {
                // Nothing behind it can be trusted to begin where it should: the client ends the connection.
                self.whole.unsplit(self.coming.split());
            } else if self.coming.len() < length {
                return;
            } else {
                let pdu = self.coming.split_to(length);
                self.whole.extend_from_slice(&mended(&pdu));
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PduStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        let mut octets = [0; 4096];
        while this.whole.is_empty() {
            let mut read = ReadBuf::new(&mut octets);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.coming.extend_from_slice(read.filled());
            this.sort();
        }
        let now = this.whole.len().min(buf.remaining());
        buf.put_slice(&this.whole.split_to(now));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PduStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, octets)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

fn is_read(pdu: &[u8]) -> bool {
    let decoded = CommandCodec::new().with_max_length(LONGEST_PDU).decode(&mut BytesMut::from(pdu));
    decoded.is_ok_and(|command| command.is_some())
}

// The same PDU where it can be read; else what of it can: the fields and TLVs of a receipt, the id of an answer, or the head.
fn mended(pdu: &[u8]) -> Vec<u8> {
    if is_read(pdu) {
        return pdu.to_vec();
    }
    let (head, body) = pdu.split_at(HEAD);
    let command = (&head[4..8]).get_u32();
    let tries = match command {
        DELIVER_SM => vec![receipt_body(body), Some(vec![0; 17])],
        SUBMIT_SM_RESP => vec![Some(text(body, 64))],
        _ => Vec::new(),
    };
    let with = |body: Vec<u8>| {
        let length = u32::try_from(HEAD + body.len()).unwrap_or_default();
        [&length.to_be_bytes()[..], &head[4..], &body].concat()
    };
    let mut mended = tries.into_iter().flatten().map(with).filter(|pdu| is_read(pdu));
    mended.next().unwrap_or_else(|| with(Vec::new()))
}

// Up to its end or its zero octet, with one zero octet behind it.
fn text(octets: &[u8], most: usize) -> Vec<u8> {
    let signs = octets.iter().copied().take_while(|octet| *octet != 0).filter(u8::is_ascii);
    signs.take(most).chain([0]).collect()
}

// `deliver_sm` (SMPP 3.4, 4.6.1) up to its short message as it is, texts made to end, and the TLVs that receipts have.
fn receipt_body(body: &[u8]) -> Option<Vec<u8>> {
    let mut rest = body;
    let mut out = Vec::new();
    // service_type; source_addr and destination_addr after TON and NPI; two times after esm_class, protocol_id, priority_flag.
    for (before, most) in [(0, 5), (2, 20), (2, 20), (3, 0), (0, 0)] {
        let (octets, after) = rest.split_at_checked(before)?;
        let end = after.iter().position(|octet| *octet == 0)?;
        out.extend_from_slice(octets);
        out.extend(text(&after[..end], most));
        rest = &after[end + 1..];
    }
    // registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id, sm_length.
    let (octets, after) = rest.split_at_checked(5)?;
    let length = usize::from(octets[4]).min(after.len());
    let (message, mut tlvs) = after.split_at(length);
    out.extend_from_slice(&octets[..4]);
    out.push(u8::try_from(length).ok()?);
    out.extend_from_slice(message);
    while let Some((mut head, after)) = tlvs.split_at_checked(4) {
        let (tag, length) = (head.get_u16(), usize::from(head.get_u16()));
        let (value, after) = after.split_at(length.min(after.len()));
        tlvs = after;
        if !OF_RECEIPTS.contains(&tag) {
            continue;
        }
        let value = if tag == OF_RECEIPTS[0] { text(value, 64) } else { value.to_vec() };
        out.extend_from_slice(&tag.to_be_bytes());
        out.extend_from_slice(&u16::try_from(value.len()).ok()?.to_be_bytes());
        out.extend_from_slice(&value);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use rusmpp::{Command, CommandId, Pdu};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::sms::receipt::{self, Outcome};

    fn pdu(id: u32, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(HEAD + body.len()).unwrap();
        [length, id, 0, 7].iter().flat_map(|word| word.to_be_bytes()).chain(body.iter().copied()).collect()
    }

    fn deliver(source: &[u8], text: &[u8], tlvs: &[u8]) -> Vec<u8> {
        let length = [u8::try_from(text.len()).unwrap()];
        let parts: [&[u8]; 9] =
            [b"\0\x01\x01", source, b"\0\x05\0Mostik\0", b"\x04\0\0", b"\0\0", b"\0\0\0\0", &length, text, tlvs];
        pdu(DELIVER_SM, &parts.concat())
    }

    fn read(pdu: &[u8]) -> Command {
        let mut codec = CommandCodec::new().with_max_length(LONGEST_PDU);
        codec.decode(&mut BytesMut::from(&mended(pdu)[..])).unwrap().unwrap()
    }

    #[test]
    fn what_can_be_read_is_left_as_it_is() {
        let good = deliver(b"79000001242", b"id:7 stat:DELIVRD", b"\x00\x1e\x00\x027\0");
        assert!(is_read(&good));
        assert_eq!(mended(&good), good);
    }

    #[test]
    fn receipts_with_known_slips_are_read() {
        for (what, slip) in [
            ("an id without its end", deliver(b"79000001242", b"", b"\x00\x1e\x00\x04A1B2\x04\x27\x00\x01\x02")),
            (
                "an id that is too long",
                deliver(
                    b"79000001242",
                    b"",
                    &[b"\x00\x1e\x00\x50A1B2\0", &[b'x'; 75][..], b"\x04\x27\x00\x01\x02"].concat(),
                ),
            ),
            ("an address that is no ASCII", deliver(b"7900000124\xb22", b"id:A1B2 stat:DELIVRD", b"")),
            ("an address that is too long", deliver(b"79000001242-79000001242", b"id:A1B2 stat:DELIVRD", b"")),
            (
                "a TLV that is longer than the PDU",
                deliver(b"79000001242", b"id:A1B2 stat:DELIVRD", b"\x02\x04\xff\xff\x01"),
            ),
        ] {
            assert!(!is_read(&slip), "{what}: the codec reads it by itself");
            let command = read(&slip);
            assert_eq!(command.sequence_number(), 7);
            let Some(Pdu::DeliverSm(deliver)) = command.pdu() else { panic!("{what}") };
            let receipt = receipt::read(deliver).unwrap_or_else(|| panic!("{what}"));
            assert!(receipt.ids[0].eq_ignore_ascii_case("a1b2"), "{what}: {receipt:?}");
            assert_eq!(receipt.outcome, Outcome::Delivered, "{what}");
        }
    }

    #[test]
    fn what_is_no_receipt_at_all_can_still_be_acknowledged() {
        let command = read(&pdu(DELIVER_SM, b"\xff\xff"));
        assert_eq!(command.sequence_number(), 7);
        assert!(matches!(command.pdu(), Some(Pdu::DeliverSm(deliver)) if receipt::read(deliver).is_none()));
    }

    #[test]
    fn whatever_a_request_holds_it_can_be_read_and_acknowledged() {
        let good = deliver(b"79000001242", b"id:A1B2 stat:DELIVRD", b"\x00\x1e\x00\x05A1B2\0\x04\x27\x00\x01\x02");
        let mut rng = StdRng::seed_from_u64(1);
        for _ in 0..20_000 {
            let mut body = good[HEAD..].to_vec();
            for _ in 0..rng.random_range(1..6) {
                let at = rng.random_range(0..body.len());
                body[at] = rng.random();
            }
            body.truncate(rng.random_range(0..=body.len()));
            let command = read(&pdu(DELIVER_SM, &body));
            assert_eq!(command.sequence_number(), 7);
            match command.pdu() {
                Some(Pdu::DeliverSm(deliver)) => drop(receipt::read(deliver)),
                other => assert!(other.is_none() && command.id() == CommandId::DeliverSm, "{body:?}"),
            }
        }
    }

    #[test]
    fn an_answer_whose_id_does_not_end_is_an_answer() {
        let command = read(&pdu(SUBMIT_SM_RESP, b"A1B2"));
        assert!(matches!(command.pdu(), Some(Pdu::SubmitSmResp(answer)) if answer.message_id().as_str() == "A1B2"));
    }

    #[tokio::test]
    async fn pdus_come_out_whole_however_they_arrive() {
        let slip = deliver(b"79000001242", b"", b"\x00\x1e\x00\x02A1\x04\x27\x00\x01\x02");
        let good = deliver(b"79000001242", b"id:7 stat:DELIVRD", b"");
        let (mut centre, ours) = tokio::io::duplex(3);
        let both = [slip.clone(), good.clone()].concat();
        let writes = tokio::spawn(async move { centre.write_all(&both).await });
        let mut out = Vec::new();
        PduStream::new(ours).read_to_end(&mut out).await.unwrap();
        writes.await.unwrap().unwrap();
        assert_eq!(out, [mended(&slip), good].concat());
    }
}
