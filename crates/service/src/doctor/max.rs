//! MAX, where it is offered: whether it knows the bot, and how updates arrive.

use maxoxide::Bot;

use super::finding::Finding;
use crate::{
    config::{Config, MaxMode},
    live,
    max::{causes::Cause, webhook},
};

const TOKEN: &str = "max.token";
const MODE: &str = "max.mode";

pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    let bot = match live::max_bot(config) {
        Ok(Some(bot)) => bot,
        Ok(None) => return Vec::new(),
        Err(error) => {
            let found = format!("the client for MAX cannot be made: {error}");
            return vec![Finding::wrong(TOKEN, found, "Give max.token as MAX shows it, without blanks")];
        }
    };
    match bot.get_me().await {
        Ok(me) => {
            let named = me.username.unwrap_or_default();
            let known = if named.eq_ignore_ascii_case(&config.max.bot) {
                Finding::well(TOKEN, format!("it is the token of {named}"))
            } else {
                let found = format!("the token is another bot's: {named:?} and not {:?}", config.max.bot);
                Finding::wrong("max.bot", found, "Set max.bot to the bot's name, or max.token to its token")
            };
            vec![known, updates(config, &bot).await]
        }
        Err(error) => vec![fault(Cause::of(&error))],
    }
}

fn fault(cause: Cause) -> Finding {
    let (check, next) = match cause {
        Cause::Token => (TOKEN, "Set max.token to what MAX shows as the bot's token at this moment"),
        Cause::Unreachable => {
            ("max.api_url", "See to the address, DNS, the firewall and the authorities of this machine")
        }
        Cause::Unreadable => ("max.api_url", "Compare max.api_url with MAX's documents, and see who answers there"),
        _ => ("max.api_url", "Try again in some minutes; if it stays so, ask MAX"),
    };
    Finding::wrong(check, cause.words(), next)
}

async fn updates(config: &Config, bot: &Bot) -> Finding {
    let subscriptions = match bot.get_subscriptions().await {
        Ok(known) => known.subscriptions,
        Err(error) => return fault(Cause::of(&error)),
    };
    let ours = webhook::address(&config.own_url());
    match config.max.mode {
        MaxMode::Polling if subscriptions.is_empty() => {
            Finding::well(MODE, "polling, and no webhook takes the updates away")
        }
        MaxMode::Polling => Finding::wrong(
            MODE,
            "polling, but MAX brings the bot's updates to a webhook, and gives none to who asks",
            "Set max.mode to webhook, or have MAX forget it: DELETE /subscriptions?url=…",
        ),
        MaxMode::Webhook if subscriptions.iter().any(|known| webhook::is_ours(known, &ours)) => {
            Finding::well(MODE, format!("webhook, and MAX brings the updates to {ours}"))
        }
        MaxMode::Webhook => Finding::wrong(
            MODE,
            format!("webhook, but MAX does not bring the updates to {ours}"),
            "Start the service, which tells MAX; if it runs, see its log: MAX takes https on port 443 with a certificate that it trusts",
        ),
    }
}
