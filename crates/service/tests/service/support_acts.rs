//! What operators do for people: by the rules that hold for everybody, heard of by the node that serves, and written down.

use std::{fs, os::unix::fs::PermissionsExt};

use mostik_service::{
    keys::Keys,
    support::{desk::DeskError, operators::Right},
};
use mostik_store::audit::Entry;
use mostik_wire::{Code, LinkSummary, StepName};
use serde_json::{Value, json};

use crate::{
    by_mail::{ADDRESS, PASSWORD},
    owner::by_password,
    support::{MISHA_IN_MAX, Operators, PHONE, WHY},
    world::{DAY, MINUTE, SECRET_KEY, World},
};

const MORNING: i64 = 1_795_413_600_000;

fn by<'a>(done: &'a [Entry], action: &str) -> Vec<&'a Entry> {
    done.iter().filter(|entry| entry.action == action && entry.reason.as_deref() == Some(WHY)).collect()
}

#[tokio::test]
async fn what_the_rules_refuse_to_everybody_they_refuse_to_operators() {
    let (world, mail) = World::with_mail("none").await;
    let operators = Operators::of(&world);
    let (misha, _, profile) = world.linked().await;
    let into = world.dir.path().to_str().unwrap().to_owned();
    for args in [
        &["unlink", &profile][..],
        &["end-sessions", "1"],
        &["export", &profile, "--into", &into],
        &["delete", &profile],
        &["statistics", "--day", "2026-09-01"],
    ] {
        operators.run("anna", args).await.refused(1, "anna has no right");
    }
    for (args, said) in [
        (&["unlink", "1"][..], "there is no profile of this id"),
        (&["end-sessions", "1"], "there is no account of this id"),
        (&["export", "1", "--into", &into], "there is no profile of this id"),
        (&["delete", "1"], "there is no profile of this id"),
        (&["confirm-deletion", "-1"], "there is no deletion that waits of this id"),
        (&["unlink", &profile, "--messenger", "vk"], "the profile is not in VK"),
        (&["unlink", &profile, "--messenger", "max"], "The link stands on this messenger alone"),
    ] {
        operators.run("boris", args).await.refused(1, said);
    }
    operators.run("boris", &["export", &profile, "--into", "/nowhere"]).await.refused(2, "is no folder");
    operators.run("boris", &["statistics", "--day", "yesterday"]).await.refused(2, "2026-09-01");
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let doomed = world.profile(&olga, &anya).await.id;
    assert_eq!(world.proven(&olga, &anya, "deletion", by_password(PASSWORD)).await.status, 200);
    operators.run("boris", &["unlink", &doomed]).await.refused(1, "The profile is about to be deleted");
    let done = world.done_by_operators().await;
    assert!(done.iter().all(|entry| entry.action == "support_refused"), "{done:?}");
    assert!(done.iter().any(|entry| entry.reason == Some(format!("unlink: {WHY}"))), "{done:?}");
    assert!(matches!(world.link_of(&misha, "Михаил").await, LinkSummary::Linked { .. }));
}

#[tokio::test]
async fn who_follows_a_linking_hears_that_an_operator_ended_it() {
    let (world, mail) = World::with_mail("none").await;
    let operators = Operators::of(&world);
    let olga = world.sign_in("olga").await;
    let made = world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let profile = world.profile(&olga, &anya).await.id;
    let linking = world.linking(&olga, &made.id.0).await;
    let mut events = world.events(&olga, &linking.id.0).await;
    events.next().await.unwrap();
    let told = operators.run("boris", &["unlink", &profile]).await.told();
    assert_eq!(told, format!("profile {profile} is linked to nobody any more\n"));
    let ended = loop {
        let linking = events.next().await.expect("the events go on");
        if linking.step.is_over() {
            break linking;
        }
    };
    assert_eq!(ended.step.name(), StepName::Closed);
    world.until_operators_time();
    while !mail.letter(ADDRESS).await.subject.contains("отвяз") {}
    operators.run("boris", &["unlink", &profile]).await.refused(1, "linked to nobody");
    let done = world.done_by_operators().await;
    let [ended] = by(&done, "link_ended")[..] else { panic!("{done:?}") };
    assert_eq!((ended.actor_id.as_deref(), ended.profile_id.as_ref()), (Some("boris"), Some(&profile)));
    assert_eq!(ended.pupil_id.as_ref(), Some(&anya));
}

