//! One SMPP session: bind, submit, receipts, and every way it can go wrong.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt as _};
use rusmpp::pdus::{BindReceiverResp, BindTransceiverResp, BindTransmitterResp, SubmitSm, SubmitSmResp};
use rusmpp::tlvs::TlvValue;
use rusmpp::tokio_codec::{CommandCodec, DecodeError};
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{InterfaceVersion, MessagePayload};
use rusmpp::{Command, CommandId, CommandStatus, Pdu};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_util::codec::Framed;

use super::receipt::{Receipt, excerpt};
use super::receivers::{OutgoingMessage, Receivers, dispatch};
use super::text::{Part, PartialMessages, decode, split_header};
use super::validity;
use crate::code::digits;
use crate::faults::Refusal;
use crate::journal::{Direction, Protocol, spoken_phone};
use crate::secrets::accepts;
use crate::shared::Shared;

/// A message_payload may fill 64 KiB; nothing honest is longer.
const LONGEST_PDU: usize = 66 * 1024;
/// Who connects binds at once.
const BIND_PATIENCE: Duration = Duration::from_secs(30);

/// What a session may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    No,
    Transmitter,
    Receiver,
    Transceiver,
}

struct Session {
    id: u64,
    shared: Arc<Shared>,
    receivers: Arc<Receivers>,
    inlet: mpsc::UnboundedSender<Receipt>,
    bound: Bound,
    partial: PartialMessages<Option<Receipt>>,
}

/// Goes on, or ends after the answer is sent.
enum Next {
    Answer(Command),
    Close(Command),
    Nothing,
}

/// Runs a session until either side ends it.
pub(super) async fn run(stream: TcpStream, shared: Arc<Shared>, receivers: Arc<Receivers>) {
    let mut framed = Framed::new(stream, CommandCodec::new().with_max_length(LONGEST_PDU));
    let (inlet, mut receipts) = mpsc::unbounded_channel::<Receipt>();
    let mut session = Session {
        id: u64::MAX,
        shared: Arc::clone(&shared),
        receivers: Arc::clone(&receivers),
        inlet,
        bound: Bound::No,
        partial: PartialMessages::new(),
    };
    let mut own_sequence = 0_u32;
    let bind_deadline = tokio::time::sleep(BIND_PATIENCE);
    tokio::pin!(bind_deadline);
    loop {
        tokio::select! {
            incoming = framed.next() => {
                let next = match incoming {
                    None => break,
                    Some(Ok(command)) => session.answer(&command),
                    Some(Err(error)) => session.garbage(&error),
                };
                match next {
                    Next::Nothing => {}
                    Next::Answer(command) => if framed.send(command).await.is_err() { break },
                    Next::Close(command) => {
                        // Whoever reads the answer may bind at once.
                        receivers.leave(session.id);
                        framed.send(command).await.ok();
                        break;
                    }
                }
            }
            Some(receipt) = receipts.recv() => {
                own_sequence = own_sequence % 0x7FFF_FFFF + 1;
                let command = Command::new(CommandStatus::EsmeRok, own_sequence, receipt.pdu());
                if framed.send(command).await.is_err() { break }
                let line = format!("deliver_sm: отчёт о доставке на {}", spoken_phone(&receipt.to));
                shared.log(Protocol::Smpp, Direction::Out, line);
            }
            () = switched_off(&shared) => {
                shared.log(Protocol::Smpp, Direction::Out, "соединение сброшено: центр выключен");
                break;
            }
            () = &mut bind_deadline, if session.bound == Bound::No => break,
            () = shared.stopped() => break,
        }
    }
    receivers.leave(session.id);
    // The peer may be gone already.
    SinkExt::<Command>::close(&mut framed).await.ok();
}

/// Comes back once the centre is down.
async fn switched_off(shared: &Shared) {
    let forever = Duration::from_secs(u64::from(u32::MAX));
    shared.wait_for(forever, |shared| shared.faults().sms.down.then_some(())).await;
}

