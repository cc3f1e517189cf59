//! The audit log is only added to, and has one order.

use mostik_store::{
    Store, Tx,
    audit::{self, Entry, Filter, Place},
    sql,
};
use mostik_wire::Millis;

use crate::world::{NOW, World};

fn entry(id: &str, at: i64) -> Entry {
    Entry {
        id: id.to_owned(),
        happened_at: NOW.0 + at,
        actor: "account".to_owned(),
        actor_id: Some("olga".to_owned()),
        action: "link_made".to_owned(),
        profile_id: Some("p1".to_owned()),
        pupil_id: Some("misha".to_owned()),
        account_id: None,
        linking_id: Some("l1".to_owned()),
        session_id: None,
        reason: None,
        mac: format!("mac of {id}"),
    }
}

fn place(place: i64, entry: &str) -> Place {
    Place { place, entry_id: entry.to_owned(), link: format!("link {place}") }
}

async fn write(store: &Store, entries: &[Entry]) {
    let mut tx = store.write().await.unwrap();
    for entry in entries {
        audit::write(&mut tx, entry).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn refuses(world: &World, sql: &'static str) {
    let mut tx = world.write().await.unwrap();
    let refused = sql::query(sql).execute(&mut tx).await.expect_err(sql);
    assert!(refused.to_string().contains("append-only"), "{sql}: {refused}");
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn nothing_is_changed_in_it_and_nothing_taken_out() {
    let world = World::new().await;
    write(&world, &[entry("a", 0), entry("b", 1)]).await;
    let mut tx = world.write().await.unwrap();
    audit::give_place(&mut tx, &place(1, "a")).await.unwrap();
    tx.commit().await.unwrap();
    for sql in [
        "UPDATE audit_entries SET actor_id = 'lev'",
        "UPDATE audit_entries SET mac = mac WHERE id = 'b'",
        "DELETE FROM audit_entries WHERE id = 'b'",
        "UPDATE audit_chain SET link = 'x'",
        "DELETE FROM audit_chain",
    ] {
        refuses(&world, sql).await;
    }
    if crate::ON_POSTGRES {
        refuses(&world, "TRUNCATE audit_chain").await;
        refuses(&world, "TRUNCATE audit_entries CASCADE").await;
    } else {
        for sql in [
            "REPLACE INTO audit_entries (id, happened_at, actor, action, mac) VALUES ('a', 1, 'service', 'x', 'y')",
            "REPLACE INTO audit_entries (rowid, id, happened_at, actor, action, mac)
                 VALUES (1, 'c', 1, 'service', 'x', 'y')",
            "REPLACE INTO audit_chain (place, entry_id, link) VALUES (1, 'b', 'x')",
            "REPLACE INTO audit_chain (rowid, place, entry_id, link) VALUES (1, 2, 'b', 'x')",
        ] {
            refuses(&world, sql).await;
        }
    }
    let all = audit::find(&mut world.reader().await.unwrap(), &Filter::default(), 10).await.unwrap();
    assert_eq!(all, [entry("a", 0), entry("b", 1)]);
}

#[tokio::test]
async fn no_two_entries_have_one_place_and_none_has_two() {
    let world = World::new().await;
    write(&world, &[entry("a", 0), entry("b", 1)]).await;
    let mut tx = world.write().await.unwrap();
    audit::give_place(&mut tx, &place(1, "a")).await.unwrap();
    for wrong in [place(1, "b"), place(2, "a"), place(0, "b"), place(2, "nobody's")] {
        tx = world.refuses(tx, async |tx: &mut Tx| audit::give_place(tx, &wrong).await).await;
    }
    let waiting = audit::waiting(&mut tx, 10).await.unwrap();
    assert_eq!(waiting, [entry("b", 1)], "what was refused waits on");
    audit::give_place(&mut tx, &place(2, "b")).await.unwrap();
    assert_eq!(audit::head(&mut tx).await.unwrap(), Some(place(2, "b")));
    assert_eq!(audit::places(&mut tx, 1, 10).await.unwrap(), [place(2, "b")]);
    assert_eq!(audit::entries_at(&mut tx, 1, 2).await.unwrap(), [entry("a", 0), entry("b", 1)]);
    assert!(audit::without_place(&mut tx, 10).await.unwrap().is_empty());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_undone_leaves_no_entry_and_what_waits_is_found_oldest_first() {
    let world = World::new().await;
    let mut tx = world.write().await.unwrap();
    audit::write(&mut tx, &entry("undone", 0)).await.unwrap();
    tx.rollback().await.unwrap();
    write(&world, &[entry("later", 5), entry("sooner", 1)]).await;
    let mut tx = world.write().await.unwrap();
    assert_eq!(audit::waiting(&mut tx, 10).await.unwrap(), [entry("sooner", 1), entry("later", 5)]);
    assert_eq!(audit::waiting(&mut tx, 1).await.unwrap().len(), 1);
    assert_eq!(audit::head(&mut tx).await.unwrap(), None);
    sql::query("DELETE FROM audit_waiting WHERE entry_id = 'later'").execute(&mut tx).await.unwrap();
    assert_eq!(audit::without_place(&mut tx, 10).await.unwrap(), ["later"]);
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn entries_are_found_by_whom_they_are_about_and_by_time() {
    let world = World::new().await;
    let of = |id: &str, at, profile: &str, actor: &str| Entry {
        profile_id: Some(profile.to_owned()),
        actor_id: Some(actor.to_owned()),
        ..entry(id, at)
    };
    let about_lev = Entry { account_id: Some("lev".to_owned()), ..of("d", 3, "p1", "olga") };
    let operator = Entry { actor: "operator".to_owned(), ..of("e", 4, "p2", "lev") };
    write(&world, &[of("a", 0, "p1", "olga"), of("b", 1, "p2", "lev"), of("c", 2, "p1", "lev"), about_lev, operator])
        .await;
    let mut conn = world.reader().await.unwrap();
    let mut found = async |filter: Filter, most| {
        let found = audit::find(&mut conn, &filter, most).await.unwrap();
        found.into_iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    let p1 = Filter { profile: Some("p1".to_owned()), ..Filter::default() };
    assert_eq!(found(p1.clone(), 10).await, ["a", "c", "d"]);
    assert_eq!(found(p1, 2).await, ["c", "d"], "the newest");
    let lev = Filter { account: Some("lev".to_owned()), ..Filter::default() };
    assert_eq!(found(lev, 10).await, ["b", "c", "d"], "an operator of that name is no account");
    let time = Filter { from: Some(Millis(NOW.0 + 1)), until: Some(Millis(NOW.0 + 3)), ..Filter::default() };
    assert_eq!(found(time, 10).await, ["b", "c"]);
    let nobody = Filter { pupil: Some("anya".to_owned()), ..Filter::default() };
    assert!(found(nobody, 10).await.is_empty());
}
