//! A device: what the app on it has stored, and who sits there.

use std::net::SocketAddr;

use mostik_flow::{State, Watched};

use crate::{person::Person, random::Stream};

/// What proves to the service who asks.
#[derive(Clone)]
pub struct Tokens {
    /// For requests.
    pub access: String,
    /// For new ones.
    pub refresh: String,
}

/// A device with the app on it, and whoever sits there.
pub struct Device {
    /// Whose it is.
    pub family: u32,
    /// The account in the diary that signs in here.
    pub account: String,
    /// Where it is in the network.
    pub from: SocketAddr,
    /// Who sits there, and what they mean to do.
    pub person: Person,
    /// The machine's state, while the app runs.
    pub state: Option<State>,
    /// The state as it lies on the disk.
    pub stored: Option<String>,
    /// What is in the keyring.
    pub keyring: Option<Tokens>,
    /// What the app knows of it.
    pub tokens: Option<Tokens>,
    /// The keyring is not used in this run.
    pub in_memory: bool,
    /// A renewal of the tokens is under way: who waits for it.
    pub renewing: Option<Vec<u64>>,
    /// Grows with each start of the app: what an earlier run has asked for is heard by nobody.
    pub run: u64,
    /// What is followed, and since when.
    pub watched: Option<(Watched, u64)>,
    /// The sign-in in the browser that counts.
    pub sign_in: u64,
    /// Its clock minus the town's.
    pub off_by: i64,
    /// The service's clock minus its own, as the machine was told.
    pub offset: i64,
    /// Its randomness.
    pub draw: Stream,
}

impl Device {
    /// Names the installation in keys of requests.
    #[must_use]
    pub fn installation(nth: usize) -> String {
        format!("town-device-{nth:06}")
    }
}
