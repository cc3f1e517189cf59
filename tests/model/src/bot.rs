//! The dialog with the bot, as `mostik-service` handles it (`max/updates.rs`, `max/leaving.rs`): each update once, in one transaction.

use std::sync::Arc;

use mostik_linking::{Action, AtMax, Linking, MaxUser, Sealed, SharedContact, Step};
use mostik_wire::Millis;

use crate::{
    act::{Change, Seen, Service},
    ledger::Breach,
    mutant::Mutant,
    people::{ContactName, LinkingNo, number_of},
    tables::{Tables, ticket},
    world::{Deed, Late, World},
};

impl Service {
    /// MAX brings an update; `None`: it has to wait, else whether it has changed anything.
    pub(crate) fn handle(self, world: &mut World, user: MaxUser, deed: Deed) -> Option<bool> {
        let mut change = Change { tables: (*world.tables).clone(), ledger: (*world.ledger).clone(), now: world.now };
        change.tables.stopped.retain(|stopped| *stopped != user);
        if deed == Deed::Stop {
            change.tables.stopped.push(user);
        }
        let tables = change.tables.clone();
        let found = self.linkings_for(&tables, user, deed, world.now);
        if found.iter().any(|no| self.is_held(world, *no)) {
            return None;
        }
        let mut changed = false;
        for no in found {
            let seen = Seen { tables: &tables, now: world.now };
            match self.act(&mut change, seen, no, None, self.action_for(user, deed)) {
                Ok(completed) => changed |= completed.changed,
                // The transaction is undone, and the update comes again to the same end.
                Err(_) => return Some(false),
            }
        }
        (world.tables, world.ledger) = (Arc::new(change.tables), Arc::new(change.ledger));
        Some(changed)
    }

    /// MAX brings an update once more, or late; `false`: it has to wait.
    pub(crate) fn bring(self, world: &mut World, at: usize) -> bool {
        let Late { user, deed, heard, done } = world.late[at];
        // Said before the bot was stopped, and heard only now: it is said no more.
        let said_before = world.tables.stopped.contains(&user);
        if said_before || (heard && !self.is(Mutant::UpdateHandledTwice)) {
            world.late.remove(at);
            return true;
        }
        let Some(changed) = self.handle(world, user, deed) else { return false };
        world.late.remove(at);
        if heard && done && changed {
            Arc::make_mut(&mut world.ledger).note(Breach::UpdateTwice);
        }
        true
    }

    fn linkings_for(self, tables: &Tables, user: MaxUser, deed: Deed, now: Millis) -> Vec<LinkingNo> {
        let all = || (0u8..).zip(&tables.linkings);
        let visitor = |linking: &Linking| linking.step.at_max().and_then(|at_max| at_max.visitor.clone());
        match deed {
            Deed::Open(opened) => all()
                .filter(|(_, linking)| ticket(&linking.step) == Some(opened))
                .filter(|(_, linking)| self.waits(linking, now).is_some())
                .filter(|(_, linking)| {
                    self.is(Mutant::VisitorNotHeld) || visitor(linking).is_none_or(|visitor| visitor.user == user)
                })
                .map(|(no, _)| no)
                .collect(),
            // The one that they came with last.
            Deed::Share | Deed::ShareForeign | Deed::ShareForged => all()
                .filter(|(_, linking)| self.waits(linking, now).is_some())
                .filter_map(|(no, linking)| Some((visitor(linking).filter(|visitor| visitor.user == user)?.at, no)))
                .max_by_key(|(at, no)| (*at, std::cmp::Reverse(*no)))
                .map(|(_, no)| no)
                .into_iter()
                .collect(),
            Deed::Stop => all()
                .filter(|(_, linking)| visitor(linking).is_some_and(|visitor| visitor.user == user))
                .map(|(no, _)| no)
                .collect(),
        }
    }

    /// What MAX is awaited for, if the ticket still works.
    fn waits(self, linking: &Linking, now: Millis) -> Option<&AtMax> {
        let alive = |at_max: &&AtMax| now < at_max.ticket.expires_at || self.is(Mutant::TicketOutlivesItsLife);
        linking.step.at_max().filter(alive)
    }

    fn action_for(self, user: MaxUser, deed: Deed) -> Action {
        let share = |contact| Action::ShareInMax { user, name: String::new(), contact };
        let own = |name: ContactName| {
            let phone = name.phone().expect("a number").clone();
            let sealed = Sealed(phone.e164().to_owned());
            SharedContact::Own { masked: phone.masked(), phone: Some((phone, sealed)) }
        };
        match deed {
            Deed::Open(_) => Action::OpenInMax { user },
            Deed::Share => share(own(number_of(user))),
            Deed::ShareForeign if self.is(Mutant::ForeignContactTaken) => share(own(ContactName::Family)),
            Deed::ShareForeign => share(SharedContact::Foreign),
            Deed::ShareForged => share(SharedContact::Unproven),
            Deed::Stop => Action::LeaveBot { user },
        }
    }
}

/// Whether the bot waits for somebody's contact.
pub(crate) fn is_asked(tables: &Tables, user: MaxUser) -> bool {
    let visited = |step: &Step| step.at_max().is_some_and(|m| m.visitor.as_ref().is_some_and(|v| v.user == user));
    tables.linkings.iter().any(|linking| visited(&linking.step))
}
