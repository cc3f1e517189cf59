//! What may be done to a linking, by its person, by a messenger, or by time.

use mostik_wire::{Contact, Delivery, DetailsBody, Messenger, Phone, VkTrouble};

use crate::step::{Aim, AtMax, MaxUser, PasswordHash, Sealed, Step};

/// What a code that was typed was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeCheck {
    /// The newest one of its purpose.
    Newest,
    /// An older one of the same linking and purpose.
    Older,
    /// None of them.
    Neither,
}

/// What shows that a linked profile is the person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The profile's password, compared and found right.
    Password,
    /// A code that was sent to its contact.
    Code(CodeCheck),
    /// An operator of the service answers for it.
    Operator,
}

/// A contact that somebody has shared with the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedContact {
    /// Somebody else's.
    Foreign,
    /// Its proof is missing or another one's.
    Unproven,
    /// The sender's own.
    Own {
        /// The number, for screens.
        masked: String,
        /// The number, with what the service's keys made of it; `None`: no Russian mobile one.
        phone: Option<(Phone, Sealed)>,
    },
}

/// What is done to a linking.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is described by its name, `ActionName`")]
pub enum Action {
    GiveContact { contact: Contact },
    Resend,
    UseFormer,
    SubmitCode { entered: CodeCheck },
    SetPassword { password: PasswordHash },
    GiveDetails(Box<DetailsBody>),
    SignInToProfile,
    Recover,
    SetNewPassword { entered: CodeCheck, password: PasswordHash },
    PasswordReplaced,
    Confirm { accept_other_name: bool },
    ProveInMax,
    RenewMaxLink,
    TakeMaxNumber,
    SkipMax,
    OpenInMax { user: MaxUser },
    ShareInMax { user: MaxUser, name: String, contact: SharedContact },
    LeaveBot { user: MaxUser },
    AcceptLaunch { user: MaxUser, name: String, phone: Option<Phone> },
    BeginVk,
    NameVkAccount { user: i64 },
    FailVk { trouble: VkTrouble },
    BindVk { user: i64, name: Option<String> },
    Cancel,
    SendOwnerCode,
    Export { proof: Proof },
    Unlink { proof: Proof },
    LeaveMessenger { messenger: Messenger, proof: Proof },
    AskDeletion { proof: Proof },
    KeepProfile,
    NoteDelivery { nth: u32, delivery: Delivery },
    ProfileErased,
    Expire,
}

/// The name of an action alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionName {
    /// The person gives a number or an address; a code goes there.
    GiveContact,
    /// The person wants another code.
    Resend,
    /// The person wants the profile that the pupil was linked to before; a code goes to its contact.
    UseFormer,
    /// The person types the code.
    SubmitCode,
    /// A password for the profile that is to be made.
    SetPassword,
    /// The child's details with the consent; the profile is made and linked.
    GiveDetails,
    /// The profile's password was shown to be known.
    SignInToProfile,
    /// The person has forgotten the password; a code goes to the address.
    Recover,
    /// The code of the recovery and a new password.
    SetNewPassword,
    /// Another linking has set the profile's password anew.
    PasswordReplaced,
    /// «Yes, this profile.»
    Confirm,
    /// MAX is to prove the number in place of an SMS.
    ProveInMax,
    /// A new ticket into MAX; also back to MAX where it was left out.
    RenewMaxLink,
    /// The number that MAX has proven is taken in place of the expected one, or said to be the person's where none was expected.
    TakeMaxNumber,
    /// MAX is left out.
    SkipMax,
    /// Somebody has come to the bot with the ticket.
    OpenInMax,
    /// Whoever has come to the bot shares a contact there.
    ShareInMax,
    /// Whoever has come to the bot has stopped it.
    LeaveBot,
    /// Somebody comes from MAX into the app and says that it is about this pupil.
    AcceptLaunch,
    /// A sign-in at VK ID begins.
    BeginVk,
    /// VK ID has said whose account it is; the person is asked about it.
    NameVkAccount,
    /// The sign-in at VK ID came to nothing.
    FailVk,
    /// The person has said yes to the VK account.
    BindVk,
    /// The person calls it off.
    Cancel,
    /// A code for the owner of the linked profile.
    SendOwnerCode,
    /// The owner gets all that is held about the profile.
    Export,
    /// The owner separates diary and profile.
    Unlink,
    /// The owner takes the profile out of one messenger.
    LeaveMessenger,
    /// The owner asks for the profile's deletion.
    AskDeletion,
    /// The deletion is called off.
    KeepProfile,
    /// News of the message with the newest code.
    NoteDelivery,
    /// The profile or the contact that the linking is about was erased.
    ProfileErased,
    /// The linking has lain still for too long.
    Expire,
}

impl ActionName {
    /// All of them.
    pub const ALL: [Self; 33] = [
        Self::GiveContact,
        Self::Resend,
        Self::UseFormer,
        Self::SubmitCode,
        Self::SetPassword,
        Self::GiveDetails,
        Self::SignInToProfile,
        Self::Recover,
        Self::SetNewPassword,
        Self::PasswordReplaced,
        Self::Confirm,
        Self::ProveInMax,
        Self::RenewMaxLink,
        Self::TakeMaxNumber,
        Self::SkipMax,
        Self::OpenInMax,
        Self::ShareInMax,
        Self::LeaveBot,
        Self::AcceptLaunch,
        Self::BeginVk,
        Self::NameVkAccount,
        Self::FailVk,
        Self::BindVk,
        Self::Cancel,
        Self::SendOwnerCode,
        Self::Export,
        Self::Unlink,
        Self::LeaveMessenger,
        Self::AskDeletion,
        Self::KeepProfile,
        Self::NoteDelivery,
        Self::ProfileErased,
        Self::Expire,
    ];

