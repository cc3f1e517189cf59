//! Why something did not work, as the window says it: what happened, what to do, a code for support.

use mostik_wire::{Code, Millis};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A named cause. The window has a text and a next step for each; `support` is what to name to support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// The kind of the cause.
    pub kind: CauseKind,
    /// Tries left, where that matters.
    pub tries_left: Option<u32>,
    /// When the same request can succeed, on the device's clock.
    pub retry_at: Option<Millis>,
    /// Which field it is about, where a screen has several: `last_name`, `first_name`, `middle_name`, `birth_date`.
    pub field: Option<String>,
    /// Who moved the linking meanwhile, where it was another account: the first name.
    #[serde(default)]
    pub moved_by: Option<String>,
    /// What to name to support: `M-7F3K-21` or the request's `7F3K-9QWX-2TBM` from the service, or the kind's own short name.
    pub support: Option<String>,
}

/// Every cause the window can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    // ── the field ──
    /// Nothing was typed.
    ContactEmpty,
    /// It is no phone number.
    PhoneMalformed,
    /// It is a landline.
    PhoneLandline,
    /// It is a number of another country.
    PhoneForeign,
    /// The number has an extension.
    PhoneExtension,
    /// The number has digits missing.
    PhoneTooShort,
    /// The number has digits to spare, or it is the number of something else.
    PhoneTooLong,
    /// It is no e-mail address.
    EmailMalformed,
    /// A word of the address mixes letters of two alphabets.
    EmailMixedAlphabets,
    /// There are two different numbers in it.
    TwoNumbers,
    /// There are two different addresses in it.
    TwoAddresses,
    /// There are a number and an address in it.
    NumberAndAddress,
    /// It is an e-mail address, and from fourteen on a phone number is needed.
    EmailNotHere,
    /// The mail server knows no such mailbox.
    EmailUnknown,
    /// The code does not have six digits.
    CodeIncomplete,
    // ── the code ──
    /// The code does not match.
    CodeWrong,
    /// An older code was typed; only the newest works.
    CodeSuperseded,
    /// The code's time is over.
    CodeExpired,
    /// No tries left for this code.
    CodeTriesUsedUp,
    /// Too many wrong codes for this number today.
    ContactBlocked,
    /// A new code cannot be sent yet.
    ResendTooEarly,
    /// No more codes can be sent to this number today.
    SendsUsedUp,
    /// No more numbers and addresses can be given today.
    ContactsUsedUp,
    /// No more numbers and addresses can be given from this network now.
    NetworkContactsUsedUp,
    /// Codes to numbers and addresses that are not proven are not sent now.
    CodesPaused,
    // ── the password ──
    /// It is too short.
    PasswordTooShort,
    /// It is too long.
    PasswordTooLong,
    /// It is too easily guessed.
    PasswordTooCommon,
    /// The profile's password is another one.
    PasswordWrong,
    /// Too many wrong passwords for this profile today.
    PasswordBlocked,
    // ── the details ──
    /// A name is not one.
    NameMalformed,
    /// The birth date is none, or not the diary's.
    BirthDateWrong,
    /// By the birth date the child is fourteen or older.
    NotUnder14,
    /// The legal representative has not agreed.
    ConsentMissing,
    /// Only a parent may make this profile.
    NeedsParent,
    // ── the profile ──
    /// Another name needs an explicit yes.
    OtherNameNotAccepted,
    /// The pupil is linked already.
    AlreadyLinked,
    /// The profile is not linked to this diary any more.
    ProfileUnlinked,
    /// The profile is about to be deleted; that can be called off.
    DeletionPending,
    /// The profile is blocked; support says why.
    ProfileBlocked,
    /// The link stands on this messenger alone by now.
    LastMessenger,
    /// The files with the person's data could not be written.
    FilesNotSaved,
    // ── the way from MAX ──
    /// The link is none that the service made.
    LaunchUnknown,
    /// The time to answer is over.
    LaunchExpired,
    /// It was answered already.
    LaunchUsed,
    // ── the sign-in ──
    /// The person refused at the diary.
    SignInRefused,
    /// The person did not finish in the browser.
    SignInAbandoned,
    /// The answer of the browser was not the one that was awaited.
    SignInForged,
    /// The browser could not be opened.
    BrowserNotOpened,
    /// The sign-in is over; sign in again.
    SessionEnded,
    /// The diary account is blocked; support says why.
    AccountBlocked,
    // ── the way ──
    /// No network, or the service does not answer.
    Offline,
    /// The service did not answer in time.
    Timeout,
    /// The answer broke off or is not what the service says.
    AnswerUnreadable,
    /// Something else answered in the service's place: a login page of a network, a proxy.
    CaptivePortal,
    /// Whoever answered could not prove to be the service: the network looks into TLS, or another machine stands there. Nothing was sent.
    CertificateNotTrusted,
    /// The service's certificate is not valid at this device's time: as a rule the device's date is wrong. Nothing was sent.
    CertificateOutOfDate,
    /// The service is broken at the moment.
    ServiceBroken,
    /// The service is busy; come again at `retry_at`.
    ServiceBusy,
    /// The diary does not answer.
    DiaryUnavailable,
    /// MAX does not answer.
    MaxUnavailable,
    /// The linking moved on elsewhere; the present state is shown.
    MovedOn,
    /// The service does not know what this app asks: one of both is too old.
    VersionsDiffer,
    /// MAX, the browser or Sferum could not be opened; the address can be copied.
    NotOpened,
    /// What happened could not be written to this device: the disk is full or read-only.
    NotStored,
    /// The diary no longer shows this pupil to this account.
    PupilGone,
    /// The linking is no longer there; begin anew.
    LinkingGone,
}

