//! What the database holds: the tables of `mostik-store`, as far as linking needs them.

use mostik_linking::{Aim, AtMax, Budget, Linking, MaxUser, Purpose, Step};
use mostik_wire::Millis;

use crate::{
    asks::{Answer, Ask},
    kept::Kept,
    people::{ContactName, DAY, LinkingNo, Party, ProfileNo, PupilNo, linking_id, linking_no, number_in, pupil_id},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Tables {
    pub(crate) linkings: Vec<Kept<Linking>>,
    pub(crate) profiles: Vec<ProfileRow>,
    pub(crate) links: Vec<LinkRow>,
    /// For each pupil the profile of the last link that was removed.
    pub(crate) formers: [Option<ProfileNo>; 2],
    pub(crate) codes: Vec<CodeRow>,
    pub(crate) counts: Vec<Count>,
    pub(crate) keys: Vec<KeyRow>,
    /// Messages with codes.
    pub(crate) outbox: Vec<Message>,
    /// Who has stopped the bot.
    pub(crate) stopped: Vec<MaxUser>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ProfileRow {
    pub(crate) no: ProfileNo,
    /// Its number or its address.
    pub(crate) contact: ContactName,
    /// Which password it has, in the order in which they were set; 0: none.
    pub(crate) password: u8,
    pub(crate) max: Option<MaxUser>,
    pub(crate) former_max: Option<MaxUser>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LinkRow {
    pub(crate) pupil: PupilNo,
    pub(crate) profile: ProfileNo,
    pub(crate) linking: LinkingNo,
}

/// What a code proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Proves {
    Contact,
    Recovery,
    Owner,
}

impl From<Purpose> for Proves {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Contact => Self::Contact,
            Purpose::Recovery => Self::Recovery,
            Purpose::Owner => Self::Owner,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CodeRow {
    pub(crate) linking: LinkingNo,
    pub(crate) nth: u32,
    /// Its place among those of its purpose.
    pub(crate) place: u32,
    pub(crate) proves: Proves,
    pub(crate) contact: ContactName,
    pub(crate) expires_at: Millis,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Counted {
    Send,
    Failure,
}

/// Whose codes, and of what purpose: what is counted together.
pub(crate) type Spender = (ContactName, Proves);

/// Events of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Count {
    pub(crate) of: Spender,
    pub(crate) counted: Counted,
    pub(crate) at: Millis,
    pub(crate) linking: LinkingNo,
    pub(crate) times: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyRow {
    pub(crate) party: Party,
    pub(crate) key: u64,
    pub(crate) ask: Ask,
    pub(crate) state: KeyState,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum KeyState {
    /// A request with it is believed to be under way.
    Claimed { until: Millis },
    /// It was answered.
    Answered(Answer),
}

/// A message with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Message {
    pub(crate) linking: LinkingNo,
    pub(crate) nth: u32,
    pub(crate) contact: ContactName,
    pub(crate) expires_at: Millis,
}

/// Counts an event in a list that is kept in order.
pub(crate) fn count(counts: &mut Vec<Count>, of: Spender, counted: Counted, linking: LinkingNo, at: Millis) {
    match counts.iter_mut().find(|c| (c.of, c.counted, c.linking, c.at) == (of, counted, linking, at)) {
        Some(count) => count.times += 1,
        None => {
            counts.push(Count { of, counted, at, linking, times: 1 });
            counts.sort_unstable();
        }
    }
}

/// How many of them lie within a day before a moment.
pub(crate) fn within_a_day(counts: &[Count], of: Spender, counted: Counted, now: Millis) -> u32 {
    let counted = counts.iter().filter(|c| c.of == of && c.counted == counted && c.at > now.plus(-DAY));
    counted.map(|c| c.times).sum()
}

impl Tables {
    pub(crate) fn linking(&self, no: LinkingNo) -> &Kept<Linking> {
        &self.linkings[usize::from(no)]
    }

    pub(crate) fn profile(&self, no: ProfileNo) -> Option<&ProfileRow> {
        self.profiles.iter().find(|profile| profile.no == no)
    }

    pub(crate) fn profile_mut(&mut self, no: ProfileNo) -> Option<&mut ProfileRow> {
        self.profiles.iter_mut().find(|profile| profile.no == no)
    }

    pub(crate) fn under(&self, contact: ContactName) -> Option<&ProfileRow> {
        self.profiles.iter().find(|profile| profile.contact == contact)
    }

    pub(crate) fn link_of(&self, profile: ProfileNo) -> Option<&LinkRow> {
        self.links.iter().find(|link| link.profile == profile)
    }

    pub(crate) fn link_of_pupil(&self, pupil: PupilNo) -> Option<&LinkRow> {
        self.links.iter().find(|link| link.pupil == pupil)
    }

    /// The pupil's former profile, if nobody is linked to it now.
    pub(crate) fn former(&self, pupil: PupilNo) -> Option<&ProfileRow> {
        let former = self.formers[usize::from(pupil)]?;
        self.profile(former).filter(|profile| self.link_of(profile.no).is_none())
    }

    pub(crate) fn open_linking(&self, pupil: PupilNo) -> Option<LinkingNo> {
        let open = |linking: &&Kept<Linking>| {
            pupil_no(linking) == pupil && !matches!(linking.step, Step::Linked(_) | Step::Closed { .. })
        };
        self.linkings.iter().find(open).map(|linking| linking_no(&linking.id))
    }

    /// Begins a linking for a pupil who has no open one.
    pub(crate) fn begin(&mut self, pupil: PupilNo, party: Party) -> LinkingNo {
        let no = u8::try_from(self.linkings.len()).expect("few linkings");
        self.linkings.push(Kept::new(Linking {
            id: linking_id(no),
            pupil: pupil_id(pupil),
            version: 1,
            moved_at_version: 1,
            moved_by: Some(party.account().into()),
            codes: 0,
            step: Step::Contact,
        }));
        no
    }

    /// What a contact has cost, as `limits::lock_contact` tells it; `of` alone: of one linking.
    pub(crate) fn budget(&self, spender: Spender, now: Millis, of: Option<LinkingNo>) -> Budget {
        let newest_first = |counted: Counted| {
            let counts = self.counts.iter().rev().filter(|c| {
                c.of == spender
                    && c.counted == counted
                    && c.at > Budget::horizon(now)
                    && of.is_none_or(|of| of == c.linking)
            });
            let mut all: Vec<Millis> =
                counts.flat_map(|c| std::iter::repeat_n(c.at, usize::try_from(c.times).unwrap_or(0))).collect();
            all.sort_unstable_by(|one, other| other.cmp(one));
            all
        };
        Budget { sends: newest_first(Counted::Send), failures: newest_first(Counted::Failure) }
    }

    /// Codes that wait are not sent any more.
    pub(crate) fn drop_codes_of(&mut self, linking: LinkingNo) {
        self.outbox.retain(|message| message.linking != linking);
    }

    /// The moments at which something changes by time alone.
    pub(crate) fn deadlines(&self) -> impl Iterator<Item = Millis> {
        let steps = self.linkings.iter().flat_map(|linking| {
            let code = linking.step.sent_code().map(|(_, sent)| [sent.expires_at, sent.resend_at]);
            let ticket = linking.step.at_max().map(|at_max| at_max.ticket.expires_at);
            code.into_iter().flatten().chain(ticket)
        });
        let claims = self.keys.iter().filter_map(|key| match key.state {
            KeyState::Claimed { until } => Some(until),
            KeyState::Answered(_) => None,
        });
        steps.chain(claims).chain(self.counts.iter().map(|count| count.at.plus(DAY)))
    }
}

pub(crate) fn pupil_no(linking: &Linking) -> PupilNo {
    u8::try_from(number_in(&linking.pupil.0)).expect("a pupil of the story")
}

/// The profile that a step names, by number.
pub(crate) fn profile_no(step: &Step) -> Option<ProfileNo> {
    step.profile().map(|id| number_in(id))
}

/// The ticket of a step, by its name.
pub(crate) fn ticket(step: &Step) -> Option<u16> {
    let (Step::Max(AtMax { ticket, .. }), Some(_)) = (step, step.at_max()) else { return None };
    Some(number_in(&ticket.hash))
}

/// Whether MAX is awaited for a link that stands already.
pub(crate) fn is_offer(step: &Step) -> bool {
    matches!(step, Step::Max(AtMax { aim: Aim::Offer { .. }, .. }))
}
