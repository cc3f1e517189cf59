//! Networks that the operator names.

use std::net::IpAddr;

use ipnet::IpNet;

/// Networks, such as those of the proxies that are believed about whom they speak for.
#[derive(Clone, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
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

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an address is of one of them.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(word: &str) -> Option<IpNet> {
    let network = word.parse::<IpNet>().or_else(|_| word.parse::<IpAddr>().map(IpNet::from)).ok()?;
    // Whoever trusts everybody believes what anyone says of himself; and where all share one network, there is another setting.
    (network.prefix_len() > 0).then_some(network)
}
