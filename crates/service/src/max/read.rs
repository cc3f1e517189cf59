//! What MAX says, as far as the service needs it: what else it says, or leaves out, is no matter.
//!
//! Not the crate's `Update`: that one refuses a whole message for a field that nobody here reads.

use maxoxide::types::ContactPayload;
use mostik_wire::Code;
use serde_json::Value;

use crate::refusal::Refusal;

/// One thing that a person did in the dialog with the bot.
pub struct BotUpdate {
    /// The same whenever MAX brings it again.
    pub key: String,
    /// Who did it.
    pub user: User,
    /// When, by MAX's clock.
    pub at: i64,
    /// What it was.
    pub event: BotEvent,
}

/// A person, as MAX writes them.
pub struct User {
    /// The id of the account: it never changes.
    pub id: i64,
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub last_name: String,
}

impl User {
    fn of(json: &Value, id: i64) -> Self {
        let text = |name: &str| json[name].as_str().unwrap_or_default().trim().to_owned();
        Self { id, first_name: text("first_name"), last_name: text("last_name") }
    }
}

/// What a person did.
pub enum BotEvent {
    /// Began or resumed the dialog, perhaps by a link.
    Started {
        /// What the link bore, if anything.
        ticket: Option<String>,
    },
    /// Stopped or blocked the bot.
    Stopped,
    /// Wrote something.
    Wrote {
        /// The words.
        text: String,
    },
    /// Shared a contact.
    Shared {
        /// The card, and whose it is.
        contact: Box<Contact>,
    },
}

/// A contact.
pub struct Contact {
    /// The card, with the hash that proves it.
    pub card: ContactPayload,
    /// Whose it is, if MAX says so.
    pub of: Option<i64>,
}

/// Reads a body that came to the webhook; `None` for an update that is nothing to the bot. Pure: whoever finds the address may
/// send anything, and `fuzz/` does.
///
/// # Errors
/// `malformed_request` for all that is not a JSON object.
pub fn read(body: &[u8]) -> Result<Option<BotUpdate>, Refusal> {
    let update: Option<Value> = serde_json::from_slice(body).ok().filter(Value::is_object);
    let unreadable = || Refusal::new(Code::MalformedRequest).detail("body: an update object is expected");
    update.map(|update| update_in(&update)).ok_or_else(unreadable)
}

/// Reads an update of a page; `None` for what is nothing to the bot.
pub(super) fn update_in(update: &Value) -> Option<BotUpdate> {
    let at = update["timestamp"].as_i64();
    let dialog = |verb: &str, event: BotEvent| {
        let id = update["user"]["user_id"].as_i64().or_else(|| update["user_id"].as_i64())?;
        let (chat, at) = (update["chat_id"].as_i64().unwrap_or(id), at?);
        let user = User::of(&update["user"], id);
        Some(BotUpdate { key: format!("{verb}:{chat}:{at}"), user, at, event })
    };
    match update["update_type"].as_str()? {
        "bot_started" => {
            let ticket = update["payload"].as_str().map(str::trim).filter(|ticket| !ticket.is_empty());
            dialog("started", BotEvent::Started { ticket: ticket.map(Into::into) })
        }
        "bot_stopped" => dialog("stopped", BotEvent::Stopped),
        "message_created" => message(&update["message"], at),
        _ => None,
    }
}

fn message(message: &Value, at: Option<i64>) -> Option<BotUpdate> {
    let (sender, body) = (&message["sender"], &message["body"]);
    // What is said in a group is not said to the bot.
    let elsewhere = message["recipient"]["chat_type"].as_str().is_some_and(|kind| kind != "dialog");
    if elsewhere || sender["is_bot"] == true {
        return None;
    }
    let (id, at) = (sender["user_id"].as_i64()?, at.or_else(|| message["timestamp"].as_i64())?);
    let user = User::of(sender, id);
    let key = body["mid"].as_str().map_or_else(|| format!("wrote:{id}:{at}"), Into::into);
    let mut attachments = body["attachments"].as_array().into_iter().flatten();
    let event = match attachments.find(|attachment| attachment["type"] == "contact") {
        Some(attachment) => BotEvent::Shared { contact: Box::new(contact(&attachment["payload"])) },
        None => BotEvent::Wrote { text: body["text"].as_str().unwrap_or_default().trim().into() },
    };
    Some(BotUpdate { key, user, at, event })
}

