//! What has happened, written down beside the service and without its rules: what the properties are about.

use mostik_linking::{Linking, Step, Trouble};
use mostik_wire::{Contact, Millis, StepName};

use crate::{
    asks::code_number,
    people::{ContactName, FAMILY_USER, LinkingNo, MINUTE, Party, ProfileNo, linking_no, number_of},
    tables::{Count, Counted, ProfileRow, Proves, count, profile_no},
};

/// The life of a code and of a ticket, as they are promised.
const LIFE: i64 = 10 * MINUTE;

/// What must not happen, and is seen only while it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    /// A code worked that had worked before.
    CodeTwice,
    /// A code worked after its life.
    CodeAfterLife,
    /// A code worked although a newer one had been sent.
    CodeSuperseded,
    /// A code worked that was sent for another linking, for another contact or another purpose.
    CodeElsewhere,
    /// A pupil was linked to a profile whose contact nobody had proven.
    NotProven,
    /// A MAX account was bound to the profile of a number that is not its own, or of a family that it is none of.
    StrangerBound,
    /// A request was carried out although the choice that it answers was gone.
    StaleDone,
    /// One wish of a person had two effects, or two answers.
    DoneTwice,
    /// Somebody took the place of who had come with the ticket.
    VisitorReplaced,
    /// A ticket opened something after its life.
    TicketAfterLife,
    /// One update had two effects.
    UpdateTwice,
    /// A profile with a password was linked by the code of a letter alone.
    LetterAlone,
    /// A profile was linked by a password that it had no more.
    OldPassword,
    /// The window showed an older version than before.
    WentBack,
}

/// A code that a committed change has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Issued {
    pub(crate) linking: LinkingNo,
    pub(crate) nth: u32,
    proves: Proves,
    contact: ContactName,
    at: Millis,
    used: bool,
    /// How many codes were compared with it.
    pub(crate) compared: u32,
}

impl Issued {
    pub(crate) fn number(&self) -> u32 {
        code_number(self.linking, self.nth)
    }
}

/// What a person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Choice {
    step: StepName,
    contact: Option<ContactName>,
    profile: Option<ProfileNo>,
    code: u32,
    /// The number of the MAX account that the person is to say yes to.
    number: Option<ContactName>,
}

impl Choice {
    pub(crate) fn of(step: &Step) -> Self {
        let code = match step {
            Step::Code { sent, .. } | Step::Recovery { sent, .. } => sent.nth,
            _ => 0,
        };
        let number = match step.at_max().and_then(|at_max| at_max.trouble.as_ref()) {
            Some(Trouble::NumberDiffers { masked, number: Some(_) } | Trouble::ToConfirm { masked, .. }) => {
                ContactName::ALL.into_iter().find(|name| name.contact().masked() == *masked)
            }
            _ => None,
        };
        let contact = step.contact().as_ref().map(ContactName::of);
        Self { step: step.name(), contact, profile: profile_no(step), code, number }
    }
}

/// The choice at a version of a linking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChoiceAt {
    pub(crate) linking: LinkingNo,
    pub(crate) version: u64,
    choice: Choice,
}

/// What was done for one wish of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wish {
    pub(crate) party: Party,
    pub(crate) wish: u64,
    done: bool,
    answer: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Ledger {
    breaches: u32,
    pub(crate) issued: Vec<Issued>,
    pub(crate) counts: Vec<Count>,
    /// The contact that each linking has proven last.
    proven: [Option<ContactName>; 4],
    /// The password that each linking has shown last; 0: none.
    passwords: [u8; 4],
    pub(crate) choices: Vec<ChoiceAt>,
    pub(crate) wishes: Vec<Wish>,
}

impl Ledger {
    /// What was counted before a story begins.
    pub(crate) fn with(counts: Vec<Count>) -> Self {
        Self { counts, ..Self::default() }
    }

    pub(crate) const fn note(&mut self, breach: Breach) {
        self.breaches |= 1 << breach as u32;
    }

    pub(crate) const fn has(&self, breach: Breach) -> bool {
        self.breaches & (1 << breach as u32) != 0
    }

    fn check(&mut self, holds: bool, breach: Breach) {
        if !holds {
            self.note(breach);
        }
    }

    pub(crate) fn code_made(&mut self, linking: LinkingNo, nth: u32, proves: Proves, contact: ContactName, at: Millis) {
        count(&mut self.counts, (contact, proves), Counted::Send, linking, at);
        self.issued.push(Issued { linking, nth, proves, contact, at, used: false, compared: 0 });
        if proves == Proves::Contact {
            self.proven[usize::from(linking)] = None;
        }
    }

