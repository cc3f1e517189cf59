//! The town: one clock, one queue of events, and everything that happens at them.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    fmt::Display,
    path::PathBuf,
    pin::Pin,
    sync::Arc,
};

use anyhow::Result;
use futures_util::FutureExt;
use mostik_store::{Store, interruptions::Point};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    attacker::Attacker,
    device::Device,
    exchange::{Exchange, ExchangeId},
    family::Family,
    gate::{Gate, Output, Stop, WorkId},
    history::{About, History},
    ledger::{Ledger, Violation},
    node::{self, Node},
    options::{Faults, Options, Tampering},
    parties::Parties,
    phones::Phones,
    random::Stream,
    time::{BEGINNING, DAY, HOUR, MINUTE, NodeClock, SECOND, Time},
};

/// Something that happens at its moment.
pub enum Event {
    /// A piece of work goes on.
    Work(WorkId),
    /// A node is started.
    Start(usize),
    /// The senders of a node look for messages.
    Messages(usize),
    /// A person looks at a device.
    Look(usize),
    /// A request of an app arrives at the service.
    Arrive(ExchangeId),
    /// Whatever else: a message arrives, an app polls.
    Then(Box<dyn FnOnce(&mut Town)>),
    /// Time ends something: one node sweeps.
    Sweep,
    /// The database is looked through.
    Check,
    /// A node's clock is set.
    SetClock,
    /// The database is copied, to be restored some hours later.
    BackUp,
    /// The copy takes the database's place.
    Restore,
    /// From now on everything works.
    Calm,
}

/// What a node does.
pub(crate) type Work = Pin<Box<dyn Future<Output = Output> + Send>>;

/// What follows from a piece of work; `None`: its node has ended first.
pub(crate) type Then = Box<dyn FnOnce(&mut Town, Option<Output>)>;

/// Where a piece of work stands.
pub(crate) enum Place {
    Begins(Work),
    /// At a gate, for the first time or after it has waited there.
    Waits(Point, oneshot::Sender<bool>),
    Runs,
}

/// A piece of work.
pub(crate) struct Piece {
    pub(crate) node: usize,
    pub(crate) place: Place,
    pub(crate) task: Option<JoinHandle<()>>,
    pub(crate) then: Then,
    /// It must not stand still: others would wait for what it holds in memory.
    pub(crate) at_once: bool,
}

/// All that is under way.
#[derive(Default)]
pub struct Works {
    pub(crate) pieces: BTreeMap<WorkId, Piece>,
    pub(crate) last: WorkId,
    /// Who waits for the writer, in order.
    pub(crate) for_writer: Vec<WorkId>,
}

/// How often faults have struck, and what people did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Struck {
    /// Nodes that were killed.
    pub killed: u64,
    /// Times that the database took nothing.
    pub database_refused: u64,
    /// Requests that were lost, doubled, or whose answer was lost.
    pub network: u64,
    /// Apps that were killed.
    pub apps_killed: u64,
    /// Messages that were lost, late, doubled or refused.
    pub messages: u64,
    /// Messages whose fate a node could not note.
    pub not_noted: u64,
    /// Restores of the database.
    pub restores: u64,
}

/// A town.
pub struct Town {
    /// What it is made of.
    pub options: Options,
    /// What goes wrong at this moment.
    pub now_faults: Faults,
    /// The clock.
    pub time: Time,
    /// The families.
    pub families: BTreeMap<u32, Family>,
    /// Their devices.
    pub devices: Vec<Device>,
    /// What is on its way between apps and the service.
    pub exchanges: BTreeMap<ExchangeId, Exchange>,
    /// What people have on their phones.
    pub phones: Phones,
    /// The service.
    pub nodes: Vec<Node>,
    /// The database, for the town itself.
    pub store: Store,
    /// Its file.
    pub database: PathBuf,
    pub(crate) backup: Option<PathBuf>,
    /// How often a moment for it was waited for.
    pub(crate) waited_for_backup: u32,
    pub(crate) parties: Parties,
    pub(crate) attackers: Vec<Attacker>,
    pub(crate) works: Works,
    pub(crate) gate: Gate,
    pub(crate) stops: mpsc::UnboundedReceiver<Stop>,
    pub(crate) draw_gate: Stream,
    pub(crate) draw_network: Stream,
    pub(crate) draw_messages: Stream,
    /// What is held against what happens.
    pub ledger: Ledger,
    /// What has happened.
    pub history: History,
    /// How often faults have struck.
    pub faults: Struck,
    queue: BinaryHeap<Reverse<Queued>>,
    events: u64,
    /// When the senders of each node look next.
    pub(crate) looking: BTreeMap<usize, i64>,
    pub(crate) folder: tempfile::TempDir,
}

