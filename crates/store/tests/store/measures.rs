use mostik_store::{
    measures::{Waiting, waiting},
    outbox::{self, End, Kind},
};

use crate::{
    outbox::queue,
    world::{NOW, World},
};

#[tokio::test]
async fn nothing_waits_in_an_empty_queue_or_in_one_that_was_sent() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(waiting(&mut tx).await.unwrap(), []);
    for (id, end) in [("sent", End::HandedOver), ("arrived", End::Delivered), ("given up", End::Failed)] {
        queue(&mut tx, id, Kind::Sms, "79000001242", NOW).await;
        outbox::end(&mut tx, id, end).await.unwrap();
    }
    assert_eq!(waiting(&mut tx).await.unwrap(), []);
}

#[tokio::test]
async fn what_waits_is_counted_by_its_kind_with_the_moment_of_the_oldest() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    queue(&mut tx, "second", Kind::Max, "501001", NOW.plus(5)).await;
    queue(&mut tx, "first", Kind::Max, "501002", NOW).await;
    queue(&mut tx, "letter", Kind::Mail, "anya@mail.ru", NOW.plus(7)).await;
    // A pause between two attempts does not make it younger.
    outbox::lend(&mut tx, "letter", 0, NOW.plus(30)).await.unwrap();
    let of = |kind, messages, oldest_at| Waiting { kind, messages, oldest_at };
    assert_eq!(waiting(&mut tx).await.unwrap(), [of(Kind::Mail, 1, NOW.plus(7)), of(Kind::Max, 2, NOW)]);
}
