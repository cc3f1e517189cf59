//! Backups and what is restored from them, on each database.

use std::{
    fs,
    future::{pending, ready},
    path::{Path, PathBuf},
};

use mostik_store::{
    OpenError, Store,
    backup::{BackupError, Manifest, Origin, Restoring, back_up, restore, try_out},
    idempotency, max,
    outbox::{self, Kind, NewMessage},
    schema,
    secret_keys::{Holder, NodeKeys},
    sessions, sql,
};
use mostik_wire::Millis;

use crate::world::{self, DAY, NOW, Place, World, new_database};

const ORIGIN: Origin<'static> = Origin { version: "0.1.0", key: "key-1", now: NOW };
const RESTORING: Restoring<'static> = Restoring {
    keys: NodeKeys { writes: "key-1", reads: None },
    now: NOW,
    deletions_not_before: Millis(NOW.0 + DAY),
    end_sessions: false,
};

/// A backup in a folder of its own.
struct Backup {
    path: PathBuf,
    _dir: tempfile::TempDir,
}

impl Backup {
    async fn of(world: &World) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (path, _) = back_up(&world.address, dir.path(), &ORIGIN).await.unwrap();
        Self { path, _dir: dir }
    }

    fn change_manifest(&self, from: &str, to: &str) {
        let path = self.path.join("manifest.json");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    fn database(&self) -> PathBuf {
        self.path.join(if crate::ON_POSTGRES { "database.pgdump" } else { "database.sqlite" })
    }

    async fn refusal(&self) -> BackupError {
        let (place, _dir) = new_database();
        let refusal = restore(&self.path, &place, &RESTORING).await.unwrap_err();
        let tried = try_out(&self.path, &place, &RESTORING, pending()).await.unwrap_err();
        assert_eq!(refusal.to_string(), tried.to_string());
        refusal
    }
}