    /// Whether a decision on it may use randomness.
    #[must_use]
    pub const fn needs_randomness(self) -> bool {
        matches!(
            self,
            Self::GiveDetails
                | Self::Confirm
                | Self::ProveInMax
                | Self::RenewMaxLink
                | Self::AcceptLaunch
                | Self::BeginVk
        )
    }

    /// Whether a step takes the action at all. The action's own rule may still refuse it by the facts.
    #[must_use]
    pub fn is_taken_at(self, step: &Step) -> bool {
        use Step as S;
        let linked = step.link().is_some();
        let open = !linked && !matches!(step, S::Closed { .. });
        match self {
            Self::GiveContact | Self::ProveInMax | Self::Cancel | Self::ProfileErased => open,
            Self::Expire => !matches!(step, S::Linked(_) | S::Closed { .. }),
            Self::UseFormer => matches!(step, S::Contact),
            Self::Resend | Self::SubmitCode => matches!(step, S::Code { .. }),
            Self::SetPassword => matches!(step, S::Password { .. }),
            Self::GiveDetails => matches!(step, S::Details { .. }),
            Self::SignInToProfile => matches!(step, S::Exists { .. }),
            Self::Recover => matches!(step, S::Exists { .. } | S::Recovery { .. }),
            Self::SetNewPassword => matches!(step, S::Recovery { .. }),
            Self::PasswordReplaced | Self::Confirm => matches!(step, S::Profile { .. }),
            Self::RenewMaxLink => matches!(step, S::Max(_) | S::Linked(_)),
            Self::OpenInMax => matches!(step, S::Max(_)),
            Self::ShareInMax | Self::LeaveBot => matches!(step, S::Max(AtMax { visitor: Some(_), .. })),
            Self::TakeMaxNumber => match step {
                S::Max(at_max) => {
                    at_max.visitor.is_some() && (at_max.usable_number().is_some() || at_max.waits_for_a_yes())
                }
                _ => false,
            },
            Self::SkipMax => matches!(step, S::Max(AtMax { aim: Aim::Offer { .. }, .. })),
            Self::AcceptLaunch => !matches!(step, S::Closed { .. }),
            Self::BeginVk | Self::NameVkAccount | Self::FailVk | Self::BindVk => {
                linked || matches!(step, S::Max(AtMax { aim: Aim::Join { .. }, .. }))
            }
            Self::SendOwnerCode
            | Self::Export
            | Self::Unlink
            | Self::LeaveMessenger
            | Self::AskDeletion
            | Self::KeepProfile => linked,
            Self::NoteDelivery => step.sent_code().is_some(),
        }
    }
}

impl Action {
    /// Whether it is carried out although the profile is blocked: what operators do, what time and other parties bring, and what only
    /// keeps or leaves what is there.
    pub(crate) const fn passes_a_block(&self) -> bool {
        match self {
            Self::Export { proof }
            | Self::Unlink { proof }
            | Self::LeaveMessenger { proof, .. }
            | Self::AskDeletion { proof } => matches!(proof, Proof::Operator),
            Self::SkipMax
            | Self::KeepProfile
            | Self::LeaveBot { .. }
            | Self::FailVk { .. }
            | Self::PasswordReplaced
            | Self::NoteDelivery { .. }
            | Self::Expire => true,
            _ => false,
        }
    }

    /// Its name alone.
    #[must_use]
    pub const fn name(&self) -> ActionName {
        match self {
            Self::GiveContact { .. } => ActionName::GiveContact,
            Self::Resend => ActionName::Resend,
            Self::UseFormer => ActionName::UseFormer,
            Self::SubmitCode { .. } => ActionName::SubmitCode,
            Self::SetPassword { .. } => ActionName::SetPassword,
            Self::GiveDetails(_) => ActionName::GiveDetails,
            Self::SignInToProfile => ActionName::SignInToProfile,
            Self::Recover => ActionName::Recover,
            Self::SetNewPassword { .. } => ActionName::SetNewPassword,
            Self::PasswordReplaced => ActionName::PasswordReplaced,
            Self::Confirm { .. } => ActionName::Confirm,
            Self::ProveInMax => ActionName::ProveInMax,
            Self::RenewMaxLink => ActionName::RenewMaxLink,
            Self::TakeMaxNumber => ActionName::TakeMaxNumber,
            Self::SkipMax => ActionName::SkipMax,
            Self::OpenInMax { .. } => ActionName::OpenInMax,
            Self::ShareInMax { .. } => ActionName::ShareInMax,
            Self::LeaveBot { .. } => ActionName::LeaveBot,
            Self::AcceptLaunch { .. } => ActionName::AcceptLaunch,
            Self::BeginVk => ActionName::BeginVk,
            Self::NameVkAccount { .. } => ActionName::NameVkAccount,
            Self::FailVk { .. } => ActionName::FailVk,
            Self::BindVk { .. } => ActionName::BindVk,
            Self::Cancel => ActionName::Cancel,
            Self::SendOwnerCode => ActionName::SendOwnerCode,
            Self::Export { .. } => ActionName::Export,
            Self::Unlink { .. } => ActionName::Unlink,
            Self::LeaveMessenger { .. } => ActionName::LeaveMessenger,
            Self::AskDeletion { .. } => ActionName::AskDeletion,
            Self::KeepProfile => ActionName::KeepProfile,
            Self::NoteDelivery { .. } => ActionName::NoteDelivery,
            Self::ProfileErased => ActionName::ProfileErased,
            Self::Expire => ActionName::Expire,
        }
    }
}
