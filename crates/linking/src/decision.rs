//! What follows from an action: the next step, and what is done with it in the same transaction.

use mostik_wire::{BirthDate, ConfirmedName, Contact, Gender, LogKind, Messenger, Millis, PersonName, Phone};

use crate::{
    limits::Limit,
    refusal::Refusal,
    step::{MaxUser, PasswordHash, ProfileId, Purpose, SentCode, Step},
};

/// What follows from an action.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Where the linking stands next.
    pub step: Step,
    /// What becomes of its version.
    pub change: Change,
    /// What is done in the same transaction, in this order.
    pub effects: Vec<Effect>,
    /// The answer is this refusal, although something has changed: a try was counted.
    pub refused: Option<Refusal>,
}

/// What becomes of a linking's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing has changed.
    None,
    /// Something became known; requests that are based on the version before are as good as they were.
    Known,
    /// The person's choice has changed: requests that are based on the version before are stale.
    Moved,
}

/// Something to be done together with the new step.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A code is made, its hash kept, and its message queued; the send is counted.
    SendCode {
        /// What it proves.
        purpose: Purpose,
        /// Where it goes.
        to: Contact,
        /// The code as the step bears it.
        sent: SentCode,
    },
    /// The contact is counted as one that was given.
    CountContact {
        /// The contact.
        contact: Contact,
        /// The limits under which it is new.
        limits: Vec<&'static Limit>,
    },
    /// Messages with codes of this linking that still wait are not sent any more.
    DropQueuedCodes,
    /// A wrong code is counted against the contact, for this purpose.
    CountFailure {
        /// What the code was to prove.
        purpose: Purpose,
        /// Whose budget it is.
        contact: Contact,
    },
    /// A profile is made.
    MakeProfile(Box<NewProfile>),
    /// A profile gets a password; wrong ones that were counted before count no more.
    SetPassword {
        /// The profile.
        profile: ProfileId,
        /// The password.
        password: PasswordHash,
    },
    /// The pupil's diary is linked to the profile.
    Link {
        /// The profile.
        profile: ProfileId,
    },
    /// The link is removed, and the profile leaves its messengers; it is remembered as the pupil's former one.
    Unlink {
        /// The profile.
        profile: ProfileId,
    },
    /// The profile is bound to an account of a messenger.
    Bind {
        /// The profile.
        profile: ProfileId,
        /// The account.
        account: Account,
    },
    /// The profile leaves a messenger.
    Unbind {
        /// The profile.
        profile: ProfileId,
        /// The messenger.
        messenger: Messenger,
    },
    /// The profile is to be deleted then, or not any more.
    SetDeletion {
        /// The profile.
        profile: ProfileId,
        /// When; `None`: the deletion was called off.
        due: Option<Millis>,
    },
    /// The consent that the profile was made with is recorded.
    RecordConsent {
        /// The profile.
        profile: ProfileId,
        /// The version of the wording.
        wording: String,
    },
    /// A sign-in at VK ID for this profile begins; one that was begun before is over.
    BeginVk {
        /// The profile.
        profile: ProfileId,
        /// When it is over.
        expires_at: Millis,
    },
    /// The person is asked whether the account that VK ID has named is theirs.
    AskAboutVk {
        /// When the question is over.
        expires_at: Millis,
    },
    /// A sign-in at VK ID that is under way is over.
    EndVk,
    /// Other linkings that have signed in to the profile with its old password must sign in again.
    ReplacePasswordElsewhere {
        /// The profile.
        profile: ProfileId,
    },
    /// The pupil's history gets a line.
    Note(LogKind),
    /// The profile's people are told.
    Tell {
        /// The profile.
        profile: ProfileId,
        /// What has happened.
        news: News,
    },
    /// The bot says something.
    SayInMax {
        /// To whom.
        user: MaxUser,
        /// What.
        text: MaxText,
    },
}

/// A profile that is made.
#[derive(Clone, Debug, PartialEq)]
pub enum NewProfile {
    /// Under a number that was proven, in the pupil's name.
    ByPhone {
        /// Its id.
        id: ProfileId,
        /// The number.
        phone: Phone,
    },
    /// Under an address, by a parent.
    ByMail {
        /// Its id.
        id: ProfileId,
        /// The address.
        email: mostik_wire::Email,
        /// As the parent has confirmed it.
        name: ConfirmedNameParts,
        /// As the diary and the parent say it.
        birth_date: BirthDate,
        /// As the parent says it.
        gender: Gender,
        /// The class in the diary, if it names one.
        class_name: Option<String>,
        /// The password that was set before.
        password: PasswordHash,
    },
}

/// The parts of a name that was confirmed. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfirmedNameParts {
    /// First name; may be empty.
    pub first_name: String,
    /// Surname; may be empty.
    pub last_name: String,
    /// Patronymic.
    pub middle_name: Option<String>,
}

impl From<&ConfirmedName> for ConfirmedNameParts {
    fn from(name: &ConfirmedName) -> Self {
        Self {
            first_name: name.first_name.as_str().to_owned(),
            last_name: name.last_name.as_str().to_owned(),
            middle_name: name.middle_name.as_ref().map(PersonName::as_str).map(str::to_owned),
        }
    }
}

impl std::fmt::Debug for ConfirmedNameParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConfirmedNameParts")
    }
}

/// An account of a messenger that was shown to be the person's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Where.
    pub messenger: Messenger,
    /// Its id there.
    pub user: i64,
    /// Whose it is, masked: more is not kept. `None`: not said.
    pub name: Option<String>,
}

/// What a profile's people are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It was linked. Told by letter alone: in MAX the bot has said so.
    Linked,
    /// Its password was set anew.
    PasswordChanged,
    /// A VK account was bound to it.
    VkLinked {
        /// Whose, masked.
        account: String,
    },
    /// It was unlinked from the diary.
    Unlinked,
    /// It has left a messenger.
    MessengerUnlinked(Messenger),
    /// All that is held about it was handed out.
    Exported,
    /// It will be deleted then.
    DeletionAsked {
        /// When.
        due: Millis,
    },
    /// It will not be deleted after all.
    DeletionCalledOff,
}

/// What the bot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaxText {
    /// Whose diary it is about, and that the number is awaited.
    WhoseDiary,
    /// The number is proven; on in the app.
    NumberProven,
    /// The profile is another pupil's.
    ProfileTaken,
    /// The link stands.
    Linked {
        /// With the way back into the app.
        with_way_back: bool,
    },
    /// MAX knows the person by another number.
    NumberDiffers {
        /// That one, masked.
        theirs: String,
        /// The expected one, masked.
        ours: String,
        /// It may be taken instead.
        usable: bool,
    },
    /// The number is no Russian mobile one.
    NumberForeign,
    /// Somebody else's contact.
    ForeignContact,
    /// The contact's proof does not match.
    UnprovenContact,
    /// The MAX account is another profile's.
    AccountTaken,
    /// The person has to say in the app that it is their account.
    ToConfirm,
}

impl Decision {
    /// The person's choice leads to another step.
    pub(crate) const fn moved(step: Step) -> Self {
        Self { step, change: Change::Moved, effects: Vec::new(), refused: None }
    }

    /// Something became known at the step.
    pub(crate) fn known(step: Step) -> Self {
        Self { change: Change::Known, ..Self::moved(step) }
    }

    pub(crate) fn with(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    pub(crate) fn with_all(mut self, effects: impl IntoIterator<Item = Effect>) -> Self {
        self.effects.extend(effects);
        self
    }

    pub(crate) fn refusing(mut self, refusal: Refusal) -> Self {
        self.refused = Some(refusal);
        self
    }
}
