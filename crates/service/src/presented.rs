//! What strangers present is looked up by readers, before anybody waits for the writer.

use mostik_store::presented::{self, Presented};

use crate::{app::App, refusal::Refusal};

/// Whether it was ever given to anybody.
///
/// # Errors
/// When the database does not answer.
pub async fn is_known(app: &App, kind: Presented, text: &str) -> Result<bool, Refusal> {
    let purpose = match kind {
        Presented::OneTimeCode => "code",
        Presented::RefreshToken => "refresh",
        Presented::AccessToken => "access",
        Presented::VkState => "vk_state",
        Presented::VkQuestion => "vk_answer",
    };
    let mut reader = app.store.reader().await?;
    for hash in app.live().keys.token_hashes(purpose, text) {
        if presented::is_known(&mut reader, kind, &hash).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
