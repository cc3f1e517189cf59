//! What the parties accept of the service, changed as their operators change it: the new one is accepted beside the old one, then the old
//! one no more. Set over `/api/secrets`.

use serde::Deserialize;

use crate::world::World;

/// All that is accepted. The first of each is the party's own: what it signs, it signs with that.
#[derive(Clone)]
pub(crate) struct Secrets {
    pub(crate) bot_token: Vec<String>,
    pub(crate) diary_secret: Vec<String>,
    pub(crate) smpp_password: Vec<String>,
    pub(crate) smtp_password: Vec<String>,
    pub(crate) vk_client: Vec<String>,
}

/// What is changed; the rest stays.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(crate) struct SecretsChange {
    bot_token: Option<Vec<String>>,
    diary_secret: Option<Vec<String>>,
    smpp_password: Option<Vec<String>>,
    smtp_password: Option<Vec<String>>,
    vk_client: Option<Vec<String>>,
}

impl Secrets {
    /// Those of the world's file.
    pub(crate) fn of(world: &World) -> Self {
        Self {
            bot_token: vec![world.bot.token.clone()],
            diary_secret: vec![world.diary_client.secret.clone()],
            smpp_password: vec![world.smpp_account.password.clone()],
            smtp_password: vec![world.smtp_account.password.clone()],
            vk_client: vec![world.vk_client.id.clone()],
        }
    }

    /// Changes what is named; an empty list would lock everybody out and is refused.
    pub(crate) fn change(&mut self, change: SecretsChange) -> Result<(), String> {
        for (name, into, list) in [
            ("bot_token", &mut self.bot_token, change.bot_token),
            ("diary_secret", &mut self.diary_secret, change.diary_secret),
            ("smpp_password", &mut self.smpp_password, change.smpp_password),
            ("smtp_password", &mut self.smtp_password, change.smtp_password),
            ("vk_client", &mut self.vk_client, change.vk_client),
        ] {
            let Some(list) = list else { continue };
            if list.is_empty() || list.iter().any(String::is_empty) {
                return Err(format!("{name}: name at least one, and none that is empty"));
            }
            *into = list;
        }
        Ok(())
    }
}

/// Whether a secret is among those that are accepted.
pub(crate) fn accepts(accepted: &[String], shown: &str) -> bool {
    accepted.iter().any(|known| known == shown)
}