struct Queued {
    at: i64,
    nth: u64,
    event: Event,
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.nth) == (other.at, other.nth)
    }
}
impl Eq for Queued {}
impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Queued {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.nth).cmp(&(other.at, other.nth))
    }
}

impl Town {
    /// Builds it, with nobody awake yet.
    ///
    /// # Errors
    /// When there is no place for the database.
    pub async fn build(options: Options) -> Result<Self> {
        let folder = folder()?;
        let database = folder.path().join("town.sqlite");
        let store = node::open(&database).await?;
        let (gate, stops) = Gate::new();
        let seed = options.seed;
        let time = Time::begin();
        let ids = (0..options.families).filter(|id| options.holds(*id));
        let families: BTreeMap<_, _> = ids.map(|id| (id, Family::of(seed, id))).collect();
        let nodes = (0..options.nodes)
            .map(|_| Node { clock: Arc::new(NodeClock::of(&time)), running: None, starts: 0 })
            .collect();
        Ok(Self {
            now_faults: options.faults.clone(),
            time,
            devices: Vec::new(),
            exchanges: BTreeMap::new(),
            phones: Phones::default(),
            nodes,
            store,
            database,
            backup: None,
            waited_for_backup: 0,
            parties: Parties::start(seed).await?,
            attackers: Vec::new(),
            works: Works::default(),
            gate,
            stops,
            draw_gate: Stream::of(seed, "gate", 0),
            draw_network: Stream::of(seed, "network", 0),
            draw_messages: Stream::of(seed, "messages", 0),
            ledger: Ledger::default(),
            history: History::default(),
            faults: Struck::default(),
            queue: BinaryHeap::new(),
            events: 0,
            looking: BTreeMap::new(),
            families,
            folder,
            options,
        })
    }

