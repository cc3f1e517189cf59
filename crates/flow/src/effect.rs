//! What the machine asks of the world. Each effect that is answered carries the [`Attempt`] its reply must bear.

use std::fmt;

use mostik_wire::{
    DetailsBody, HandOffId, HandOffPlace, HandOffStage, LinkingId, Messenger, ProvenBody, PupilId, Secret,
};

use crate::{Attempt, Language, Notice, Page};

/// One thing to do.
#[derive(PartialEq, Eq)]
pub enum Effect {
    /// Look into the keyring for a session: [`crate::Reply::KeyringRead`] or [`crate::Reply::KeyringFailed`].
    ReadKeyring(Attempt),
    /// Keep the session in memory from now on, never in the keyring.
    KeepInMemory,
    /// Begin a sign-in: listen on loopback and open the browser. [`crate::Reply::BrowserOpened`], then
    /// [`crate::Reply::SignedIn`] or [`crate::Reply::Failed`], all under the same attempt.
    SignIn(Attempt),
    /// Open the running sign-in's address once more.
    OpenBrowserAgain(Attempt),
    /// Stop listening; replies of that attempt are no longer awaited.
    CancelSignIn,
    /// Forget the session here and end it at the service; [`crate::Reply::SignedOut`] whatever the network does.
    SignOut(Attempt),
    /// `GET /v1/me`.
    ReadMe(Attempt),
    /// `GET /v1/pupils/{pupil}/schedule`.
    ReadSchedule {
        /// The attempt.
        attempt: Attempt,
        /// Whose.
        pupil: PupilId,
        /// `YYYY-MM-DD`.
        date: String,
    },
    /// A call about one linking; answered by [`crate::Reply::Linking`], `Refused` or `Failed`.
    Call {
        /// The attempt; with the installation's id it is the idempotency key of a POST.
        attempt: Attempt,
        /// Which.
        call: Call,
    },
    /// A call about the profile that a pupil is linked to; answered by [`crate::Reply::Profile`], or `Saved`, `Unlinked`,
    /// `Refused`, `Failed`.
    Own {
        /// The attempt; with the installation's id it is the idempotency key of a POST.
        attempt: Attempt,
        /// Whose.
        pupil: PupilId,
        /// Which.
        call: OwnCall,
    },
    /// `GET /v1/pupils/{pupil}/security`: [`crate::Reply::SecurityLog`].
    ReadSecurity {
        /// The attempt.
        attempt: Attempt,
        /// Whose.
        pupil: PupilId,
    },
    /// `POST /v1/sessions/end`: [`crate::Reply::SessionsEnded`].
    EndSessions {
        /// The attempt; with the installation's id it is the idempotency key.
        attempt: Attempt,
        /// Which; `None`: all of them, this one too.
        session: Option<String>,
    },
    /// Ask the service for texts in this language from now on.
    UseLanguage(Language),
    /// Ask the service who sends a link out of MAX: [`crate::Reply::Launch`], `Refused` or `Failed`. Needs no session. What
    /// proves later that this app has claimed it stays with the engine.
    ClaimLaunch {
        /// The attempt.
        attempt: Attempt,
        /// From the link.
        handle: String,
    },
    /// Link the launched MAX account with a pupil's diary; answered as [`Effect::Call`].
    AcceptLaunch {
        /// The attempt; with the installation's id it is the idempotency key.
        attempt: Attempt,
        /// The attempt under which the launch was claimed.
        claimed: Attempt,
        /// Whose diary.
        pupil: PupilId,
    },
    /// `POST /v1/hand-offs`: [`crate::Reply::HandOff`].
    MakeHandOff {
        /// The attempt; with the installation's id it is the idempotency key.
        attempt: Attempt,
        /// Whose diary.
        pupil: PupilId,
        /// Where in it.
        place: HandOffPlace,
    },
    /// `GET /v1/hand-offs/{id}`, answered when there is news or after some seconds: [`crate::Reply::HandOffStatus`].
    FollowHandOff {
        /// The attempt.
        attempt: Attempt,
        /// Which.
        id: HandOffId,
        /// What is known.
        known: HandOffStage,
    },
    /// Ask the service whose diary a link of another device leads to: [`crate::Reply::HandOffOffer`]. Needs no session. The
    /// token stays with the engine.
    LookAtHandOff {
        /// The attempt.
        attempt: Attempt,
        /// From the link.
        token: String,
    },
    /// `POST /v1/hand-offs/take`: [`crate::Reply::HandedOff`].
    TakeHandOff {
        /// The attempt; with the installation's id it is the idempotency key.
        attempt: Attempt,
        /// The attempt under which it was looked at.
        looked: Attempt,
    },
    /// Look whether MAX is on this device: [`crate::News::MaxHere`].
    LookForMax,
    /// Follow changes, by SSE or polling, until told otherwise; replaces an earlier one.
    Watch(Watched),
    /// Follow nothing.
    Unwatch,
    /// `GET /health/ready`: [`crate::Reply::Healthy`], `Refused` or `Failed`.
    AskHealth(Attempt),
    /// `GET /app/latest`: [`crate::Reply::Release`], `ReleaseRefused`, `Refused` or `Failed`.
    AskRelease(Attempt),
    /// Ask the system whether it lets this app tell things: [`crate::News::MayNotify`].
    AskToNotify,
    /// Let the system tell this.
    Notify(Notice),
    /// Open an address that the service gave.
    Open {
        /// The attempt.
        attempt: Attempt,
        /// What to open.
        target: Target,
    },
}

