use mostik_store::{
    Conn,
    outbox::{self, CodeRef, DueQuery, End, Kind, NewMessage, Share, Touched},
};
use mostik_wire::Millis;

use crate::world::{NOW, World};

/// What is to be had of a kind at a moment.
pub fn wanted(kind: Kind, now: Millis) -> DueQuery<'static> {
    DueQuery { kind, share: Share::All, now, alive_until: now }
}

/// Queues a message that lives for 60 milliseconds and bears the first code of the linking of its own name.
pub async fn queue(conn: &mut Conn, id: &str, kind: Kind, recipient: &str, now: Millis) {
    let (about, expires_at) = (Some((id, 1)), now.plus(60));
    let new = NewMessage { id, kind, recipient, sealed_payload: "sealed", about, now, expires_at };
    outbox::queue(conn, &new).await.unwrap();
}

/// The id of the message that is to be sent next.
pub async fn next(conn: &mut Conn, wanted: &DueQuery<'_>) -> Option<String> {
    outbox::next(conn, wanted).await.unwrap().map(|message| message.id)
}

fn touched(id: &str) -> Touched {
    Touched { id: id.into(), about: Some(about(id)) }
}

fn about(linking: &str) -> CodeRef {
    CodeRef { linking: linking.into(), nth: 1 }
}

#[tokio::test]
async fn an_empty_queue_is_no_work() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    for kind in [Kind::Sms, Kind::Mail, Kind::Max] {
        assert!(!outbox::has_work(&mut tx, &wanted(kind, NOW)).await.unwrap());
        assert_eq!(outbox::next(&mut tx, &wanted(kind, NOW)).await.unwrap(), None);
        assert_eq!(outbox::give_up_late(&mut tx, kind, NOW).await.unwrap(), []);
        assert_eq!(outbox::say_delayed(&mut tx, kind).await.unwrap(), []);
        assert!(!outbox::has_unsaid(&mut tx, kind, NOW).await.unwrap());
    }
}

#[tokio::test]
async fn a_message_is_had_by_senders_of_its_kind_from_its_moment_on() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    queue(&mut tx, "m", Kind::Mail, "anya@mail.ru", NOW).await;
    for other in [wanted(Kind::Sms, NOW), wanted(Kind::Max, NOW), wanted(Kind::Mail, NOW.plus(-1))] {
        assert!(!outbox::has_work(&mut tx, &other).await.unwrap());
        assert_eq!(next(&mut tx, &other).await, None);
    }
    assert!(outbox::has_work(&mut tx, &wanted(Kind::Mail, NOW)).await.unwrap());
    let message = outbox::next(&mut tx, &wanted(Kind::Mail, NOW)).await.unwrap().unwrap();
    assert_eq!((message.recipient.as_str(), message.sealed_payload.as_str()), ("anya@mail.ru", "sealed"));
    assert_eq!((message.created_at, message.expires_at, message.attempts), (NOW, NOW.plus(60), 0));
    assert_eq!(message.about, Some(about("m")));
}

#[tokio::test]
async fn a_message_is_lent_to_one_and_comes_back_when_its_time_is_over() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    queue(&mut tx, "m", Kind::Mail, "anya@mail.ru", NOW).await;
    assert!(!outbox::lend(&mut tx, "another", 0, NOW.plus(30)).await.unwrap());
    assert!(outbox::lend(&mut tx, "m", 0, NOW.plus(30)).await.unwrap());
    assert!(!outbox::lend(&mut tx, "m", 0, NOW.plus(30)).await.unwrap(), "somebody was faster");
    assert_eq!(next(&mut tx, &wanted(Kind::Mail, NOW.plus(29))).await, None);
    let back = outbox::next(&mut tx, &wanted(Kind::Mail, NOW.plus(30))).await.unwrap().unwrap();
    assert_eq!(back.attempts, 1);
}

#[tokio::test]
async fn a_sender_whose_time_was_over_puts_nothing_off() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    queue(&mut tx, "m", Kind::Mail, "anya@mail.ru", NOW).await;
    outbox::lend(&mut tx, "m", 0, NOW.plus(10)).await.unwrap();
    outbox::lend(&mut tx, "m", 1, NOW.plus(20)).await.unwrap();
    outbox::put_off(&mut tx, "m", 1, NOW.plus(50)).await.unwrap();
    assert_eq!(next(&mut tx, &wanted(Kind::Mail, NOW.plus(20))).await.as_deref(), Some("m"));
    outbox::put_off(&mut tx, "m", 2, NOW.plus(50)).await.unwrap();
    assert_eq!(next(&mut tx, &wanted(Kind::Mail, NOW.plus(49))).await, None);
    assert_eq!(next(&mut tx, &wanted(Kind::Mail, NOW.plus(50))).await.as_deref(), Some("m"));
}

#[tokio::test]
async fn messages_go_in_the_order_of_their_moments() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    queue(&mut tx, "second", Kind::Mail, "anya@mail.ru", NOW.plus(1)).await;
    queue(&mut tx, "first", Kind::Mail, "anya@mail.ru", NOW).await;
    assert_eq!(next(&mut tx, &wanted(Kind::Mail, NOW.plus(1))).await.as_deref(), Some("first"));
}

