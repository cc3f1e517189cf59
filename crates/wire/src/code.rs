use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Linking, Millis};

/// Why the service refused. The name is stable: clients, support and documents rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request is not what the contract says: broken JSON, a missing or unknown field, a wrong type.
    MalformedRequest,
    /// A POST came without an `Idempotency-Key` of 16 to 64 characters `A-Z a-z 0-9 _ -`.
    IdempotencyKeyMissing,
    /// The same `Idempotency-Key` came with another body or for another path.
    IdempotencyKeyReused,
    /// A request with the same `Idempotency-Key` is being answered at this moment.
    RequestInFlight,
    /// The access token is missing, unknown or past its end; refresh it.
    Unauthorized,
    /// The session was ended: signed out, or a refresh token was used twice.
    SessionEnded,
    /// The service's operator has blocked the diary account; its sessions have ended, and no new one begins until it is unblocked.
    AccountBlocked,
    /// The diary account cannot act for this pupil, or there is no such pupil.
    PupilNotYours,
    /// There is no such linking for this account.
    LinkingNotFound,
    /// There is nothing at this address.
    NotFound,
    /// The linking moved on since the version that the request is based on; `linking` holds the present one.
    StaleVersion,
    /// The linking is at another step than this request serves; `linking` holds the present one.
    WrongStep,
    /// The text is not a phone number.
    PhoneMalformed,
    /// A Russian number that is not a mobile one.
    PhoneLandline,
    /// A number of another country.
    PhoneForeign,
    /// A mobile number with an extension.
    PhoneExtension,
    /// A number with digits missing.
    PhoneTooShort,
    /// A number with digits to spare, or digits of something else: a card, a document.
    PhoneTooLong,
    /// The text has an @ and is no e-mail address.
    EmailMalformed,
    /// A word of the address mixes letters of two alphabets.
    EmailMixedAlphabets,
    /// The text holds two different numbers.
    TwoNumbers,
    /// The text holds two different addresses.
    TwoAddresses,
    /// The text holds a number and an address.
    NumberAndAddress,
    /// An e-mail address will not do: the pupil is fourteen or older and needs a phone number.
    EmailNeedsUnder14,
    /// The mail server of the address says that there is no such mailbox.
    EmailUnknown,
    /// The code does not match; `tries_left` says how many tries remain.
    CodeWrong,
    /// The code was right once, but a newer one was sent since; `tries_left` says how many tries remain.
    CodeSuperseded,
    /// The code's ten minutes are over; ask for a new one.
    CodeExpired,
    /// Five tries were made with this code; ask for a new one.
    CodeTriesUsedUp,
    /// Too many wrong codes for this contact in 24 hours; `retry_at` says when the next try is possible.
    ContactBlocked,
    /// A new code may be sent at `retry_at`, not before.
    ResendTooEarly,
    /// All codes that may be sent to this contact in 24 hours were sent; `retry_at` says when the next one may go.
    SendsUsedUp,
    /// The linking, or the account for all of its pupils, has given as many numbers and addresses as it may in 24 hours; `retry_at` says
    /// when it may give another. Those that it has given may be given again.
    ContactsUsedUp,
    /// As many numbers and addresses were given from the client's address as may be in an hour; `retry_at` says when the next may.
    NetworkContactsUsedUp,
    /// The service sends no codes to numbers and addresses that are not proven: it has sent as many as its operator allows, or somebody
    /// guesses at codes; `retry_at` says when it may send again.
    CodesPaused,
    /// The password is shorter than the operator asks for.
    PasswordTooShort,
    /// The password is longer than 128 characters.
    PasswordTooLong,
    /// The password is one of the first that anyone would try.
    PasswordTooCommon,
    /// The profile's password is another one; `tries_left` says how many tries remain before a pause.
    PasswordWrong,
    /// Too many wrong passwords for this profile; `retry_at` says when the next try is possible.
    PasswordBlocked,
    /// A name is not one; `detail` is the field.
    NameMalformed,
    /// The birth date is no date, or not the diary's; `detail` says which.
    BirthDateWrong,
    /// By the birth date the child is fourteen or older.
    NotUnder14,
    /// The legal representative did not agree, or agreed to an older wording.
    ConsentMissing,
    /// Only a parent or another legal representative may make this profile.
    NeedsParent,
    /// The profile bears another name and was not accepted explicitly.
    OtherNameNotAccepted,
    /// The pupil is linked already; unlink first.
    AlreadyLinked,
    /// The pupil is linked to no profile, or to another one than the request means.
    NotLinked,
    /// The profile is about to be deleted; call that off first.
    DeletionPending,
    /// The service's operator has blocked the profile; until it is unblocked it stays as it is.
    ProfileBlocked,
    /// The link stands on this messenger alone: unlink the whole.
    LastMessenger,
    /// The link out of MAX is none that the service made.
    LaunchUnknown,
    /// The link out of MAX, or the time to answer it, is over.
    LaunchExpired,
    /// The link out of MAX was used already.
    LaunchUsed,
    /// The hand-off is none that the service made.
    HandOffUnknown,
    /// The hand-off's time is over, a newer one took its place, or the session that made it has ended.
    HandOffExpired,
    /// The hand-off was taken already.
    HandOffUsed,
    /// The hand-off was made by the very session that wants to take it.
    HandOffHere,
    /// The diary said that the sign-in is no longer valid; sign in again.
    DiarySignInEnded,
    /// The diary does not answer, or not with what its contract says.
    DiaryUnavailable,
    /// MAX does not answer, or not with what its contract says.
    MaxUnavailable,
    /// Too many requests; `Retry-After` says when to come again.
    TooManyRequests,
    /// The service is busy or its database is; `Retry-After` says when to come again.
    Overloaded,
    /// Something broke inside the service; `event` names the log entry.
    Internal,
}

