use mostik_store::max::{self, Dialog};

use crate::world::{NOW, World};

#[tokio::test]
async fn what_was_heard_is_not_new_again() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    assert!(max::hear(&mut tx, &"update".into(), NOW).await.unwrap());
    assert!(!max::hear(&mut tx, &"update".into(), NOW.plus(1)).await.unwrap());
    assert!(max::hear(&mut tx, &"another".into(), NOW).await.unwrap());
}

#[tokio::test]
async fn the_newest_word_of_a_dialog_stands_in_whatever_order_words_come() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(max::dialog(&mut tx, &"user".into()).await.unwrap(), None);
    let started = Dialog { running: true, said_at: NOW };
    let stopped = Dialog { running: false, said_at: NOW.plus(2) };
    let late = Dialog { running: true, said_at: NOW.plus(1) };
    for (word, noted, stands) in [(started, true, started), (stopped, true, stopped), (late, false, stopped)] {
        assert_eq!(max::note_dialog(&mut tx, &"user".into(), word).await.unwrap(), noted);
        assert_eq!(max::dialog(&mut tx, &"user".into()).await.unwrap(), Some(stands));
    }
    let at_once = Dialog { running: true, ..stopped };
    assert!(
        max::note_dialog(&mut tx, &"user".into(), at_once).await.unwrap(),
        "of two at one moment the one that came last"
    );
    assert_eq!(max::dialog(&mut tx, &"another".into()).await.unwrap(), None);
}

#[tokio::test]
async fn each_bot_has_its_marker() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(max::marker(&mut tx, "bot").await.unwrap(), None);
    for marker in [7, 9] {
        max::keep_marker(&mut tx, "bot", marker).await.unwrap();
        assert_eq!(max::marker(&mut tx, "bot").await.unwrap(), Some(marker));
    }
    assert_eq!(max::marker(&mut tx, "another").await.unwrap(), None);
}
