//! Where a linking stands, with exactly what is known there.

use mostik_wire::{
    Channel, CloseReason, Contact, Delivery, Email, LinkingId, Millis, Phone, PupilId, StepName, VkTrouble,
};
use serde::{Deserialize, Serialize};

/// The id of a learning profile: ten digits, as people see it.
pub type ProfileId = String;

/// The id of a MAX account.
pub type MaxUser = i64;

/// A text that only the service's keys open. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(pub String);

/// An argon2id hash of a password, as a PHC string. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed")
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// One pupil's way to a learning profile: a resource with a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linking {
    /// Opaque id.
    pub id: LinkingId,
    /// Whose it is.
    pub pupil: PupilId,
    /// Grows by one with each change.
    pub version: u64,
    /// The version at which the person's present choice arose: a request that names an older one is stale.
    pub moved_at_version: u64,
    /// The account that moved it last; `None`: nobody has yet.
    pub moved_by: Option<String>,
    /// How many codes it has sent so far; the newest one bears this number.
    pub codes: u32,
    /// Where it stands.
    pub step: Step,
}

impl Linking {
    /// Whether the person's choice has changed since that version, or the version is one that the linking never had.
    #[must_use]
    pub const fn is_stale(&self, version: u64) -> bool {
        version < self.moved_at_version || version > self.version
    }
}

/// Where a linking stands. The store keeps it as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// A number or an address is awaited.
    Contact,
    /// A code was sent there and is awaited.
    Code {
        /// Where it went.
        contact: Contact,
        /// The service knew the contact and the person did not type it: it is shown masked.
        known: bool,
        /// The newest code.
        sent: SentCode,
    },
    /// The contact is proven, and its profile is linked to another pupil.
    Taken {
        /// The contact.
        contact: Contact,
    },
    /// The address is proven and has no profile: a password for a new one is awaited.
    Password {
        /// The address.
        email: Email,
    },
    /// The child's details and the consent are awaited.
    Details {
        /// The address.
        email: Email,
        /// Of the profile that is to be made.
        password: PasswordHash,
    },
    /// The address is proven and has a profile, whose password is awaited.
    Exists {
        /// The address.
        email: Email,
        /// Its profile.
        profile: ProfileId,
    },
    /// A code was sent that allows a new password.
    Recovery {
        /// The address.
        email: Email,
        /// Its profile.
        profile: ProfileId,
        /// The newest code.
        sent: SentCode,
    },
    /// The person is asked whether the profile is theirs.
    Profile {
        /// The contact, proven.
        contact: Contact,
        /// The profile under it; `None`: one will be made.
        profile: Option<ProfileId>,
        /// The MAX account that has proven the number in place of a code.
        proven_in_max: Option<MaxUser>,
    },
    /// MAX is awaited.
    Max(AtMax),
    /// The link stands.
    Linked(Linked),
    /// Over without a link.
    Closed {
        /// Why.
        reason: CloseReason,
    },
}

/// The newest code of a linking. Its hash is in the store's table of codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCode {
    /// Its number among all codes of the linking, from 1.
    pub nth: u32,
    /// Its number among those of the same purpose, from 1.
    pub place: u32,
    /// When it stops working.
    pub expires_at: Millis,
    /// When another one may follow.
    pub resend_at: Millis,
    /// Tries that were spent on it.
    pub tries: u32,
    /// What is known of the message's way.
    pub delivery: Delivery,
}

/// What a code proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// That the contact is the person's.
    Contact,
    /// That the password of the address's profile may be set anew.
    Recovery,
    /// That a linked profile is the person's.
    Owner,
}

/// MAX is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtMax {
    /// What MAX is awaited for.
    pub aim: Aim,
    /// What leads to the bot.
    pub ticket: Ticket,
    /// Who has come to the bot with it.
    pub visitor: Option<Visitor>,
    /// What went wrong there.
    pub trouble: Option<Trouble>,
    /// What a link from the bot back into the app bears.
    pub return_handle: Sealed,
}

/// What MAX is awaited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "aim", rename_all = "snake_case")]
pub enum Aim {
    /// To say and to prove a number, in place of an SMS.
    Number,
    /// To join the profile that was found to a MAX account; the link is made then.
    Join {
        /// The contact, proven.
        contact: Contact,
        /// Its profile.
        profile: ProfileId,
        /// What went wrong with VK, which may be taken instead.
        vk_trouble: Option<VkTrouble>,
    },
    /// To join a profile that is linked already; this may be left out.
    Offer {
        /// The link.
        link: Link,
    },
}

