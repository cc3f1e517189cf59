//! Whether what somebody presents was ever given to anybody: asked before a change is begun, so that strangers do not take the writer
//! from who has something to write.

use crate::{Conn, Error, sql};

/// What is presented.
#[derive(Clone, Copy, Debug)]
pub enum Presented {
    /// A one-time code of a sign-in.
    OneTimeCode,
    /// A refresh token.
    RefreshToken,
    /// An access token.
    AccessToken,
    /// The `state` of a sign-in at VK ID.
    VkState,
    /// The question that follows such a sign-in.
    VkQuestion,
}

/// Whether it is known by this keyed hash, whatever it is worth by now.
///
/// # Errors
/// When the database does not answer.
pub async fn is_known(conn: &mut Conn, presented: Presented, hash: &str) -> Result<bool, Error> {
    let sql = match presented {
        Presented::OneTimeCode => "SELECT session_id FROM auth_codes WHERE code_hash = $1",
        Presented::RefreshToken => "SELECT session_id FROM refresh_tokens WHERE token_hash = $1",
        Presented::AccessToken => "SELECT session_id FROM access_tokens WHERE token_hash = $1",
        Presented::VkState => "SELECT linking_id FROM vk_sign_ins WHERE state_hash = $1",
        Presented::VkQuestion => "SELECT linking_id FROM vk_sign_ins WHERE answer_hash = $1",
    };
    let found: Option<String> = sql::query_scalar(sql).bind(hash).fetch_optional(conn).await?;
    Ok(found.is_some())
}
