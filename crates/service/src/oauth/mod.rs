//! Signing in: we are a client of the diary, and the authorization server of the app (RFC 6749, 7636, 8252, 9207, 9700).

pub mod authorize;
pub mod callback;
mod client;
mod redirect;
pub mod revoke;
mod sign_in;
pub mod token;

pub use client::redirect_allowed;

use crate::clock::{DAY, MINUTE, SECOND};

/// How long a person may take at the diary's sign-in page.
pub const SIGN_IN_LIFE: i64 = 30 * MINUTE;
/// The life of a one-time code.
pub const CODE_LIFE: i64 = 60 * SECOND;
/// The life of an access token.
pub const ACCESS_LIFE: i64 = 10 * MINUTE;
/// The life of a refresh token that is not used.
pub const REFRESH_LIFE: i64 = 60 * DAY;
/// For how long the refresh token before the newest may be tried again, while nothing shows that the newest arrived.
pub const GRACE: i64 = 30 * SECOND;