#[tokio::test]
async fn an_account_whose_sessions_were_ended_is_signed_out_at_once() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let misha = world.sign_in("misha").await;
    let begun = world.begin(&misha).await;
    let account: String = world.one("SELECT id FROM accounts").await;
    let mut events = world.events(&misha, &begun.id.0).await;
    events.next().await.unwrap();
    let ended = operators.run("boris", &["end-sessions", &account, "--json"]).await.json();
    assert_eq!(ended, json!({ "account": account, "ended": 1 }));
    assert!(events.next().await.is_none(), "what was followed has ended");
    world.get(&misha, "/v1/me").await.problem(Code::SessionEnded);
    let none = operators.run("boris", &["end-sessions", &account]).await.told();
    assert_eq!(none, format!("0 sessions of account {account} were ended\n"));
    let done = world.done_by_operators().await;
    let [ended] = by(&done, "session_ended")[..] else { panic!("{done:?}") };
    assert!(ended.account_id.as_ref() == Some(&account) && ended.session_id.is_some());
}

#[tokio::test]
async fn what_is_given_out_is_the_products_own_export_and_its_people_are_told() {
    let (world, mail) = World::with_mail("none").await;
    let operators = Operators::of(&world);
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let profile = world.profile(&olga, &anya).await.id;
    let into = world.dir.path().to_str().unwrap();
    let files = operators.run("boris", &["export", &profile, "--into", into]).await.told();
    let files: Vec<&str> = files.lines().collect();
    assert!(files.len() == 2 && files[0].ends_with(".html") && files[1].ends_with(".json"), "{files:?}");
    assert!(files.iter().all(|file| fs::metadata(file).unwrap().permissions().mode() & 0o777 == 0o600));
    let json: Value = serde_json::from_str(&fs::read_to_string(files[1]).unwrap()).unwrap();
    assert_eq!((&json["format"], &json["profile"]["id"]), (&json!("mostik-export-1"), &json!(profile)));
    assert!(fs::read_to_string(files[0]).unwrap().contains(ADDRESS));
    world.until_operators_time();
    while !mail.letter(ADDRESS).await.subject.contains("сведения") {}
    operators.run("boris", &["export", &profile, "--into", into]).await.refused(1, "cannot be written");
    let done = world.done_by_operators().await;
    assert_eq!(by(&done, "exported").len(), 2);
    assert!(!format!("{done:?}").contains(ADDRESS));
}

#[tokio::test]
async fn a_deletion_takes_two() {
    let (world, mail) = World::with_mail("none").await;
    let operators = Operators::of(&world);
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let profile = world.profile(&olga, &anya).await.id;
    assert_eq!(operators.run("vera", &["pending-deletions"]).await.told(), "no deletion waits\n");
    let asked = operators.run("vera", &["delete", &profile, "--json"]).await.json();
    let id = asked["id"].as_str().unwrap();
    operators.run("boris", &["delete", &profile]).await.refused(1, "asked for already");
    operators.run("vera", &["confirm-deletion", id]).await.refused(1, "does not confirm it");
    operators.run("anna", &["confirm-deletion", id]).await.refused(1, "anna has no right `delete`");
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { .. }));
    let pending = operators.run("boris", &["pending-deletions"]).await.told();
    assert!(pending.contains(&format!("{id}: profile {profile}, asked for by vera, until ")), "{pending}");

    let told = operators.run("boris", &["confirm-deletion", id]).await.told();
    assert_eq!(told, format!("profile {profile} is deleted\n"));
    world.until_operators_time();
    while !mail.letter(ADDRESS).await.subject.contains("профиль удалён") {}
    world.get(&olga, "/v1/me").await.problem(Code::Unauthorized);
    assert_eq!(operators.run("anna", &["find", ADDRESS]).await.told(), "nobody is known by that\n");
    operators.run("boris", &["confirm-deletion", id]).await.refused(1, "there is no deletion that waits");
    let done = world.done_by_operators().await;
    let of = |action| by(&done, action).iter().map(|e| e.actor_id.clone().unwrap()).collect::<Vec<_>>();
    assert_eq!((of("deletion_asked"), of("deletion_done")), (vec!["vera".to_owned()], vec!["boris".to_owned()]));
    assert_eq!(of("support_refused"), ["vera"], "who has asked wanted to confirm");
    assert!(by(&done, "deletion_done")[0].profile_id.as_ref() == Some(&profile));
    for name in ["Анна", "Орлова", "olga.orlova", "mail.test"] {
        assert!(!format!("{done:?}").contains(name), "the audit log holds {name}");
    }
}

