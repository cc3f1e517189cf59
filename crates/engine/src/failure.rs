//! What can go wrong between this device and the service, and how a person is told.

use std::fmt;

use mostik_flow::{Cause, CauseKind, Reply};
use mostik_wire::{Code, Millis, Problem};
use reqwest::StatusCode;
use serde::Deserialize;

/// Why a call has no answer.
pub enum Failure {
    /// The service refused, in its own words.
    Refused(Box<Problem>),
    /// No connection was made: nothing was sent.
    NotConnected,
    /// Whoever answered could not prove to be the service: nothing was sent.
    NotTrusted,
    /// The certificate is not valid at this device's time: nothing was sent.
    OutOfDate,
    /// The connection broke before an answer came.
    BrokenOff,
    /// No answer in time.
    TimedOut,
    /// The answer broke off, is too large, or is not what the contract says.
    Unreadable,
    /// Something else answered in the service's place.
    NotTheService,
    /// The service, or what stands before it, is broken.
    Broken,
    /// The service is busy until then, on the device's clock.
    Busy(Option<Millis>),
    /// A refusal that this release does not know.
    UnknownRefusal,
    /// A refusal in OAuth's words (RFC 6749, 5.2).
    OAuth(OAuthError),
    /// Nobody is signed in.
    NoSession,
}

/// The names of RFC 6749, 5.2, as far as they are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthError {
    /// The code or the token is not good any more.
    InvalidGrant,
    /// Any other.
    #[serde(other)]
    Other,
}

/// RFC 6749, 5.2.
#[derive(Deserialize)]
struct OAuthRefusal {
    error: OAuthError,
}

impl Failure {
    /// Names an answer that is not a good one; `html` is what its media type says.
    #[must_use]
    pub fn of_answer(status: StatusCode, html: bool, body: &[u8], retry_at: Option<Millis>) -> Self {
        if let Ok(problem) = serde_json::from_slice::<Problem>(body) {
            return Self::Refused(Box::new(problem));
        }
        if status.is_client_error()
            && let Ok(OAuthRefusal { error }) = serde_json::from_slice(body)
        {
            return Self::OAuth(error);
        }
        match status.as_u16() {
            407 | 511 => Self::NotTheService,
            408 => Self::TimedOut,
            429 | 503 => Self::Busy(retry_at),
            500.. => Self::Broken,
            // Redirects, and pages in the place of answers.
            200..=399 => Self::NotTheService,
            _ if html => Self::NotTheService,
            401 => Self::Refused(Box::new(Problem::new(Code::Unauthorized))),
            _ => Self::UnknownRefusal,
        }
    }

    /// Whether the network failed, rather than anybody on it.
    #[must_use]
    pub const fn is_of_the_network(&self) -> bool {
        matches!(self, Self::NotConnected | Self::BrokenOff | Self::TimedOut)
    }

    /// How often the same request may be sent in all, if the request may be repeated: `most` for what heals by itself.
    #[must_use]
    pub fn max_attempts(&self, most: u32) -> u32 {
        match self {
            Self::NotConnected | Self::BrokenOff | Self::TimedOut | Self::Unreadable | Self::Broken | Self::Busy(_) => {
                most
            }
            Self::Refused(problem) => match problem.code {
                Code::TooManyRequests | Code::Overloaded | Code::RequestInFlight | Code::Internal => most,
                // The service has waited for them already; a person should not wait a third time.
                Code::DiaryUnavailable | Code::MaxUnavailable => most.min(2),
                // Answers: the same request gets the same one.
                _ => 1,
            },
            Self::NotTrusted
            | Self::OutOfDate
            | Self::NotTheService
            | Self::UnknownRefusal
            | Self::OAuth(_)
            | Self::NoSession => 1,
        }
    }

    /// The answer to the machine.
    #[must_use]
    pub fn into_reply(self) -> Reply {
        match self {
            Self::Refused(problem) => Reply::Refused(problem),
            Self::NoSession => Reply::Refused(Box::new(Problem::new(Code::SessionEnded))),
            Self::Busy(retry_at) => Reply::Failed(Cause { retry_at, ..Cause::new(CauseKind::ServiceBusy) }),
            Self::NotConnected | Self::BrokenOff => failure_reply(CauseKind::Offline),
            Self::TimedOut => failure_reply(CauseKind::Timeout),
            Self::Unreadable => failure_reply(CauseKind::AnswerUnreadable),
            Self::NotTrusted => failure_reply(CauseKind::CertificateNotTrusted),
            Self::OutOfDate => failure_reply(CauseKind::CertificateOutOfDate),
            Self::NotTheService => failure_reply(CauseKind::CaptivePortal),
            Self::Broken => failure_reply(CauseKind::ServiceBroken),
            // What was sent to the token endpoint is not what it gave out.
            Self::OAuth(OAuthError::InvalidGrant) => failure_reply(CauseKind::SignInForged),
            Self::UnknownRefusal | Self::OAuth(OAuthError::Other) => failure_reply(CauseKind::VersionsDiffer),
        }
    }
}

// Names only: a refusal can hold a linking, with a number and a ticket in it.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(problem) => write!(f, "Refused({:?})", problem.code),
            Self::OAuth(error) => write!(f, "OAuth({error:?})"),
            Self::NotConnected => f.write_str("NotConnected"),
            Self::NotTrusted => f.write_str("NotTrusted"),
            Self::OutOfDate => f.write_str("OutOfDate"),
            Self::BrokenOff => f.write_str("BrokenOff"),
            Self::TimedOut => f.write_str("TimedOut"),
            Self::Unreadable => f.write_str("Unreadable"),
            Self::NotTheService => f.write_str("NotTheService"),
            Self::Broken => f.write_str("Broken"),
            Self::Busy(_) => f.write_str("Busy"),
            Self::UnknownRefusal => f.write_str("UnknownRefusal"),
            Self::NoSession => f.write_str("NoSession"),
        }
    }
}

/// A reply that names one cause.
pub fn failure_reply(kind: CauseKind) -> Reply {
    Reply::Failed(kind.into())
}
