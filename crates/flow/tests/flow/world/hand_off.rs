//! Drives and answers of «Отправить на телефон».

use mostik_flow::{Attempt, IncomingHandOff, Input, Intent, News, Reply, State};
use mostik_wire::{
    HandOff, HandOffId, HandOffOffer, HandOffPlace, HandOffStage, HandOffStatus, HandedOff, Linking, PupilId,
};

use super::{HANDLE, NOW, World};

impl World {
    /// «Отправить на телефон», a code being made.
    pub fn outgoing(mut self) -> Self {
        self.intent(Intent::SendToPhone);
        self
    }

    /// The same, with the code on the screen.
    pub fn sent(self) -> Self {
        let mut world = self.outgoing();
        world.answer_hand_off(hand_off());
        world
    }

    /// Nobody is signed in, and a code of another device was read.
    pub fn offered() -> Self {
        let mut world = Self::new();
        world.start().answer(Reply::KeyringRead { session: false });
        world.news(News::Link(format!("mostik://continue/{HANDLE}")));
        world.answer_hand_off(offer());
        world
    }

    /// Answers what is asked about a hand-off.
    pub fn answer_hand_off(&mut self, reply: Reply) -> &mut Self {
        let attempt = hand_off_attempt(&self.state).expect("the service is asked");
        self.input(Input::Reply(attempt, reply))
    }
}

/// The attempt under which a hand-off is asked about, if one is.
pub fn hand_off_attempt(state: &State) -> Option<Attempt> {
    let incoming = state.conditions.incoming.as_ref().and_then(IncomingHandOff::awaited);
    let outgoing = state.conditions.outgoing.as_ref().and_then(|outgoing| outgoing.pending.or(outgoing.following));
    incoming.or(outgoing)
}

pub fn hand_off() -> Reply {
    Reply::HandOff(Box::new(HandOff {
        id: HandOffId("h-1".into()),
        url: format!("https://mostik.example/continue/{HANDLE}"),
        name_masked: "Михаил О.".into(),
        status: status(HandOffStage::Waiting),
    }))
}

pub fn hand_off_status(stage: HandOffStage) -> Reply {
    Reply::HandOffStatus(status(stage))
}

fn status(stage: HandOffStage) -> HandOffStatus {
    HandOffStatus {
        stage,
        expires_at: NOW.plus(300_000),
        device: (stage == HandOffStage::Taken).then(|| "Мостик, Android".into()),
        server_time: NOW,
    }
}

pub fn offer() -> Reply {
    Reply::HandOffOffer(HandOffOffer {
        pupil_name: "Михаил О.".into(),
        expires_at: NOW.plus(600_000),
        server_time: NOW,
    })
}

pub fn handed_off(pupil: &str, place: HandOffPlace, linking: Option<Linking>) -> Reply {
    Reply::HandedOff(Box::new(HandedOff { pupil: PupilId(pupil.into()), place, linking }))
}
