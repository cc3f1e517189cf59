//! What nodes tell each other.

use std::time::Duration;

use mostik_store::changes::News;
use mostik_world::postgres::Postgres;

use crate::world::World;

#[tokio::test]
async fn what_one_node_tells_the_others_hear_and_it_does_not_itself() {
    let world = World::new().await;
    let other = world.another_node().await;
    let (mut own, mut others) = (world.listen().await.unwrap().unwrap(), other.listen().await.unwrap().unwrap());
    // More than one message holds.
    let many: Vec<String> = (0..500).map(|nth| format!("{nth:022}")).collect();
    world.tell("a", &many).await.unwrap();
    let mut heard = Vec::new();
    while heard.len() < many.len() {
        match others.next("b").await.unwrap() {
            News::Changed(ids) => heard.extend(ids),
            News::Missed => panic!("nothing was lost"),
        }
    }
    assert_eq!(heard, many);
    other.tell("b", &["from-b".into()]).await.unwrap();
    assert_eq!(own.next("a").await.unwrap(), News::Changed(vec!["from-b".into()]));
}

#[tokio::test]
async fn who_has_lost_the_connection_is_told_that_something_may_have_been_missed() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Postgres::start(dir.path(), &[]).unwrap();
    let address = server.new_database().unwrap().parse().unwrap();
    let store = mostik_store::Store::open(&address).await.unwrap();
    let mut listener = store.listen().await.unwrap().unwrap();
    server.kill().unwrap();
    server.start_again().unwrap();
    let heard = async {
        loop {
            // Until the connection is there again.
            if let Ok(news) = listener.next("a").await {
                break news;
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(20), heard).await.unwrap(), News::Missed);
    store.tell("b", &["x".into()]).await.unwrap();
    assert_eq!(listener.next("a").await.unwrap(), News::Changed(vec!["x".into()]));
}
