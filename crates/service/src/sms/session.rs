//! A bound session: messages out, answers and receipts in.

use std::{collections::HashMap, time::Duration};

use futures_util::{Stream, StreamExt};
use mostik_store::outbox::Kind;
use rusmpp::{Command, CommandId, CommandStatus, Pdu, pdus::DeliverSmResp};
use rusmppc::{Client, Event};
use tokio::time::Instant;
use tracing::Span;

use super::{
    account::account_changed,
    delivery,
    order::{order, rest, share},
    receipt,
    status::{Meaning, Retry},
    submit::submit,
};
use crate::{
    app::App,
    config::CentreConfig,
    metrics::{CallOutcome, Provider},
    outbox::{Claimed, LOOK, pause_after},
    traces,
};

/// How long a message waits for its answer before it is shown as late. The answer is taken even then.
const ANSWER: Duration = Duration::from_secs(10);
/// How long the end of the service waits for answers.
const FAREWELL: Duration = Duration::from_secs(3);

/// A message that the centre has not answered yet.
struct UnderWay {
    message: Claimed,
    late_at: Instant,
    late: bool,
    /// Until its answer; `call` lies in `delivery`.
    call: Span,
    _delivery: Span,
}

struct Session<'a> {
    app: &'a App,
    at: usize,
    centre: &'a CentreConfig,
    client: Client,
    /// By sequence number.
    under_way: HashMap<u32, UnderWay>,
}

/// What follows an event.
#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    End,
}

/// Runs until the connection ends or the service does.
pub(super) async fn run(
    app: &App,
    at: usize,
    centre: &CentreConfig,
    client: Client,
    mut events: impl Stream<Item = Event> + Unpin,
) {
    let mut stopping = app.stopping.clone();
    let mut settings = app.present.changes();
    let mut session = Session { app, at, centre, client, under_way: HashMap::new() };
    while !*stopping.borrow() {
        if session.send_due().await == Next::End {
            break;
        }
        let next = tokio::select! {
            event = events.next() => session.hear(event).await,
            () = app.sms.woken(at) => Next::GoOn,
            () = tokio::time::sleep(LOOK) => Next::GoOn,
            () = account_changed(&mut settings, at, centre) => {
                tracing::info!(centre = centre.name, "the account has changed: the session is made anew");
                Next::End
            }
            _ = stopping.changed() => Next::GoOn,
        };
        if next == Next::End {
            break;
        }
        session.look_for_late().await;
    }
    // What comes before the end is still taken, and what was given out is still answered.
    let rest =
        async { while !session.under_way.is_empty() && session.hear(events.next().await).await == Next::GoOn {} };
    drop(tokio::time::timeout(FAREWELL, rest).await);
    session.end().await;
}