    /// A code was compared at a step, and was right or wrong.
    pub(crate) fn compared(&mut self, before: &Linking, typed: u32, proves: Proves, right: bool, now: Millis) {
        let (linking, contact) = (linking_no(&before.id), before.step.contact().as_ref().map(ContactName::of));
        let newest = self.issued.iter().rposition(|code| code.linking == linking && code.proves == proves);
        if let Some(newest) = newest {
            self.issued[newest].compared += 1;
        }
        if !right {
            if let Some(contact) = contact {
                count(&mut self.counts, (contact, proves), Counted::Failure, linking, now);
            }
            return;
        }
        let Some(at) = self.issued.iter().position(|code| code.number() == typed) else {
            return self.note(Breach::CodeElsewhere);
        };
        let code = self.issued[at];
        let own = (code.linking, code.proves, Some(code.contact)) == (linking, proves, contact);
        self.check(own, Breach::CodeElsewhere);
        self.check(!own || Some(at) == newest, Breach::CodeSuperseded);
        self.check(!code.used, Breach::CodeTwice);
        self.check(now.since(code.at) < LIFE, Breach::CodeAfterLife);
        self.issued[at].used = true;
        if own && proves == Proves::Contact {
            self.proven[usize::from(linking)] = contact;
        }
    }

    /// MAX has proven a number: that of the account itself, as MAX knows it.
    pub(crate) fn number_shown(&mut self, linking: LinkingNo, user: i64) {
        self.proven[usize::from(linking)] = Some(number_of(user));
    }

    pub(crate) const fn password_shown(&mut self, linking: LinkingNo, password: u8) {
        self.passwords[linking as usize] = password;
    }

    /// Nothing is proven any more: MAX is to prove a number, or the linking is over.
    pub(crate) const fn begun_anew(&mut self, linking: LinkingNo) {
        self.proven[linking as usize] = None;
    }

    pub(crate) fn linked(&mut self, linking: LinkingNo, profile: &ProfileRow) {
        let no = usize::from(linking);
        self.check(self.proven[no] == Some(profile.contact), Breach::NotProven);
        if matches!(profile.contact.contact(), Contact::Mail { .. }) {
            self.check(self.passwords[no] != 0, Breach::LetterAlone);
            self.check([0, profile.password].contains(&self.passwords[no]), Breach::OldPassword);
        }
    }

    pub(crate) fn bound(&mut self, profile: &ProfileRow, user: i64) {
        let own = match profile.contact.contact() {
            Contact::Sms { .. } => number_of(user) == profile.contact,
            Contact::Mail { .. } => user == FAMILY_USER,
        };
        self.check(own, Breach::StrangerBound);
    }

    /// A change was made on somebody's behalf who had seen the linking at a version; `of_number`: who said yes to a number.
    pub(crate) fn done_at(&mut self, before: &Linking, version: u64, of_number: bool) {
        let (linking, present) = (linking_no(&before.id), Choice::of(&before.step));
        let seen = self.choices.iter().find(|seen| (seen.linking, seen.version) == (linking, version));
        let same = seen.is_some_and(|seen| {
            seen.choice == Choice { number: if of_number { present.number } else { seen.choice.number }, ..present }
        });
        self.check(same, Breach::StaleDone);
    }

    /// A linking was changed, or begun.
    pub(crate) fn written(&mut self, before: Option<&Linking>, after: &Linking, now: Millis) {
        let linking = linking_no(&after.id);
        let (version, choice) = (after.version, Choice::of(&after.step));
        self.choices.push(ChoiceAt { linking, version, choice });
        let visitors = |linking: &Linking| {
            let at_max = linking.step.at_max()?;
            Some((
                at_max.ticket.hash.clone(),
                at_max.visitor.as_ref().map(|visitor| visitor.user),
                at_max.ticket.expires_at,
            ))
        };
        let (Some((old, was, expires_at)), Some((new, is, _))) = (before.and_then(visitors), visitors(after)) else {
            return;
        };
        if old == new {
            self.check(was.is_none() || is.is_none() || was == is, Breach::VisitorReplaced);
            self.check(was.is_some() || is.is_none() || now < expires_at, Breach::TicketAfterLife);
        }
    }

    /// A wish was answered; `kept`: for good.
    pub(crate) fn answered(&mut self, party: Party, wish: u64, kept: bool, done: bool, answer: u64) {
        let known = self.wishes.iter_mut().find(|known| (known.party, known.wish) == (party, wish));
        match known {
            None if kept => self.wishes.push(Wish { party, wish, done, answer }),
            None => {}
            Some(known) => {
                let same = kept && known.answer == answer && !(known.done && done);
                known.done |= done;
                self.check(same, Breach::DoneTwice);
            }
        }
    }
}
