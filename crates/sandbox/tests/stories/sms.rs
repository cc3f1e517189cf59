use std::time::Duration;

use futures_util::StreamExt as _;
use mostik_sandbox::Clock;
use rusmpp::extra::concatenation::SubmitSmMultipartExt as _;
use rusmpp::pdus::{BindTransceiver, DeliverSmResp, SubmitSm};
use rusmpp::tlvs::MessageSubmissionRequestTlvValue as Tlv;
use rusmpp::types::{AnyOctetString, OctetString};
use rusmpp::values::{DataCoding, MCDeliveryReceipt, MessagePayload, RegisteredDelivery};
use rusmpp::{CommandStatus, Pdu};
use rusmppc::error::Error;
use rusmppc::{Client, ConnectionBuilder, Event};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::Stand;

impl Stand {
    /// A client that is not bound yet, and the receipts it gets.
    async fn connect(&self) -> (Client, mpsc::UnboundedReceiver<String>) {
        let address = format!("smpp://{}", self.sandbox.get("smpp"));
        let builder = ConnectionBuilder::new().response_timeout(Duration::from_secs(5));
        let (client, mut events) = builder.connect(address).await.expect("a connection");
        let (inlet, receipts) = mpsc::unbounded_channel();
        let answering = client.clone();
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                let Event::Incoming(command) = event else { continue };
                if let Some(Pdu::DeliverSm(receipt)) = command.pdu() {
                    let text = String::from_utf8_lossy(receipt.short_message()).into_owned();
                    answering.deliver_sm_resp(command.sequence_number(), DeliverSmResp::default()).await.ok();
                    inlet.send(text).ok();
                }
            }
        });
        (client, receipts)
    }

    async fn bind(&self, client: &Client, system_id: &str, password: &str) -> Result<(), Error> {
        let bind = BindTransceiver::builder()
            .system_id(system_id.parse().expect("short"))
            .password(password.parse().expect("short"))
            .build();
        client.bind_transceiver(bind).await.map(|_| ())
    }

    async fn bound(&self) -> (Client, mpsc::UnboundedReceiver<String>) {
        let (client, receipts) = self.connect().await;
        let (system_id, password) =
            (self.sandbox.get("smpp_account/system_id"), self.sandbox.get("smpp_account/password"));
        self.bind(&client, system_id, password).await.expect("the account of the ready line");
        (client, receipts)
    }
}

fn sms(text: &str) -> SubmitSm {
    let octets: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    SubmitSm::builder()
        .source_addr("Mostik".parse().expect("short"))
        .destination_addr("79000001242".parse().expect("short"))
        .data_coding(DataCoding::Ucs2)
        .registered_delivery(RegisteredDelivery::from(u8::from(
            MCDeliveryReceipt::McDeliveryReceiptRequestedWhereFinalDeliveryOutcomeIsSuccessOrFailure,
        )))
        .short_message(OctetString::from_vec(octets).expect("short"))
        .build()
}

fn payload(text: &str) -> Tlv {
    let octets: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    Tlv::MessagePayload(MessagePayload::new(AnyOctetString::from_vec(octets)))
}

fn status<T: std::fmt::Debug>(answer: Result<T, Error>) -> CommandStatus {
    match answer.expect_err("a refusal") {
        Error::UnexpectedResponse { response } => response.status(),
        other => panic!("no answer of the centre: {other}"),
    }
}

#[tokio::test]
async fn strangers_are_not_bound_and_may_not_send() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.connect().await;
    assert_eq!(status(client.submit_sm(sms("рано")).await), CommandStatus::EsmeRinvbndsts);
    assert_eq!(status(stand.bind(&client, "stranger", "planks22").await), CommandStatus::EsmeRinvsysid);
    assert_eq!(status(stand.bind(&client, "mostik", "wrong").await), CommandStatus::EsmeRinvpaswd);
}

#[tokio::test]
async fn what_is_no_smpp_ends_the_session() {
    let stand = Stand::start().await;
    for garbage in [&b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"[..], &[0xFF; 64], &[0; 16]] {
        let mut stream = TcpStream::connect(stand.sandbox.get("smpp")).await.expect("a connection");
        stream.write_all(garbage).await.expect("written");
        let mut answer = Vec::new();
        // A reset is as good an end as a close.
        stream.read_to_end(&mut answer).await.ok();
        assert!(answer.len() <= 16, "a generic_nack at most");
    }
}

