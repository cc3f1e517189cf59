//! `[limits]`, checked.

use mostik_linking::limits::{CODES_OF_SERVICE, CONTACTS_OF_NETWORK, Limit, WRONG_CODES_OF_SERVICE};

use super::{networks::Networks, values::Values};
use crate::client::Network;

/// `[limits]`
#[derive(Clone)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct LimitsConfig {
    pub contacts_of_network: usize,
    pub shared_networks: Networks,
    pub contacts_of_shared_network: usize,
    pub codes_of_service: usize,
    pub wrong_codes_of_service: usize,
}

impl LimitsConfig {
    /// How often a limit lets something be done; `network`: where it is asked for.
    #[must_use]
    pub fn most(&self, limit: &'static Limit, network: Option<Network>) -> usize {
        let is_shared = || network.is_some_and(|network| self.shared_networks.holds(network.address()));
        match limit {
            limit if *limit == CONTACTS_OF_NETWORK && is_shared() => self.contacts_of_shared_network,
            limit if *limit == CONTACTS_OF_NETWORK => self.contacts_of_network,
            limit if *limit == CODES_OF_SERVICE => self.codes_of_service,
            limit if *limit == WRONG_CODES_OF_SERVICE => self.wrong_codes_of_service,
            limit => limit.most,
        }
    }
}

pub(super) fn check(values: &mut Values) -> Option<LimitsConfig> {
    const SHARED: &str = "limits.shared_networks";
    let mut number = |name: &str| {
        let number = values.number(&format!("limits.{name}"), 1..=1_000_000);
        number.and_then(|number| usize::try_from(number).ok())
    };
    let contacts_of_network = number(CONTACTS_OF_NETWORK.name);
    let contacts_of_shared_network = number("contacts_of_shared_network");
    let codes_of_service = number(CODES_OF_SERVICE.name);
    let wrong_codes_of_service = number(WRONG_CODES_OF_SERVICE.name);
    let shared_networks = Networks::read(&values.get(SHARED).unwrap_or_default()).unwrap_or_else(|word| {
        let next = "Give addresses or networks of schools and carriers, such as 203.0.113.0/24; for all of them set \
            limits.contacts_of_network";
        values.fault(SHARED, &format!("found {word:?}"), next);
        Networks::default()
    });
    Some(LimitsConfig {
        contacts_of_network: contacts_of_network?,
        shared_networks,
        contacts_of_shared_network: contacts_of_shared_network?,
        codes_of_service: codes_of_service?,
        wrong_codes_of_service: wrong_codes_of_service?,
    })
}
