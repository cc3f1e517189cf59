//! `mostik-service support message`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use super::{
    asked::{Asked, Failure, at, ended, word},
    find::question,
};
use crate::{
    dates,
    support::{
        message::{Answer, BudgetCard, EventCard, MessageCard, Outcome},
        operators::Right,
    },
};

/// Tell why a code did not arrive: the whole way of each message, with the providers' answers.
///
/// Of the newest 50 messages of 35 days to a number or an address, about a pupil, a profile or a linking, or of one message by its id:
/// when it was queued, to which SMS centre it was given, what that, the mail server or MAX has answered and what it means, its receipt,
/// whether it expired or was replaced, and whether its code was typed. Of a number or an address also what it has cost in 24 hours, and
/// whether another code would be sent now. What a message said is not kept. Takes the right `look`.
#[derive(clap::Args)]
pub(super) struct Message {
    #[command(flatten)]
    asked: Asked,
    /// A number, an address or an id; `-`: it is read from standard input, and stands in no list of processes
    #[arg(value_name = "WHO", allow_hyphen_values = true)]
    who: String,
}

impl Message {
    pub(super) async fn run(self) -> ExitCode {
        ended("message", self.message().await)
    }

    async fn message(&self) -> Result<(), Failure> {
        let question = question(&self.who)?;
        let desk = self.asked.desk("message", Right::Look).await?;
        let answer = desk.messages(&question).await;
        desk.store.close().await;
        self.asked.print(&answer?, in_words)
    }
}

fn in_words(out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
    if answer.messages.is_empty() {
        writeln!(out, "no message of the last 35 days is known by that")?;
    }
    answer.messages.iter().try_for_each(|card| message(out, card))?;
    answer.budgets.iter().try_for_each(|card| budget(out, card))
}

fn message(out: &mut dyn Write, card: &MessageCard) -> io::Result<()> {
    let about = match (&card.linking, card.code_number) {
        (Some(linking), Some(number)) => format!(" with code {number} of linking {linking}"),
        _ => String::new(),
    };
    writeln!(out, "{} {}{about}: {}", card.kind, card.id, end(card.outcome))?;
    writeln!(
        out,
        "  {} queued, for until {}",
        dates::to_the_second(card.queued_at),
        dates::to_the_second(card.expires_at)
    )?;
    card.events.iter().try_for_each(|event| happened(out, event))
}

const fn end(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Waiting => "it waits to be sent",
        Outcome::WithCentre => "the SMS centre has it, and no receipt has come",
        Outcome::HandedOver => "it was handed over",
        Outcome::Delivered => "it arrived",
        Outcome::Failed => "it did not arrive",
        Outcome::Expired => "its time was over before it could arrive",
        Outcome::Dropped => "it was not sent: it was not needed any more",
    }
}

fn happened(out: &mut dyn Write, card: &EventCard) -> io::Result<()> {
    let what = match card.event {
        "given" => "given to",
        "not_given" => "the connection broke before it was given to",
        "taken" => "taken by",
        "refused" => "refused by",
        "unanswered" => "no answer from",
        "unreachable" => "nobody to send it could be reached",
        "delivered" => "a receipt: it is on the phone, says",
        "undelivered" => "a receipt: not delivered, says",
        "outlived" => "a receipt: its time was over, says",
        "handed_over" => "handed over",
        "put_off" => "not taken, to be tried again",
        "given_up" => "given up",
        "expired" => "its time was over",
        "dropped" => "not needed any more",
        "proven" => "its code was typed",
        "mistyped" => "another code was typed",
        "not_sent" => "another code was asked for and refused",
        other => other,
    };
    write!(out, "  {} {what}", dates::to_the_second(card.at))?;
    if let Some(centre) = &card.centre {
        write!(out, " {centre}")?;
    }
    if let Some(answer) = &card.answer {
        write!(out, ": {answer}")?;
    }
    if let Some(meaning) = card.meaning {
        write!(out, " ({meaning})")?;
    }
    if card.times > 1 {
        write!(out, ", {} times until {}", card.times, dates::to_the_second(card.last_at))?;
    }
    writeln!(out)
}

fn budget(out: &mut dyn Write, card: &BudgetCard) -> io::Result<()> {
    let BudgetCard { purpose, sent, wrong_codes, wrong_codes_admitted, .. } = card;
    write!(
        out,
        "in 24 hours for {purpose}: {sent} codes sent, {wrong_codes} of {wrong_codes_admitted} wrong ones typed"
    )?;
    match &card.refused_with {
        Some(code) => writeln!(out, "; a code is refused ({}) until {}", word(code), at(card.until)),
        None => writeln!(out, "; a code would be sent now"),
    }
}
