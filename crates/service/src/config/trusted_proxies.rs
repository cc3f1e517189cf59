//! The proxies before the service.

use std::net::IpAddr;

use ipnet::IpNet;

/// The proxies that are believed about whom they speak for.
#[derive(Clone, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses and networks that stand apart by blanks.
    ///
    /// # Errors
    /// The first word that is neither, or that names everybody.
    pub fn read(text: &str) -> Result<Self, String> {
        text.split_whitespace()
            .map(|word| network(word).ok_or_else(|| word.to_owned()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether none is believed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a proxy at this address is believed.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(word: &str) -> Option<IpNet> {
    let network = word.parse::<IpNet>().or_else(|_| word.parse::<IpAddr>().map(IpNet::from)).ok()?;
    // Whoever trusts everybody believes what anyone says of himself.
    (network.prefix_len() > 0).then_some(network)
}
