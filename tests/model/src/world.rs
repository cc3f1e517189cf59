//! All that there is at one moment: the service's tables, the people, what is under way between them.

use std::sync::Arc;

use mostik_linking::MaxUser;
use mostik_wire::{Millis, StepName};

use crate::{
    asks::{Answer, Ask},
    device::{Device, Given, Request},
    ledger::{Breach, Ledger},
    people::{ContactName, DAY, LinkingNo, Party, linking_no},
    story::{Left, Story},
    tables::{KeyState, Tables, ticket},
};

/// One moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub(crate) story: Story,
    pub(crate) left: Left,
    pub(crate) now: Millis,
    pub(crate) tables: Arc<Tables>,
    pub(crate) device: Device,
    pub(crate) second: Second,
    pub(crate) flights: Vec<Flight>,
    /// Codes that have come to a phone or a mailbox.
    pub(crate) inbox: Vec<Letter>,
    /// Updates of MAX that are still to be brought.
    pub(crate) late: Vec<Late>,
    /// The ticket that was photographed.
    pub(crate) photo: Option<u16>,
    pub(crate) ledger: Arc<Ledger>,
}

/// A second person, who asks the service without the app's machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Second {
    pub(crate) told: Option<Told>,
    /// How much they have asked for so far.
    pub(crate) wishes: u64,
}

/// What somebody was told of a linking last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Told {
    pub(crate) linking: LinkingNo,
    pub(crate) version: u64,
    pub(crate) step: StepName,
}

impl Told {
    pub(crate) fn of(linking: &mostik_wire::Linking) -> Self {
        Self { linking: linking_no(&linking.id), version: linking.version, step: linking.step.name() }
    }
}

/// A request under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Flight {
    pub(crate) party: Party,
    /// What the person wants, by number.
    pub(crate) wish: u64,
    /// Its idempotency key.
    pub(crate) key: u64,
    pub(crate) ask: Ask,
    pub(crate) stage: Stage,
    /// Nobody waits for the answer.
    pub(crate) abandoned: bool,
}

/// How far a request is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// On its way to the service.
    Asked,
    /// A node has read what it needs, and has not written yet.
    Loaded { seen: Arc<Tables>, at: Millis },
    /// The answer is on its way back.
    Answered(Answer),
}

/// A code that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Letter {
    pub(crate) contact: ContactName,
    pub(crate) linking: LinkingNo,
    pub(crate) nth: u32,
}

/// What somebody does in the dialog with the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Opens a ticket.
    Open(u16),
    /// Shares the own contact.
    Share,
    /// Shares the family's contact, which is not theirs.
    ShareForeign,
    /// Shares a contact with the family's number and no proof.
    ShareForged,
    /// Stops the bot.
    Stop,
}

/// An update of MAX that comes once more, or late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Late {
    pub(crate) user: MaxUser,
    pub(crate) deed: Deed,
    /// It was heard before.
    pub(crate) heard: bool,
    /// It had an effect then.
    pub(crate) done: bool,
}

impl World {
    /// The ticket that the family's window shows.
    pub(crate) fn ticket_shown(&self) -> Option<u16> {
        match &self.device.shown()?.step {
            mostik_wire::Step::Max(step) => step.url[1..].parse().ok(),
            _ => None,
        }
    }

    /// The ticket that the second person's window shows: what stood there when they looked last.
    pub(crate) fn second_ticket(&self) -> Option<u16> {
        let told = self.second.told?;
        let linking = self.tables.linking(told.linking);
        ticket(&linking.step).filter(|_| linking.version == told.version)
    }

    /// What the device asks goes on its way.
    pub(crate) fn send(&mut self, requests: Vec<Request>) {
        for (wish, ask) in requests {
            let (party, stage) = (Party::Device, Stage::Asked);
            // One reading takes the place of another: the machine awaits the newest alone.
            if ask.only_reads() {
                self.flights.retain(|flight| flight.party != party || !flight.ask.only_reads());
            }
            self.flights.push(Flight { party, wish, key: wish, ask, stage, abandoned: false });
        }
    }

    /// Gives the machine something, and looks that its window goes on.
    pub(crate) fn at_device(&mut self, given: &Given) {
        let before = self.device.shown().map(Told::of);
        let requests = self.device.take(given, self.now);
        let after = self.device.shown().map(Told::of);
        if let (Some(before), Some(after)) = (before, after)
            && before.linking == after.linking
            && after.version < before.version
        {
            Arc::make_mut(&mut self.ledger).note(Breach::WentBack);
        }
        self.send(requests);
    }

    /// Whether a transaction is open.
    pub(crate) fn is_loaded(&self) -> bool {
        self.flights.iter().any(|flight| matches!(flight.stage, Stage::Loaded { .. }))
    }

    /// The versions of linkings that somebody may still base a request on.
    fn versions_known(&self) -> Vec<(LinkingNo, u64)> {
        let mut known = Vec::new();
        let in_answer = |answer: &Answer| answer.linking().map(|told| (linking_no(&told.id), told.version));
        let told = [self.device.shown().map(Told::of), self.second.told];
        known.extend(told.iter().flatten().map(|told| (told.linking, told.version)));
        known.extend(self.tables.keys.iter().filter_map(|key| match &key.state {
            KeyState::Answered(answer) => in_answer(answer),
            KeyState::Claimed { .. } => None,
        }));
        for flight in &self.flights {
            if let Ask::Move { linking, version, .. } = flight.ask {
                known.push((linking, version));
                if let Stage::Loaded { seen, .. } = &flight.stage {
                    known.push((linking, seen.linking(linking).version));
                }
            }
            if let Stage::Answered(answer) = &flight.stage {
                known.extend(in_answer(answer));
            }
        }
        known
    }

    /// Forgets what nothing can come back to.
    pub(crate) fn tidy(&mut self) {
        let now = self.now;
        let awaited = |party, key| self.flights.iter().any(|flight| (flight.party, flight.key) == (party, key));
        let wished = |party, wish| self.flights.iter().any(|flight| (flight.party, flight.wish) == (party, wish));
        let is_new = |at: Millis| at > now.plus(-DAY);
        let tables = &self.tables;
        if tables.keys.iter().any(|key| !awaited(key.party, key.key))
            || tables.counts.iter().any(|count| !is_new(count.at))
            || tables.outbox.iter().any(|message| message.expires_at <= now)
        {
            let tables = Arc::make_mut(&mut self.tables);
            tables.keys.retain(|key| awaited(key.party, key.key));
            tables.counts.retain(|count| is_new(count.at));
            tables.outbox.retain(|message| message.expires_at > now);
        }
        let known = self.versions_known();
        let tables = &self.tables;
        let seen = |linking: LinkingNo, version: u64| {
            tables.linking(linking).version == version || known.contains(&(linking, version))
        };
        let ledger = &self.ledger;
        if ledger.wishes.iter().any(|known| !wished(known.party, known.wish))
            || ledger.counts.iter().any(|count| !is_new(count.at))
            || ledger.choices.iter().any(|choice| !seen(choice.linking, choice.version))
        {
            let ledger = Arc::make_mut(&mut self.ledger);
            ledger.wishes.retain(|known| wished(known.party, known.wish));
            ledger.counts.retain(|count| is_new(count.at));
            ledger.choices.retain(|choice| seen(choice.linking, choice.version));
        }
    }
}
