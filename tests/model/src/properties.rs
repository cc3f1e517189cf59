//! What must always hold, and what must be reachable.

use mostik_linking::{MaxUser, Step, limits::WRONG_CODES_OF_CONTACT};
use mostik_wire::StepName;
use stateright::Property;

use crate::{
    asks::Ask,
    ledger::Breach,
    people::{ContactName, LinkingNo, SECOND_USER},
    protocol::Protocol,
    tables::{Counted, LinkRow, Proves, profile_no, pupil_no, within_a_day},
    world::{Stage, Told, World},
};

/// Codes that are compared with one code.
const MOST_TRIES: u32 = 5;
/// Wrong codes of a contact in a day.
const MOST_FAILURES: u32 = 25;
/// Codes that a contact is sent in a day.
const MOST_CODES: u32 = 5;

/// A property's name, as the tests call it.
pub mod names {
    #![expect(missing_docs, reason = "each says what it is")]

    pub const FIVE_TRIES: &str = "at most five codes are compared with one";
    pub const FAILURES_OF_A_DAY: &str = "at most 25 wrong codes of a contact are compared in a day";
    pub const CODES_OF_A_DAY: &str = "a contact is sent at most five codes in a day";
    pub const COUNTED_STAYS: &str = "what was counted stays counted, whatever is sent anew or dies";
    pub const CODE_ONCE: &str = "a code works once";
    pub const CODE_LIFE: &str = "a code works for ten minutes";
    pub const NEWEST_CODE: &str = "a code works until a newer one is sent";
    pub const OWN_CODE: &str = "a code works for its own linking, contact and purpose";
    pub const ONE_PUPIL: &str = "a profile has one pupil, and a pupil one profile";
    pub const ONE_NUMBER: &str = "a number has one profile";
    pub const ONE_MAX_ACCOUNT: &str = "a MAX account has one profile";
    pub const PROVEN: &str = "who is linked has proven the profile's contact";
    pub const NO_STRANGER: &str = "no profile is bound to a stranger's MAX account";
    pub const STEPS_AGREE: &str = "a link stands where a linking says so, and nowhere else";
    pub const TOLD_STAYS: &str = "what was answered is never undone";
    pub const STALE: &str = "a request that answers another choice changes nothing";
    pub const ONE_EFFECT: &str = "one wish has one effect and one answer";
    pub const ONE_VISITOR: &str = "who has come with a ticket is not replaced";
    pub const TICKET_LIFE: &str = "a ticket works for ten minutes";
    pub const UPDATE_ONCE: &str = "an update has one effect";
    pub const NO_FALSE_MESSAGE: &str = "no code comes that the service does not know";
    pub const LETTER_ALONE: &str = "no code of a letter alone links a profile that has a password";
    pub const PASSWORD_OF_TODAY: &str = "no replaced password links a profile";
    pub const WINDOW_GOES_ON: &str = "the window never shows an older version";

    pub const LINKED_BY_SMS: &str = "a pupil is linked by an SMS and MAX";
    pub const LINKED_WITHOUT_SMS: &str = "a pupil is linked by MAX alone";
    pub const UNLINKED: &str = "a pupil is unlinked";
    pub const LINKED_AGAIN: &str = "a pupil is linked again to the former profile";
    pub const LINKED_BY_MAIL: &str = "a pupil is linked by an address and a password";
    pub const TAKEN: &str = "a profile is another pupil's";
    pub const EXISTS: &str = "an address has a profile already";
    pub const RECOVERED: &str = "a password is set anew";
    pub const BLOCKED: &str = "a contact is blocked";
    pub const SHOWN: &str = "the window shows that it is done";
    pub const STRANGER_CAME: &str = "a stranger comes first with the family's ticket";
}

/// All of them.
pub(crate) fn properties() -> Vec<Property<Protocol>> {
    let mut all = safe();
    all.extend(reachable());
    all
}

macro_rules! unbroken {
    ($name:expr, $breach:expr) => {
        Property::always($name, |_, world: &World| !world.ledger.has($breach))
    };
}

fn safe() -> Vec<Property<Protocol>> {
    vec![
        Property::always(names::FIVE_TRIES, |_, world: &World| {
            world.ledger.issued.iter().all(|code| code.compared <= MOST_TRIES)
        }),
        Property::always(names::FAILURES_OF_A_DAY, |_, world: &World| at_most(world, Counted::Failure, MOST_FAILURES)),
        Property::always(names::CODES_OF_A_DAY, |_, world: &World| at_most(world, Counted::Send, MOST_CODES)),
        Property::always(names::COUNTED_STAYS, |_, world: &World| counted_stays(world)),
        unbroken!(names::CODE_ONCE, Breach::CodeTwice),
        unbroken!(names::CODE_LIFE, Breach::CodeAfterLife),
        unbroken!(names::NEWEST_CODE, Breach::CodeSuperseded),
        unbroken!(names::OWN_CODE, Breach::CodeElsewhere),
        Property::always(names::ONE_PUPIL, |_, world: &World| {
            let links = &world.tables.links;
            all_differ(links.iter().map(|link| link.profile)) && all_differ(links.iter().map(|link| link.pupil))
        }),
        Property::always(names::ONE_NUMBER, |_, world: &World| {
            all_differ(world.tables.profiles.iter().map(|profile| profile.contact))
        }),
        Property::always(names::ONE_MAX_ACCOUNT, |_, world: &World| {
            all_differ(world.tables.profiles.iter().filter_map(|profile| profile.max))
        }),
        unbroken!(names::PROVEN, Breach::NotProven),
        unbroken!(names::NO_STRANGER, Breach::StrangerBound),
        Property::always(names::STEPS_AGREE, |_, world: &World| steps_agree(world)),
        Property::always(names::TOLD_STAYS, |_, world: &World| told_stays(world)),
        unbroken!(names::STALE, Breach::StaleDone),
        unbroken!(names::ONE_EFFECT, Breach::DoneTwice),
        unbroken!(names::ONE_VISITOR, Breach::VisitorReplaced),
        unbroken!(names::TICKET_LIFE, Breach::TicketAfterLife),
        unbroken!(names::UPDATE_ONCE, Breach::UpdateTwice),
        Property::always(names::NO_FALSE_MESSAGE, |_, world: &World| {
            let known =
                |nth, linking| world.ledger.issued.iter().any(|code| (code.nth, code.linking) == (nth, linking));
            // What an open transaction may still commit is no lie yet.
            world.is_loaded() || world.inbox.iter().all(|letter| known(letter.nth, letter.linking))
        }),
        unbroken!(names::LETTER_ALONE, Breach::LetterAlone),
        unbroken!(names::PASSWORD_OF_TODAY, Breach::OldPassword),
        unbroken!(names::WINDOW_GOES_ON, Breach::WentBack),
    ]
}

