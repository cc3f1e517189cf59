//! `mostik-service support statistics`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use super::asked::{Asked, Failure, ended, word};
use crate::{
    dates,
    support::{operators::Right, statistics::Day},
};

/// Count a day: sign-ins, linkings, links, codes, messages.
///
/// Numbers alone, out of the database, by the clocks of Moscow. Codes and messages are known for 35 days; sign-ins and linkings of people
/// who were erased since are not counted. Takes the right `statistics`.
#[derive(clap::Args)]
pub(super) struct Statistics {
    #[command(flatten)]
    asked: Asked,
    /// The day
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: String,
}

impl Statistics {
    pub(super) async fn run(self) -> ExitCode {
        ended("statistics", self.count().await)
    }

    async fn count(&self) -> Result<(), Failure> {
        let from = dates::date(&self.day).and_then(|date| dates::moscow(date, "00:00"));
        let from = from.ok_or_else(|| Failure::Misused("--day: a day is expected, such as 2026-09-01".to_owned()))?;
        let desk = self.asked.desk("statistics", Right::Statistics).await?;
        let counted = desk.statistics(self.day.clone(), from).await;
        desk.store.close().await;
        self.asked.print(&counted?, in_words)
    }
}

fn in_words(out: &mut dyn Write, day: &Day) -> io::Result<()> {
    writeln!(out, "{}", day.day)?;
    writeln!(out, "sign-ins: {}", day.sign_ins)?;
    list(out, "linkings begun, by the step where they are now", &day.linkings_begun)?;
    list(out, "linkings closed, by the cause", &day.linkings_closed)?;
    list(out, "done, as the audit log has it", &day.done)?;
    for (channel, codes) in &day.codes {
        let (sent, proven, refused, not_sent) = (codes.sent, codes.proven, codes.refused, codes.not_sent);
        writeln!(
            out,
            "codes by {channel}: {sent} sent, {proven} proven, {refused} wrong, {not_sent} requests refused"
        )?;
    }
    for (channel, outcomes) in &day.messages {
        let outcomes: Vec<String> =
            outcomes.iter().map(|(outcome, count)| format!("{} {count}", word(outcome))).collect();
        writeln!(out, "messages by {channel}: {}", outcomes.join(", "))?;
    }
    Ok(())
}

fn list<'a>(
    out: &mut dyn Write,
    heading: &str,
    counts: impl IntoIterator<Item = (&'a String, &'a i64)>,
) -> io::Result<()> {
    let counts: Vec<String> = counts.into_iter().map(|(name, count)| format!("{name} {count}")).collect();
    let counts = if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
    writeln!(out, "{heading}: {counts}")
}