impl Session<'_> {
    async fn send_due(&mut self) -> Next {
        while self.under_way.len() < self.centre.window as usize {
            let message = match self.next_message().await {
                Ok(Some(message)) => message,
                Ok(None) => break,
                Err(refusal) => {
                    tracing::warn!(code = ?refusal.code(), "the outbox cannot be read");
                    break;
                }
            };
            let pdu = submit(self.centre, &message, self.app.now());
            // Comes back when the octets are on their way: an error says that they are not.
            match self.client.no_wait().submit_sm(pdu).await {
                Ok(sequence) => {
                    let late_at = Instant::now() + ANSWER;
                    let delivery = traces::delivery(Kind::Sms);
                    let call = delivery.in_scope(|| traces::call(Provider::Sms));
                    self.under_way
                        .insert(sequence, UnderWay { message, late_at, late: false, call, _delivery: delivery });
                }
                Err(error) => {
                    tracing::warn!(centre = self.centre.name, %error, "the SMS centre has gone");
                    note(delivery::not_given(self.app, &message, &self.centre.name).await);
                    return Next::End;
                }
            }
        }
        Next::GoOn
    }

    async fn next_message(&self) -> Result<Option<Claimed>, crate::refusal::Refusal> {
        match share(self.app, self.at).await? {
            Some(share) => delivery::take(self.app, &self.centre.name, share).await,
            None => Ok(None),
        }
    }

    async fn hear(&mut self, event: Option<Event>) -> Next {
        match event {
            Some(Event::Incoming(command)) => self.incoming(command).await,
            Some(Event::Error(error)) => {
                tracing::warn!(centre = self.centre.name, %error, "the connection to the SMS centre");
                Next::GoOn
            }
            None => Next::End,
        }
    }

    async fn incoming(&mut self, command: Command) -> Next {
        let sequence = command.sequence_number();
        match (command.id(), command.pdu()) {
            (CommandId::SubmitSmResp, pdu) => {
                let provider_id = match pdu {
                    Some(Pdu::SubmitSmResp(answer)) => answer.message_id().to_string(),
                    _ => String::new(),
                };
                return self.answered(sequence, command.status(), &provider_id).await;
            }
            // A yes is never said so, whatever its status.
            (CommandId::GenericNack, _) => {
                let status = match command.status() {
                    CommandStatus::EsmeRok => CommandStatus::EsmeRunknownerr,
                    status => status,
                };
                return self.answered(sequence, status, "").await;
            }
            (CommandId::DeliverSm, pdu) => {
                let receipt = if let Some(Pdu::DeliverSm(deliver)) = pdu { receipt::read(deliver) } else { None };
                let noted = match receipt {
                    Some(receipt) => delivery::receipt(self.app, self.centre, &receipt).await,
                    // From a person, about a message that is still on its way, or empty.
                    None => Ok(()),
                };
                let status = match noted {
                    Ok(()) => CommandStatus::EsmeRok,
                    Err(refusal) => {
                        tracing::warn!(code = ?refusal.code(), "a delivery receipt was not noted");
                        // The centre brings it again.
                        CommandStatus::EsmeRxTAppn
                    }
                };
                let answer = self.client.status(status).deliver_sm_resp(sequence, DeliverSmResp::default()).await;
                if let Err(error) = answer {
                    tracing::warn!(centre = self.centre.name, %error, "a receipt was not acknowledged");
                }
            }
            (CommandId::Unbind, _) => {
                tracing::warn!(centre = self.centre.name, "the SMS centre ends the session");
                drop(self.client.unbind_resp(sequence).await);
                return Next::End;
            }
            // Neither wants an answer (SMPP 3.4, 4.12.1 and 4.1.7).
            (CommandId::AlertNotification | CommandId::Outbind, _) => {}
            (id, _) if id.is_response() => {}
            (id, _) => {
                tracing::debug!(centre = self.centre.name, ?id, "the SMS centre asks for what is not offered");
                drop(self.client.status(CommandStatus::EsmeRinvcmdid).generic_nack(sequence).await);
            }
        }
        Next::GoOn
    }

    async fn answered(&mut self, sequence: u32, status: CommandStatus, provider_id: &str) -> Next {
        let Some(UnderWay { message, call, .. }) = self.under_way.remove(&sequence) else { return Next::GoOn };
        let (app, centre) = (self.app, self.centre);
        if status == CommandStatus::EsmeRok {
            app.sms.took(self.at);
            app.metrics.called(Provider::Sms, CallOutcome::Ok);
            traces::called(&call, CallOutcome::Ok);
            note(delivery::accepted(app, centre, &message, provider_id).await);
            return Next::GoOn;
        }
        let meaning = Meaning::of(status);
        app.metrics.called(Provider::Sms, meaning.outcome());
        traces::called(&call, meaning.outcome());
        let code = format!("{:#x}", u32::from(status));
        if meaning == Meaning::Account {
            tracing::error!(
                centre = centre.name,
                ?status,
                code,
                "the SMS centre refuses this account's messages: ask its operator"
            );
        } else {
            tracing::warn!(centre = centre.name, ?status, code, "the SMS centre did not take a message");
        }
        if meaning.rests() {
            rest(app, self.at);
        }
        // To another centre at once, as long as there is one that has not had it.
        let others = order(app).await.ok().flatten().unwrap_or_default();
        let others = others.iter().filter(|other| **other != self.at).count();
        let at_once =
            meaning.retry() != Retry::AFewTimes && i64::try_from(others).is_ok_and(|others| message.attempts <= others);
        let pause = if at_once { 0 } else { pause_after(app, message.attempts) };
        let no = delivery::No { centre: &centre.name, retry: meaning.retry(), status: &code };
        note(delivery::note_refused(app, &message, &no, pause).await);
        if meaning == Meaning::Session { Next::End } else { Next::GoOn }
    }

    async fn look_for_late(&mut self) {
        let now = Instant::now();
        let mut any = false;
        for under_way in self.under_way.values_mut().filter(|one| !one.late && one.late_at <= now) {
            under_way.late = true;
            any = true;
            self.app.metrics.called(Provider::Sms, CallOutcome::Failed);
            traces::called(&under_way.call, CallOutcome::Failed);
            note(delivery::unanswered(self.app, &under_way.message, &self.centre.name).await);
        }
        if any {
            tracing::warn!(centre = self.centre.name, "the SMS centre does not answer");
            rest(self.app, self.at);
        }
    }

    async fn end(self) {
        for under_way in self.under_way.into_values().filter(|one| !one.late) {
            tracing::warn!(centre = self.centre.name, "the SMS centre went with a message that it had not answered");
            note(delivery::unanswered(self.app, &under_way.message, &self.centre.name).await);
        }
        if !self.client.is_closed() {
            // A polite goodbye, if the other side still listens.
            drop(tokio::time::timeout(Duration::from_secs(1), self.client.unbind()).await);
            drop(self.client.close().await);
        }
    }
}

fn note(noted: Result<(), crate::refusal::Refusal>) {
    if let Err(refusal) = noted {
        tracing::warn!(code = ?refusal.code(), "an SMS's fate was not noted");
    }
}
