//! What a centre's refusal of a message means.
//!
//! The codes are those of SMPP 3.4, 5.1.3 (table 5-2); `0x400` to `0x4FF` are there «reserved for SMSC vendor specific errors».
//! Where the table is silent about whether a code passes, this follows what it says the code is about: the moment, the centre's
//! load and the session pass; the account is the operator's to mend, and another centre may do meanwhile; a number stays wrong.

use rusmpp::CommandStatus;

use crate::metrics::CallOutcome;

/// Whether a message that a centre did not take is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// At another time, or at another centre.
    Later,
    /// Nobody knows whether it helps: three times.
    AFewTimes,
    /// No centre will take it.
    Never,
}

/// What follows from a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The centre has too much to do: it rests.
    Busy,
    /// The session is not what it should be: it is made anew.
    Session,
    /// The account or its settings: the operator's to mend, so the centre rests.
    Account,
    /// This message, at this moment.
    Moment,
    /// This message's number, or its form: nobody will take it.
    Message,
    /// Nobody knows.
    Unknown,
}

/// Every code that is known, with its meaning.
const TABLE: &[(u32, Meaning)] = &[
    (0x01, Meaning::Message), // ESME_RINVMSGLEN: message length
    (0x02, Meaning::Session), // ESME_RINVCMDLEN: command length, so the stream is out of step
    (0x03, Meaning::Account), // ESME_RINVCMDID: command id, not open to this account
    (0x04, Meaning::Session), // ESME_RINVBNDSTS: bind status
    (0x05, Meaning::Session), // ESME_RALYBND: already bound
    (0x06, Meaning::Account), // ESME_RINVPRTFLG: priority flag
    (0x07, Meaning::Account), // ESME_RINVREGDLVFLG: registered delivery flag, so no receipts here
    (0x08, Meaning::Busy),    // ESME_RSYSERR: system error
    (0x0A, Meaning::Account), // ESME_RINVSRCADR: source address
    (0x0B, Meaning::Message), // ESME_RINVDSTADR: destination address
    (0x0D, Meaning::Session), // ESME_RBINDFAIL: bind failed
    (0x0E, Meaning::Account), // ESME_RINVPASWD: password
    (0x0F, Meaning::Account), // ESME_RINVSYSID: system id
    (0x14, Meaning::Busy),    // ESME_RMSGQFUL: message queue full
    (0x15, Meaning::Account), // ESME_RINVSERTYP: service type
    (0x43, Meaning::Account), // ESME_RINVESMCLASS: esm_class
    (0x45, Meaning::Moment),  // ESME_RSUBMITFAIL: submit_sm failed
    (0x48, Meaning::Account), // ESME_RINVSRCTON: source TON
    (0x49, Meaning::Account), // ESME_RINVSRCNPI: source NPI
    (0x50, Meaning::Message), // ESME_RINVDSTTON: destination TON
    (0x51, Meaning::Message), // ESME_RINVDSTNPI: destination NPI
    (0x53, Meaning::Account), // ESME_RINVSYSTYP: system type
    (0x54, Meaning::Account), // ESME_RINVREPFLAG: replace_if_present flag
    (0x58, Meaning::Busy),    // ESME_RTHROTTLED: over the agreed rate
    (0x61, Meaning::Account), // ESME_RINVSCHED: scheduled delivery time
    (0x62, Meaning::Account), // ESME_RINVEXPIRY: validity period, see sms.centre.validity
    (0x64, Meaning::Moment),  // ESME_RX_T_APPN: temporary error
    (0x65, Meaning::Message), // ESME_RX_P_APPN: permanent error
    (0x66, Meaning::Message), // ESME_RX_R_APPN: rejected
    (0xC0, Meaning::Account), // ESME_RINVOPTPARSTREAM: optional part
    (0xC1, Meaning::Account), // ESME_ROPTPARNOTALLWD: optional parameter not allowed
    (0xC2, Meaning::Account), // ESME_RINVPARLEN: parameter length
    (0xC3, Meaning::Account), // ESME_RMISSINGOPTPARAM: expected optional parameter
    (0xC4, Meaning::Account), // ESME_RINVOPTPARAMVAL: optional parameter's value
    (0xFE, Meaning::Moment),  // ESME_RDELIVERYFAILURE: delivery failed
];

impl Meaning {
    /// What a status means.
    #[must_use]
    pub fn of(status: CommandStatus) -> Self {
        let code = u32::from(status);
        match TABLE.iter().find(|(known, _)| *known == code) {
            Some((_, meaning)) => *meaning,
            None if (0x400..=0x4FF).contains(&code) => Self::Moment,
            None => Self::Unknown,
        }
    }

    /// For who asks why an SMS did not arrive.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Busy => "the centre has too much to do",
            Self::Session => "the session with the centre was not what it should be",
            Self::Account => "the centre refuses our account's messages: its operator has to mend that",
            Self::Moment => "the centre could not take it at that moment",
            Self::Message => "the centre does not take this number, or this form of a message",
            Self::Unknown => "a status that nobody knows",
        }
    }

    /// What it means for the message.
    #[must_use]
    pub fn retry(self) -> Retry {
        match self {
            Self::Busy | Self::Session | Self::Account | Self::Moment => Retry::Later,
            Self::Message => Retry::Never,
            Self::Unknown => Retry::AFewTimes,
        }
    }

    /// What it says of the centre itself.
    #[must_use]
    pub fn outcome(self) -> CallOutcome {
        match self {
            Self::Message | Self::Moment | Self::Unknown => CallOutcome::Refused,
            Self::Busy | Self::Session | Self::Account => CallOutcome::Failed,
        }
    }

    /// Whether the centre takes nothing for a while.
    #[must_use]
    pub fn rests(self) -> bool {
        matches!(self, Self::Busy | Self::Account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry(code: u32) -> Retry {
        Meaning::of(CommandStatus::from(code)).retry()
    }

    #[test]
    fn a_wrong_number_is_never_tried_again() {
        for code in [0x01, 0x0B, 0x50, 0x51, 0x65, 0x66] {
            assert_eq!(retry(code), Retry::Never, "{code:#x}");
        }
    }

    #[test]
    fn what_passes_is_tried_again() {
        let named = [0x04, 0x05, 0x08, 0x0D, 0x14, 0x45, 0x58, 0x64];
        for code in named.into_iter().chain(0x400..=0x4FF) {
            assert_eq!(retry(code), Retry::Later, "{code:#x}");
        }
    }

    #[test]
    fn what_nobody_knows_is_unknown() {
        for code in [0x09, 0x10, 0xFF, 0x110, 0x3FF, 0x500, 0xFFFF_FFFF] {
            assert_eq!(retry(code), Retry::AFewTimes, "{code:#x}");
        }
    }

    #[test]
    fn only_load_and_account_make_a_centre_rest() {
        let rests = |code: u32| Meaning::of(CommandStatus::from(code)).rests();
        assert!([0x08, 0x14, 0x58, 0x0A, 0x62].into_iter().all(rests));
        assert!(![0x0B, 0x45, 0x401, 0xFF, 0x04].into_iter().any(rests));
    }

    #[test]
    fn no_code_stands_twice_in_the_table() {
        let mut codes: Vec<_> = TABLE.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TABLE.len());
    }
}