#[tokio::test]
async fn a_deletion_that_nobody_confirms_in_three_days_is_worth_nothing() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let (_, _, profile) = world.linked().await;
    let vera = operators.desk(&world, "vera", Right::Delete).await.ok().unwrap();
    let boris = operators.desk(&world, "boris", Right::Delete).await.ok().unwrap();
    let asked = vera.ask_deletion(&profile).await.ok().unwrap();
    world.advance(3 * DAY);
    assert!(matches!(boris.confirm_deletion(&asked.id).await, Err(DeskError::Outlived)));
    assert_eq!(boris.pending_deletions().await.ok().unwrap(), []);
    let again = vera.ask_deletion(&profile).await.ok().unwrap();
    world.advance(3 * DAY - MINUTE);
    assert_eq!(boris.confirm_deletion(&again.id).await.ok().unwrap(), profile);
    vera.store.close().await;
    boris.store.close().await;
}

#[tokio::test]
async fn a_day_is_counted_by_the_clocks_of_moscow_and_names_nobody() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    world.set_clock(MORNING);
    let misha = world.sign_in("misha").await;
    let (linking, code) = world.to_code(&misha, PHONE).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    world.act(&misha, &linking, "code", json!({ "code": wrong })).await.problem(Code::CodeWrong);
    let linking = world.linking(&misha, &linking.id.0).await;
    let linking = world.act(&misha, &linking, "code", json!({ "code": code })).await.linking();
    let linking = world.act(&misha, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
    world.finish_in_max(&misha, &linking, MISHA_IN_MAX).await;
    // Half past midnight in Moscow is another day, and in Greenwich the same.
    world.set_clock(MORNING + 15 * 60 * MINUTE + 30 * MINUTE);
    world.sign_in("olga").await;

    let of = async |day: &str| operators.run("boris", &["statistics", "--json", "--day", day]).await.json();
    let day = of("2026-11-23").await;
    assert_eq!((&day["sign_ins"], &day["linkings_begun"]), (&json!(1), &json!({ "linked": 1 })));
    assert_eq!((&day["done"]["link_made"], &day["done"]["max_bound"]), (&json!(1), &json!(1)));
    assert_eq!(day["codes"]["sms"], json!({ "sent": 1, "proven": 1, "refused": 1, "not_sent": 0 }));
    assert_eq!(day["messages"]["sms"].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum::<i64>(), 1);
    let next = of("2026-11-24").await;
    assert_eq!((&next["sign_ins"], &next["linkings_begun"], &next["codes"]), (&json!(1), &json!({}), &json!({})));
    let words = operators.run("boris", &["statistics", "--day", "2026-11-23"]).await.told();
    assert!(words.contains("codes by sms: 1 sent, 1 proven, 1 wrong, 0 requests refused\n"), "{words}");
    for mark in ["9000001242", "Михаил", "Орлов", &linking.id.0] {
        assert!(!words.contains(mark) && !day.to_string().contains(mark), "{mark}: {words}");
    }
    let done = world.done_by_operators().await;
    assert_eq!(by(&done, "support_counted").len(), 3);
    // What operators have done is in the chain as everything is.
    let store = world.store().await;
    let keys = Keys::new(SECRET_KEY.as_bytes());
    mostik_service::audit::chain::give_places(&store, &keys).await.ok();
    let found = mostik_service::audit::verify::verify(&mut store.snapshot().await.unwrap(), &keys, None).await.unwrap();
    assert_eq!(found.faults, []);
    store.close().await;
}
