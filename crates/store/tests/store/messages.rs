//! The ways of messages, for who asks later.

use mostik_store::{
    Conn, expiry,
    messages::{self, Event, Happened, NewMessage, Of, StoredMessage},
    outbox::{CodeRef, Kind},
};
use mostik_wire::Millis;

use crate::world::{NOW, World};

async fn keep(conn: &mut Conn, id: &str, now: Millis) {
    let (about, expires_at) = (Some(("l", 2)), now.plus(60));
    let new = NewMessage { id, kind: Kind::Sms, recipient_hash: "hash", about, now, expires_at };
    messages::keep(conn, &new).await.unwrap();
}

async fn note(conn: &mut Conn, id: &str, event: Event, answer: Option<&str>, now: Millis) {
    messages::note(conn, id, &Happened { event, centre: Some("main"), answer, now }).await.unwrap();
}

async fn all(conn: &mut Conn, of: Of<'_>) -> Vec<StoredMessage> {
    messages::newest(conn, &of, 10).await.unwrap()
}

#[tokio::test]
async fn of_a_message_that_was_not_kept_nothing_is_noted() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    note(&mut tx, "of an older version", Event::Given, None, NOW).await;
    messages::note_typed(&mut tx, "l", 2, true, NOW).await.unwrap();
    messages::note_not_sent(&mut tx, "l", "sends_used_up", NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(all(&mut store.reader().await.unwrap(), Of::Recipient("hash")).await, []);
}

#[tokio::test]
async fn the_same_once_more_is_counted_and_the_order_is_kept() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    keep(&mut tx, "m", NOW).await;
    for (event, answer, at) in [
        (Event::Given, None, 1),
        (Event::Refused, Some("0x58"), 1),
        (Event::Refused, Some("0x58"), 5),
        (Event::Refused, Some("0x14"), 6),
        (Event::Refused, Some("0x58"), 7),
    ] {
        note(&mut tx, "m", event, answer, NOW.plus(at)).await;
    }
    messages::note_typed(&mut tx, "l", 1, true, NOW).await.unwrap();
    messages::note_typed(&mut tx, "l", 2, false, NOW.plus(8)).await.unwrap();
    let [message] = &all(&mut tx, Of::Id("m")).await[..] else { panic!("it is gone") };
    assert_eq!(message.about, Some(CodeRef { linking: "l".into(), nth: 2 }));
    let way: Vec<_> = message.events.iter().map(|e| (e.event, e.times, e.at.0 - NOW.0, e.last_at.0 - NOW.0)).collect();
    assert_eq!(
        way,
        [
            (Event::Given, 1, 1, 1),
            (Event::Refused, 2, 1, 5),
            (Event::Refused, 1, 6, 6),
            (Event::Refused, 1, 7, 7),
            (Event::Mistyped, 1, 8, 8)
        ]
    );
}

#[tokio::test]
async fn messages_are_found_newest_first_and_forgotten_with_their_way() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    for (id, at) in [("old", 0), ("new", 9)] {
        keep(&mut tx, id, NOW.plus(at)).await;
        note(&mut tx, id, Event::Given, None, NOW.plus(at)).await;
    }
    for of in [Of::Recipient("hash"), Of::Linking("l")] {
        let ids: Vec<_> = all(&mut tx, of).await.into_iter().map(|message| message.id).collect();
        assert_eq!(ids, ["new", "old"]);
    }
    let zero = Millis(0);
    let before = expiry::Cutoffs { over: zero, now: zero, history: zero, messages: NOW.plus(5), updates: zero };
    expiry::delete(&mut tx, &before).await.unwrap();
    let left = all(&mut tx, Of::Recipient("hash")).await;
    assert_eq!(
        left.iter().map(|message| (message.id.as_str(), message.events.len())).collect::<Vec<_>>(),
        [("new", 1)]
    );
}
