use mostik_store::{
    Conn, Tx,
    centres::{self, Acceptance, Submission},
    outbox::{self, CodeRef, DueQuery, End, Kind, ReturnReason, Share},
    receipts::{self, NewReceipt, Outcome, StoredReceipt},
};
use mostik_wire::Millis;

use crate::{
    outbox::{next, queue, wanted},
    world::{NOW, World},
};

const YES: Acceptance<'_> = Acceptance { provider_id: "0x1F", provider_key: Some("1f"), erase: false };

async fn give(conn: &mut Conn, id: &str, attempts: i64, centre: &str, now: Millis) -> bool {
    centres::give(conn, id, attempts, &Submission { centre, recipient_key: "recipient", now }).await.unwrap()
}

// An SMS that centre `a` has.
async fn given(store: &World) -> Tx {
    let mut tx = store.write().await.unwrap();
    queue(&mut tx, "m", Kind::Sms, "79000001242", NOW).await;
    assert!(give(&mut tx, "m", 0, "a", NOW).await);
    tx
}

fn share(share: Share<'_>) -> DueQuery<'_> {
    DueQuery { share, ..wanted(Kind::Sms, NOW) }
}

#[tokio::test]
async fn an_sms_is_given_to_one_centre() {
    let store = World::new().await;
    let mut tx = given(&store).await;
    assert!(!give(&mut tx, "m", 0, "b", NOW).await, "somebody was faster");
    assert!(!give(&mut tx, "m", 1, "b", NOW).await, "the centre has it");
    assert!(!give(&mut tx, "another", 0, "b", NOW).await);
    assert_eq!(next(&mut tx, &wanted(Kind::Sms, NOW)).await, None);
}

#[tokio::test]
async fn what_has_no_answer_is_known_until_its_life_is_over() {
    let store = World::new().await;
    let mut tx = given(&store).await;
    let about = CodeRef { linking: "m".into(), nth: 1 };
    assert_eq!(centres::unanswered_codes(&mut tx, NOW.plus(60)).await.unwrap(), []);
    assert_eq!(centres::unanswered_codes(&mut tx, NOW).await.unwrap(), [about]);
    centres::note_yes(&mut tx, "m", &YES).await.unwrap();
    assert_eq!(centres::unanswered_codes(&mut tx, NOW).await.unwrap(), []);
}

#[tokio::test]
async fn who_has_refused_an_sms_last_is_known() {
    let store = World::new().await;
    let mut tx = given(&store).await;
    outbox::take_back(&mut tx, "m", ReturnReason::NotGiven, NOW).await.unwrap();
    assert_eq!(next(&mut tx, &share(Share::NotRefusedBy("a"))).await.as_deref(), Some("m"));
    assert_eq!(next(&mut tx, &share(Share::RefusedBy("a"))).await, None);

    assert!(give(&mut tx, "m", 1, "a", NOW).await);
    outbox::take_back(&mut tx, "m", ReturnReason::Refused { by: "a", unknown: true }, NOW.plus(5)).await.unwrap();
    assert_eq!(next(&mut tx, &share(Share::All)).await, None, "after a pause");
    for (taken, had) in [
        (Share::All, true),
        (Share::NotRefusedBy("a"), false),
        (Share::RefusedBy("a"), true),
        (Share::NotRefusedBy("b"), true),
        (Share::RefusedBy("b"), false),
    ] {
        let wanted = DueQuery { now: NOW.plus(5), ..share(taken) };
        assert_eq!(next(&mut tx, &wanted).await.is_some(), had, "{taken:?}");
        assert_eq!(outbox::has_work(&mut tx, &wanted).await.unwrap(), had, "{taken:?}");
    }
    let message = outbox::next(&mut tx, &wanted(Kind::Sms, NOW.plus(5))).await.unwrap().unwrap();
    assert_eq!((message.attempts, message.unknown_refusals), (2, 1));
}

#[tokio::test]
async fn what_was_dropped_meanwhile_does_not_come_back() {
    let store = World::new().await;
    let mut tx = given(&store).await;
    outbox::drop_codes(&mut tx, "m").await.unwrap();
    outbox::take_back(&mut tx, "m", ReturnReason::Refused { by: "a", unknown: false }, NOW).await.unwrap();
    assert_eq!(next(&mut tx, &wanted(Kind::Sms, NOW)).await, None);
    assert_eq!(centres::note_receipt(&mut tx, "m", NOW).await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_is_noted_for_what_a_centre_has() {
    let store = World::new().await;
    let mut tx = given(&store).await;
    assert_eq!(centres::note_yes(&mut tx, "another", &YES).await.unwrap(), None);
    assert_eq!(centres::note_yes(&mut tx, "m", &YES).await.unwrap().as_deref(), Some("recipient"));
    let key = |key: &str| vec![key.to_owned()];
    assert_eq!(centres::taken_as(&mut tx, "a", &[]).await.unwrap(), []);
    assert_eq!(centres::taken_as(&mut tx, "a", &key("1e")).await.unwrap(), []);
    assert_eq!(centres::taken_as(&mut tx, "b", &key("1f")).await.unwrap(), []);
    let keys = ["31", "1f", "1f"].map(ToOwned::to_owned);
    let taken = centres::taken_as(&mut tx, "a", &keys).await.unwrap();
    let [taken] = &taken[..] else { panic!("{taken:?}") };
    assert_eq!((taken.id.as_str(), taken.recipient_key.as_deref()), ("m", Some("recipient")));
    assert_eq!(taken.about, Some(CodeRef { linking: "m".into(), nth: 1 }));
}

#[tokio::test]
async fn what_an_sms_says_is_kept_for_another_centre_or_erased() {
    for (erase, is_kept) in [(false, true), (true, false)] {
        let store = World::new().await;
        let mut tx = given(&store).await;
        centres::note_yes(&mut tx, "m", &Acceptance { erase, ..YES }).await.unwrap();
        let receipted = centres::note_receipt(&mut tx, "m", NOW).await.unwrap().unwrap();
        assert_eq!((receipted.is_kept, receipted.expires_at, receipted.undelivered), (is_kept, NOW.plus(60), 0));
    }
}

#[tokio::test]
async fn an_undelivered_sms_goes_to_another_centre_and_under_another_id() {
    let store = World::new().await;
    let mut tx = given(&store).await;
    centres::note_yes(&mut tx, "m", &YES).await.unwrap();
    centres::note_receipt(&mut tx, "m", NOW).await.unwrap().unwrap();
    outbox::take_back(&mut tx, "m", ReturnReason::Undelivered { by: "a" }, NOW).await.unwrap();
    assert_eq!(next(&mut tx, &share(Share::NotRefusedBy("a"))).await, None);
    assert_eq!(centres::taken_as(&mut tx, "a", &["1f".to_owned()]).await.unwrap(), []);
    assert!(give(&mut tx, "m", 1, "b", NOW).await);
    assert_eq!(centres::note_receipt(&mut tx, "m", NOW).await.unwrap().unwrap().undelivered, 1);
}

#[tokio::test]
async fn the_receipt_of_what_has_ended_tells_nothing_new() {
    let store = World::new().await;
    let mut tx = given(&store).await;
    outbox::end(&mut tx, "m", End::Delivered).await.unwrap();
    assert_eq!(centres::note_receipt(&mut tx, "m", NOW).await.unwrap(), None);
    assert_eq!(centres::note_receipt(&mut tx, "another", NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_centre_is_silent_that_has_sent_no_receipt_since() {
    let store = World::new().await;
    let mut tx = given(&store).await;
    let none: [String; 0] = [];
    assert_eq!(centres::silent_centres(&mut tx, NOW.plus(-60), NOW.plus(-1)).await.unwrap(), none, "it has time yet");
    assert_eq!(centres::silent_centres(&mut tx, NOW, NOW.plus(60)).await.unwrap(), none, "that is long ago");
    assert_eq!(centres::silent_centres(&mut tx, NOW.plus(-60), NOW).await.unwrap(), ["a"]);
    queue(&mut tx, "later", Kind::Sms, "79000001242", NOW).await;
    assert!(give(&mut tx, "later", 0, "a", NOW.plus(1)).await);
    centres::note_receipt(&mut tx, "later", NOW.plus(2)).await.unwrap().unwrap();
    assert_eq!(centres::silent_centres(&mut tx, NOW.plus(-60), NOW).await.unwrap(), none);
}

#[tokio::test]
async fn a_receipt_waits_under_each_id_that_it_bears_and_is_forgotten_under_all() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    let keys = |all: &[&str]| all.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    for (id, centre, to, outcome) in [
        ("r", "a", &keys(&["x", "y"]), Outcome::Undelivered),
        ("s", "a", &keys(&[]), Outcome::Expired),
        ("t", "b", &keys(&["x"]), Outcome::Delivered),
    ] {
        let provider_keys = &keys(&["1f", "31"]);
        let new = NewReceipt { id, centre, provider_keys, recipient_keys: to, outcome, now: NOW };
        receipts::keep(&mut tx, &new).await.unwrap();
    }
    assert_eq!(receipts::of(&mut tx, "a", &[]).await.unwrap(), []);
    assert_eq!(receipts::of(&mut tx, "a", &keys(&["1e"])).await.unwrap(), []);
    let mut kept = receipts::of(&mut tx, "a", &keys(&["31", "1e"])).await.unwrap();
    kept.sort_by(|one, other| one.id.cmp(&other.id));
    let expected = |id: &str, to: &[&str], outcome| StoredReceipt {
        id: id.into(),
        provider_key: "31".into(),
        recipient_keys: keys(to),
        outcome,
    };
    assert_eq!(kept, [expected("r", &["x", "y"], Outcome::Undelivered), expected("s", &[], Outcome::Expired)]);
    receipts::forget(&mut tx, "r").await.unwrap();
    for key in ["1f", "31"] {
        let left = receipts::of(&mut tx, "a", &keys(&[key])).await.unwrap();
        assert_eq!(left.iter().map(|kept| kept.id.as_str()).collect::<Vec<_>>(), ["s"]);
    }
    assert_eq!(receipts::of(&mut tx, "b", &keys(&["1f"])).await.unwrap()[0].outcome, Outcome::Delivered);
}
