//! The protocol as stateright explores it: where it begins, what may happen next.

use mostik_linking::MaxUser;
use stateright::{Model, Property};

use crate::{
    bot::is_asked,
    mutant::Mutant,
    offers::presses,
    people::{FAMILY_USER, Party, SECOND_USER},
    properties::properties,
    protocol::{Coming, Event, Protocol},
    second::{LeftOfCode, Way, asks, left_of},
    story::Story,
    tables::ticket,
    world::{Deed, Stage, World},
};

impl Model for Protocol {
    type State = World;
    type Action = Event;

    fn init_states(&self) -> Vec<World> {
        self.beginnings.clone()
    }

    fn actions(&self, world: &World, events: &mut Vec<Event>) {
        on_the_way(world, events);
        let (left, faulty) = (&world.left, world.left.network > 0);
        if left.presses > 0 {
            let mut all = Vec::new();
            presses(world, &mut all);
            events.extend(all.into_iter().map(Event::Press));
        }
        let asking = world.flights.iter().any(|flight| flight.party == Party::Second);
        if left.asks > 0 && !asking {
            let mut all = Vec::new();
            asks(world, &mut all);
            for ask in all {
                events.push(Event::Ask(ask, Way::AtOnce));
                if faulty {
                    events.extend([Event::Ask(ask, Way::Late), Event::Ask(ask, Way::Unheard)]);
                }
            }
            events.extend((world.story != Story::Guesser).then_some(Event::Look));
        }
        let deeds = deeds(world);
        for (user, deed) in deeds {
            events.push(Event::InMax(user, deed, Coming::AtOnce));
            if faulty && deed != Deed::Stop {
                events.extend([Event::InMax(user, deed, Coming::Twice), Event::InMax(user, deed, Coming::Late)]);
            }
        }
        if left.strange > 0 {
            events.push(Event::Photograph);
        }
        // A transaction is over long before anything else ends: the database sees to that.
        // Who only guesses waits when nothing else is left.
        let may_wait = world.story != Story::Guesser
            || world.second.told.is_some_and(|told| left_of(world, told.linking) == LeftOfCode::Patience);
        if left.waits > 0 && !world.is_loaded() && may_wait {
            events.push(Event::Wait);
        }
        if left.deaths > 0 {
            events.push(Event::Restart);
            if world.is_loaded() || self.service.is(Mutant::FailuresInMemory) {
                events.push(Event::Crash);
            }
        }
    }

    fn next_state(&self, world: &World, event: Event) -> Option<World> {
        self.after(world, event)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties()
    }
}

fn on_the_way(world: &World, events: &mut Vec<Event>) {
    let faulty = world.left.network > 0;
    for (at, flight) in world.flights.iter().enumerate() {
        let own = flight.party == Party::Device && !flight.abandoned && !flight.ask.only_reads();
        match &flight.stage {
            Stage::Asked => {
                events.push(Event::Serve(at));
                if world.left.overlaps > 0 && !flight.ask.only_reads() {
                    events.push(Event::Load(at));
                }
                if faulty && own {
                    let same =
                        world.flights.iter().filter(|other| (other.party, other.key) == (flight.party, flight.key));
                    if same.count() == 1 {
                        events.push(Event::Copy(at));
                    }
                }
            }
            Stage::Loaded { .. } => events.push(Event::Write(at)),
            Stage::Answered(_) => {
                events.push(Event::Answer(at));
                if faulty {
                    events.push(Event::Repeat(at));
                }
            }
        }
        if faulty && own {
            events.push(Event::GiveUp(at));
        }
    }
    for at in 0..world.tables.outbox.len() {
        events.push(Event::HandOver(at));
        if faulty {
            events.push(Event::LoseMessage(at));
        }
    }
    events.extend((0..world.late.len()).map(Event::Bring));
    events.push(Event::News);
}

/// What may be done in MAX.
fn deeds(world: &World) -> Vec<(MaxUser, Deed)> {
    let mut all = Vec::new();
    let mut of = |user, tickets: [Option<u16>; 2], more: &[Deed]| {
        let opened = |opened: u16| {
            let of_ticket = world.tables.linkings.iter().find(|linking| ticket(&linking.step) == Some(opened));
            of_ticket.is_some_and(|linking| linking.step.max_user() == Some(user))
        };
        all.extend(tickets.into_iter().flatten().filter(|ticket| !opened(*ticket)).map(|t| (user, Deed::Open(t))));
        if is_asked(&world.tables, user) {
            all.extend(more.iter().map(|deed| (user, *deed)));
        }
    };
    if world.left.in_max > 0 {
        let second = world.second_ticket().filter(|_| world.story.is_of_one_family());
        of(FAMILY_USER, [world.ticket_shown(), second], &[Deed::Share, Deed::Stop]);
    }
    if world.left.strange > 0 {
        let own = world.second_ticket().filter(|_| !world.story.is_of_one_family());
        of(SECOND_USER, [world.photo, own], &[Deed::Share, Deed::ShareForeign, Deed::ShareForged]);
    }
    all
}