impl Session {
    fn answer(&mut self, command: &Command) -> Next {
        let sequence = command.sequence_number();
        let say = |status, pdu: Pdu| Next::Answer(Command::new(status, sequence, pdu));
        match command.pdu() {
            Some(Pdu::BindTransmitter(bind)) => {
                let status = self.bind(Bound::Transmitter, &bind.system_id, &bind.password);
                say(status, BindTransmitterResp::new(centre(), Some(InterfaceVersion::Smpp3_4)).into())
            }
            Some(Pdu::BindReceiver(bind)) => {
                let status = self.bind(Bound::Receiver, &bind.system_id, &bind.password);
                say(status, BindReceiverResp::new(centre(), Some(InterfaceVersion::Smpp3_4)).into())
            }
            Some(Pdu::BindTransceiver(bind)) => {
                let status = self.bind(Bound::Transceiver, &bind.system_id, &bind.password);
                say(status, BindTransceiverResp::new(centre(), Some(InterfaceVersion::Smpp3_4)).into())
            }
            Some(Pdu::EnquireLink) => say(CommandStatus::EsmeRok, Pdu::EnquireLinkResp),
            Some(Pdu::Unbind) => {
                self.log(Direction::In, "unbind");
                Next::Close(Command::new(CommandStatus::EsmeRok, sequence, Pdu::UnbindResp))
            }
            Some(Pdu::SubmitSm(submit)) => match self.submit(submit) {
                Ok(id) => {
                    let id = id.parse().unwrap_or_default();
                    say(CommandStatus::EsmeRok, SubmitSmResp::builder().message_id(id).build().into())
                }
                Err(status) => {
                    self.log(Direction::Out, &format!("submit_sm: отказ {status:?}"));
                    say(status, SubmitSmResp::default().into())
                }
            },
            // Answers to what we sent need no answer.
            _ if command.id().is_response() || command.id() == CommandId::GenericNack => Next::Nothing,
            _ => {
                self.log(Direction::In, &format!("{:?}: не поддерживается", command.id()));
                say(CommandStatus::EsmeRinvcmdid, Pdu::GenericNack)
            }
        }
    }

    /// After octets that are no PDU nothing can be trusted to begin where it should.
    fn garbage(&self, error: &DecodeError) -> Next {
        self.log(Direction::In, &format!("это не SMPP ({error}): соединение закрыто"));
        match error {
            DecodeError::Io(_) => Next::Close(Command::default()),
            _ => Next::Close(Command::new(CommandStatus::EsmeRinvcmdlen, 0, Pdu::GenericNack)),
        }
    }

    fn bind(&mut self, wanted: Bound, system_id: &COctetString<1, 16>, password: &COctetString<1, 9>) -> CommandStatus {
        let account = &self.shared.world.smpp_account;
        let status = if self.bound != Bound::No {
            CommandStatus::EsmeRalybnd
        } else if system_id.as_str() != account.system_id {
            CommandStatus::EsmeRinvsysid
        } else if !accepts(&self.shared.secrets().smpp_password, password.as_str()) {
            CommandStatus::EsmeRinvpaswd
        } else {
            let inlet = (wanted != Bound::Transmitter).then(|| self.inlet.clone());
            match self.receivers.join(inlet, self.shared.faults().sms.one_session) {
                Some(id) => {
                    (self.bound, self.id) = (wanted, id);
                    CommandStatus::EsmeRok
                }
                None => CommandStatus::EsmeRalybnd,
            }
        };
        self.log(Direction::In, &format!("bind {wanted:?}: {status:?}"));
        status
    }

