//! What a mailbox may cost is counted by the mailbox, whatever its address is written like.

use mostik_linking::GAPS;
use mostik_service::keys::Keys;
use mostik_store::budgets::{self, BudgetKind};
use mostik_wire::{Code, Step};
use serde_json::json;

use crate::{
    mail::Mail,
    world::{App, DAY, MINUTE, SECRET_KEY, World},
};

/// One mailbox.
const NAMES: [&str; 5] = [
    "olga.orlova@gmail.com",
    "olgaorlova+1@gmail.com",
    "o.l.g.a.orlova@googlemail.com",
    "OlgaOrlova+x@gmail.com",
    "olgaorlova+1+2@googlemail.com",
];

async fn give(world: &World, app: &App, child: &str, contact: &str) -> crate::world::Answer {
    let linking = world.begin_for(app, child).await;
    world.act(app, &linking, "contact", json!({ "contact": contact })).await
}

#[tokio::test]
async fn the_codes_of_a_day_are_used_up_under_all_names_together_and_another_way_stays() {
    let (world, mail) = World::with_mail("none").await;
    let first_sent = world.now();
    for (nth, name) in NAMES.into_iter().enumerate() {
        if let Some(gap) = nth.checked_sub(1).map(|earlier| GAPS[earlier]) {
            world.advance(gap - 1);
            let olga = world.sign_in("olga").await;
            give(&world, &olga, "Анна", name).await.problem(Code::ResendTooEarly);
            world.advance(1);
        }
        let olga = world.sign_in("olga").await;
        let linking = give(&world, &olga, "Анна", name).await.linking();
        assert!(matches!(linking.step, Step::Code(_)), "{linking:?}");
        // The letter goes to the address as it was written.
        mail.letter(name).await;
    }
    world.advance(120 * MINUTE);
    let olga = world.sign_in("olga").await;
    let until = first_sent.plus(DAY);
    for (child, name) in [("Анна", "olgaorlova+6@gmail.com"), ("Лев", "olga.orlova@googlemail.com")] {
        let answer = give(&world, &olga, child, name).await;
        assert_eq!(answer.problem(Code::SendsUsedUp).retry_at, Some(until));
        assert_eq!(answer.headers["retry-after"], (until.since(world.now()) / 1000).to_string());
    }
    // Another mailbox, or a number, or MAX.
    give(&world, &olga, "Лев", "olga@mail.test").await.linking();
    let anna = give(&world, &olga, "Анна", "+79000001242").await.linking();
    assert!(matches!(anna.step, Step::Code(_)), "{anna:?}");
    let misha = world.begin_for(&olga, "Михаил").await;
    world.act(&olga, &misha, "max-proof", json!({})).await.linking();
}

#[tokio::test]
async fn failed_tries_of_all_names_block_the_mailbox() {
    let (world, mail) = World::with_mail("none").await;
    for (nth, name) in NAMES.into_iter().enumerate() {
        world.advance(nth.checked_sub(1).map_or(0, |earlier| GAPS[earlier]));
        let olga = world.sign_in("olga").await;
        let mut linking = give(&world, &olga, "Анна", name).await.linking();
        let code = mail.letter(name).await.code();
        let wrong = if code == "000001" { "000002" } else { "000001" };
        for _ in 0..5 {
            let refused = world.try_code(&olga, &linking, wrong).await;
            assert!(refused.status.is_client_error(), "{refused:?}");
            linking = world.linking(&olga, &linking.id.0).await;
        }
    }
    world.advance(120 * MINUTE);
    let olga = world.sign_in("olga").await;
    give(&world, &olga, "Лев", "olgaorlova+6@gmail.com").await.problem(Code::ContactBlocked);
}

#[tokio::test]
async fn what_the_version_before_has_counted_of_an_address_counts_on() {
    let (world, mail): (World, Mail) = World::with_mail("none").await;
    let key = Keys::new(SECRET_KEY.as_bytes()).contact("olgaorlova+1@gmail.com").as_str().into();
    let store = world.store().await;
    let mut tx = store.write().await.unwrap();
    budgets::lock(&mut tx, &key, world.now()).await.unwrap();
    for nth in 0..5 {
        let at = world.now().plus(-MINUTE * (nth + 1));
        budgets::count(&mut tx, &format!("before-{nth}"), &key, BudgetKind::Send, at).await.unwrap();
    }
    tx.commit().await.unwrap();
    store.close().await;
    let olga = world.sign_in("olga").await;
    let refused = give(&world, &olga, "Анна", "OlgaOrlova+1@gmail.com").await.problem(Code::SendsUsedUp);
    assert_eq!(refused.retry_at, Some(world.now().plus(DAY - 5 * MINUTE)));
    give(&world, &olga, "Анна", "olga@gmail.com").await.linking();
    mail.letter("olga@gmail.com").await;
}
