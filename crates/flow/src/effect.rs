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
        /// The pupil.
        pupil: PupilId,
        /// `YYYY-MM-DD`.
        date: String,
    },
    /// A call about one linking; answered by [`crate::Reply::Linking`], `Refused` or `Failed`.
    Call {
        /// The attempt; with the installation's id it is the idempotency key of a POST.
        attempt: Attempt,
        /// The call.
        call: Call,
    },
    /// A call about the profile that a pupil is linked to; answered by [`crate::Reply::Profile`], or `Saved`, `Unlinked`,
    /// `Refused`, `Failed`.
    ProfileCall {
        /// The attempt; with the installation's id it is the idempotency key of a POST.
        attempt: Attempt,
        /// The pupil.
        pupil: PupilId,
        /// The call.
        call: ProfileCall,
    },
    /// `GET /v1/pupils/{pupil}/security`: [`crate::Reply::SecurityLog`].
    ReadSecurity {
        /// The attempt.
        attempt: Attempt,
        /// The pupil.
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
        /// The pupil whose diary it is.
        pupil: PupilId,
    },
    /// `POST /v1/hand-offs`: [`crate::Reply::HandOff`].
    MakeHandOff {
        /// The attempt; with the installation's id it is the idempotency key.
        attempt: Attempt,
        /// The pupil whose diary it is.
        pupil: PupilId,
        /// The part of the diary that is shown.
        place: HandOffPlace,
    },
    /// `GET /v1/hand-offs/{id}`, answered when there is news or after some seconds: [`crate::Reply::HandOffStatus`].
    FollowHandOff {
        /// The attempt.
        attempt: Attempt,
        /// The code that was made.
        id: HandOffId,
        /// The stage that is known already.
        known: HandOffStage,
    },
    /// Ask the service whose diary a link of another device leads to: [`crate::Reply::HandOffOffer`]. Needs no session. The
    /// token stays with the engine.
    PreviewHandOff {
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
    DetectMax,
    /// Follow changes, by SSE or polling, until told otherwise; replaces an earlier one.
    Watch(Watched),
    /// Follow nothing.
    Unwatch,
    /// `GET /health/ready`: [`crate::Reply::Healthy`], `Refused` or `Failed`.
    CheckHealth(Attempt),
    /// `GET /app/latest`: [`crate::Reply::Release`], `ReleaseRefused`, `Refused` or `Failed`.
    CheckRelease(Attempt),
    /// Ask the system whether it lets this app tell things: [`crate::News::MayNotify`].
    RequestNotifyPermission,
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

/// What the engine follows for the machine.
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
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
        /// The number or address.
        contact: String,
    },
    /// `POST …/max-proof`.
    MaxProof {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
    /// `POST …/max-number`.
    MaxNumber {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
    /// `POST …/former`.
    Former {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
    /// `POST …/code`. The code lives in this value and in the one request made from it.
    Code {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
        /// Six digits.
        code: Secret,
    },
    /// `POST …/resend`.
    Resend {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
    /// `POST …/password`. The password lives in this value and in the one request made from it.
    Password {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
        /// The new password.
        password: Secret,
    },
    /// `POST …/details`.
    Details {
        /// The linking.
        linking: LinkingId,
        /// What is sent, the version it is based on included.
        body: DetailsBody,
    },
    /// `POST …/profile-sign-in`.
    ProfileSignIn {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
        /// The profile's password.
        password: Secret,
    },
    /// `POST …/recover`.
    Recover {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
    /// `POST …/recovery`.
    Recovery {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
        /// Eight digits.
        code: Secret,
        /// The new password.
        password: Secret,
    },
    /// `POST …/skip-max`.
    SkipMax {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
    /// `POST …/confirm`.
    Confirm {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
        /// The explicit yes to another name.
        accept_other_name: bool,
    },
    /// `POST …/max-link`.
    RenewMaxLink {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
    /// `POST …/vk`.
    Vk {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
    /// `POST …/cancel`.
    Cancel {
        /// The linking.
        linking: LinkingId,
        /// The version of the linking that the window shows; the service refuses an older one.
        version: u64,
    },
}

/// A call about a linked profile, which POSTs name.
#[derive(PartialEq, Eq)]
pub enum ProfileCall {
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

impl ProfileCall {
    /// The name without what it holds: for logs and documents.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Read => "ProfileCall(read)",
            Self::Code(_) => "ProfileCall(code)",
            Self::Keep(_) => "ProfileCall(keep)",
            Self::Export(_) => "ProfileCall(export)",
            Self::Unlink(_) => "ProfileCall(unlink)",
            Self::UnlinkMessenger(Messenger::Max, _) => "ProfileCall(unlink-max)",
            Self::UnlinkMessenger(Messenger::Vk, _) => "ProfileCall(unlink-vk)",
            Self::Delete(_) => "ProfileCall(delete)",
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
            Self::ProfileCall { call, .. } => call.name(),
            Self::ReadSecurity { .. } => "ReadSecurity",
            Self::EndSessions { .. } => "EndSessions",
            Self::UseLanguage(_) => "UseLanguage",
            Self::ClaimLaunch { .. } => "ClaimLaunch",
            Self::AcceptLaunch { .. } => "AcceptLaunch",
            Self::MakeHandOff { .. } => "MakeHandOff",
            Self::FollowHandOff { .. } => "FollowHandOff",
            Self::PreviewHandOff { .. } => "PreviewHandOff",
            Self::TakeHandOff { .. } => "TakeHandOff",
            Self::DetectMax => "DetectMax",
            Self::Watch(Watched::Linking(_)) => "Watch",
            Self::Watch(Watched::Account) => "Watch(account)",
            Self::Unwatch => "Unwatch",
            Self::CheckHealth(_) => "CheckHealth",
            Self::CheckRelease(_) => "CheckRelease",
            Self::RequestNotifyPermission => "RequestNotifyPermission",
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
    /// The name without what it holds: for logs and documents.
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
