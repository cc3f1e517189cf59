//! The audit log: what it says, what it says of nobody, and that nothing is changed in it unnoticed.

use std::{process::Command, sync::Arc};

use mostik_service::{
    audit::{
        Action, Actor, Author, Subject,
        chain::{self, Head},
        verify::{Fault, Findings, verify},
    },
    keys::Keys,
};
use mostik_store::{
    Conn, Store,
    audit::{self, Entry, Filter},
    sql,
};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::{
    by_mail::{ADDRESS, PASSWORD},
    owner::{by_code, by_password},
    world::{DAY, SECRET_KEY, World, on_postgres},
};

const PHONE: &str = "+79000001242";
const MISHA_IN_MAX: i64 = 501_001;

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new(SECRET_KEY.as_bytes()))
}

impl World {
    async fn audited(&self, filter: Filter) -> Vec<Entry> {
        let store = self.store().await;
        let found = audit::find(&mut store.reader().await.unwrap(), &filter, 1_000).await.unwrap();
        store.close().await;
        found
    }

    /// Writes so many entries, each in a transaction of its own, and gives them their places.
    async fn write_entries(&self, count: usize) -> Head {
        let (store, keys) = (self.store().await, keys());
        for nth in 0..count {
            self.advance(1);
            let author = Author { keys: Arc::clone(&keys), entropy: &*self.entropy, now: self.now() };
            let mut tx = store.write().await.unwrap();
            let profile = format!("profile-{nth}");
            let about = Subject { profile: Some(&profile), ..Subject::default() };
            author.record(&mut tx, Actor::Account("olga"), Action::LinkMade, &about, None).await.unwrap();
            tx.commit().await.unwrap();
        }
        let head = chain::give_places(&store, &keys).await.unwrap().unwrap();
        store.close().await;
        head
    }

    async fn verified(&self, known: Option<&Head>) -> Findings {
        let store = self.store().await;
        let found = verify(&mut store.snapshot().await.unwrap(), &keys(), known).await.unwrap();
        store.close().await;
        found
    }
}

fn actions(entries: &[Entry]) -> Vec<(&str, &str)> {
    entries.iter().map(|entry| (entry.action.as_str(), entry.actor.as_str())).collect()
}

/// What whoever owns the database does first.
async fn take_triggers_off(conn: &mut Conn) {
    let tables = ["audit_entries", "audit_chain"];
    let statements = if on_postgres() {
        tables.iter().map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER ALL")).collect::<Vec<_>>()
    } else {
        let of = |table: &&str| ["update", "delete", "replace"].map(|what| format!("DROP TRIGGER {table}_no_{what}"));
        let drops = tables.iter().flat_map(of);
        drops.chain(["PRAGMA defer_foreign_keys = ON".to_owned()]).collect()
    };
    for statement in statements {
        sql::query(AssertSqlSafe(statement)).execute(conn).await.unwrap();
    }
}

/// What is found after somebody who owns the database, and not the key, has done this; it is undone afterwards.
async fn faults(store: &Store, known: Option<&Head>, tampering: &[&str]) -> Vec<Fault> {
    let mut tx = store.write().await.unwrap();
    take_triggers_off(&mut tx).await;
    for statement in tampering {
        sql::query(AssertSqlSafe((*statement).to_owned())).execute(&mut tx).await.unwrap();
    }
    let found = verify(&mut tx, &keys(), known).await.unwrap();
    tx.rollback().await.unwrap();
    found.faults
}

