//! What can happen next, and what comes of it.

use std::sync::Arc;

use mostik_linking::{Action, MaxUser};
use mostik_wire::Delivery;

use crate::{
    act::{Change, Seen, Service},
    device::{Follows, Given},
    kept::Kept,
    mutant::Mutant,
    people::{FAMILY_USER, Party},
    press::Press,
    second::{SecondAsk, Way, send},
    serve::deliver,
    show::show,
    story::spend,
    world::{Deed, Flight, Late, Letter, Stage, Told, World},
};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The person at the device presses something.
    Press(Press),
    /// The service answers a request; the answer to a reading is there at once.
    Serve(usize),
    /// An answer comes back.
    Answer(usize),
    /// An answer is lost, and the app sends the same request again.
    Repeat(usize),
    /// The app waits no longer for an answer, which may still come to be.
    GiveUp(usize),
    /// A request comes twice.
    Copy(usize),
    /// A node reads what a request needs.
    Load(usize),
    /// It writes what it has decided.
    Write(usize),
    /// A node dies.
    Crash,
    /// The device is killed, and comes back.
    Restart,
    /// A message with a code is handed over, and comes.
    HandOver(usize),
    /// It gets lost.
    LoseMessage(usize),
    /// The device hears of the linking that it follows.
    News,
    /// The second person asks for something.
    Ask(SecondAsk, Way),
    /// The second person looks where the linking stands.
    Look,
    /// Somebody does something in MAX.
    InMax(MaxUser, Deed, Coming),
    /// An update comes once more, or late.
    Bring(usize),
    /// The QR code in the family's window is photographed.
    Photograph,
    /// Time passes on to the next moment at which something ends.
    Wait,
}

/// How an update comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coming {
    /// At once.
    AtOnce,
    /// At once, and once more later.
    Twice,
    /// Later.
    Late,
}

/// The protocol, with the people of its stories.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub(crate) service: Service,
    pub(crate) beginnings: Vec<World>,
}

impl Protocol {
    /// What an event makes of the world; `None`: it cannot happen, or changes nothing.
    pub(crate) fn after(&self, before: &World, event: Event) -> Option<World> {
        let mut world = before.clone();
        if !spend_for(&mut world, event) || !self.happen(&mut world, event) {
            return None;
        }
        world.tidy();
        let (left, wishes) = (world.left, world.second.wishes);
        (world.left, world.second.wishes) = (before.left, before.second.wishes);
        if world == *before {
            // The same, with less left to happen.
            return None;
        }
        (world.left, world.second.wishes) = (left, wishes);
        Some(world)
    }

    fn happen(&self, world: &mut World, event: Event) -> bool {
        let service = self.service;
        match event {
            Event::Press(press) => {
                world.at_device(&Given::Press(press));
                true
            }
            Event::Serve(at) => service.serve(world, at),
            Event::Answer(at) => {
                deliver(world, at);
                true
            }
            Event::Repeat(at) => {
                let flight = &mut world.flights[at];
                flight.stage = Stage::Asked;
                if service.is(Mutant::AnotherKeyForRepeats) {
                    flight.key += ANOTHER_KEY;
                }
                true
            }
            Event::GiveUp(at) => {
                give_up(world, at);
                true
            }
            Event::Copy(at) => {
                let copy = Flight { abandoned: true, ..world.flights[at].clone() };
                world.flights.push(copy);
                true
            }
            Event::Load(at) => service.load(world, at),
            Event::Write(at) => {
                service.write(world, at);
                true
            }
            Event::Crash => {
                service.crash(world);
                true
            }
            Event::Restart => {
                self.restart(world);
                true
            }
            Event::HandOver(at) => self.hand_over(world, at),
            Event::LoseMessage(at) => {
                Arc::make_mut(&mut world.tables).outbox.remove(at);
                true
            }
            Event::News => hear(world),
            Event::Ask(ask, way) => {
                let at = send(world, ask);
                match way {
                    Way::Late => true,
                    Way::AtOnce => {
                        let served = service.serve(world, at);
                        deliver(world, at);
                        served
                    }
                    Way::Unheard => {
                        let served = service.serve(world, at);
                        world.flights[at].stage = Stage::Asked;
                        served
                    }
                }
            }
            Event::Look => look(world),
            Event::InMax(user, deed, coming) => self.in_max(world, user, deed, coming),
            Event::Bring(at) => service.bring(world, at),
            Event::Photograph => {
                let shown = world.ticket_shown();
                let is_new = shown.is_some() && world.photo != shown;
                world.photo = shown;
                is_new
            }
            Event::Wait => {
                let next = world.tables.deadlines().filter(|at| *at > world.now).min();
                world.now = next.unwrap_or(world.now);
                next.is_some()
            }
        }
    }