#[tokio::test]
async fn the_centre_refuses_when_told_to() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.bound().await;
    for (refusal, expected) in [
        ("throttled", CommandStatus::EsmeRthrottled),
        ("syserr", CommandStatus::EsmeRsyserr),
        ("invalid_number", CommandStatus::EsmeRinvdstadr),
    ] {
        stand.faults(json!({ "sms": { "refuse": refusal } })).await;
        assert_eq!(status(client.submit_sm(sms("код 111222")).await), expected);
    }
}

#[tokio::test]
async fn a_centre_that_takes_one_session_refuses_the_second_until_the_first_is_gone() {
    let stand = Stand::start().await;
    stand.faults(json!({ "sms": { "one_session": true } })).await;
    let account = (stand.sandbox.get("smpp_account/system_id"), stand.sandbox.get("smpp_account/password"));
    let (first, _) = stand.bound().await;
    let (second, _) = stand.connect().await;
    assert_eq!(status(stand.bind(&second, account.0, account.1).await), CommandStatus::EsmeRalybnd);
    assert_eq!(status(second.submit_sm(sms("Код")).await), CommandStatus::EsmeRinvbndsts);
    first.unbind().await.expect("an answer");
    stand.bind(&second, account.0, account.1).await.expect("there is no other session");
    second.submit_sm(sms("Код")).await.expect("it is bound now");
}

#[tokio::test]
async fn a_centre_that_is_switched_off_hangs_up() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.bound().await;
    stand.faults(json!({ "sms": { "down": true } })).await;
    client.closed().await;
    let mut stream = TcpStream::connect(stand.sandbox.get("smpp")).await.expect("the port is there");
    assert_eq!(stream.read(&mut [0; 1]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_message_lost_on_purpose_never_arrives_and_the_next_one_does() {
    let stand = Stand::start().await;
    let (client, mut receipts) = stand.bound().await;
    stand.faults(json!({ "sms": { "lose_next": 1 } })).await;
    client.submit_sm(sms("код 111111")).await.expect("accepted all the same");
    client.submit_sm(sms("код 222222")).await.expect("accepted");
    let arrived = stand.ask("/api/sms/wait?to=79000001242&after=0").await;
    assert_eq!(arrived.as_array().map(Vec::len), Some(1));
    assert_eq!(arrived[0]["code"], "222222");
    assert!(receipts.recv().await.expect("a receipt").contains("stat:DELIVRD"));
}

#[tokio::test]
async fn an_sms_is_read_on_the_phone_and_its_sender_hears_of_it() {
    let stand = Stand::start().await;
    let (client, mut receipts) = stand.bound().await;
    let text = "Мостик: код 481920. Никому его не сообщайте.";
    let answer = client.submit_sm(sms(text)).await.expect("accepted");
    let arrived = stand.ask("/api/sms/wait?to=%2B79000001242&after=0").await;
    assert_eq!(
        (&arrived[0]["text"], &arrived[0]["code"], &arrived[0]["from"]),
        (&json!(text), &json!("481920"), &json!("Mostik"))
    );
    let receipt = receipts.recv().await.expect("a receipt");
    assert!(receipt.starts_with(&format!("id:{} ", answer.message_id())), "{receipt}");
    let log = stand.ask("/api/log").await.to_string();
    assert!(log.contains("submit_sm") && !log.contains("481920"), "codes stay out of the log");
}

#[tokio::test]
async fn a_long_message_comes_together() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.bound().await;
    let text = "Длинное сообщение о том, как строят мост: доска за доской. ".repeat(6);
    let parts = sms("")
        .multipart(&text)
        .reference_u16(7)
        .encoder(rusmpp::extra::encoding::ucs2::Ucs2::new())
        .build()
        .expect("parts");
    assert!(parts.len() > 3);
    for part in parts {
        client.submit_sm(part).await.expect("accepted");
    }
    let arrived = stand.ask("/api/sms/wait?to=79000001242&after=0").await;
    assert_eq!(arrived[0]["text"], json!(text));
}

#[tokio::test]
async fn a_text_that_is_no_text_in_its_alphabet_is_refused() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.bound().await;
    for (coding, octets) in
        [(DataCoding::Ucs2, &[0x04][..]), (DataCoding::McSpecific, &[0x1B]), (DataCoding::OctetUnspecified2, b"x")]
    {
        let mut wrong = sms("");
        wrong.data_coding = coding;
        wrong.set_short_message(OctetString::from_vec(octets.to_vec()).expect("short"));
        assert_eq!(status(client.submit_sm(wrong).await), CommandStatus::EsmeRinvdcs, "{coding:?}");
    }
    assert_eq!(status(client.submit_sm(sms("")).await), CommandStatus::EsmeRinvmsglen);
}

