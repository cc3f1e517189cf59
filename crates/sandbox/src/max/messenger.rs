//! Dialogs, messages, updates and subscriptions: what MAX remembers.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::Serialize;
use serde_json::{Value, json};

use super::limits::Limits;
use super::subscription::Subscription;
use crate::world::{MaxUser, World};

/// Updates are kept for a day.
const UPDATE_LIFE_MS: i64 = 24 * 3_600_000;
const MOST_UPDATES: usize = 10_000;
/// Where the numbering begins; any number would do, a large one shows who confuses markers with counts.
const FIRST_MARKER: i64 = 25_493_970;
/// Sequence numbers do not fit a double, as in reality.
const FIRST_SEQ: i64 = 116_327_994_376_978_687;

/// One message of a dialog, either way.
#[derive(Clone, Debug)]
pub(super) struct StoredMessage {
    pub(super) user_id: i64,
    pub(super) mid: String,
    pub(super) line: u64,
    pub(super) from_bot: bool,
    pub(super) removed: bool,
    /// As the API shows it.
    pub(super) json: Value,
}

/// A button press that waits for its answer.
#[derive(Clone, Debug)]
pub(super) struct PendingPress {
    pub(super) user_id: i64,
    pub(super) mid: String,
    pub(super) answered: bool,
}

/// One line of a dialog as the page shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ChatLine {
    pub(crate) id: u64,
    pub(crate) mid: String,
    /// `bot` or `user`.
    pub(crate) from: &'static str,
    pub(crate) text: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) attachments: Value,
    pub(crate) timestamp: i64,
    pub(crate) edited: bool,
}

/// Everything that MAX remembers.
pub(crate) struct Messenger {
    pub(super) limits: Limits,
    pub(super) started: HashSet<i64>,
    pub(super) stored: Vec<StoredMessage>,
    pub(super) presses: HashMap<String, PendingPress>,
    pub(super) subscriptions: Vec<Subscription>,
    pub(crate) commands: Value,
    pub(super) notices: Vec<(u64, i64, String)>,
    updates: VecDeque<(i64, i64, Value)>,
    next_marker: i64,
    acknowledged: i64,
    last_line: u64,
    last_seq: i64,
}

impl Messenger {
    pub(crate) fn new(_world: &World) -> Self {
        Self {
            limits: Limits::default(),
            started: HashSet::new(),
            stored: Vec::new(),
            presses: HashMap::new(),
            subscriptions: Vec::new(),
            commands: json!([]),
            notices: Vec::new(),
            updates: VecDeque::new(),
            next_marker: FIRST_MARKER,
            acknowledged: FIRST_MARKER - 1,
            last_line: 0,
            last_seq: FIRST_SEQ,
        }
    }

    /// Puts a message into the dialog and gives it as the API shows it.
    pub(super) fn store(&mut self, new: NewMessage<'_>) -> Value {
        self.last_seq += 1;
        let mid = format!("mid.{:016x}{:016x}", chat_id(new.user_id), self.last_seq);
        let mut message = json!({
            "sender": new.sender,
            "recipient": {
                "chat_id": chat_id(new.user_id),
                "chat_type": "dialog",
                "user_id": new.recipient_id,
                "post_id": null,
            },
            "timestamp": new.now,
            "body": { "mid": mid, "seq": self.last_seq, "text": new.text, "attachments": new.attachments },
        });
        if let Some(link) = new.link {
            message["link"] = link;
        }
        if let Some(format) = new.format {
            // Not shown over the API; the page needs it to draw the text.
            message["format"] = json!(format);
        }
        let line = self.next_line();
        let json = message.clone();
        self.stored.push(StoredMessage {
            user_id: new.user_id,
            mid,
            line,
            from_bot: new.from_bot,
            removed: false,
            json,
        });
        shown(message)
    }

    /// A new line number: every change of a dialog gets one, so that a reader can wait for it.
    pub(super) fn next_line(&mut self) -> u64 {
        self.last_line += 1;
        self.last_line
    }

    pub(super) fn message(&mut self, mid: &str) -> Option<&mut StoredMessage> {
        self.stored.iter_mut().find(|stored| stored.mid == mid && !stored.removed)
    }

    /// Queues an update; webhooks are fed by who calls this.
    pub(super) fn push_update(&mut self, now: i64, update: Value) {
        self.updates.push_back((self.next_marker, now, update));
        self.next_marker += 1;
        while self.updates.len() > MOST_UPDATES
            || self.updates.front().is_some_and(|(_, born, _)| now - born > UPDATE_LIFE_MS)
        {
            self.updates.pop_front();
        }
    }

    /// Updates above the marker; without one only the newest that nobody has acknowledged. The marker to pass next
    /// comes with them, and passing it acknowledges everything up to it.
    pub(super) fn updates(&mut self, now: i64, marker: Option<i64>, limit: usize, types: &[&str]) -> (Vec<Value>, i64) {
        let wanted = |update: &Value| {
            let kind = update["update_type"].as_str().unwrap_or_default();
            types.is_empty() || types.contains(&kind)
        };
        let fresh = |born: i64| now - born <= UPDATE_LIFE_MS;
        let Some(marker) = marker else {
            let newest = self.updates.back().filter(|(id, born, _)| *id > self.acknowledged && fresh(*born));
            let found = newest.filter(|(_, _, update)| wanted(update)).map(|(_, _, update)| update.clone());
            return (found.into_iter().collect(), self.next_marker - 1);
        };
        self.acknowledged = self.acknowledged.max(marker.min(self.next_marker - 1));
        let mut last = self.next_marker - 1;
        let mut found = Vec::new();
        for (id, born, update) in self.updates.iter().filter(|(id, ..)| *id > marker) {
            if !wanted(update) || !fresh(*born) {
                continue;
            }
            if found.len() == limit {
                break;
            }
            found.push(update.clone());
            last = *id;
        }
        if found.len() < limit {
            last = self.next_marker - 1;
        }
        (found, last)
    }