    fn in_max(&self, world: &mut World, user: MaxUser, deed: Deed, coming: Coming) -> bool {
        if coming == Coming::Late {
            world.late.push(Late { user, deed, heard: false, done: false });
            return true;
        }
        let Some(done) = self.service.handle(world, user, deed) else { return false };
        if coming == Coming::Twice {
            world.late.push(Late { user, deed, heard: true, done });
        }
        true
    }

    fn restart(&self, world: &mut World) {
        let (mut kept, mut again) = (Vec::new(), Vec::new());
        for flight in world.flights.drain(..) {
            let own = flight.party == Party::Device && !flight.abandoned;
            if own && self.service.is(Mutant::SentAgainAfterRestart) && !flight.ask.only_reads() {
                again.push(Flight {
                    key: flight.key + ANOTHER_KEY,
                    stage: Stage::Asked,
                    abandoned: true,
                    ..flight.clone()
                });
            }
            match &flight.stage {
                _ if !own => kept.push(flight),
                Stage::Answered(_) => {}
                _ if flight.ask.only_reads() => {}
                _ => kept.push(Flight { abandoned: true, ..flight }),
            }
        }
        world.flights = kept;
        world.at_device(&Given::Restart);
        world.flights.extend(again);
    }

    fn hand_over(&self, world: &mut World, at: usize) -> bool {
        let message = world.tables.outbox[at];
        if self.service.is_held(world, message.linking) {
            return false;
        }
        Arc::make_mut(&mut world.tables).outbox.remove(at);
        world.inbox.push(Letter { contact: message.contact, linking: message.linking, nth: message.nth });
        world.inbox.sort_unstable();
        // The provider's word is noted in a transaction of its own.
        let mut change = Change { tables: (*world.tables).clone(), ledger: (*world.ledger).clone(), now: world.now };
        let tables = change.tables.clone();
        let seen = Seen { tables: &tables, now: world.now };
        let action = Action::NoteDelivery { nth: message.nth, delivery: Delivery::Sent };
        if self.service.act(&mut change, seen, message.linking, None, action).is_ok() {
            (world.tables, world.ledger) = (Arc::new(change.tables), Arc::new(change.ledger));
        }
        true
    }
}

/// Far from every key that the app gives out.
const ANOTHER_KEY: u64 = 10_000;

fn give_up(world: &mut World, at: usize) {
    let wish = world.flights[at].wish;
    if matches!(world.flights[at].stage, Stage::Answered(_)) {
        world.flights.remove(at);
    } else {
        world.flights[at].abandoned = true;
    }
    world.at_device(&Given::Abandoned(wish));
}

fn hear(world: &mut World) -> bool {
    let no = match world.device.follows {
        Follows::Nothing => None,
        Follows::Linking(no) => Some(no),
        // The newest of the pupil's.
        Follows::Account => {
            (0u8..).zip(&world.tables.linkings).filter(|(_, l)| l.pupil.0 == "u0").map(|(no, _)| no).last()
        }
    };
    let Some(no) = no else { return false };
    let linking = world.tables.linking(no);
    if world.device.shown().is_some_and(|shown| shown.id == linking.id && shown.version >= linking.version) {
        return false;
    }
    let (told, before) = (Kept::new(show(&world.tables, linking, world.now)), world.device.state.digest());
    world.at_device(&Given::News(told));
    world.device.state.digest() != before
}

fn look(world: &mut World) -> bool {
    let Some(told) = world.second.told else { return false };
    let present = world.tables.linking(told.linking);
    let new = Told { version: present.version, step: present.step.name(), ..told };
    world.second.told = Some(new);
    new != told
}

/// Takes what an event costs; `false`: nothing is left.
fn spend_for(world: &mut World, event: Event) -> bool {
    let left = &mut world.left;
    match event {
        Event::Press(press) => spend(&mut left.presses) && (!press.is_slip() || spend(&mut left.slips)),
        Event::Repeat(_) | Event::GiveUp(_) | Event::Copy(_) | Event::LoseMessage(_) => spend(&mut left.network),
        Event::Load(_) => spend(&mut left.overlaps),
        Event::Crash | Event::Restart => spend(&mut left.deaths),
        Event::Ask(_, Way::AtOnce) | Event::Look => spend(&mut left.asks),
        Event::Ask(..) => spend(&mut left.asks) && spend(&mut left.network),
        Event::InMax(user, _, coming) => {
            let deeds = if user == FAMILY_USER { &mut left.in_max } else { &mut left.strange };
            spend(deeds) && (coming == Coming::AtOnce || spend(&mut left.network))
        }
        Event::Photograph => spend(&mut left.strange),
        Event::Wait => spend(&mut left.waits),
        Event::Serve(_) | Event::Answer(_) | Event::Write(_) | Event::HandOver(_) | Event::News | Event::Bring(_) => {
            true
        }
    }
}