async fn world() -> World {
    let world = World::with_session("s").await;
    world.bind("key-1", None).await.unwrap();
    world
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn number(store: &Store, sql: &'static str) -> i64 {
    sql::query_scalar(sql).fetch_one(&mut store.reader().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn what_is_damaged_newer_or_sealed_with_another_key_is_refused() {
    let world = world().await;
    let backup = Backup::of(&world).await;
    let mut bytes = fs::read(backup.database()).unwrap();
    let whole = bytes.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(backup.database(), &bytes).unwrap();
    assert!(matches!(backup.refusal().await, BackupError::Damaged(_)));
    fs::write(backup.database(), &whole[..middle]).unwrap();
    assert!(matches!(backup.refusal().await, BackupError::Damaged(_)));
    fs::write(backup.database(), &whole).unwrap();

    // The file is whole, and its rows are not those that were there.
    backup.change_manifest("\"rows\": 1", "\"rows\": 2");
    assert!(matches!(backup.refusal().await, BackupError::Damaged(what) if what.contains("the table ")));
    backup.change_manifest("\"rows\": 2", "\"rows\": 1");
    backup.change_manifest("key-1", "key-2");
    assert!(matches!(backup.refusal().await, BackupError::OtherKey));
    let (elsewhere, _dir) = new_database();
    let keys = NodeKeys { writes: "key-3", reads: Some("key-2") };
    let read_besides = restore(&backup.path, &elsewhere, &Restoring { keys, ..RESTORING }).await;
    assert!(read_besides.is_ok(), "the key of then may be the previous one by now: {read_besides:?}");
    backup.change_manifest("key-2", "key-1");
    let migration = format!("\"migration\": {}", schema::newest());
    backup.change_manifest(&migration, "\"migration\": 9000");
    assert!(matches!(backup.refusal().await, BackupError::Newer { migration: 9000, .. }));
    fs::write(backup.path.join("manifest.json"), "{").unwrap();
    assert!(matches!(backup.refusal().await, BackupError::Unreadable { .. }));
    assert!(matches!(
        restore(Path::new("/nowhere"), &world.address, &RESTORING).await,
        Err(BackupError::Unreadable { .. })
    ));
}

#[tokio::test]
async fn nothing_is_written_over() {
    let world = world().await;
    let backup = Backup::of(&world).await;
    let error = back_up(&world.address, &backup.database(), &ORIGIN).await.unwrap_err();
    assert!(matches!(error, BackupError::Taken(_)), "{error}");
    let error = restore(&backup.path, &world.address, &RESTORING).await.unwrap_err();
    assert!(matches!(error, BackupError::NotEmpty(..)), "{error}");
    // Trying it beside a place that is full changes nothing there.
    try_out(&backup.path, &world.address, &RESTORING, pending()).await.unwrap();
    assert_eq!(number(&world, "SELECT COUNT(*) FROM sessions").await, 1);
}

#[tokio::test]
async fn a_backup_is_its_owners_alone_and_says_what_it_is() {
    let world = world().await;
    let dir = tempfile::tempdir().unwrap();
    // A run that was killed has left half of one.
    let place = dir.path().join("nightly");
    for left in [".nightly.partial", ".mostik-20260101T000000Z.partial"] {
        fs::create_dir(dir.path().join(left)).unwrap();
        fs::write(dir.path().join(left).join("database.sqlite"), "half").unwrap();
    }
    // And somebody else something of theirs.
    fs::create_dir(dir.path().join(".film.partial")).unwrap();
    fs::write(dir.path().join(".film.partial/film.mkv"), "half").unwrap();
    let (path, manifest) = back_up(&world.address, &place, &ORIGIN).await.unwrap();
    assert_eq!(path, place);
    #[cfg(unix)]
    for (path, mode) in
        [(&*place, 0o700), (&*place.join("manifest.json"), 0o600), (&*place.join(&manifest.file), 0o600)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
    let read: Manifest = serde_json::from_str(&fs::read_to_string(place.join("manifest.json")).unwrap()).unwrap();
    assert_eq!((&*read.version, read.taken_at, read.migration, &*read.key), ("0.1.0", NOW, schema::newest(), "key-1"));
    assert_eq!((read.tables["accounts"].rows, read.tables["outbox"].rows, read.rows()), (1, 0, manifest.rows()));
    assert_eq!(names_in(dir.path()), [".film.partial", ".mostik-backup.lock", "nightly"]);
}

#[tokio::test]
async fn a_database_that_nobody_has_begun_on_or_that_is_not_ours_is_not_backed_up() {
    let dir = tempfile::tempdir().unwrap();
    let (nothing, folder) = new_database();
    if let Place::Folder(folder) = &folder {
        let error = back_up(&nothing, dir.path(), &ORIGIN).await.unwrap_err();
        assert!(error.to_string().contains("Name the file that is served"), "{error}");
        fs::write(folder.path().join("mostik.sqlite"), "").unwrap();
    }
    let error = back_up(&nothing, dir.path(), &ORIGIN).await.unwrap_err();
    assert!(matches!(error, BackupError::Empty(_)), "{error}");

    let world = World::new().await;
    let mut tx = world.write().await.unwrap();
    sql::query(
        "UPDATE _sqlx_migrations SET version = 9000 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
    )
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let error = back_up(&world.address, dir.path(), &ORIGIN).await.unwrap_err();
    assert!(matches!(error, BackupError::Open(OpenError::Newer(9000))), "{error}");
    assert_eq!(names_in(dir.path()), [".mostik-backup.lock"]);
}

#[tokio::test]
async fn two_backups_come_into_being_beside_each_other_and_not_under_one_name() {
    let world = world().await;
    let dir = tempfile::tempdir().unwrap();
    let later = Origin { now: NOW.plus(1_000), ..ORIGIN };
    let (one, other) =
        tokio::join!(back_up(&world.address, dir.path(), &ORIGIN), back_up(&world.address, dir.path(), &later));
    assert_ne!(one.unwrap().0, other.unwrap().0);
    let place = dir.path().join("nightly");
    let (one, other) = tokio::join!(back_up(&world.address, &place, &ORIGIN), back_up(&world.address, &place, &later));
    let refused = one.as_ref().err().or(other.as_ref().err()).expect("one of them has written over the other");
    assert!(matches!(refused, BackupError::Claimed(_)), "{refused}");
    assert!(one.is_ok() || other.is_ok(), "{refused}");
}

#[tokio::test]
async fn a_backup_that_is_broken_off_leaves_nothing() {
    let world = world().await;
    let dir = tempfile::tempdir().unwrap();
    {
        let mut taken = std::pin::pin!(back_up(&world.address, dir.path(), &ORIGIN));
        // It has begun, and waits for the database.
        assert!(futures_util::poll!(&mut taken).is_pending());
        assert_eq!(names_in(dir.path()).len(), 2);
    }
    assert_eq!(names_in(dir.path()), [".mostik-backup.lock"]);
}

#[tokio::test]
async fn a_trial_that_is_broken_off_says_so() {
    let world = world().await;
    let backup = Backup::of(&world).await;
    let error = try_out(&backup.path, &world.address, &RESTORING, ready(())).await.unwrap_err();
    assert!(matches!(error, BackupError::BrokenOff), "{error}");
}

#[tokio::test]
async fn a_backup_of_the_version_before_is_restored_and_brought_up_to_date() {
    let (old, _dir) = new_database();
    world::make_tables_of(&old, 13).await;
    let dir = tempfile::tempdir().unwrap();
    let (backup, manifest) = back_up(&old, dir.path(), &ORIGIN).await.unwrap();
    assert_eq!((manifest.migration, manifest.tables["accounts"].rows), (13, 1));
    assert!(!manifest.tables.contains_key("audit_entries"));
    try_out(&backup, &old, &RESTORING, pending()).await.unwrap();
    let (place, _dir) = new_database();
    restore(&backup, &place, &RESTORING).await.unwrap();
    let store = Store::open(&place).await.unwrap();
    assert_eq!(number(&store, "SELECT MAX(version) FROM _sqlx_migrations").await, schema::newest());
    assert_eq!(number(&store, "SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(number(&store, "SELECT COUNT(*) FROM audit_entries").await, 0);
}

#[tokio::test]
async fn what_is_old_is_not_done_again() {
    let world = world().await;
    let mut tx = world.write().await.unwrap();
    for (id, kind) in [("waits", Kind::Sms), ("letter", Kind::Mail), ("words", Kind::Max), ("given", Kind::Sms)] {
        let message = NewMessage {
            id,
            kind,
            recipient: "7",
            sealed_payload: "sealed",
            about: None,
            now: NOW,
            expires_at: NOW.plus(DAY),
        };
        outbox::queue(&mut tx, &message).await.unwrap();
    }
    sql::query("UPDATE outbox SET state = 'sent' WHERE id = 'given'").execute(&mut tx).await.unwrap();
    max::keep_marker(&mut tx, "bot", 17).await.unwrap();
    idempotency::claim(&mut tx, "olga", "answered", "hash", NOW, NOW.plus(DAY)).await.unwrap();
    idempotency::store(&mut tx, "olga", "answered", 200, "sealed").await.unwrap();
    idempotency::claim(&mut tx, "olga", "under way", "hash", NOW, NOW.plus(DAY)).await.unwrap();
    for (id, deletes_at) in [("due", NOW.0 - 1), ("later", NOW.0 + 2 * DAY)] {
        sql::query(
            "INSERT INTO profiles (id, email_key, first_name, last_name, role, created_at, deletes_at)
             VALUES ($1, $1, 'Анна', 'Орлова', 'pupil', 1, $2)",
        )
        .bind(id)
        .bind(deletes_at)
        .execute(&mut tx)
        .await
        .unwrap();
    }
    sql::query("INSERT INTO auth_codes VALUES ('h', 's', 'r', 'c', 1, NULL)").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();

    let backup = Backup::of(&world).await;
    let (place, _dir) = new_database();
    restore(&backup.path, &place, &RESTORING).await.unwrap();
    let store = Store::open(&place).await.unwrap();
    let bind = async |writes| store.bind_to_keys(NodeKeys { writes, reads: None }, Holder::Command, NOW).await;
    bind("key-1").await.unwrap();
    assert!(matches!(bind("key-2").await, Err(OpenError::OtherKey)));
    let mut tx = store.write().await.unwrap();
    for kind in [Kind::Sms, Kind::Mail, Kind::Max] {
        outbox::give_up_late(&mut tx, kind, NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(number(&store, "SELECT COUNT(*) FROM outbox WHERE state = 'queued'").await, 0);
    assert_eq!(number(&store, "SELECT COUNT(*) FROM outbox WHERE sealed_payload IS NOT NULL").await, 0);
    assert_eq!(number(&store, "SELECT COUNT(*) FROM auth_codes").await, 0);
    assert_eq!(number(&store, "SELECT deletes_at FROM profiles WHERE id = 'due'").await, NOW.0 + DAY);
    assert_eq!(number(&store, "SELECT deletes_at FROM profiles WHERE id = 'later'").await, NOW.0 + 2 * DAY);
    let mut reader = store.reader().await.unwrap();
    assert_eq!(max::marker(&mut reader, "bot").await.unwrap(), None);
    assert!(sessions::stands(&mut reader, "s").await.unwrap());
    assert!(idempotency::seen(&mut reader, "olga", "answered").await.unwrap().is_some());
    assert!(idempotency::seen(&mut reader, "olga", "under way").await.unwrap().is_none());

    let (place, _dir) = new_database();
    restore(&backup.path, &place, &Restoring { end_sessions: true, ..RESTORING }).await.unwrap();
    let store = Store::open(&place).await.unwrap();
    assert!(!sessions::stands(&mut store.reader().await.unwrap(), "s").await.unwrap());
}

#[tokio::test]
async fn a_backup_under_writers_is_one_moment() {
    let world = world().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    // Each change makes an account with its session, in one transaction.
    let writer = async {
        for nth in 0.. {
            if *stopped.borrow() {
                return nth;
            }
            let mut tx = world.write().await.unwrap();
            let id = format!("a{nth}");
            sql::query(
                "INSERT INTO accounts (id, diary_user, first_name, last_name, role) VALUES ($1, $1, 'Ольга', 'Орлова', 'parent')",
            )
                .bind(&*id)
                .execute(&mut tx)
                .await
                .unwrap();
            let session = sessions::NewSession { id: &id, account: &id, client: "c", now: NOW };
            sessions::begin(&mut tx, &session).await.unwrap();
            tx.commit().await.unwrap();
        }
        unreachable!("it is stopped")
    };
    let backups = async {
        let dir = tempfile::tempdir().unwrap();
        for nth in 0..3 {
            back_up(&world.address, &dir.path().join(nth.to_string()), &ORIGIN).await.unwrap();
        }
        stop.send_replace(true);
        dir
    };
    let (written, dir) = tokio::join!(writer, backups);
    assert!(written > 3, "only {written} changes");
    let mut before = 0;
    for nth in 0..3 {
        let (place, _dir) = new_database();
        let manifest = restore(&dir.path().join(nth.to_string()), &place, &RESTORING).await.unwrap();
        let (accounts, sessions) = (manifest.tables["accounts"].rows, manifest.tables["sessions"].rows);
        assert!(accounts == sessions && accounts >= before, "{accounts} accounts, {sessions} sessions");
        before = accounts;
    }
}
