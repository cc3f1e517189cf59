//! What the diary and VK ID have in common: the authorization code grant with PKCE (RFC 6749, RFC 7636, RFC 9700) and
//! the page on which a person picks who they are.

mod authorizations;
pub(crate) mod jwt;
pub(crate) mod page;
mod request;

pub(crate) use authorizations::{
    ACCESS_LIFE_S, AuthorizationRequest, Authorizations, CODE_LIFE_S, Grant, Proof, Refused,
};
pub(crate) use request::{Terms, read};