impl CauseKind {
    /// Every cause, in the order of the documents.
    pub const ALL: [Self; 67] = [
        Self::ContactEmpty,
        Self::PhoneMalformed,
        Self::PhoneLandline,
        Self::PhoneForeign,
        Self::PhoneExtension,
        Self::PhoneTooShort,
        Self::PhoneTooLong,
        Self::EmailMalformed,
        Self::EmailMixedAlphabets,
        Self::TwoNumbers,
        Self::TwoAddresses,
        Self::NumberAndAddress,
        Self::EmailNotHere,
        Self::EmailUnknown,
        Self::CodeIncomplete,
        Self::CodeWrong,
        Self::CodeSuperseded,
        Self::CodeExpired,
        Self::CodeTriesUsedUp,
        Self::ContactBlocked,
        Self::ResendTooEarly,
        Self::SendsUsedUp,
        Self::ContactsUsedUp,
        Self::NetworkContactsUsedUp,
        Self::CodesPaused,
        Self::PasswordTooShort,
        Self::PasswordTooLong,
        Self::PasswordTooCommon,
        Self::PasswordWrong,
        Self::PasswordBlocked,
        Self::NameMalformed,
        Self::BirthDateWrong,
        Self::NotUnder14,
        Self::ConsentMissing,
        Self::NeedsParent,
        Self::OtherNameNotAccepted,
        Self::AlreadyLinked,
        Self::ProfileUnlinked,
        Self::DeletionPending,
        Self::ProfileBlocked,
        Self::LastMessenger,
        Self::FilesNotSaved,
        Self::LaunchUnknown,
        Self::LaunchExpired,
        Self::LaunchUsed,
        Self::SignInRefused,
        Self::SignInAbandoned,
        Self::SignInForged,
        Self::BrowserNotOpened,
        Self::SessionEnded,
        Self::AccountBlocked,
        Self::Offline,
        Self::Timeout,
        Self::AnswerUnreadable,
        Self::CaptivePortal,
        Self::CertificateNotTrusted,
        Self::CertificateOutOfDate,
        Self::ServiceBroken,
        Self::ServiceBusy,
        Self::DiaryUnavailable,
        Self::MaxUnavailable,
        Self::MovedOn,
        Self::VersionsDiffer,
        Self::NotOpened,
        Self::NotStored,
        Self::PupilGone,
        Self::LinkingGone,
    ];
}

impl Cause {
    /// The cause alone.
    #[must_use]
    pub const fn new(kind: CauseKind) -> Self {
        Self { kind, tries_left: None, retry_at: None, field: None, moved_by: None, support: None }
    }
}

impl From<CauseKind> for Cause {
    fn from(kind: CauseKind) -> Self {
        Self::new(kind)
    }
}

impl CauseKind {
    /// Whether the service could not be spoken to at all, for want of a network or because something stands in between.
    #[must_use]
    pub const fn is_out_of_reach(self) -> bool {
        matches!(self, Self::Offline | Self::CaptivePortal | Self::CertificateNotTrusted | Self::CertificateOutOfDate)
    }

