//! What the diary and VK ID have in common: the authorization code grant with PKCE (RFC 6749, RFC 7636, RFC 9700) and
//! the page on which a person picks who they are.

mod ask;
mod desk;
pub(crate) mod jwt;
pub(crate) mod page;

pub(crate) use ask::{Terms, read};
pub(crate) use desk::{ACCESS_LIFE_S, AuthorizationRequest, CODE_LIFE_S, Desk, Grant, Proof, Refused};