#[tokio::test]
async fn an_edit_a_gap_and_a_cut_are_each_found() {
    let mut world = World::new().await;
    world.stop().await;
    let head = world.write_entries(5).await;
    let store = world.store().await;
    let places = audit::places(&mut store.reader().await.unwrap(), 0, 10).await.unwrap();
    let (third, last) = (&places[2].entry_id, &places[4].entry_id);
    assert_eq!(faults(&store, Some(&head), &[]).await, []);

    let edit = format!("UPDATE audit_entries SET actor_id = 'lev' WHERE id = '{third}'");
    assert_eq!(faults(&store, None, &[&edit]).await, [Fault::Changed(third.clone())]);
    let moved = format!("UPDATE audit_entries SET happened_at = happened_at + 1 WHERE id = '{third}'");
    assert_eq!(faults(&store, None, &[&moved]).await, [Fault::Changed(third.clone())]);
    // What was said of one profile is moved into the next field.
    let shifted = format!("UPDATE audit_entries SET pupil_id = profile_id, profile_id = NULL WHERE id = '{third}'");
    assert_eq!(faults(&store, None, &[&shifted]).await, [Fault::Changed(third.clone())]);

    let out = ["DELETE FROM audit_chain WHERE place = 3"];
    assert_eq!(faults(&store, None, &out).await, [Fault::Gap(3, 3), Fault::Displaced(third.clone())]);
    let gone = format!("DELETE FROM audit_entries WHERE id = '{third}'");
    assert_eq!(faults(&store, None, &[out[0], &gone]).await, [Fault::Gap(3, 3)]);
    assert_eq!(faults(&store, None, &[&gone]).await, [Fault::Missing(3)]);
    // The others move up.
    let closed = [
        out[0],
        &gone,
        "UPDATE audit_chain SET place = 3 WHERE place = 4",
        "UPDATE audit_chain SET place = 4 WHERE place = 5",
    ];
    assert_eq!(faults(&store, None, &closed).await, [Fault::Broken(3), Fault::Broken(4)]);
    let swapped = [
        "UPDATE audit_chain SET place = 9 WHERE place = 2",
        "UPDATE audit_chain SET place = 2 WHERE place = 3",
        "UPDATE audit_chain SET place = 3 WHERE place = 9",
    ];
    assert_eq!(
        faults(&store, None, &swapped).await,
        [Fault::Broken(2), Fault::Broken(3), Fault::Broken(4)],
        "the order is part of it"
    );

    // The end goes without a trace in what is left: the head that was told before shows it.
    let end = format!("DELETE FROM audit_entries WHERE id = '{last}'");
    let cut = ["DELETE FROM audit_chain WHERE place = 5", &end];
    assert_eq!(faults(&store, None, &cut).await, []);
    assert_eq!(faults(&store, Some(&head), &cut).await, [Fault::CutOff { ends: 4, head: 5 }]);
    let other = Head { link: "0".repeat(64), ..head.clone() };
    assert_eq!(faults(&store, Some(&other), &[]).await, [Fault::Rewritten(5)]);
    // With another key all of it is forged.
    let forged = verify(&mut store.snapshot().await.unwrap(), &Keys::new(b"another"), None).await.unwrap();
    assert_eq!(forged.faults.len(), 5);
    store.close().await;

    world.write_entries(3).await;
    let found = world.verified(Some(&head)).await;
    assert_eq!((found.faults, found.waiting), (Vec::new(), 0), "a log that has grown holds its older heads");
    assert_eq!(found.head.unwrap().place, 8);
}

#[tokio::test]
async fn changes_beside_each_other_come_into_one_order() {
    let mut world = World::new().await;
    world.stop().await;
    let (one, two, keys) = (world.store().await, world.store().await, keys());
    let all = (0..40).map(|nth| {
        let (store, keys, world) = (if nth % 2 == 0 { &one } else { &two }, &keys, &world);
        async move {
            let author = Author { keys: Arc::clone(keys), entropy: &*world.entropy, now: world.now() };
            let mut tx = store.write().await.unwrap();
            let about = Subject { profile: Some("p"), ..Subject::default() };
            author.record(&mut tx, Actor::Service, Action::LinkMade, &about, None).await.unwrap();
            tx.commit().await.unwrap();
            // Both nodes believe that they hold the lease: one of two that meet is refused, and tries again later.
            drop(chain::give_places(store, keys).await);
        }
    });
    futures_util::future::join_all(all).await;
    chain::give_places(&one, &keys).await.unwrap();
    let found = world.verified(None).await;
    assert_eq!((found.faults, found.waiting), (Vec::new(), 0));
    assert_eq!(found.head.unwrap().place, 40);
    one.close().await;
    two.close().await;
}

#[tokio::test]
async fn what_a_pupil_does_is_in_it_and_a_refusal_is_not() {
    let mut world = World::new().await;
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, PHONE, MISHA_IN_MAX).await;
    let pupil = world.pupil(&misha, "Михаил").await;
    let profile = world.profile(&misha, &pupil).await.id;
    world.advance(DAY);
    let misha = world.sign_in("misha").await;
    let code = world.owner_code(&misha, &pupil, PHONE).await;
    let wrong = world.proven(&misha, &pupil, "unlink", by_code("000000")).await;
    assert_ne!(wrong.status, 200);
    assert_eq!(world.proven(&misha, &pupil, "export", by_code(&code)).await.status, 200);
    world.advance(DAY);
    let misha = world.sign_in("misha").await;
    let code = world.owner_code(&misha, &pupil, PHONE).await;
    assert_eq!(world.proven(&misha, &pupil, "unlink", by_code(&code)).await.status, 200);
    assert_eq!(world.post(&misha, "/v1/sessions/end", json!({})).await.status, 200);

    let of_profile = world.audited(Filter { profile: Some(profile.clone()), ..Filter::default() }).await;
    let mut done = actions(&of_profile);
    // What one millisecond holds has no order.
    done.sort_unstable();
    assert_eq!(
        done,
        [
            ("exported", "account"),
            ("link_ended", "account"),
            ("link_made", "service"),
            ("max_bound", "service"),
            ("max_left", "account"),
            ("profile_made", "account"),
        ]
    );
    assert!(of_profile.iter().all(|entry| entry.pupil_id.as_ref() == Some(&pupil) && entry.linking_id.is_some()));
    let account = of_profile.iter().find_map(|entry| entry.actor_id.clone()).unwrap();
    let of_account = world.audited(Filter { account: Some(account), ..Filter::default() }).await;
    assert!(of_account.iter().filter(|entry| entry.action == "session_ended").count() >= 1);
    let everything = format!("{:?}", world.audited(Filter::default()).await);
    for mark in ["9000001242", "000-12-42", "501001", "Михаил", "Орлов", &misha.access, &misha.refresh] {
        assert!(!everything.contains(mark), "the audit log holds {mark}: {everything}");
    }
    // Six digits may stand in an id as well.
    assert!(!everything.contains(&format!("\"{code}\"")));
    world.stop().await;
    let found = world.verified(None).await;
    assert_eq!((found.faults, found.waiting), (Vec::new(), 0), "at its end the service gives the last places");
}

