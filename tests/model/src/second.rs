//! What the second person asks: by their own wits, based on what they were told last.

use mostik_wire::StepName;

use crate::{
    asks::{Ask, Move, Own, WRONG_CODE, code_number},
    people::{ContactName, LinkingNo, Party},
    story::Story,
    tables::is_offer,
    world::{Flight, Stage, Told, World},
};

/// How a request of the second person fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// It is answered at once.
    AtOnce,
    /// It comes late.
    Late,
    /// It is carried out, and its answer is lost; they will ask again.
    Unheard,
}

/// Something that the second person asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SecondAsk(pub(crate) Ask);

/// All that the second person may ask.
pub(crate) fn asks(world: &World, all: &mut Vec<SecondAsk>) {
    let Some(Told { linking, version, step }) = world.second.told else { return };
    let mut moves = Vec::new();
    let contacts = || world.story.given_by_second().iter().map(|contact| Move::Contact(*contact));
    match step {
        StepName::Contact => {
            moves.extend(contacts());
            moves.extend((world.story != Story::Guesser).then_some(Move::MaxProof));
            if world.story.is_shared() {
                moves.extend([Move::Former, Move::Cancel]);
            }
        }
        // Who only guesses spends each code before another is sent.
        StepName::Code if world.story == Story::Guesser => match left_of(world, linking) {
            LeftOfCode::Tries => moves.push(Move::Code(WRONG_CODE)),
            LeftOfCode::AnotherOne => moves.push(Move::Resend),
            LeftOfCode::Patience => {}
        },
        StepName::Code => {
            moves.extend(codes(world).map(Move::Code));
            moves.extend([Move::Resend, Move::MaxProof]);
        }
        StepName::Taken => moves.push(Move::MaxProof),
        StepName::Exists => moves.extend([Move::SignIn(1), Move::Recover]),
        StepName::Recovery => moves.extend(codes(world).map(|code| Move::Recovery(code, 9))),
        StepName::Profile => moves.extend([Move::Confirm, Move::MaxProof]),
        StepName::Max => {
            moves.push(Move::RenewMaxLink);
            moves.push(if is_offer(&world.tables.linking(linking).step) { Move::SkipMax } else { Move::Cancel });
        }
        StepName::Linked | StepName::Closed | StepName::Password | StepName::Details => {}
    }
    all.extend(moves.into_iter().map(|what| SecondAsk(Ask::Move { linking, version, what })));
    if step == StepName::Linked {
        let pupil = u8::from(!world.story.is_shared());
        let profile = world.tables.link_of_pupil(pupil).map_or(0, |link| link.profile);
        let codes = codes(world).flat_map(|code| [Own::Export(code), Own::Unlink(code)]);
        let owns = std::iter::once(Own::SendCode).chain(codes);
        all.extend(owns.map(|what| SecondAsk(Ask::Own { pupil, profile, what })));
    }
}

/// What is left to who guesses at a linking's code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LeftOfCode {
    /// To guess.
    Tries,
    /// To ask for another code.
    AnotherOne,
    /// To wait until that may be.
    Patience,
}

/// What is left of a linking's code.
pub(crate) fn left_of(world: &World, linking: LinkingNo) -> LeftOfCode {
    match world.tables.linking(linking).step.sent_code() {
        Some((_, sent)) if sent.tries_left() > 0 => LeftOfCode::Tries,
        Some((_, sent)) if world.now < sent.resend_at => LeftOfCode::Patience,
        _ => LeftOfCode::AnotherOne,
    }
}

/// The codes that the second person may type: all that they have read, and a wrong one.
fn codes(world: &World) -> impl Iterator<Item = u32> + '_ {
    let reads = |contact| contact == ContactName::Second || world.story.is_of_one_family();
    let come = world.inbox.iter().filter(move |letter| reads(letter.contact));
    come.map(|letter| code_number(letter.linking, letter.nth)).chain([WRONG_CODE])
}

/// The request goes on its way.
pub(crate) fn send(world: &mut World, ask: SecondAsk) -> usize {
    world.second.wishes += 1;
    let (party, wish) = (Party::Second, world.second.wishes);
    world.flights.push(Flight { party, wish, key: wish, ask: ask.0, stage: Stage::Asked, abandoned: false });
    world.flights.len() - 1
}
