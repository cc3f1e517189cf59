//! How each story begins: by what happens in it, so that nothing is there that cannot have come to be.

use std::sync::Arc;

use mostik_wire::Millis;

use crate::{
    act::Service,
    asks::{Ask, Move, code_number},
    device::{Device, Given},
    ledger::Ledger,
    mutant::Mutant,
    people::{ContactName, DAY, FAMILY_USER, MINUTE, START},
    press::{Press, Typed},
    protocol::{Coming, Event, Protocol},
    second::{SecondAsk, Way},
    story::{Left, Story},
    tables::{Count, Counted, ProfileRow, Proves, Tables},
    world::{Deed, Second, World},
};

/// Enough for what leads to a beginning.
const PLENTY: Left = Left {
    presses: 99,
    slips: 99,
    asks: 99,
    in_max: 99,
    strange: 99,
    network: 99,
    overlaps: 99,
    deaths: 99,
    waits: 99,
};

/// A linking that no story tells of: what it has cost was spent before.
const ANOTHER_LINKING: u8 = 3;

impl Protocol {
    /// The stories, each with what may happen in it.
    #[must_use]
    pub fn new(stories: &[(Story, Left)]) -> Self {
        let beginnings = stories.iter().map(|(story, left)| World { left: *left, ..begin(*story) }).collect();
        Self { service: Service::default(), beginnings }
    }

    /// A story with a mistake in the protocol.
    #[must_use]
    pub fn with(mutant: Mutant, story: Story, left: Left) -> Self {
        Self { service: Service { mutant: Some(mutant) }, ..Self::new(&[(story, left)]) }
    }
}

fn begin(story: Story) -> World {
    let before = if story == Story::Guessed { guessed() } else { Vec::new() };
    let (contact, password) = if story.is_by_mail() { (ContactName::Mailbox, 1) } else { (ContactName::Family, 0) };
    let profile = ProfileRow { no: 0, contact, password, max: None, former_max: None };
    let profiles = if story.has_profile() { vec![profile] } else { Vec::new() };
    let mut world = World {
        story,
        left: PLENTY,
        now: START,
        tables: Arc::new(Tables { profiles, counts: before.clone(), ..Tables::default() }),
        device: Device::new(),
        second: Second { told: None, wishes: 0 },
        flights: Vec::new(),
        inbox: Vec::new(),
        late: Vec::new(),
        photo: None,
        ledger: Arc::new(Ledger::with(before)),
    };
    world.at_device(&Given::Restart);
    let mut telling = Telling { world };
    let pupil = u8::from(!story.is_shared());
    telling.happens(Event::Serve(0)).presses(Press::Begin).asks(Ask::Create { pupil });
    match story {
        Story::LinkedBefore => _ = telling.links_by_sms(),
        Story::BothAsked => _ = telling.proves_for_both(),
        Story::BothNew => _ = telling.comes_for_both(ContactName::Family),
        Story::OfferedByMail => _ = telling.links_by_mail(),
        Story::BothByMail => _ = telling.comes_for_both(ContactName::Mailbox),
        Story::Guessed => _ = telling.gives_for_both(ContactName::Family),
        _ => {}
    }
    telling.world
}

/// What is left of five codes and what was guessed at them, a day ago but half an hour: of four codes the guesses alone. Three more are
/// admitted, and four codes.
fn guessed() -> Vec<Count> {
    let at = Millis(START.0 - DAY + 30 * MINUTE);
    let of = (ContactName::Family, Proves::Contact);
    let count = |counted, times| Count { of, counted, at, linking: ANOTHER_LINKING, times };
    vec![count(Counted::Send, 1), count(Counted::Failure, 22)]
}

/// What leads to a beginning.
struct Telling {
    world: World,
}

impl Telling {
    fn happens(&mut self, event: Event) -> &mut Self {
        let protocol = Protocol { service: Service::default(), beginnings: Vec::new() };
        self.world =
            protocol.after(&self.world, event).unwrap_or_else(|| panic!("{event:?} cannot happen in {:?}", self.world));
        self
    }

    /// The person presses something, and it is answered.
    fn presses(&mut self, press: Press) -> &mut Self {
        self.happens(Event::Press(press)).happens(Event::Serve(0)).happens(Event::Answer(0))
    }

    /// The family opens a ticket, and shares its number.
    fn proves_in_max(&mut self, ticket: Option<u16>) -> &mut Self {
        for deed in [Deed::Open(ticket.expect("a ticket is shown")), Deed::Share] {
            self.happens(Event::InMax(FAMILY_USER, deed, Coming::AtOnce));
        }
        self
    }

    /// The second person asks for something, and it is answered.
    fn asks(&mut self, ask: Ask) -> &mut Self {
        self.happens(Event::Ask(SecondAsk(ask), Way::AtOnce))
    }

    fn moves(&mut self, what: Move) -> &mut Self {
        let told = self.world.second.told.expect("it was begun");
        self.asks(Ask::Move { linking: told.linking, version: told.version, what })
    }

    fn proves_for_both(&mut self) -> &mut Self {
        self.presses(Press::ProveByMax);
        self.proves_in_max(self.world.ticket_shown()).happens(Event::News);
        self.moves(Move::MaxProof);
        self.proves_in_max(self.world.second_ticket()).happens(Event::Look)
    }

    /// Both give one contact, the second as soon as another code may be sent there.
    fn gives_for_both(&mut self, contact: ContactName) -> &mut Self {
        self.presses(Press::Contact(Typed(contact))).happens(Event::HandOver(0)).happens(Event::News);
        self.happens(Event::Wait).moves(Move::Contact(contact)).happens(Event::HandOver(0)).happens(Event::Look)
    }

    fn comes_for_both(&mut self, contact: ContactName) -> &mut Self {
        let [first, second] = [0, 1].map(|linking| code_number(linking, 1));
        self.gives_for_both(contact).presses(Press::Code(first)).moves(Move::Code(second))
    }

    fn links_by_mail(&mut self) -> &mut Self {
        self.presses(Press::Contact(Typed(ContactName::Mailbox))).happens(Event::HandOver(0)).happens(Event::News);
        self.presses(Press::Code(code_number(0, 1))).presses(Press::SignIn(1)).presses(Press::Confirm)
    }

    fn links_by_sms(&mut self) -> &mut Self {
        self.presses(Press::Contact(Typed(ContactName::Family))).happens(Event::HandOver(0)).happens(Event::News);
        self.presses(Press::Code(code_number(0, 1))).presses(Press::Confirm);
        self.proves_in_max(self.world.ticket_shown()).happens(Event::News).happens(Event::Look)
    }
}
