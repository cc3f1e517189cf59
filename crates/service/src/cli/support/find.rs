//! `mostik-service support find`.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use mostik_wire::Millis;

use super::asked::{Asked, Failure, at, ended, word};
use crate::{
    dates,
    support::{
        find::{AccountCard, Answer, MessengerCard, ProfileCard, PupilCard, Question, Shown},
        operators::Right,
    },
};

/// Find people by a number, an address or an id.
///
/// A number and an address are understood as the app understands them. An id is the diary's of an account or a pupil, or the service's own
/// of an account, a pupil, a profile or a linking. It tells pupils with their linkings, the accounts that see them with their sessions, and
/// profiles with their messengers, masked; and since when either is blocked. Takes the right `look`.
#[derive(clap::Args)]
pub(super) struct Find {
    #[command(flatten)]
    asked: Asked,
    /// Names and contacts in full; takes the right `disclose`
    #[arg(long)]
    in_full: bool,
    /// A number, an address or an id; `-`: it is read from standard input, and stands in no list of processes
    #[arg(value_name = "WHO", allow_hyphen_values = true)]
    who: String,
}

/// What is asked for, from the command line or from standard input.
pub(super) fn question(who: &str) -> Result<Question, Failure> {
    let mut text = who.to_owned();
    if who == "-" {
        text.clear();
        io::stdin()
            .take(1 << 20)
            .read_to_string(&mut text)
            .map_err(|e| Failure::Misused(format!("standard input cannot be read: {e}")))?;
    }
    Question::read(&text).map_err(|error| Failure::Misused(error.to_string()))
}

impl Find {
    pub(super) async fn run(self) -> ExitCode {
        ended("find", self.find().await)
    }

    async fn find(&self) -> Result<(), Failure> {
        let (needs, shown) = if self.in_full { (Right::Disclose, Shown::InFull) } else { (Right::Look, Shown::Masked) };
        let question = question(&self.who)?;
        let desk = self.asked.desk("find", needs).await?;
        let answer = desk.find(&question, shown).await;
        desk.store.close().await;
        self.asked.print(&answer?, in_words)
    }
}

fn in_words(out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
    if answer.pupils.is_empty() && answer.accounts.is_empty() && answer.profiles.is_empty() {
        return writeln!(out, "nobody is known by that");
    }
    answer.pupils.iter().try_for_each(|card| pupil(out, card))?;
    answer.accounts.iter().try_for_each(|card| account(out, card))?;
    answer.profiles.iter().try_for_each(|card| profile(out, card))
}

fn pupil(out: &mut dyn Write, card: &PupilCard) -> io::Result<()> {
    let school = card.school.as_ref().map(|school| format!(", {school}")).unwrap_or_default();
    writeln!(out, "pupil {}: {}, {}{school}", card.id, card.name, card.class_name)?;
    match (&card.profile, card.linked_at, &card.former_profile) {
        (Some(profile), since, _) => writeln!(out, "  linked to profile {profile} since {}", at(since))?,
        (None, _, Some(former)) => writeln!(out, "  not linked; was linked to profile {former}")?,
        (None, _, None) => writeln!(out, "  not linked")?,
    }
    for linking in &card.linkings {
        let reason = linking.closed_reason.map(|reason| format!(" ({})", word(&reason))).unwrap_or_default();
        let contact = linking.contact.as_ref().map(|contact| format!(", {contact}")).unwrap_or_default();
        let (begun, changed) = (dates::in_moscow(linking.begun_at), dates::in_moscow(linking.changed_at));
        writeln!(
            out,
            "  linking {}: at {}{reason}{contact}; begun {begun}, changed {changed}",
            linking.id, linking.step
        )?;
    }
    Ok(())
}

fn account(out: &mut dyn Write, card: &AccountCard) -> io::Result<()> {
    writeln!(out, "account {}: {}, {}", card.id, card.name, card.role)?;
    writeln!(out, "  {} sessions, last seen {}", card.sessions, at(card.seen_at))?;
    blocked(out, card.blocked_at)
}

fn blocked(out: &mut dyn Write, since: Option<Millis>) -> io::Result<()> {
    since.map_or(Ok(()), |since| writeln!(out, "  blocked since {}", dates::in_moscow(since)))
}

fn profile(out: &mut dyn Write, card: &ProfileCard) -> io::Result<()> {
    let class = card.class_name.as_ref().map(|class| format!(", {class}")).unwrap_or_default();
    writeln!(out, "profile {}: {}, {}{class}", card.id, card.name, card.role)?;
    let contacts: Vec<&str> = [&card.phone, &card.email].into_iter().filter_map(Option::as_deref).collect();
    let password = if card.has_password { "a password" } else { "no password" };
    writeln!(out, "  {}; {password}; made {}", contacts.join(", "), dates::in_moscow(card.created_at))?;
    match &card.pupil {
        Some(pupil) => writeln!(out, "  linked to pupil {pupil}")?,
        None => writeln!(out, "  linked to nobody")?,
    }
    messenger(out, "MAX", card.max.as_ref())?;
    messenger(out, "VK", card.vk.as_ref())?;
    if let Some(due) = card.deletes_at {
        writeln!(out, "  to be deleted {}", dates::in_moscow(due))?;
    }
    blocked(out, card.blocked_at)
}

fn messenger(out: &mut dyn Write, name: &str, card: Option<&MessengerCard>) -> io::Result<()> {
    match card {
        None => Ok(()),
        Some(MessengerCard { name_masked, since }) => {
            let whose = name_masked.as_ref().map(|name| format!(" as {name}")).unwrap_or_default();
            writeln!(out, "  in {name}{whose} since {}", dates::in_moscow(*since))
        }
    }
}
