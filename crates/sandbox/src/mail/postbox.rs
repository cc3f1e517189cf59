//! Letters that arrived, by mailbox.

use std::collections::HashSet;
use std::net::IpAddr;

use super::address::Address;
use super::letter::Letter;

/// How many letters are kept over all mailboxes.
const CAPACITY: usize = 500;
/// How many triplets are remembered.
const MOST_TRIPLETS: usize = 10_000;

/// All mailboxes; each comes to be with its first letter.
#[derive(Default)]
pub(crate) struct Postbox {
    last_id: u64,
    letters: Vec<(Address, Letter)>,
    /// Who has tried before, for greylisting.
    triplets: HashSet<(IpAddr, String, Address)>,
}

impl Postbox {
    /// Puts a letter into its mailbox and gives it the next id.
    pub(super) fn receive(&mut self, to: Address, letter: Letter) {
        self.last_id += 1;
        if self.letters.len() == CAPACITY {
            self.letters.remove(0);
        }
        self.letters.push((to, Letter { id: self.last_id, ..letter }));
    }

    /// Letters to an address (to all when `None`) with an id above `after`, newest last.
    pub(crate) fn list(&self, to: Option<&Address>, after: u64) -> Vec<Letter> {
        let wanted = |(address, letter): &&(Address, Letter)| letter.id > after && to.is_none_or(|to| to == address);
        self.letters.iter().filter(wanted).map(|(_, letter)| letter.clone()).collect()
    }

    /// One letter.
    pub(crate) fn letter(&self, id: u64) -> Option<&Letter> {
        self.letters.iter().map(|(_, letter)| letter).find(|letter| letter.id == id)
    }

    /// Has this sender tried this recipient from this address before? Remembers it.
    pub(super) fn is_known(&mut self, peer: IpAddr, from: &str, to: &Address) -> bool {
        if self.triplets.len() >= MOST_TRIPLETS {
            self.triplets.clear();
        }
        !self.triplets.insert((peer, from.to_owned(), to.clone()))
    }

    /// Forgets which senders were let through: greylisting begins anew.
    pub(crate) fn forget_triplets(&mut self) {
        self.triplets.clear();
    }
}
