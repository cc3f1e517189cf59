//! A town in one process: families with the real machine of the app, nodes of the real service over the real store, diary, SMS centre, mail,
//! MAX and VK ID, on one virtual clock and one seed.
//!
//! [`Options::of_seed`] draws everything from a seed, and prints as one line by which a run can be had again. Faults strike for some days, in
//! which only what must never happen is checked (safety); then everything works, and whoever keeps trying must come to an end (liveness). What
//! runs at any moment is one piece of work on one node: it stops at each question and each change of the database, and there the seed says
//! whether it goes on, stands still, is refused, or its node ends.

#![expect(
    clippy::missing_errors_doc,
    clippy::multiple_inherent_impl,
    reason = "a town is one thing in many files, and its errors are of the machine that it runs on"
)]

mod app;
mod attacker;
mod attackers;
mod backups;
mod browser;
mod checks;
mod device;
mod exchange;
mod family;
mod gate;
mod history;
mod ledger;
mod looks;
mod messages;
mod moving_in;
mod node;
mod nodes;
mod options;
mod parties;
mod person;
mod phones;
mod random;
mod requests;
mod runs;
mod steps;
mod time;
mod town;
mod work;

pub use ledger::{Looked, Violation};
pub use options::{Faults, Habits, Options, Tampering};
pub use runs::{Outcome, run, run_telling, shortest};
pub use town::{Struck, Town};
