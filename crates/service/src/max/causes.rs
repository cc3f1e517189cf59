//! Why MAX did not do what it was asked: which of it passes, which does not, and what the log may say of it.

use std::time::Duration;

use maxoxide::MaxError;

use crate::metrics::CallOutcome;

/// The longest that MAX is believed when it asks to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// A cause. Its name is all that is logged: the error's own text may quote people's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// `verify.token`: for the operator to mend; messages wait.
    Token,
    /// `chat.denied`: the person has stopped or blocked the bot.
    Denied,
    /// `attachment.not.ready`: passes.
    NotReady,
    /// Too many requests; MAX may say for how long.
    TooMany(Option<Duration>),
    /// MAX says that the request itself is wrong: again it would be no better.
    Wrong,
    /// MAX is unwell; it may say for how long.
    Unwell(Option<Duration>),
    /// No connection, or no answer in time.
    Unreachable,
    /// An answer that is none of MAX's: a page of a proxy, half an answer.
    Unreadable,
}

impl Cause {
    pub(crate) fn of(error: &MaxError) -> Self {
        let api = match error {
            MaxError::Api(api) => api,
            MaxError::Validation(_) => return Self::Wrong,
            MaxError::Http(error) if error.is_decode() => return Self::Unreadable,
            MaxError::Json(_) | MaxError::InvalidResponse(_) => return Self::Unreadable,
            _ => return Self::Unreachable,
        };
        let wait = api.retry_after.map(|wait| wait.min(LONGEST_WAIT));
        match (api.status, api.code.as_deref()) {
            (_, Some("attachment.not.ready")) => Self::NotReady,
            (401, _) | (_, Some("verify.token")) => Self::Token,
            (403, Some("chat.denied")) => Self::Denied,
            (429, _) => Self::TooMany(wait),
            (500.., _) => Self::Unwell(wait),
            // Other refusals without MAX's mark are somebody's on the way.
            (400 | 404 | 405 | 413 | 422, Some(_)) => Self::Wrong,
            _ => Self::Unreadable,
        }
    }

    /// How long MAX asks to be left alone.
    pub(super) fn wait(self) -> Option<Duration> {
        match self {
            Self::TooMany(wait) | Self::Unwell(wait) => wait,
            _ => None,
        }
    }

    /// The same in the unit of `Millis`.
    pub(super) fn wait_ms(self) -> Option<i64> {
        self.wait().and_then(|wait| i64::try_from(wait.as_millis()).ok())
    }

    /// What it says of MAX itself.
    pub(super) fn outcome(self) -> CallOutcome {
        match self {
            Self::Denied | Self::NotReady | Self::TooMany(_) | Self::Wrong => CallOutcome::Refused,
            Self::Token | Self::Unwell(_) | Self::Unreachable | Self::Unreadable => CallOutcome::Failed,
        }
    }

    /// For the log.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Token => "MAX does not know the token: check max.token",
            Self::Denied => "the person has stopped the bot",
            Self::NotReady => "MAX still works on an attachment",
            Self::TooMany(_) => "MAX asks for fewer requests",
            Self::Wrong => "MAX says that the request is wrong",
            Self::Unwell(_) => "MAX is unwell",
            Self::Unreachable => "MAX cannot be reached",
            Self::Unreadable => "the answer is not MAX's: is there a proxy on the way?",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maxoxide::{ApiError, ValidationError};

    #[test]
    fn only_what_max_itself_calls_wrong_or_denied_is_given_up() {
        let api = |status, code: Option<&str>| {
            MaxError::Api(ApiError::new(status, code.map(Into::into), "Иванов").with_retry_after(None))
        };
        for (error, cause) in [
            (api(400, Some("proto.payload")), Cause::Wrong),
            (api(404, Some("not.found")), Cause::Wrong),
            (api(400, None), Cause::Unreadable),
            (api(404, None), Cause::Unreadable),
            (api(403, None), Cause::Unreadable),
            (api(403, Some("of.tomorrow")), Cause::Unreadable),
            (api(403, Some("chat.denied")), Cause::Denied),
            (api(400, Some("attachment.not.ready")), Cause::NotReady),
            (api(401, Some("verify.token")), Cause::Token),
            (api(401, None), Cause::Token),
            (api(429, None), Cause::TooMany(None)),
            (api(500, None), Cause::Unwell(None)),
            (api(503, Some("service.unavailable")), Cause::Unwell(None)),
            (MaxError::Validation(ValidationError::new("text", "too long")), Cause::Wrong),
            (MaxError::InvalidResponse("half".into()), Cause::Unreadable),
            (MaxError::Cancelled, Cause::Unreachable),
        ] {
            assert_eq!(Cause::of(&error), cause, "{error}");
            assert!(!Cause::of(&error).words().contains("Иванов"));
        }
    }

    #[test]
    fn max_is_believed_for_an_hour_at_most() {
        let asked = |seconds| {
            let error = ApiError::new(429, None, "").with_retry_after(Some(Duration::from_secs(seconds)));
            Cause::of(&MaxError::Api(error)).wait()
        };
        assert_eq!(asked(7), Some(Duration::from_secs(7)));
        assert_eq!(asked(1_000_000), Some(LONGEST_WAIT));
    }
}
