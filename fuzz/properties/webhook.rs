// What is true of a body at the webhook, whatever it is. Shared by the fuzz target and the tests of `mostik-service`.

use mostik_service::max::{BotEvent, BotUpdate, read};
use serde_json::Value;

/// Whether it is an update that the bot acts on. Panics when one is heard in a body that does not say who, when and what.
pub fn holds(body: &[u8]) -> bool {
    let update = serde_json::from_slice(body).ok().filter(Value::is_object);
    let (heard, update) = match (read(body), update) {
        (Ok(heard), Some(update)) => (heard, update),
        (Err(_), None) => return false,
        (_, update) => panic!("taken or refused wrongly: {update:?}"),
    };
    let Some(BotUpdate { key, user, at, event }) = heard else { return false };
    // Spaces and the order of fields may differ when MAX brings it again.
    let again = read(update.to_string().as_bytes()).ok().flatten();
    assert!(
        again.is_some_and(|again| (&again.key, again.user.id, again.at) == (&key, user.id, at)),
        "not the same: {update}"
    );

    let (kind, message) = (&update["update_type"], &update["message"]);
    let said = matches!(event, BotEvent::Wrote { .. } | BotEvent::Shared { .. });
    let moments = if said { vec![&update["timestamp"], &message["timestamp"]] } else { vec![&update["timestamp"]] };
    assert!(moments.iter().any(|moment| **moment == at), "without its moment: {update}");
    let users =
        if said { vec![&message["sender"]["user_id"]] } else { vec![&update["user"]["user_id"], &update["user_id"]] };
    assert!(users.iter().any(|id| **id == user.id), "without its person: {update}");
    if !said {
        let chat = update["chat_id"].as_i64().unwrap_or(user.id);
        assert!(key.ends_with(&format!(":{chat}:{at}")), "known by {key:?}: {update}");
    }
    match event {
        BotEvent::Started { ticket } => {
            assert_eq!(kind, "bot_started");
            let payload = update["payload"].as_str().unwrap_or_default().trim();
            assert_eq!(ticket.unwrap_or_default(), payload);
        }
        BotEvent::Stopped => assert_eq!(kind, "bot_stopped"),
        BotEvent::Wrote { text } => {
            assert_eq!(kind, "message_created");
            assert_eq!(text, message["body"]["text"].as_str().unwrap_or_default().trim());
        }
        BotEvent::Shared { contact } => {
            assert_eq!(kind, "message_created");
            // Nobody but MAX can make a hash that fits.
            assert!(!contact.card.validate_hash("a token that no corpus holds"));
            drop(contact.card.phones_from_vcf());
        }
    }
    if said {
        assert_ne!(message["sender"]["is_bot"], true, "a bot speaks: {update}");
        assert!(message["recipient"]["chat_type"].as_str().is_none_or(|chat| chat == "dialog"), "a group: {update}");
    }
    true
}
