//! An SMS centre, at each of its addresses.

use futures_util::future::join_all;
use rusmpp::CommandStatus;
use url::Url;

use super::finding::Finding;
use crate::{
    config::CentreConfig,
    sms::{NoBind, reach, try_bind},
};

/// Tries each address. `taken`: whether a node has the only session that the account gets; `None`: not known.
pub(super) async fn examine(centre: &CentreConfig, taken: Option<bool>) -> Vec<Finding> {
    join_all(centre.smpp.iter().map(|address| at(centre, address, taken))).await
}

async fn at(centre: &CentreConfig, address: &Url, taken: Option<bool>) -> Finding {
    let check = format!("sms.{}.smpp", centre.name);
    if taken != Some(false) {
        return match reach(centre, address).await {
            Ok(()) if taken.is_some() => {
                Finding::not_tried(check, format!("{address} is reached; a node has the one session of the account"))
            }
            Ok(()) => {
                let found =
                    format!("{address} is reached; whether a node has the one session of the account is not known");
                Finding::not_tried(check, found)
            }
            Err(why) => wrong(centre, address, &why),
        };
    }
    match try_bind(centre, address).await {
        Ok(()) => Finding::well(check, format!("{address} knows the account")),
        Err(why) => wrong(centre, address, &why),
    }
}

fn wrong(centre: &CentreConfig, address: &Url, why: &NoBind) -> Finding {
    let key = |key: &str| format!("sms.{}.{key}", centre.name);
    let status = match why {
        NoBind::NotThere(error) if error.contains("certificate") => {
            let found = format!("the certificate of {address} is not to be trusted: {error}");
            return Finding::wrong(
                key("smpp"),
                found,
                format!("Name its authority in {}, or mend the address", key("ca_file")),
            );
        }
        NoBind::NotThere(error) => {
            let found = format!("{address} cannot be reached: {error}");
            let next =
                "See to the address, the port and the firewall; the centre's operator may have to admit this machine";
            return Finding::wrong(key("smpp"), found, next);
        }
        NoBind::Refused(status) => *status,
    };
    let (check, found, next) = match status {
        CommandStatus::EsmeRinvpaswd => {
            ("password", "the password is wrong (ESME_RINVPASWD)".into(), "Set it to what the centre's operator gave")
        }
        CommandStatus::EsmeRinvsysid => (
            "system_id",
            "there is no such account (ESME_RINVSYSID)".into(),
            "Set it to what the centre's operator gave",
        ),
        CommandStatus::EsmeRbindfail => (
            "system_id",
            "the account is not let in (ESME_RBINDFAIL)".into(),
            "Compare system_id and password with what the operator gave, and ask whether this machine's address is admitted",
        ),
        CommandStatus::EsmeRalybnd => (
            "sessions",
            "the account has all the sessions that it gets (ESME_RALYBND)".into(),
            "If the service runs it has them: set sessions = \"one\" where the account gets one",
        ),
        CommandStatus::EsmeRthrottled => {
            ("smpp", "too many attempts (ESME_RTHROTTLED)".into(), "Try again in some minutes")
        }
        CommandStatus::EsmeRsyserr => (
            "smpp",
            "the centre is unwell (ESME_RSYSERR)".into(),
            "Try again in some minutes; if it stays so, ask its operator",
        ),
        other => (
            "smpp",
            format!("{address} refuses the bind with status {:#010x}", u32::from(other)),
            "Ask the centre's operator what it means, and whether a bind as transmitter is allowed",
        ),
    };
    Finding::wrong(key(check), found, next)
}
