//! Runs the linking machine of `mostik_flow`: stores its state, runs its effects, feeds the answers back.
//!
//! Start at [`Engine`]. One task owns the state; every input goes through it: step, store, publish the screen, then act.
//! What belongs to the world outside comes in as [`Ports`]: the browser's opener, the keyring, the clock, randomness.
//!
//! Nothing here names a platform but `vault::os`, and nothing names Tauri.

mod actor;
mod api;
mod calls;
mod context;
mod effects;
mod engine;
mod export_files;
mod failure;
mod http;
mod input_sender;
mod ports;
mod reachability;
mod release;
mod retry;
mod session;
mod settings;
mod sign_in;
mod start_error;
mod store;
mod vault;
mod watch;

pub use calls::ContractCall;
pub use engine::Engine;
pub use failure::{Failure, OAuthError};
pub use ports::{Clock, Notifier, OpenError, Opener, Ports, Random, SystemClock, SystemRandom};
pub use settings::{Settings, Timeouts};
pub use start_error::{StartError, StoreError};
pub use vault::{MemoryVault, OsVault, Vault};