    /// Whether support finds more about it by the request: it is neither the person's to mend nor the way's.
    #[must_use]
    pub const fn is_for_support(self) -> bool {
        matches!(
            self,
            Self::ServiceBroken
                | Self::ServiceBusy
                | Self::DiaryUnavailable
                | Self::MaxUnavailable
                | Self::VersionsDiffer
                | Self::AccountBlocked
                | Self::ProfileBlocked
        )
    }
}

impl From<Code> for CauseKind {
    /// How a refusal of the service is said to a person.
    fn from(code: Code) -> Self {
        match code {
            Code::MalformedRequest
            | Code::IdempotencyKeyMissing
            | Code::IdempotencyKeyReused
            | Code::NotFound
            // Said as a link that was refused, where the link was; nothing else is answered so.
            | Code::HandOffUnknown
            | Code::HandOffExpired
            | Code::HandOffUsed
            | Code::HandOffHere => Self::VersionsDiffer,
            Code::RequestInFlight | Code::TooManyRequests | Code::Overloaded => Self::ServiceBusy,
            Code::Unauthorized | Code::SessionEnded | Code::DiarySignInEnded => Self::SessionEnded,
            Code::AccountBlocked => Self::AccountBlocked,
            Code::PupilNotYours => Self::PupilGone,
            Code::LinkingNotFound => Self::LinkingGone,
            Code::StaleVersion | Code::WrongStep => Self::MovedOn,
            Code::PhoneMalformed => Self::PhoneMalformed,
            Code::PhoneLandline => Self::PhoneLandline,
            Code::PhoneForeign => Self::PhoneForeign,
            Code::PhoneExtension => Self::PhoneExtension,
            Code::PhoneTooShort => Self::PhoneTooShort,
            Code::PhoneTooLong => Self::PhoneTooLong,
            Code::EmailMalformed => Self::EmailMalformed,
            Code::EmailMixedAlphabets => Self::EmailMixedAlphabets,
            Code::TwoNumbers => Self::TwoNumbers,
            Code::TwoAddresses => Self::TwoAddresses,
            Code::NumberAndAddress => Self::NumberAndAddress,
            Code::EmailNeedsUnder14 => Self::EmailNotHere,
            Code::EmailUnknown => Self::EmailUnknown,
            Code::PasswordTooShort => Self::PasswordTooShort,
            Code::PasswordTooLong => Self::PasswordTooLong,
            Code::PasswordTooCommon => Self::PasswordTooCommon,
            Code::PasswordWrong => Self::PasswordWrong,
            Code::PasswordBlocked => Self::PasswordBlocked,
            Code::NameMalformed => Self::NameMalformed,
            Code::BirthDateWrong => Self::BirthDateWrong,
            Code::NotUnder14 => Self::NotUnder14,
            Code::ConsentMissing => Self::ConsentMissing,
            Code::NeedsParent => Self::NeedsParent,
            Code::CodeWrong => Self::CodeWrong,
            Code::CodeSuperseded => Self::CodeSuperseded,
            Code::CodeExpired => Self::CodeExpired,
            Code::CodeTriesUsedUp => Self::CodeTriesUsedUp,
            Code::ContactBlocked => Self::ContactBlocked,
            Code::ResendTooEarly => Self::ResendTooEarly,
            Code::SendsUsedUp => Self::SendsUsedUp,
            Code::ContactsUsedUp => Self::ContactsUsedUp,
            Code::NetworkContactsUsedUp => Self::NetworkContactsUsedUp,
            Code::CodesPaused => Self::CodesPaused,
            Code::OtherNameNotAccepted => Self::OtherNameNotAccepted,
            Code::AlreadyLinked => Self::AlreadyLinked,
            Code::NotLinked => Self::ProfileUnlinked,
            Code::DeletionPending => Self::DeletionPending,
            Code::ProfileBlocked => Self::ProfileBlocked,
            Code::LastMessenger => Self::LastMessenger,
            Code::LaunchUnknown => Self::LaunchUnknown,
            Code::LaunchExpired => Self::LaunchExpired,
            Code::LaunchUsed => Self::LaunchUsed,
            Code::DiaryUnavailable => Self::DiaryUnavailable,
            Code::MaxUnavailable => Self::MaxUnavailable,
            Code::Internal => Self::ServiceBroken,
        }
    }
}