#[tokio::test]
async fn it_outlives_an_erasure_and_names_nobody() {
    let (mut world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let profile = world.profile(&olga, &anya).await.id;
    for what in ["deletion", "keep", "deletion"] {
        let body = json!({ "profile": profile, "proof": by_password(PASSWORD) });
        let body = if what == "keep" { json!({ "profile": profile }) } else { body };
        assert_eq!(world.own(&olga, &anya, what, body).await.status, 200, "{what}");
    }
    world.advance(DAY);
    world.restart().await;
    while !mail.letter(ADDRESS).await.subject.contains("профиль удалён") {}
    let entries = world.audited(Filter { profile: Some(profile), ..Filter::default() }).await;
    let mut all = actions(&entries);
    all.sort_unstable();
    assert_eq!(
        all,
        [
            ("consent_given", "account"),
            ("deletion_asked", "account"),
            ("deletion_asked", "account"),
            ("deletion_called_off", "account"),
            ("deletion_done", "service"),
            ("link_made", "account"),
            ("password_set", "account"),
            ("profile_made", "account"),
        ]
    );
    let everything = format!("{:?}", world.audited(Filter::default()).await);
    for name in ["Анна", "Орлова", "olga.orlova", "mail.test", PASSWORD, "2015", "argon2", &olga.access, &olga.refresh]
    {
        assert!(!everything.contains(name), "the audit log holds {name}: {everything}");
    }
    world.stop().await;
    assert_eq!(world.verified(None).await.faults, []);
}

#[tokio::test]
async fn the_command_tells_the_head_and_what_was_changed() {
    let mut world = World::new().await;
    world.stop().await;
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, world.config_text()).unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mostik-service"));
        let output = command.env_clear().arg("audit").args(args).arg("--config").arg(&file).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    assert_eq!(run(&["verify"]), (Some(0), "the audit log is empty\n".to_owned(), String::new()));
    let (status, _, err) = run(&["verify", "--head", "5:abc"]);
    assert!(status == Some(2) && err.contains("NUMBER:64 hex digits"), "{err}");
    let (status, _, err) = run(&["show", "--from", "yesterday"]);
    assert!(status == Some(2) && err.contains("2026-11-23"), "{err}");

    let head = world.write_entries(3).await;
    let (status, out, err) = run(&["verify", "--head", &head.to_string()]);
    assert_eq!((status, out, err), (Some(0), format!("whole up to {head}\n"), String::new()));
    let (status, _, err) = run(&["verify", "--head", &format!("9:{}", head.link)]);
    assert_eq!(status, Some(1));
    assert!(err.contains("cut off: it ends at place 3, and the head that was given is place 9"), "{err}");

    let (_, out, err) = run(&["show", "--profile", "profile-1", "--from", "2026-11-23", "--to", "2026-11-23"]);
    assert_eq!(out, "23.11.2026, 09:00 link_made by account olga profile=profile-1\n", "{err}");
    let (_, out, _) = run(&["show", "--most", "2", "--json"]);
    let entries: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let profiles: Vec<_> = entries.iter().map(|entry| entry["profile"].as_str().unwrap()).collect();
    assert_eq!(profiles, ["profile-1", "profile-2"]);
    assert_eq!(run(&["show", "--to", "2026-11-22"]).1, "");

    let store = world.store().await;
    let mut tx = store.write().await.unwrap();
    take_triggers_off(&mut tx).await;
    sql::query("UPDATE audit_entries SET actor_id = 'lev'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let (status, out, err) = run(&["verify"]);
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert_eq!(err.lines().filter(|line| line.contains("was changed")).count(), 3, "{err}");
}