/// What is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watched {
    /// One linking, to its end.
    Linking(LinkingId),
    /// The newest linking of each pupil of the account.
    Account,
}

/// A call about one linking.
#[derive(PartialEq, Eq)]
pub enum Call {
    /// `POST /v1/linkings`.
    Create(PupilId),
    /// `GET /v1/linkings/{id}`.
    Read(LinkingId),
    /// `POST …/contact`.
    Contact {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
        /// The number or address.
        contact: String,
    },
    /// `POST …/max-proof`.
    MaxProof {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
    /// `POST …/max-number`.
    MaxNumber {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
    /// `POST …/former`.
    Former {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
    /// `POST …/code`. The code lives in this value and in the one request made from it.
    Code {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
        /// Six digits.
        code: Secret,
    },
    /// `POST …/resend`.
    Resend {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
    /// `POST …/password`. The password lives in this value and in the one request made from it.
    Password {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
        /// The new password.
        password: Secret,
    },
    /// `POST …/details`.
    Details {
        /// Which linking.
        linking: LinkingId,
        /// What is sent, the version it is based on included.
        body: DetailsBody,
    },
    /// `POST …/profile-sign-in`.
    ProfileSignIn {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
        /// The profile's password.
        password: Secret,
    },
    /// `POST …/recover`.
    Recover {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
    /// `POST …/recovery`.
    Recovery {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
        /// Eight digits.
        code: Secret,
        /// The new password.
        password: Secret,
    },
    /// `POST …/skip-max`.
    SkipMax {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
    /// `POST …/confirm`.
    Confirm {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
        /// The explicit yes to another name.
        accept_other_name: bool,
    },
    /// `POST …/max-link`.
    RenewMaxLink {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
    /// `POST …/vk`.
    Vk {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
    /// `POST …/cancel`.
    Cancel {
        /// Which linking.
        linking: LinkingId,
        /// Based on.
        version: u64,
    },
}

/// A call about a linked profile, which POSTs name.
#[derive(PartialEq, Eq)]
pub enum OwnCall {
    /// `GET …/profile`.
    Read,
    /// `POST …/profile/code`.
    Code(String),
    /// `POST …/profile/keep`.
    Keep(String),
    /// `POST …/profile/export`, and both files written where downloads go: [`crate::Reply::Saved`].
    Export(ProvenBody),
    /// `POST …/profile/unlink`: [`crate::Reply::Unlinked`].
    Unlink(ProvenBody),
    /// `POST …/profile/unlink-max` or `…/unlink-vk`.
    UnlinkMessenger(Messenger, ProvenBody),
    /// `POST …/profile/deletion`.
    Delete(ProvenBody),
}

impl OwnCall {
    /// The name alone.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Read => "Own(read)",
            Self::Code(_) => "Own(code)",
            Self::Keep(_) => "Own(keep)",
            Self::Export(_) => "Own(export)",
            Self::Unlink(_) => "Own(unlink)",
            Self::UnlinkMessenger(Messenger::Max, _) => "Own(unlink-max)",
            Self::UnlinkMessenger(Messenger::Vk, _) => "Own(unlink-vk)",
            Self::Delete(_) => "Own(delete)",
        }
    }
}

/// What to open, with the address the service gave for it.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// The deep link into MAX.
    Max(String),
    /// The learning profile in MAX.
    Sferum(String),
    /// A remote lesson in the messenger.
    Lesson(String),
    /// A chat of the class in the messenger.
    Chat(String),
    /// VK ID's sign-in.
    VkId(String),
    /// VK Messenger.
    Vk(String),
    /// A page.
    Page(Page, String),
    /// A file that this app has written, shown in its folder.
    File(String),
}

impl Target {
    /// The address, or the path of a file.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Max(url)
            | Self::Sferum(url)
            | Self::Lesson(url)
            | Self::Chat(url)
            | Self::VkId(url)
            | Self::Vk(url)
            | Self::Page(_, url)
            | Self::File(url) => url,
        }
    }
}

// Names only: an effect holds a number, a code or a ticket, and its Debug goes to logs.
impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Effect {
    /// The name alone, for logs and `docs/flow.md`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ReadKeyring(_) => "ReadKeyring",
            Self::KeepInMemory => "KeepInMemory",
            Self::SignIn(_) => "SignIn",
            Self::OpenBrowserAgain(_) => "OpenBrowserAgain",
            Self::CancelSignIn => "CancelSignIn",
            Self::SignOut(_) => "SignOut",
            Self::ReadMe(_) => "ReadMe",
            Self::ReadSchedule { .. } => "ReadSchedule",
            Self::Call { call, .. } => call.name(),
            Self::Own { call, .. } => call.name(),
            Self::ReadSecurity { .. } => "ReadSecurity",
            Self::EndSessions { .. } => "EndSessions",
            Self::UseLanguage(_) => "UseLanguage",
            Self::ClaimLaunch { .. } => "ClaimLaunch",
            Self::AcceptLaunch { .. } => "AcceptLaunch",
            Self::MakeHandOff { .. } => "MakeHandOff",
            Self::FollowHandOff { .. } => "FollowHandOff",
            Self::LookAtHandOff { .. } => "LookAtHandOff",
            Self::TakeHandOff { .. } => "TakeHandOff",
            Self::LookForMax => "LookForMax",
            Self::Watch(Watched::Linking(_)) => "Watch",
            Self::Watch(Watched::Account) => "Watch(account)",
            Self::Unwatch => "Unwatch",
            Self::AskHealth(_) => "AskHealth",
            Self::AskRelease(_) => "AskRelease",
            Self::AskToNotify => "AskToNotify",
            Self::Notify(_) => "Notify",
            Self::Open { target: Target::Max(_), .. } => "Open(MAX)",
            Self::Open { target: Target::Sferum(_), .. } => "Open(Sferum)",
            Self::Open { target: Target::Lesson(_), .. } => "Open(lesson)",
            Self::Open { target: Target::Chat(_), .. } => "Open(chat)",
            Self::Open { target: Target::VkId(_), .. } => "Open(VK ID)",
            Self::Open { target: Target::Vk(_), .. } => "Open(VK Messenger)",
            Self::Open { target: Target::Page(..), .. } => "Open(page)",
            Self::Open { target: Target::File(_), .. } => "Open(file)",
        }
    }
}

impl Call {
    /// The name alone.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "Call(create)",
            Self::Read(_) => "Call(read)",
            Self::Contact { .. } => "Call(contact)",
            Self::MaxProof { .. } => "Call(max-proof)",
            Self::MaxNumber { .. } => "Call(max-number)",
            Self::Former { .. } => "Call(former)",
            Self::Code { .. } => "Call(code)",
            Self::Resend { .. } => "Call(resend)",
            Self::Password { .. } => "Call(password)",
            Self::Details { .. } => "Call(details)",
            Self::ProfileSignIn { .. } => "Call(profile-sign-in)",
            Self::Recover { .. } => "Call(recover)",
            Self::Recovery { .. } => "Call(recovery)",
            Self::SkipMax { .. } => "Call(skip-max)",
            Self::Confirm { .. } => "Call(confirm)",
            Self::RenewMaxLink { .. } => "Call(max-link)",
            Self::Vk { .. } => "Call(vk)",
            Self::Cancel { .. } => "Call(cancel)",
        }
    }
}
