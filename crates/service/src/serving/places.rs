//! How many connections there are, of whom.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    client::Network,
    config::{Config, ConnectionsConfig, Networks},
};

/// How often the log says that connections are refused, and so how long they may be before it does again.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// What connections are held to.
#[derive(Clone)]
pub struct Limits {
    /// The settings.
    pub connections: ConnectionsConfig,
    /// Who may have any number of the connections, as many people come through one of these.
    pub proxies: Arc<Networks>,
}

impl Limits {
    /// As the settings say.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { connections: config.connections.clone(), proxies: Arc::new(config.proxy.clone()) }
    }
}

/// The places for connections.
pub(super) struct Places {
    most: usize,
    of_one_address: usize,
    proxies: Arc<Networks>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    of: HashMap<Network, usize>,
    told_at: Option<Instant>,
}

/// One that is taken until this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    of: Option<Network>,
}

impl Places {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            most: limits.connections.most,
            of_one_address: limits.connections.of_one_address,
            proxies: Arc::clone(&limits.proxies),
            taken: Mutex::default(),
        }
    }

    /// A place for somebody at this address; `None`: there is none for whoever is there, or for anybody.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let of = (!self.proxies.holds(address)).then(|| Network::of(address));
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let has = of.map_or(0, |of| taken.of.get(&of).copied().unwrap_or_default());
        let full = if taken.all >= self.most {
            Some("connections.most are open")
        } else if has >= self.of_one_address {
            Some("connections.of_one_address are open to one; if that is a proxy of yours, name it in proxy.trusted")
        } else {
            None
        };
        if let Some(why) = full {
            // Each one's line would be another thing to be flooded with.
            if taken.told_at.is_none_or(|at| at.elapsed() >= TELL_EVERY) {
                taken.told_at = Some(Instant::now());
                tracing::warn!(why, "connections are refused");
            }
            return None;
        }
        taken.all += 1;
        if let Some(of) = of {
            *taken.of.entry(of).or_default() += 1;
        }
        Some(Place { places: Arc::clone(self), of })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(of) = self.of
            && let Some(has) = taken.of.get_mut(&of)
        {
            *has -= 1;
            if *has == 0 {
                taken.of.remove(&of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(most: usize, of_one_address: usize) -> Arc<Places> {
        let proxies = Arc::new(Networks::read("10.0.0.0/8 fd00::/8").unwrap());
        Arc::new(Places { most, of_one_address, proxies, taken: Mutex::default() })
    }

    #[test]
    fn one_address_has_its_number_and_gets_a_place_back() {
        let places = places(100, 2);
        let take = |address: &str| places.take(address.parse().unwrap());
        let (one, two) = (take("192.0.2.1"), take("192.0.2.1"));
        assert!(one.is_some() && two.is_some() && take("192.0.2.1").is_none());
        assert!(take("192.0.2.2").is_some());
        drop(one);
        assert!(take("192.0.2.1").is_some());
        drop(two);
        let taken = places.taken.lock().unwrap();
        assert_eq!((taken.all, taken.of.len()), (0, 0));
    }

    #[test]
    fn a_network_of_64_bits_is_one_address() {
        let places = places(100, 2);
        let take = |address: &str| places.take(address.parse().unwrap());
        let _taken = (take("2001:db8:0:1::1"), take("2001:db8:0:1:ffff::2"));
        assert!(take("2001:db8:0:1:abcd::3").is_none());
        assert!(take("2001:db8:0:2::1").is_some());
    }

    #[test]
    fn through_a_proxy_come_as_many_as_there_is_place_for() {
        let places = places(5, 2);
        let take = |address: &str| places.take(address.parse().unwrap());
        let many: Vec<_> = (0..4).map(|_| take("10.1.2.3")).collect();
        assert!(many.iter().all(Option::is_some));
        let _last = take("fd00::1").unwrap();
        assert!(take("10.1.2.3").is_none() && take("192.0.2.1").is_none());
    }
}