    /// Now, by the town's own clock.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.time.now()
    }

    /// Has something happen after so many milliseconds.
    pub(crate) fn after(&mut self, ms: i64, event: Event) {
        self.events += 1;
        self.queue.push(Reverse(Queued { at: self.now() + ms.max(0), nth: self.events, event }));
    }

    /// Does something after so many milliseconds.
    pub(crate) fn later(&mut self, ms: i64, what: impl FnOnce(&mut Self) + 'static) {
        self.after(ms, Event::Then(Box::new(what)));
    }

    /// Writes a line of the history.
    pub(crate) fn note(&mut self, about: About, what: impl Display) {
        self.history.note(self.time.now(), about, what);
    }

    /// How many events there were.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// Lets September pass, or ends with the first violation.
    ///
    /// # Errors
    /// When a node cannot be started.
    pub async fn run(&mut self) -> Result<Option<Violation>> {
        let (days, calm) = (i64::from(self.options.days), i64::from(self.options.calm_days));
        let end = BEGINNING + (days + calm) * DAY;
        for node in 0..self.nodes.len() {
            self.start(node)?;
        }
        self.set_clocks();
        self.parties.refuse(self.now_faults.diary_refuses, self.now_faults.vk_refuses);
        self.people_move_in();
        self.attackers_come();
        self.after(days * DAY, Event::Calm);
        self.after(10 * MINUTE, Event::Sweep);
        self.after(HOUR, Event::Check);
        self.after(HOUR, Event::SetClock);
        for day in self.options.faults.restores.clone() {
            self.after(i64::from(day) * DAY + 12 * HOUR, Event::BackUp);
        }
        while let Some(Reverse(Queued { at, event, .. })) = self.queue.pop() {
            if at > end {
                break;
            }
            self.time.go_on_to(at);
            self.happen(event).await?;
            if self.ledger.violation.is_some() {
                return Ok(self.ledger.violation.take());
            }
        }
        self.time.go_on_to(end);
        self.check_database().await;
        self.check_ends().await;
        self.store.close().await;
        Ok(self.ledger.violation.take())
    }

    async fn happen(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Work(work) => self.go_on_with(work).await,
            Event::Start(node) => {
                if self.nodes[node].running.is_none() {
                    self.start(node)?;
                }
            }
            Event::Messages(node) => self.senders_look(node).await?,
            Event::Look(device) => self.look(device),
            Event::Arrive(exchange) => self.arrive(exchange),
            Event::Then(what) => what(self),
            Event::Sweep => {
                self.after(10 * MINUTE, Event::Sweep);
                if let Some(node) = self.some_node() {
                    self.sweep(node);
                }
            }
            Event::Check => {
                // As many rows are looked at in a large town as in a small one.
                self.after(HOUR * i64::from(1 + self.options.families / 1_000), Event::Check);
                self.check_database().await;
            }
            Event::SetClock => {
                self.after(HOUR, Event::SetClock);
                if self.draw_gate.happens(self.now_faults.clock_set * 1000 / 24) {
                    self.set_clocks();
                }
            }
            Event::BackUp => self.back_up().await?,
            Event::Restore => self.restore().await?,
            Event::Calm => {
                self.note(About::All, "from now on everything works");
                self.now_faults = Faults::default();
                self.parties.refuse(0, 0);
                self.set_clocks();
                self.everybody_tries_again();
                if let Some(tampering) = self.options.tampering {
                    self.tamper(tampering).await?;
                }
            }
        }
        Ok(())
    }

    async fn tamper(&self, with: Tampering) -> Result<()> {
        let statement = match with {
            Tampering::VersionBack => {
                "UPDATE linkings SET version = version - 1 WHERE id = (SELECT id FROM linkings ORDER BY id LIMIT 1)"
            }
            Tampering::StrangersAccount => {
                "UPDATE profiles SET max_user = 1 WHERE id = (SELECT profile_id FROM links ORDER BY profile_id LIMIT 1)"
            }
            Tampering::LinkRemoved => {
                "DELETE FROM links WHERE pupil_id = (SELECT pupil_id FROM links ORDER BY pupil_id LIMIT 1)"
            }
        };
        let mut tx = self.store.write().await?;
        mostik_store::sql::query(statement).execute(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }

    fn sweep(&mut self, node: usize) {
        let Some((app, _)) = self.nodes[node].running.clone() else { return };
        let work = async move { mostik_service::sweep::sweep(&app).await.is_ok() };
        self.begin(node, work, move |town, _| town.look_soon(node, 100));
    }

    /// Sets the clock of each node anew.
    fn set_clocks(&mut self) {
        let apart = self.now_faults.clocks_apart_ms;
        for node in 0..self.nodes.len() {
            let off_by = if apart == 0 { 0 } else { self.draw_gate.between(-apart / 2, apart / 2) };
            self.nodes[node].clock.set_off_by(off_by);
        }
    }

    /// The senders of a node look where it has told them that there may be work; it tells those of all kinds at once.
    pub(crate) fn look_if_woken(&mut self, node: usize) {
        let running = self.nodes[node].running.as_ref();
        if running.is_some_and(|(app, _)| app.mail_wake.notified().now_or_never().is_some()) {
            self.look_soon(node, 100);
        }
    }

    /// The senders of a node look after so many milliseconds, or before.
    pub(crate) fn look_soon(&mut self, node: usize, ms: i64) {
        let at = self.now() + ms;
        if self.looking.get(&node).is_none_or(|known| *known > at) {
            self.looking.insert(node, at);
            self.after(ms, Event::Messages(node));
        }
    }
}

// In memory where the system has such a folder: what the disk does is another test's matter.
fn folder() -> std::io::Result<tempfile::TempDir> {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())
}

/// How long people think before they press, in milliseconds.
pub const THINKING: i64 = 4 * SECOND;