    fn submit(&mut self, submit: &SubmitSm) -> Result<String, CommandStatus> {
        if !matches!(self.bound, Bound::Transmitter | Bound::Transceiver) {
            return Err(CommandStatus::EsmeRinvbndsts);
        }
        match self.shared.faults().sms.refuse {
            Some(Refusal::Throttled) => return Err(CommandStatus::EsmeRthrottled),
            Some(Refusal::Syserr) => return Err(CommandStatus::EsmeRsyserr),
            Some(Refusal::InvalidNumber) => return Err(CommandStatus::EsmeRinvdstadr),
            None => {}
        }
        let to = digits(submit.destination_addr.as_str());
        if !(10..=15).contains(&to.len()) || submit.destination_addr.as_str().trim_start_matches('+') != to {
            return Err(CommandStatus::EsmeRinvdstadr);
        }
        let now = self.shared.clock.now();
        let ends_at = validity::ends_at(&submit.validity_period.to_string(), now);
        let ends_at = ends_at.map_err(|()| CommandStatus::EsmeRinvexpiry)?;
        let from = submit.source_addr.as_str().to_owned();
        let coding = u8::from(submit.data_coding);
        let payload = submit.tlvs().iter().find_map(|tlv| match tlv.value() {
            Some(TlvValue::MessagePayload(MessagePayload { value })) => Some(value),
            _ => None,
        });
        let octets: &[u8] = match payload {
            Some(value) if submit.sm_length() == 0 => value.as_ref(),
            // Both at once is forbidden (SMPP 3.4, 5.3.2.32).
            Some(_) => return Err(CommandStatus::EsmeRinvmsglen),
            None => short(submit.short_message()),
        };
        let (part, octets) = if u8::from(submit.esm_class) & 0x40 == 0 {
            (sar_part(submit), octets)
        } else {
            split_header(octets).map_err(|()| CommandStatus::EsmeRinvmsglen)?
        };
        // A part may end in the middle of a surrogate pair, so parts are only decoded together.
        let whole = part.is_none_or(|part| part.total == 1);
        if octets.is_empty() || (whole && decode(coding, octets).is_none()) {
            return Err(if octets.is_empty() { CommandStatus::EsmeRinvmsglen } else { CommandStatus::EsmeRinvdcs });
        }

        let message_id = self.shared.random.hex::<6>();
        let receipt = (u8::from(submit.registered_delivery) & 0b01 != 0).then(|| Receipt {
            session: self.id,
            message_id: message_id.clone(),
            from: from.clone(),
            to: to.clone(),
            excerpt: String::new(),
            submitted_at: now,
            done_at: now,
            delivered: false,
        });
        let number = part.map_or_else(String::new, |part| format!(", часть {} из {}", part.number, part.total));
        self.log(Direction::In, &format!("submit_sm → {}{number}: принято", spoken_phone(&to)));
        let complete = match part {
            Some(part) => self.partial.add(&from, &to, part, octets, receipt),
            None => Some((octets.to_vec(), vec![receipt])),
        };
        if let Some((octets, receipts)) = complete {
            let text = decode(coding, &octets).ok_or(CommandStatus::EsmeRinvdcs)?;
            let excerpt = excerpt(&text);
            let receipts =
                receipts.into_iter().flatten().map(|receipt| Receipt { excerpt: excerpt.clone(), ..receipt });
            let message = OutgoingMessage { from, to, text, ends_at, receipts: receipts.collect() };
            dispatch(&self.shared, &self.receivers, message);
        }
        Ok(message_id)
    }

    fn log(&self, direction: Direction, line: &str) {
        self.shared.log(Protocol::Smpp, direction, line);
    }
}

fn centre() -> COctetString<1, 16> {
    COctetString::from_static_slice(b"sandbox\0").unwrap_or_default()
}

fn short(text: &OctetString<0, 255>) -> &[u8] {
    text.as_ref()
}

/// Concatenation told by TLVs in place of a header.
fn sar_part(submit: &SubmitSm) -> Option<Part> {
    let find = |pick: fn(&TlvValue) -> Option<u16>| submit.tlvs().iter().filter_map(|tlv| tlv.value()).find_map(pick);
    let reference = find(|value| if let TlvValue::SarMsgRefNum(reference) = value { Some(*reference) } else { None })?;
    let total =
        find(|value| if let TlvValue::SarTotalSegments(total) = value { Some(u16::from(*total)) } else { None })?;
    let number =
        find(|value| if let TlvValue::SarSegmentSeqnum(number) = value { Some(u16::from(*number)) } else { None })?;
    let part = Part { reference, total: u8::try_from(total).ok()?, number: u8::try_from(number).ok()? };
    (part.number > 0 && part.number <= part.total).then_some(part)
}
