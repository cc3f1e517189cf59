//! SMS over SMPP 3.4: one bound connection, kept alive, made anew when it breaks.

use std::{str::FromStr, time::Duration};

use futures_util::{Stream, StreamExt};
use rusmpp::{
    Command, CommandStatus, Pdu,
    pdus::{BindTransceiver, DeliverSm, DeliverSmResp, SubmitSm},
    tlvs::TlvValue,
    types::{COctetString, OctetString},
    values::{DataCoding, InterfaceVersion, MessageState, MessageType, Npi, RegisteredDelivery, Ton},
};
use rusmppc::{Client, ConnectionBuilder, Event, error::Error};

use mostik_wire::Delivery;

use crate::{
    app::App,
    outbox::{self, Claimed},
};

/// How often the outbox is looked at without a call: other nodes write into it too, and pauses end.
const LOOK: Duration = Duration::from_millis(250);
/// The pause after a connection that could not be made.
const RECONNECT: Duration = Duration::from_secs(2);
/// How long a connection and its bind may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Why a message was not taken.
enum NotTaken {
    /// The provider does not answer: it is tried again.
    Later,
    /// The provider will not take it at any time.
    Never,
}

/// Sends what the outbox holds until the service ends.
pub async fn run(app: App) {
    let mut stopping = app.stopping.clone();
    let mut client: Option<Client> = None;
    let mut next_attempt = tokio::time::Instant::now();
    while !*stopping.borrow() {
        if client.as_ref().is_none_or(Client::is_closed) && tokio::time::Instant::now() >= next_attempt {
            let attempt = tokio::time::timeout(CONNECT, connect(&app));
            client = tokio::select! {
                attempt = attempt => match attempt {
                    Ok(Ok(fresh)) => Some(fresh),
                    Ok(Err(error)) => {
                        tracing::warn!(%error, "the SMS centre cannot be reached");
                        None
                    }
                    Err(_) => {
                        tracing::warn!("the SMS centre does not answer");
                        None
                    }
                },
                _ = stopping.changed() => None,
            };
            next_attempt = tokio::time::Instant::now() + RECONNECT;
        }
        match client.as_ref().filter(|c| !c.is_closed()) {
            Some(client) => send_due(&app, client).await,
            None => {
                if let Err(refusal) = outbox::held_up(&app, "sms").await {
                    tracing::warn!(code = ?refusal.code(), "the outbox cannot be read");
                }
            }
        }
        tokio::select! {
            () = app.sms_wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
    if let Some(client) = client {
        // A polite goodbye, if the other side still listens.
        drop(tokio::time::timeout(Duration::from_secs(1), client.unbind()).await);
        drop(client.close().await);
    }
}

async fn connect(app: &App) -> Result<Client, Error> {
    let sms = &app.config.sms;
    let (client, events) = ConnectionBuilder::new()
        .enquire_link_interval(Duration::from_secs(20))
        .enquire_link_response_timeout(Duration::from_secs(5))
        .response_timeout(Duration::from_secs(10))
        // The crate speaks 5.0 by itself; SMS centres here speak 3.4, and of 5.0 we use nothing.
        .disable_interface_version_check()
        .connect(&sms.smpp)
        .await?;
    let bind = BindTransceiver::builder()
        .system_id(text_field(&sms.system_id))
        .password(text_field(&sms.password))
        .interface_version(InterfaceVersion::Smpp3_4)
        .build();
    tokio::spawn(listen(app.clone(), client.clone(), events));
    client.bind_transceiver(bind).await?;
    tracing::info!("bound to the SMS centre");
    Ok(client)
}

// A setting that does not fit its field is empty: the centre then refuses the bind, and the log says so.
fn text_field<const N: usize>(text: &str) -> COctetString<1, N> {
    COctetString::from_str(text).unwrap_or_else(|_| COctetString::empty())
}

async fn send_due(app: &App, client: &Client) {
    while !client.is_closed() {
        let message = match outbox::claim(app, "sms").await {
            Ok(Some(message)) => message,
            Ok(None) => return,
            Err(refusal) => {
                tracing::warn!(code = ?refusal.code(), "the outbox cannot be read");
                return;
            }
        };
        let noted = match submit(app, client, &message).await {
            Ok(provider_id) => outbox::handed_over(app, &message, Some(&provider_id)).await,
            Err(NotTaken::Later) => outbox::postponed(app, &message).await,
            Err(NotTaken::Never) => outbox::refused(app, &message, Delivery::Failed).await,
        };
        if let Err(refusal) = noted {
            tracing::warn!(code = ?refusal.code(), "an SMS's fate was not noted; its lease brings it back");
        }
    }
}

async fn submit(app: &App, client: &Client, message: &Claimed) -> Result<String, NotTaken> {
    let ucs2: Vec<u8> = message.payload.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let Ok(short_message) = OctetString::from_vec(ucs2) else {
        tracing::error!("an SMS is too long for one part");
        return Err(NotTaken::Never);
    };
    let source = &app.config.sms.source;
    let digits = source.bytes().all(|b| b.is_ascii_digit());
    let submit = SubmitSm::builder()
        .source_addr_ton(if digits { Ton::International } else { Ton::Alphanumeric })
        .source_addr_npi(if digits { Npi::Isdn } else { Npi::Unknown })
        .source_addr(text_field(source))
        .dest_addr_ton(Ton::International)
        .dest_addr_npi(Npi::Isdn)
        .destination_addr(text_field(&message.recipient))
        .registered_delivery(RegisteredDelivery::request_all())
        .data_coding(DataCoding::Ucs2)
        .short_message(short_message)
        .build();
    match client.submit_sm(submit).await {
        Ok(answer) => Ok(answer.message_id().to_string()),
        Err(Error::UnexpectedResponse { response }) => {
            let status = response.status();
            tracing::warn!(?status, "the SMS centre did not take a message");
            Err(if passes(status) { NotTaken::Later } else { NotTaken::Never })
        }
        Err(error) => {
            tracing::warn!(%error, "the SMS centre did not answer");
            Err(NotTaken::Later)
        }
    }
}

// Faults of the moment, and those of our own account that the operator will mend: not the message's fault.
fn passes(status: CommandStatus) -> bool {
    matches!(
        status,
        CommandStatus::EsmeRsyserr
            | CommandStatus::EsmeRmsgqful
            | CommandStatus::EsmeRthrottled
            | CommandStatus::EsmeRinvbndsts
            | CommandStatus::EsmeRxTAppn
    )
}

async fn listen(app: App, client: Client, mut events: impl Stream<Item = Event> + Unpin) {
    while let Some(event) = events.next().await {
        match event {
            Event::Incoming(command) => incoming(&app, &client, &command).await,
            Event::Error(error) => tracing::warn!(%error, "the connection to the SMS centre"),
        }
    }
}

async fn incoming(app: &App, client: &Client, command: &Command) {
    let Some(Pdu::DeliverSm(deliver)) = command.pdu() else { return };
    if let Some((id, delivered)) = receipt(deliver)
        && let Err(refusal) = outbox::receipt(app, &id, delivered).await
    {
        // Without our answer the centre sends the receipt again.
        tracing::warn!(code = ?refusal.code(), "a delivery receipt was not noted");
        return;
    }
    if let Err(error) = client.deliver_sm_resp(command.sequence_number(), DeliverSmResp::default()).await {
        tracing::warn!(%error, "a receipt was not acknowledged");
    }
}

// The message's id and whether it reached the phone; `None`: not a final receipt.
fn receipt(deliver: &DeliverSm) -> Option<(String, bool)> {
    if deliver.esm_class.message_type != MessageType::ShortMessageContainsMCDeliveryReceipt {
        return None;
    }
    let (mut id, mut state) = (None, None);
    for tlv in deliver.tlvs() {
        match tlv.value() {
            Some(TlvValue::ReceiptedMessageId(value)) => id = Some(value.to_string()),
            Some(TlvValue::MessageState(value)) => state = final_state(*value),
            _ => {}
        }
    }
    let text = String::from_utf8_lossy(deliver.short_message().as_ref()).into_owned();
    let field = |name: &str| text.split(' ').find_map(|part| part.strip_prefix(name)).map(str::to_owned);
    let id = id.or_else(|| field("id:"))?;
    let state = state.or_else(|| match field("stat:")?.as_str() {
        "DELIVRD" => Some(true),
        "EXPIRED" | "DELETED" | "UNDELIV" | "REJECTD" => Some(false),
        _ => None,
    })?;
    Some((id, state))
}

fn final_state(state: MessageState) -> Option<bool> {
    match state {
        MessageState::Delivered => Some(true),
        MessageState::Expired | MessageState::Deleted | MessageState::Undeliverable | MessageState::Rejected => {
            Some(false)
        }
        _ => None,
    }
}