impl Code {
    /// Every code, in the order of the documents.
    pub const ALL: [Self; 64] = [
        Self::MalformedRequest,
        Self::IdempotencyKeyMissing,
        Self::IdempotencyKeyReused,
        Self::RequestInFlight,
        Self::Unauthorized,
        Self::SessionEnded,
        Self::AccountBlocked,
        Self::PupilNotYours,
        Self::LinkingNotFound,
        Self::NotFound,
        Self::StaleVersion,
        Self::WrongStep,
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
        Self::EmailNeedsUnder14,
        Self::EmailUnknown,
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
        Self::NotLinked,
        Self::DeletionPending,
        Self::ProfileBlocked,
        Self::LastMessenger,
        Self::LaunchUnknown,
        Self::LaunchExpired,
        Self::LaunchUsed,
        Self::HandOffUnknown,
        Self::HandOffExpired,
        Self::HandOffUsed,
        Self::HandOffHere,
        Self::DiarySignInEnded,
        Self::DiaryUnavailable,
        Self::MaxUnavailable,
        Self::TooManyRequests,
        Self::Overloaded,
        Self::Internal,
    ];

    /// The HTTP status that goes with the code.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedRequest | Self::IdempotencyKeyMissing => 400,
            Self::Unauthorized | Self::SessionEnded | Self::DiarySignInEnded => 401,
            Self::AccountBlocked | Self::ProfileBlocked => 403,
            Self::PupilNotYours
            | Self::LinkingNotFound
            | Self::NotLinked
            | Self::LaunchUnknown
            | Self::HandOffUnknown
            | Self::NotFound => 404,
            Self::RequestInFlight
            | Self::StaleVersion
            | Self::WrongStep
            | Self::AlreadyLinked
            | Self::DeletionPending
            | Self::LastMessenger
            | Self::LaunchUsed
            | Self::HandOffUsed
            | Self::HandOffHere => 409,
            Self::LaunchExpired | Self::HandOffExpired => 410,
            Self::IdempotencyKeyReused
            | Self::PhoneMalformed
            | Self::PhoneLandline
            | Self::PhoneForeign
            | Self::PhoneExtension
            | Self::PhoneTooShort
            | Self::PhoneTooLong
            | Self::EmailMalformed
            | Self::EmailMixedAlphabets
            | Self::TwoNumbers
            | Self::TwoAddresses
            | Self::NumberAndAddress
            | Self::EmailNeedsUnder14
            | Self::EmailUnknown
            | Self::PasswordTooShort
            | Self::PasswordTooLong
            | Self::PasswordTooCommon
            | Self::PasswordWrong
            | Self::NameMalformed
            | Self::BirthDateWrong
            | Self::NotUnder14
            | Self::ConsentMissing
            | Self::NeedsParent
            | Self::CodeWrong
            | Self::CodeSuperseded
            | Self::CodeExpired
            | Self::CodeTriesUsedUp
            | Self::OtherNameNotAccepted => 422,
            Self::ContactBlocked
            | Self::ResendTooEarly
            | Self::SendsUsedUp
            | Self::ContactsUsedUp
            | Self::NetworkContactsUsedUp
            | Self::CodesPaused
            | Self::PasswordBlocked
            | Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::DiaryUnavailable | Self::MaxUnavailable => 502,
            Self::Overloaded => 503,
        }
    }

    /// One sentence for engineers and operators, in English; people read the app's own texts.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::MalformedRequest => "The request does not follow the contract",
            Self::IdempotencyKeyMissing => "A POST needs an Idempotency-Key of 16 to 64 characters",
            Self::IdempotencyKeyReused => "The Idempotency-Key was used for another request",
            Self::RequestInFlight => "The same request is being answered right now",
            Self::Unauthorized => "The access token is missing, unknown or expired",
            Self::SessionEnded => "The session was ended",
            Self::AccountBlocked => "The account is blocked by an operator",
            Self::PupilNotYours => "The account cannot act for this pupil",
            Self::LinkingNotFound => "No such linking",
            Self::NotFound => "Nothing at this address",
            Self::StaleVersion => "The linking has moved on since that version",
            Self::WrongStep => "The linking is at another step",
            Self::PhoneMalformed => "Not a phone number",
            Self::PhoneLandline => "Not a mobile number",
            Self::PhoneForeign => "Not a Russian number",
            Self::PhoneExtension => "A number with an extension",
            Self::PhoneTooShort => "A number with digits missing",
            Self::PhoneTooLong => "More digits than a number has",
            Self::EmailMalformed => "Not an e-mail address",
            Self::EmailMixedAlphabets => "A word of the address mixes two alphabets",
            Self::TwoNumbers => "Two different numbers",
            Self::TwoAddresses => "Two different addresses",
            Self::NumberAndAddress => "A number and an address",
            Self::EmailNeedsUnder14 => "The pupil is fourteen or older and needs a phone number",
            Self::EmailUnknown => "The mail server knows no such mailbox",
            Self::PasswordTooShort => "The password is too short",
            Self::PasswordTooLong => "The password is too long",
            Self::PasswordTooCommon => "The password is too easily guessed",
            Self::PasswordWrong => "The profile's password is another one",
            Self::PasswordBlocked => "Too many wrong passwords for this profile",
            Self::NameMalformed => "Not a name",
            Self::BirthDateWrong => "Not the birth date of the diary",
            Self::NotUnder14 => "By the birth date the child is fourteen or older",
            Self::ConsentMissing => "The consent of the legal representative is missing",
            Self::NeedsParent => "Only a legal representative may do this",
            Self::CodeWrong => "The code does not match",
            Self::CodeSuperseded => "A newer code was sent since",
            Self::CodeExpired => "The code has expired",
            Self::CodeTriesUsedUp => "No tries are left for this code",
            Self::ContactBlocked => "Too many wrong codes for this contact",
            Self::ResendTooEarly => "A new code may not be sent yet",
            Self::SendsUsedUp => "No more codes may be sent to this contact today",
            Self::ContactsUsedUp => "No more contacts may be given today",
            Self::NetworkContactsUsedUp => "No more contacts may be given from this address now",
            Self::CodesPaused => "No codes are sent to unproven contacts now",
            Self::OtherNameNotAccepted => "The profile bears another name and was not accepted",
            Self::AlreadyLinked => "The pupil is linked already",
            Self::NotLinked => "The pupil is not linked to this profile",
            Self::DeletionPending => "The profile is about to be deleted",
            Self::ProfileBlocked => "The profile is blocked by an operator",
            Self::LastMessenger => "The link stands on this messenger alone",
            Self::LaunchUnknown => "Not a link out of MAX that the service made",
            Self::LaunchExpired => "The link out of MAX is over",
            Self::LaunchUsed => "The link out of MAX was used already",
            Self::HandOffUnknown => "Not a hand-off that the service made",
            Self::HandOffExpired => "The hand-off is over",
            Self::HandOffUsed => "The hand-off was taken already",
            Self::HandOffHere => "The session has made this hand-off itself",
            Self::DiarySignInEnded => "The diary no longer accepts the sign-in",
            Self::DiaryUnavailable => "The diary does not answer",
            Self::MaxUnavailable => "MAX does not answer",
            Self::TooManyRequests => "Too many requests",
            Self::Overloaded => "The service is busy",
            Self::Internal => "Something broke inside the service",
        }
    }
}