    /// A dialog, oldest first, with lines changed after `after`.
    pub(crate) fn chat(&self, user_id: i64, after: u64) -> Vec<ChatLine> {
        let mut lines: Vec<_> = self
            .stored
            .iter()
            .filter(|stored| stored.user_id == user_id && !stored.removed && stored.line > after)
            .map(|stored| {
                let body = &stored.json["body"];
                ChatLine {
                    id: stored.line,
                    mid: stored.mid.clone(),
                    from: if stored.from_bot { "bot" } else { "user" },
                    text: body["text"].as_str().map(str::to_owned),
                    format: stored.json["format"].as_str().map(str::to_owned),
                    attachments: body["attachments"].clone(),
                    timestamp: stored.json["timestamp"].as_i64().unwrap_or_default(),
                    edited: stored.json["edited"].as_bool().unwrap_or_default(),
                }
            })
            .collect();
        lines.sort_by_key(|line| (line.timestamp, line.mid.clone()));
        lines
    }

    /// Short notices that the bot showed to a person in answer to a button.
    pub(crate) fn notices(&self, user_id: i64) -> Vec<Value> {
        let mine = self.notices.iter().filter(|(_, owner, _)| *owner == user_id);
        mine.map(|(id, _, text)| json!({ "id": id, "text": text })).collect()
    }

    pub(crate) fn has_started(&self, user_id: i64) -> bool {
        self.started.contains(&user_id)
    }
}

/// A message to store.
pub(super) struct NewMessage<'a> {
    pub(super) user_id: i64,
    pub(super) from_bot: bool,
    pub(super) sender: Value,
    pub(super) recipient_id: i64,
    pub(super) now: i64,
    pub(super) text: Option<&'a str>,
    pub(super) attachments: Value,
    pub(super) link: Option<Value>,
    pub(super) format: Option<&'a str>,
}

/// The message without what only the page needs.
pub(super) fn shown(mut message: Value) -> Value {
    if let Some(fields) = message.as_object_mut() {
        fields.remove("format");
        fields.remove("edited");
    }
    message
}

/// Each person has one dialog with the bot.
pub(super) fn chat_id(user_id: i64) -> i64 {
    182_000_000_000 + user_id
}

/// The person behind a dialog.
pub(super) fn user_of_chat(chat_id: i64) -> i64 {
    chat_id - 182_000_000_000
}

/// A person as the API shows them.
pub(super) fn user_json(user: &MaxUser, now: i64) -> Value {
    let last_name = user.last_name.as_deref().unwrap_or_default();
    json!({
        "user_id": user.user_id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": null,
        "is_bot": false,
        "last_activity_time": now,
        "name": format!("{} {last_name}", user.first_name).trim(),
    })
}

/// The bot as the API shows it in messages.
pub(super) fn bot_json(world: &World, now: i64) -> Value {
    json!({
        "user_id": world.bot.user_id,
        "first_name": world.bot.name,
        "username": world.bot.username,
        "is_bot": true,
        "last_activity_time": now,
        "name": world.bot.name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_updates(count: i64) -> Messenger {
        let mut messenger = Messenger::new(&World::default());
        for number in 0..count {
            messenger.push_update(
                number,
                json!({ "update_type": if number % 2 == 0 { "even" } else { "odd" }, "n": number }),
            );
        }
        messenger
    }

    #[test]
    fn old_updates_are_forgotten_after_a_day() {
        let mut messenger = with_updates(3);
        assert_eq!(messenger.updates(UPDATE_LIFE_MS + 1, Some(0), 100, &[]).0.len(), 2);
        messenger.push_update(UPDATE_LIFE_MS * 2, json!({}));
        assert_eq!(messenger.updates(UPDATE_LIFE_MS * 2, Some(0), 100, &[]).0.len(), 1);
    }

    #[test]
    fn without_a_marker_only_the_newest_unacknowledged_update_comes() {
        let mut messenger = with_updates(3);
        let (found, marker) = messenger.updates(10, None, 100, &[]);
        assert_eq!(found, [json!({ "update_type": "even", "n": 2 })]);
        assert_eq!(messenger.updates(10, Some(marker), 100, &[]), (vec![], marker));
        assert!(messenger.updates(10, None, 100, &[]).0.is_empty());
    }

    #[test]
    fn a_marker_pages_through_without_gaps_whatever_the_types() {
        let mut messenger = with_updates(7);
        let (first, marker) = messenger.updates(10, Some(FIRST_MARKER - 1), 2, &["even"]);
        let (second, marker) = messenger.updates(10, Some(marker), 2, &["even"]);
        let numbers: Vec<_> = first.iter().chain(&second).map(|update| update["n"].as_i64()).collect();
        assert_eq!(numbers, [Some(0), Some(2), Some(4), Some(6)]);
        assert!(messenger.updates(10, Some(marker), 2, &["even"]).0.is_empty());
    }
}