#[tokio::test]
async fn a_text_in_two_places_at_once_is_refused() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.bound().await;
    let mut both = sms("код 111111");
    both.push_tlv(payload("код 222222"));
    assert_eq!(status(client.submit_sm(both).await), CommandStatus::EsmeRinvmsglen);
}

#[tokio::test]
async fn a_late_sms_is_accepted_at_once_and_read_later() {
    let stand = Stand::start().await;
    let (client, mut receipts) = stand.bound().await;
    stand.faults(json!({ "sms": { "delay_ms": 300 } })).await;
    let sent_at = Clock::system().now();
    client.submit_sm(sms("код 111111")).await.expect("accepted");
    let arrived = stand.ask("/api/sms/wait?after=0").await;
    assert!(arrived[0]["received_at"].as_i64().is_some_and(|at| at >= sent_at + 300), "{arrived}");
    assert!(receipts.recv().await.expect("a receipt").contains("stat:DELIVRD"));
}

#[tokio::test]
async fn what_is_late_beyond_its_time_is_not_delivered_and_the_receipt_says_so() {
    let stand = Stand::start().await;
    let (client, mut receipts) = stand.bound().await;
    let mut nonsense = sms("код 481920");
    nonsense.validity_period = "000000000000000?".parse().expect("16 signs");
    assert_eq!(status(client.submit_sm(nonsense).await), CommandStatus::EsmeRinvexpiry);
    stand.faults(json!({ "sms": { "delay_ms": 300 } })).await;
    let mut late = sms("код 481920");
    late.validity_period = "000000000000000R".parse().expect("16 signs");
    client.submit_sm(late).await.expect("taken");
    let receipt = receipts.recv().await.expect("a receipt");
    assert!(receipt.contains("stat:EXPIRED") && receipt.contains("dlvrd:000"), "{receipt}");
    assert_eq!(stand.ask("/api/sms?to=79000001242").await, json!([]));
}

#[tokio::test]
async fn a_latin_text_comes_in_seven_bits() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.bound().await;
    let mut latin = sms("");
    latin.data_coding = DataCoding::McSpecific;
    latin.set_short_message(
        OctetString::from_vec(b"Mostik: code 481920 \x1b\x3c\x1b\x65\x1b\x3e \x00".to_vec()).expect("short"),
    );
    client.submit_sm(latin).await.expect("accepted");
    let arrived = stand.ask("/api/sms/wait?to=79000001242&after=0").await;
    assert_eq!((&arrived[0]["text"], &arrived[0]["code"]), (&json!("Mostik: code 481920 [€] @"), &json!("481920")));
}

#[tokio::test]
async fn a_text_may_come_as_a_payload() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.bound().await;
    let text = "Длинное сообщение о том, как строят мост: доска за доской. ".repeat(20);
    let mut long = sms("");
    long.push_tlv(payload(&text));
    client.submit_sm(long).await.expect("accepted");
    assert_eq!(stand.ask("/api/sms/wait?to=79000001242&after=0").await[0]["text"], json!(text));
}

#[tokio::test]
async fn parts_told_by_tlvs_come_together_in_any_order() {
    let stand = Stand::start().await;
    let (client, _receipts) = stand.bound().await;
    for (number, words) in [(2, "доска за доской"), (3, "."), (1, "Мост строят: ")] {
        assert_eq!(stand.ask("/api/sms").await, json!([]), "nothing is shown before the last part");
        let mut part = sms(words);
        part.push_tlv(Tlv::SarMsgRefNum(7));
        part.push_tlv(Tlv::SarTotalSegments(3));
        part.push_tlv(Tlv::SarSegmentSeqnum(number));
        client.submit_sm(part).await.expect("accepted");
    }
    assert_eq!(stand.ask("/api/sms/wait?after=0").await[0]["text"], "Мост строят: доска за доской.");
}