/// The body of every refusal (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Always `about:blank`: what to switch on is `code`.
    #[serde(rename = "type", default = "about_blank")]
    pub kind: String,
    /// [`Code::title`].
    pub title: String,
    /// The HTTP status, again.
    pub status: u16,
    /// The stable name of the refusal.
    pub code: Code,
    /// What exactly was wrong, for an engineer: a field's name, never its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Tries that remain for the present code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u32>,
    /// When the same request can succeed, on the service's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Millis>,
    /// The linking as it is now, where that explains the refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linking: Option<Box<Linking>>,
    /// Whose account moved the linking meanwhile, by first name or only name, where it was another than the asking one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_by: Option<String>,
    /// The id of the service's log entry, to name to support: `M-7F3K-21`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The id of the request, as in the header `x-request-id`, to name to support: `7F3K-9QWX-2TBM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// The plain refusal with `code`; fields that say more are set by the caller.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            kind: about_blank(),
            title: code.title().into(),
            status: code.status(),
            code,
            detail: None,
            tries_left: None,
            retry_at: None,
            linking: None,
            moved_by: None,
            event: None,
            request_id: None,
        }
    }
}

fn about_blank() -> String {
    "about:blank".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_without_a_code_is_not_a_problem_of_ours() {
        let foreign = r#"{"type":"about:blank","title":"x","status":502}"#;
        assert!(serde_json::from_str::<Problem>(foreign).is_err());
    }

    #[test]
    fn every_code_is_listed_once_and_survives_the_wire() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code), "{code:?} is listed twice");
            let problem = Problem::new(code);
            let text = serde_json::to_string(&problem).unwrap();
            assert_eq!(serde_json::from_str::<Problem>(&text).unwrap(), problem);
            assert!((400..=599).contains(&problem.status));
        }
    }
}