fn reachable() -> Vec<Property<Protocol>> {
    vec![
        Property::sometimes(names::LINKED_BY_SMS, |_, world: &World| {
            links(world).any(|(codes, max, contact)| codes > 0 && max.is_some() && contact == ContactName::Family)
        }),
        Property::sometimes(names::LINKED_WITHOUT_SMS, |_, world: &World| {
            links(world).any(|(codes, max, _)| codes == 0 && max.is_some())
        }),
        Property::sometimes(names::UNLINKED, |_, world: &World| {
            world.tables.formers.iter().any(Option::is_some) && world.tables.links.is_empty()
        }),
        Property::sometimes(names::LINKED_AGAIN, |_, world: &World| {
            let again = |link: &LinkRow| world.tables.formers[usize::from(link.pupil)] == Some(link.profile);
            world.tables.links.iter().any(again)
        }),
        Property::sometimes(names::LINKED_BY_MAIL, |_, world: &World| {
            links(world).any(|(_, _, contact)| contact == ContactName::Mailbox)
        }),
        Property::sometimes(names::TAKEN, |_, world: &World| stands_at(world, StepName::Taken)),
        Property::sometimes(names::EXISTS, |_, world: &World| stands_at(world, StepName::Exists)),
        Property::sometimes(names::RECOVERED, |_, world: &World| {
            world.tables.profiles.iter().any(|profile| profile.password > 1)
        }),
        Property::sometimes(names::BLOCKED, |_, world: &World| {
            let budget = world.tables.budget((ContactName::Family, Proves::Contact), world.now, None);
            budget.admit_try(&WRONG_CODES_OF_CONTACT).is_err()
        }),
        Property::sometimes(names::SHOWN, |_, world: &World| world.device.state.name() == "Wizard(linked)"),
        Property::sometimes(names::STRANGER_CAME, |_, world: &World| {
            let first = world.tables.linkings.first();
            first.is_some_and(|linking| linking.step.max_user() == Some(SECOND_USER))
        }),
    ]
}

fn all_differ<T: PartialEq>(all: impl Iterator<Item = T>) -> bool {
    let all: Vec<T> = all.collect();
    all.iter().enumerate().all(|(at, one)| !all[..at].contains(one))
}

fn at_most(world: &World, counted: Counted, most: u32) -> bool {
    let counts = &world.ledger.counts;
    counts.iter().all(|count| within_a_day(counts, count.of, counted, world.now) <= most)
}

fn counted_stays(world: &World) -> bool {
    let (kept, happened) = (&world.tables.counts, &world.ledger.counts);
    let same =
        |of, counted| within_a_day(kept, of, counted, world.now) == within_a_day(happened, of, counted, world.now);
    kept == happened || kept.iter().chain(happened).all(|count| same(count.of, count.counted))
}

fn steps_agree(world: &World) -> bool {
    let tables = &world.tables;
    (0u8..).zip(&tables.linkings).all(|(no, linking)| {
        let link = tables.links.iter().find(|link| link.linking == no);
        match linking.step.link() {
            None => link.is_none(),
            Some(_) => link
                .is_some_and(|link| Some(link.profile) == profile_no(&linking.step) && link.pupil == pupil_no(linking)),
        }
    })
}

fn told_stays(world: &World) -> bool {
    let stands = |told: Told| {
        let linking = world.tables.linking(told.linking);
        let same = linking.version == told.version && linking.step.name() == told.step;
        // What an open transaction may still commit is no lie yet.
        linking.version > told.version || same || is_open_for(world, told.linking)
    };
    [world.device.shown().map(Told::of), world.second.told].into_iter().flatten().all(stands)
}

fn is_open_for(world: &World, linking: LinkingNo) -> bool {
    world.flights.iter().any(|flight| {
        let about = matches!(flight.ask, Ask::Move { linking: of, .. } if of == linking);
        about && matches!(flight.stage, Stage::Loaded { .. })
    })
}

fn stands_at(world: &World, step: StepName) -> bool {
    world.tables.linkings.iter().any(|linking| linking.step.name() == step)
}

/// Of each link: the codes that its linking has sent, the MAX account, and the profile's contact.
fn links(world: &World) -> impl Iterator<Item = (u32, Option<MaxUser>, ContactName)> + '_ {
    world.tables.links.iter().filter_map(|link| {
        let profile = world.tables.profile(link.profile)?;
        let linking = world.tables.linking(link.linking);
        let shown = matches!(linking.step, Step::Linked(_) | Step::Max(_));
        Some((linking.codes, profile.max, profile.contact)).filter(|_| shown)
    })
}