/// A link that stands between a pupil's diary and a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The contact that the profile was linked by; codes for its owner go there.
    pub contact: Contact,
    /// The profile.
    pub profile: ProfileId,
    /// Since when.
    pub linked_at: Millis,
    /// The newest code that was sent to prove that the profile is the person's; `None`: none was.
    pub owner_code: Option<SentCode>,
    /// What went wrong with VK.
    pub vk_trouble: Option<VkTrouble>,
}

/// The link stands, and nothing is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// The link.
    pub link: Link,
    /// What a link back into the app bears; `None`: no page was opened outside that would lead back.
    pub return_handle: Option<Sealed>,
}

/// What leads to the bot: a link, or nine digits that do the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// A keyed hash of what the link bears.
    pub hash: String,
    /// What the link bears.
    pub sealed: Sealed,
    /// A keyed hash of the digits.
    pub digits_hash: String,
    /// The digits.
    pub sealed_digits: Sealed,
    /// When both stop working.
    pub expires_at: Millis,
}

/// Somebody who has come to the bot with a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// Their MAX account.
    pub user: MaxUser,
    /// When they came.
    pub at: Millis,
}

/// What went wrong in MAX.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum Trouble {
    /// MAX is signed in with another number.
    NumberDiffers {
        /// That number, for screens.
        masked: String,
        /// That number, where it is one that could be taken instead.
        number: Option<Sealed>,
    },
    /// The number in MAX is no Russian mobile one.
    NumberForeign {
        /// That number, for screens.
        masked: String,
    },
    /// Somebody else's contact was shared.
    ForeignContact,
    /// The contact's proof does not match.
    UnprovenContact,
    /// The MAX account is another profile's.
    MaxAccountTaken,
    /// MAX has proven that the number is the visitor's own, and no number is known that would show who the visitor is: the person has to
    /// say so in the app. Who photographs the code of another's window has a number too.
    ToConfirm {
        /// That number, for screens.
        masked: String,
        /// The visitor's name in MAX, masked.
        name: String,
    },
}

impl Step {
    /// Its name alone, as it goes over the wire.
    #[must_use]
    pub const fn name(&self) -> StepName {
        match self {
            Self::Contact => StepName::Contact,
            Self::Code { .. } => StepName::Code,
            Self::Taken { .. } => StepName::Taken,
            Self::Password { .. } => StepName::Password,
            Self::Details { .. } => StepName::Details,
            Self::Exists { .. } => StepName::Exists,
            Self::Recovery { .. } => StepName::Recovery,
            Self::Profile { .. } => StepName::Profile,
            Self::Max(_) => StepName::Max,
            Self::Linked(_) => StepName::Linked,
            Self::Closed { .. } => StepName::Closed,
        }
    }

    /// The contact that the step is about.
    #[must_use]
    pub fn contact(&self) -> Option<Contact> {
        match self {
            Self::Contact | Self::Closed { .. } => None,
            Self::Code { contact, .. } | Self::Taken { contact } | Self::Profile { contact, .. } => {
                Some(contact.clone())
            }
            Self::Password { email }
            | Self::Details { email, .. }
            | Self::Exists { email, .. }
            | Self::Recovery { email, .. } => Some(Contact::Mail { email: email.clone() }),
            Self::Max(at_max) => at_max.aim.contact().cloned(),
            Self::Linked(linked) => Some(linked.link.contact.clone()),
        }
    }

    /// The profile that the step names.
    #[must_use]
    pub const fn profile(&self) -> Option<&ProfileId> {
        match self {
            Self::Exists { profile, .. } | Self::Recovery { profile, .. } => Some(profile),
            Self::Profile { profile, .. } => profile.as_ref(),
            Self::Max(at_max) => at_max.aim.profile(),
            Self::Linked(linked) => Some(&linked.link.profile),
            _ => None,
        }
    }

    /// The link to the diary, where it stands.
    #[must_use]
    pub const fn link(&self) -> Option<&Link> {
        match self {
            Self::Max(AtMax { aim: Aim::Offer { link }, .. }) => Some(link),
            Self::Linked(linked) => Some(&linked.link),
            _ => None,
        }
    }

    pub(crate) const fn link_mut(&mut self) -> Option<&mut Link> {
        match self {
            Self::Max(AtMax { aim: Aim::Offer { link }, .. }) => Some(link),
            Self::Linked(linked) => Some(&mut linked.link),
            _ => None,
        }
    }