fn contact(payload: &Value) -> Contact {
    let text = |name: &str| payload[name].as_str().map(str::to_owned);
    let of = ["max_info", "tam_info"].into_iter().find_map(|name| payload[name]["user_id"].as_i64());
    let card = ContactPayload {
        name: None,
        contact_id: None,
        vcf_info: text("vcf_info"),
        vcf_phone: None,
        hash: text("hash"),
        max_info: None,
    };
    Contact { card, of }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_nothing_to_the_bot_is_passed_over() {
        let said = |message: Value| json!({ "update_type": "message_created", "timestamp": 1, "message": message });
        for update in [
            json!(null),
            json!([]),
            json!("bot_started"),
            json!({}),
            json!({ "update_type": 7 }),
            json!({ "update_type": "of_tomorrow", "timestamp": 1, "chat_id": 2, "user": { "user_id": 3 } }),
            json!({ "update_type": "bot_started" }),
            json!({ "update_type": "bot_started", "timestamp": 1, "chat_id": 2 }),
            json!({ "update_type": "bot_started", "timestamp": "1", "chat_id": 2, "user": { "user_id": 3 } }),
            json!({ "update_type": "bot_stopped", "chat_id": 2, "user": { "user_id": 3 } }),
            json!({ "update_type": "message_created", "timestamp": 1 }),
            said(json!({ "body": { "mid": "m", "text": "x" } })),
            said(json!({ "sender": { "user_id": 3, "is_bot": true }, "body": { "mid": "m", "text": "x" } })),
            said(json!({ "sender": { "user_id": 3 }, "recipient": { "chat_type": "chat" }, "body": { "mid": "m" } })),
        ] {
            assert!(update_in(&update).is_none(), "{update}");
        }
    }

    #[test]
    fn what_is_needed_is_read_whatever_else_is_missing_or_new() {
        let started =
            json!({ "update_type": "bot_started", "timestamp": 1, "chat_id": 2, "user": { "user_id": 3 }, "new": [] });
        let heard = update_in(&started).unwrap();
        assert_eq!((heard.key.as_str(), heard.user.id, heard.at), ("started:2:1", 3, 1));
        assert!(matches!(heard.event, BotEvent::Started { ticket: None }));
        for (payload, expected) in [(json!(null), None), (json!("  "), None), (json!(" T "), Some("T"))] {
            let mut started = started.clone();
            started["payload"] = payload;
            let BotEvent::Started { ticket } = update_in(&started).unwrap().event else { panic!("another kind") };
            assert_eq!(ticket.as_deref(), expected);
        }
        // A forwarded message has no body; a sequence number needs all 64 bits.
        let mut said = json!({
            "update_type": "message_created", "timestamp": 5,
            "message": { "sender": { "user_id": 3 }, "body": null, "link": { "type": "forward" } },
        });
        let heard = update_in(&said).unwrap();
        assert_eq!(heard.key, "wrote:3:5");
        assert!(matches!(heard.event, BotEvent::Wrote { text } if text.is_empty()));
        said["message"]["body"] = json!({ "mid": "mid.1", "seq": u64::MAX, "text": null, "attachments": [
            { "type": "of_tomorrow" },
            { "type": "contact", "payload": { "vcf_info": "V", "hash": "H", "tam_info": { "user_id": 3 } } },
        ] });
        let heard = update_in(&said).unwrap();
        assert_eq!(heard.key, "mid.1");
        let BotEvent::Shared { contact } = heard.event else { panic!("another kind") };
        assert_eq!((contact.card.vcf_info.as_deref(), contact.of), (Some("V"), Some(3)));
    }
}