#[tokio::test]
async fn in_max_a_message_waits_for_the_one_before_it_in_its_dialog_alone() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    for (id, user) in [("first", "501"), ("second", "501"), ("other", "502")] {
        queue(&mut tx, id, Kind::Max, user, NOW).await;
    }
    outbox::lend(&mut tx, "first", 0, NOW.plus(30)).await.unwrap();
    assert_eq!(next(&mut tx, &wanted(Kind::Max, NOW)).await.as_deref(), Some("other"));
    outbox::lend(&mut tx, "other", 0, NOW.plus(30)).await.unwrap();
    assert_eq!(next(&mut tx, &wanted(Kind::Max, NOW)).await, None);
    outbox::end(&mut tx, "first", End::HandedOver).await.unwrap();
    assert_eq!(next(&mut tx, &wanted(Kind::Max, NOW)).await.as_deref(), Some("second"));
}

#[tokio::test]
async fn an_end_is_for_good() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    for (nth, end) in (0..).zip([End::HandedOver, End::Delivered, End::Failed]) {
        let id = format!("m {nth}");
        queue(&mut tx, &id, Kind::Mail, "anya@mail.ru", NOW).await;
        outbox::end(&mut tx, &id, end).await.unwrap();
        assert_eq!(next(&mut tx, &wanted(Kind::Mail, NOW)).await, None, "{end:?}");
        assert_eq!(outbox::say_delayed(&mut tx, Kind::Mail).await.unwrap(), []);
        assert!(!outbox::lend(&mut tx, &id, 0, NOW.plus(30)).await.unwrap());
    }
}

#[tokio::test]
async fn what_is_worth_nothing_any_more_is_work_and_is_given_up() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    queue(&mut tx, "late", Kind::Mail, "anya@mail.ru", NOW).await;
    outbox::lend(&mut tx, "late", 0, NOW.plus(900)).await.unwrap();
    assert!(!outbox::has_work(&mut tx, &wanted(Kind::Mail, NOW.plus(59))).await.unwrap());
    assert_eq!(outbox::give_up_late(&mut tx, Kind::Mail, NOW.plus(59)).await.unwrap(), []);
    assert!(outbox::has_work(&mut tx, &wanted(Kind::Mail, NOW.plus(60))).await.unwrap());
    assert_eq!(outbox::give_up_late(&mut tx, Kind::Sms, NOW.plus(60)).await.unwrap(), [], "of another kind");
    let late = outbox::give_up_late(&mut tx, Kind::Mail, NOW.plus(60)).await.unwrap();
    assert_eq!(late, [touched("late")]);
    assert!(!outbox::has_work(&mut tx, &wanted(Kind::Mail, NOW.plus(900))).await.unwrap());
}

#[tokio::test]
async fn a_message_that_would_not_live_long_enough_is_not_had() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    queue(&mut tx, "m", Kind::Sms, "79000001242", NOW).await;
    let long = DueQuery { alive_until: NOW.plus(61), ..wanted(Kind::Sms, NOW) };
    assert_eq!(next(&mut tx, &long).await, None);
    let just = DueQuery { alive_until: NOW.plus(60), ..long };
    assert_eq!(next(&mut tx, &just).await.as_deref(), Some("m"));
}

#[tokio::test]
async fn what_waits_for_a_recipient_is_dropped_and_nobody_elses() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    for (id, user) in [("a", "501"), ("b", "501"), ("other", "502")] {
        queue(&mut tx, id, Kind::Max, user, NOW).await;
    }
    queue(&mut tx, "letter", Kind::Mail, "501", NOW).await;
    outbox::drop_queued(&mut tx, Kind::Max, "501").await.unwrap();
    assert_eq!(outbox::say_delayed(&mut tx, Kind::Max).await.unwrap(), [touched("other")]);
    assert_eq!(outbox::say_delayed(&mut tx, Kind::Mail).await.unwrap(), [touched("letter")]);
    // A sender that had it says what became of it.
    outbox::end(&mut tx, "a", End::Failed).await.unwrap();
    outbox::put_off(&mut tx, "b", 0, NOW).await.unwrap();
    assert_eq!(outbox::say_delayed(&mut tx, Kind::Max).await.unwrap(), [touched("other")]);
}

#[tokio::test]
async fn the_codes_of_a_linking_are_dropped_and_what_the_bot_says_is_not() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    for (id, kind) in [("sms", Kind::Sms), ("letter", Kind::Mail), ("bot", Kind::Max)] {
        let about = Some(("l", 1));
        let new = NewMessage {
            id,
            kind,
            recipient: "r",
            sealed_payload: "sealed",
            about,
            now: NOW,
            expires_at: NOW.plus(60),
        };
        outbox::queue(&mut tx, &new).await.unwrap();
    }
    assert!(outbox::drop_codes(&mut tx, "another").await.unwrap().is_empty());
    assert_eq!(next(&mut tx, &wanted(Kind::Sms, NOW)).await.as_deref(), Some("sms"));
    let mut dropped = outbox::drop_codes(&mut tx, "l").await.unwrap();
    dropped.sort();
    assert_eq!(dropped, ["letter", "sms"]);
    for (kind, queued) in [(Kind::Sms, None), (Kind::Mail, None), (Kind::Max, Some("bot"))] {
        assert_eq!(next(&mut tx, &wanted(kind, NOW)).await.as_deref(), queued);
    }
}