    /// The newest code that is awaited here, with what it proves.
    #[must_use]
    pub fn sent_code(&self) -> Option<(Purpose, &SentCode)> {
        match self {
            Self::Code { sent, .. } => Some((Purpose::Contact, sent)),
            Self::Recovery { sent, .. } => Some((Purpose::Recovery, sent)),
            _ => self.link()?.owner_code.as_ref().map(|sent| (Purpose::Owner, sent)),
        }
    }

    pub(crate) fn sent_code_mut(&mut self) -> Option<&mut SentCode> {
        match self {
            Self::Code { sent, .. } | Self::Recovery { sent, .. } => Some(sent),
            step => step.link_mut()?.owner_code.as_mut(),
        }
    }

    /// Where MAX is awaited.
    #[must_use]
    pub const fn at_max(&self) -> Option<&AtMax> {
        match self {
            Self::Max(at_max) => Some(at_max),
            _ => None,
        }
    }

    /// What went wrong with VK.
    #[must_use]
    pub const fn vk_trouble(&self) -> Option<VkTrouble> {
        match self {
            Self::Max(AtMax { aim: Aim::Join { vk_trouble, .. }, .. }) => *vk_trouble,
            step => match step.link() {
                Some(link) => link.vk_trouble,
                None => None,
            },
        }
    }

    /// What a link back into the app bears.
    #[must_use]
    pub const fn return_handle(&self) -> Option<&Sealed> {
        match self {
            Self::Max(at_max) => Some(&at_max.return_handle),
            Self::Linked(linked) => linked.return_handle.as_ref(),
            _ => None,
        }
    }

    /// All that is sealed in it, to be sealed anew.
    pub fn sealed_mut(&mut self) -> Vec<&mut Sealed> {
        match self {
            Self::Max(at_max) => {
                let number = match &mut at_max.trouble {
                    Some(Trouble::NumberDiffers { number, .. }) => number.as_mut(),
                    _ => None,
                };
                let ticket = &mut at_max.ticket;
                let own = [&mut ticket.sealed, &mut ticket.sealed_digits, &mut at_max.return_handle];
                own.into_iter().chain(number).collect()
            }
            Self::Linked(linked) => linked.return_handle.iter_mut().collect(),
            _ => Vec::new(),
        }
    }

    /// What leads to the bot, to be hashed anew.
    pub const fn ticket_mut(&mut self) -> Option<&mut Ticket> {
        match self {
            Self::Max(at_max) => Some(&mut at_max.ticket),
            _ => None,
        }
    }

    /// The MAX account that the store finds the linking by.
    #[must_use]
    pub fn max_user(&self) -> Option<MaxUser> {
        match self {
            Self::Profile { proven_in_max, .. } => *proven_in_max,
            Self::Max(at_max) => at_max.visitor.as_ref().map(|visitor| visitor.user),
            _ => None,
        }
    }

    /// The number that MAX must confirm; `None`: any own number will do, or MAX is to say which it is. `profiles` is the
    /// number that the profile has.
    #[must_use]
    pub fn phone_in_max(&self, profiles: Option<&Phone>) -> Option<Phone> {
        match self.contact()? {
            Contact::Sms { phone } => Some(phone),
            Contact::Mail { .. } => profiles.cloned(),
        }
    }

    /// Whether the link to the diary would stand without any messenger: a mailbox holds it.
    #[must_use]
    pub fn is_by_mail(&self) -> bool {
        self.contact().is_some_and(|contact| contact.channel() == Channel::Mail)
    }
}

impl Aim {
    /// The contact, once there is one.
    #[must_use]
    pub const fn contact(&self) -> Option<&Contact> {
        match self {
            Self::Number => None,
            Self::Join { contact, .. } => Some(contact),
            Self::Offer { link } => Some(&link.contact),
        }
    }

    /// The profile, once there is one.
    #[must_use]
    pub const fn profile(&self) -> Option<&ProfileId> {
        match self {
            Self::Number => None,
            Self::Join { profile, .. } => Some(profile),
            Self::Offer { link } => Some(&link.profile),
        }
    }
}

impl AtMax {
    /// Whether the person has to say that the visitor is them.
    #[must_use]
    pub const fn waits_for_a_yes(&self) -> bool {
        matches!(self.trouble, Some(Trouble::ToConfirm { .. }))
    }

    /// The number that MAX has proven and that may be taken in place of the expected one.
    #[must_use]
    pub const fn usable_number(&self) -> Option<&Sealed> {
        match (&self.aim, &self.trouble) {
            (Aim::Offer { .. }, _) => None,
            (_, Some(Trouble::NumberDiffers { number, .. })) => number.as_ref(),
            _ => None,
        }
    }
}
