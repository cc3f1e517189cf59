// What is true of a body at the webhook, whatever it is. Shared by the fuzz target and the tests of `mostik-service`.

use maxoxide::types::{Attachment, Update};
use mostik_service::max::webhook::read;
use serde_json::Value;

/// Whether it is an update that the bot acts on. Panics when one is taken from a body that does not say who and where.
pub fn holds(body: &[u8]) -> bool {
    let Ok(update) = read(body) else { return false };
    assert!(update.is_object(), "not an update: {update}");
    let Ok(typed) = serde_json::from_value::<Update>(update.clone()) else { return false };
    match typed {
        Update::BotStarted { chat_id, user, timestamp, payload, .. } => {
            assert_eq!(update["update_type"], "bot_started");
            assert_eq!(number(&update["chat_id"]), Some(chat_id), "without its chat: {update}");
            assert_eq!(number(&update["user"]["user_id"]), Some(user.user_id), "without its user: {update}");
            assert_eq!(number(&update["timestamp"]), Some(timestamp), "without its moment: {update}");
            assert_eq!(update["payload"].as_str(), payload.as_deref());
            true
        }
        Update::MessageCreated { message, .. } => {
            assert_eq!(update["update_type"], "message_created");
            let told = &update["message"];
            assert_eq!(number(&told["recipient"]["chat_id"]), Some(message.recipient.chat_id), "no chat: {update}");
            assert_eq!(told["body"]["mid"].as_str(), Some(message.body.mid.as_str()), "no message: {update}");
            for attachment in message.body.attachments.iter().flatten() {
                if let Attachment::Contact { payload } = attachment {
                    // Nobody but MAX can make a hash that fits.
                    assert!(!payload.validate_hash("a token that no corpus holds"));
                    drop(payload.phones_from_vcf());
                }
            }
            let Some(sender) = message.sender else { return false };
            assert_eq!(number(&told["sender"]["user_id"]), Some(sender.user_id), "without its sender: {update}");
            true
        }
        _ => false,
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64()
}
