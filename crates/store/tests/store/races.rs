//! Two who come at once: what one reads to change, the other does not change meanwhile. On SQLite one waits for the other anyway; on
//! PostgreSQL each of these would go wrong without a lock.

use std::sync::Arc;

use futures_util::future::join_all;
use mostik_linking::NewProfile;
use mostik_store::{
    Error, Store, Unavailable,
    blocks::{self, Blockable},
    budgets::{self, BudgetKind},
    centres::{self, Acceptance, Submission},
    family, idempotency, linkings,
    outbox::{self, DueQuery, Kind, NewMessage, Share},
    profiles,
    receipts::{self, NewReceipt, Outcome},
    sessions::{self, NewTokens},
    sql,
};
use mostik_wire::{Contact, Phone};
use tokio::sync::Barrier;

use crate::world::{NOW, World, olga};

const ROUNDS: usize = 40;

/// Two nodes, and a signal for both.
async fn nodes(world: &World) -> (Store, Store) {
    (world.another_node().await, world.another_node().await)
}

#[tokio::test]
async fn of_many_who_count_against_a_budget_each_sees_those_before() {
    let world = World::new().await;
    let (a, b) = nodes(&world).await;
    let all = (0..20).map(|nth| {
        let store = if nth % 2 == 0 { &a } else { &b };
        async move {
            let mut tx = store.write().await.unwrap();
            let budget = budgets::lock(&mut tx, &"contact".into(), NOW).await.unwrap();
            budgets::count(&mut tx, &format!("event-{nth}"), &"contact".into(), BudgetKind::Send, NOW).await.unwrap();
            tx.commit().await.unwrap();
            budget.sends.len()
        }
    });
    let mut seen = join_all(all).await;
    seen.sort_unstable();
    assert_eq!(seen, (0..20).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_of_two_claims_a_key() {
    let world = World::with_olga().await;
    let (a, b) = nodes(&world).await;
    for round in 0..ROUNDS {
        let key = format!("key-{round}");
        let both = [&a, &b].map(|store| {
            let key = &key;
            async move {
                let mut tx = store.write().await.unwrap();
                let free = idempotency::seen(&mut tx, "olga", key).await.unwrap().is_none();
                if free {
                    idempotency::claim(&mut tx, "olga", key, "hash", NOW.plus(1), NOW.plus(2)).await.unwrap();
                }
                tx.commit().await.unwrap();
                free
            }
        });
        let claimed = join_all(both).await.into_iter().filter(|free| *free).count();
        assert_eq!(claimed, 1, "round {round}");
    }
}

#[tokio::test]
async fn of_two_who_bring_a_refresh_token_the_second_sees_that_it_is_spent() {
    let world = World::with_session("session").await;
    let (a, b) = nodes(&world).await;
    for round in 0..ROUNDS {
        let (access, refresh) = (format!("access-{round}"), format!("refresh-{round}"));
        let tokens = NewTokens {
            access_hash: &access,
            access_expires_at: NOW.plus(1),
            refresh_hash: &refresh,
            refresh_expires_at: NOW.plus(2),
            device: None,
            now: NOW,
        };
        let mut tx = world.write().await.unwrap();
        sessions::give_tokens(&mut tx, "session", &tokens).await.unwrap();
        tx.commit().await.unwrap();
        let both = [&a, &b].map(|store| {
            let refresh = &refresh;
            async move {
                let mut tx = store.write().await.unwrap();
                let token = sessions::of_refresh_token(&mut tx, refresh).await.unwrap().unwrap();
                let spent = sessions::spend(&mut tx, refresh, NOW).await.unwrap();
                assert_eq!(spent, token.spent_at.is_none());
                tx.commit().await.unwrap();
                spent
            }
        });
        assert_eq!(join_all(both).await.into_iter().filter(|spent| *spent).count(), 1, "round {round}");
    }
}

#[tokio::test]
async fn an_answer_and_a_receipt_that_come_at_once_find_each_other() {
    let world = World::new().await;
    let (a, b) = nodes(&world).await;
    for round in 0..ROUNDS {
        let (id, key) = (format!("message-{round}"), format!("provider-{round}"));
        let keys = [key.clone()];
        let mut tx = world.write().await.unwrap();
        outbox::queue(&mut tx, &message(&id, Kind::Sms, "79000001242")).await.unwrap();
        let giving = Submission { centre: "one", recipient_key: "digits", now: NOW };
        assert!(centres::give(&mut tx, &id, 0, &giving).await.unwrap());
        tx.commit().await.unwrap();
        let start = Arc::new(Barrier::new(2));
        let answer = async {
            start.wait().await;
            let mut tx = a.write().await.unwrap();
            let yes = Acceptance { provider_id: &key, provider_key: Some(&key), erase: true };
            centres::note_yes(&mut tx, &id, &yes).await.unwrap();
            let waiting = receipts::of(&mut tx, "one", &keys).await.unwrap();
            tx.commit().await.unwrap();
            !waiting.is_empty()
        };
        let receipt = async {
            start.wait().await;
            let mut tx = b.write().await.unwrap();
            let taken = centres::taken_as(&mut tx, "one", &keys).await.unwrap();
            if taken.is_empty() {
                let recipient_keys = ["digits".to_owned()];
                let new = NewReceipt {
                    id: &id,
                    centre: "one",
                    provider_keys: &keys,
                    recipient_keys: &recipient_keys,
                    outcome: Outcome::Delivered,
                    now: NOW,
                };
                receipts::keep(&mut tx, &new).await.unwrap();
            }
            tx.commit().await.unwrap();
            !taken.is_empty()
        };
        let (receipt_was_there, message_was_there) = tokio::join!(answer, receipt);
        assert!(receipt_was_there != message_was_there, "round {round}: neither or both have found the other");
    }
}

#[tokio::test]
async fn a_dialog_keeps_its_order_and_nobody_takes_a_message_twice() {
    const MESSAGES: usize = 30;
    let world = World::new().await;
    let (a, b) = nodes(&world).await;
    // Each is queued after the one before was seen to be committed, from whichever node; two to another person come between.
    for nth in 0..MESSAGES {
        let store = if nth % 3 == 0 { &a } else { &b };
        let (first, second) = (format!("first-{nth:02}"), format!("second-{nth:02}"));
        let queue = |id: String, recipient: &'static str| async move {
            let mut tx = store.write().await.unwrap();
            outbox::queue(&mut tx, &message(&id, Kind::Max, recipient)).await.unwrap();
            tx.commit().await.unwrap();
        };
        tokio::join!(queue(first, "1"), queue(second, "2"));
    }
    let take_all = |store: &Store| {
        let store = store.clone();
        async move {
            let mut taken = Vec::new();
            // A look that finds the only ones that are due in another's hands ends empty, and is made again.
            loop {
                let mut tx = store.write().await.unwrap();
                let wanted = DueQuery { kind: Kind::Max, share: Share::All, now: NOW, alive_until: NOW };
                let Some(message) = outbox::next(&mut tx, &wanted).await.unwrap() else {
                    let left = outbox::has_work(&mut tx, &wanted).await.unwrap();
                    tx.rollback().await.unwrap();
                    if left { continue } else { break }
                };
                assert!(outbox::lend(&mut tx, &message.id, message.attempts, NOW.plus(60_000)).await.unwrap());
                tx.commit().await.unwrap();
                let mut tx = store.write().await.unwrap();
                outbox::end(&mut tx, &message.id, outbox::End::HandedOver).await.unwrap();
                taken.push(message.id);
                tx.commit().await.unwrap();
            }
            taken
        }
    };
    let (by_a, by_b) = tokio::join!(take_all(&a), take_all(&b));
    for taken in [&by_a, &by_b] {
        for person in ["first", "second"] {
            let own: Vec<&String> = taken.iter().filter(|id| id.starts_with(person)).collect();
            assert!(own.is_sorted(), "{own:?}");
        }
    }
    let mut all: Vec<String> = by_a.into_iter().chain(by_b).collect();
    all.sort_unstable();
    all.dedup();
    // One node may end while the other still holds the last of them: together they have all.
    assert_eq!(all.len(), 2 * MESSAGES);
}

#[tokio::test]
async fn a_failed_statement_that_nobody_minds_does_not_pass_for_kept() {
    let world = World::new().await;
    let mut tx = world.write().await.unwrap();
    family::keep_account(&mut tx, &olga()).await.unwrap();
    assert!(sql::query("INSERT INTO accounts (id) VALUES ('olga')").execute(&mut tx).await.is_err());
    let error = tx.commit().await.unwrap_err();
    assert!(matches!(error, Error::Busy(Unavailable::StatementFailed)), "{error}");
    let kept: i64 =
        sql::query_scalar("SELECT COUNT(*) FROM accounts").fetch_one(&mut world.reader().await.unwrap()).await.unwrap();
    assert_eq!(kept, 0);
}

fn message<'a>(id: &'a str, kind: Kind, recipient: &'a str) -> NewMessage<'a> {
    NewMessage { id, kind, recipient, sealed_payload: "sealed", about: None, now: NOW, expires_at: NOW.plus(60_000) }
}

#[tokio::test]
async fn who_blocks_a_profile_waits_for_who_may_link_it() {
    let world = World::with_olga().await;
    let (a, b) = nodes(&world).await;
    let mut tx = world.write().await.unwrap();
    linkings::begin(&mut tx, "linking", "misha", "olga", NOW).await.unwrap();
    tx.commit().await.unwrap();
    for round in 0..ROUNDS {
        let (profile, phone) = (format!("profile-{round}"), Phone::parse(&format!("+790000012{round:02}")).unwrap());
        let contact = Contact::Sms { phone: phone.clone() };
        let new = NewProfile::ByPhone { id: profile.clone(), phone };
        let mut tx = world.write().await.unwrap();
        profiles::make(&mut tx, &new, ("Миша", "Орлов"), "8-Б", NOW).await.unwrap();
        tx.commit().await.unwrap();
        let held = Barrier::new(2);
        let links = async {
            let mut tx = a.write().await.unwrap();
            let found = profiles::hold_under(&mut tx, &contact).await.unwrap().unwrap();
            held.wait().await;
            assert!(!found.blocked);
            profiles::link(&mut tx, "misha", &profile, "linking", NOW).await.unwrap();
            tx.commit().await.unwrap();
        };
        let blocks = async {
            held.wait().await;
            let mut tx = b.write().await.unwrap();
            assert!(blocks::set(&mut tx, Blockable::Profile(&profile), Some(NOW)).await.unwrap());
            tx.commit().await.unwrap();
            profiles::under(&mut b.reader().await.unwrap(), &contact).await.unwrap().unwrap()
        };
        let ((), found) = tokio::join!(links, blocks);
        assert!(found.is_linked && found.blocked, "round {round}: it was linked after the block");
        let mut tx = world.write().await.unwrap();
        profiles::unlink(&mut tx, "misha", &profile).await.unwrap();
        tx.commit().await.unwrap();
    }
}
