//! A store on a database of its own, empty or with people in it.

use std::{borrow::Cow, ops::Deref};

use mostik_store::{
    Address, Error, OpenError, Store, Tx,
    family::{self, NewAccount, NewPupil},
    schema,
    secret_keys::{Holder, KeyNumbers, NodeKeys},
    sessions::{self, NewSession},
};
use mostik_wire::{Millis, Role};
use mostik_world::postgres;
use sqlx::{Connection, migrate::Migrator, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// Now.
pub const NOW: Millis = Millis(1_795_512_660_000);
/// A day, in milliseconds.
pub const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A store on a database of its own.
pub struct World {
    /// Where the database is.
    pub address: Address,
    store: Store,
    _place: Place,
}

/// What goes with a test's database.
pub enum Place {
    /// Its folder.
    Folder(TempDir),
    /// Itself, in the server that all tests share.
    Server { _database: postgres::Database },
}

/// An empty database, for as long as its place lives.
pub fn new_database() -> (Address, Place) {
    if crate::ON_POSTGRES {
        let database = postgres::Database::new().unwrap();
        return (database.url.parse().unwrap(), Place::Server { _database: database });
    }
    let folder = tempfile::tempdir().unwrap();
    (Address::from(&*folder.path().join("mostik.sqlite")), Place::Folder(folder))
}

impl Deref for World {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

impl World {
    /// An empty one.
    pub async fn new() -> Self {
        let (address, place) = new_database();
        let store = Store::open(&address).await.unwrap();
        Self { address, store, _place: place }
    }

    /// Comes as a node with these keys.
    pub async fn bind(&self, writes: &str, reads: Option<&str>) -> Result<KeyNumbers, OpenError> {
        self.bind_to_keys(NodeKeys { writes, reads }, Holder::Node("node"), NOW).await
    }

    /// The same database as another node sees it.
    pub async fn another_node(&self) -> Store {
        Store::open(&self.address).await.unwrap()
    }

    /// Keeps a change, holds that a further one is refused, and begins the next.
    pub async fn refuses<T>(&self, kept: Tx, change: impl AsyncFnOnce(&mut Tx) -> Result<T, Error>) -> Tx {
        kept.commit().await.unwrap();
        let mut tx = self.write().await.unwrap();
        assert!(change(&mut tx).await.is_err());
        tx.rollback().await.unwrap();
        self.write().await.unwrap()
    }

    /// Ольга, who sees the diary of Михаил; the account's id is `olga`, the pupil's `misha`.
    pub async fn with_olga() -> Self {
        let store = Self::new().await;
        let mut tx = store.write().await.unwrap();
        family::keep_account(&mut tx, &olga()).await.unwrap();
        family::keep_pupils(&mut tx, "olga", &[misha()]).await.unwrap();
        tx.commit().await.unwrap();
        store
    }

    /// The same, who sees the diary of Лев too, whose pupil's id is `lev`.
    pub async fn with_two_pupils() -> Self {
        let store = Self::with_olga().await;
        let mut tx = store.write().await.unwrap();
        let lev = NewPupil { id: "lev", diary_student: "202", first_name: "Лев", ..misha() };
        family::keep_pupils(&mut tx, "olga", &[misha(), lev]).await.unwrap();
        tx.commit().await.unwrap();
        store
    }

    /// Ольга with Михаил, and a session of that id.
    pub async fn with_session(id: &str) -> Self {
        let store = Self::with_olga().await;
        store.begin_session(id).await;
        store
    }

    /// One more session of Ольга.
    pub async fn begin_session(&self, id: &str) {
        let mut tx = self.write().await.unwrap();
        sessions::begin(&mut tx, &NewSession { id, account: "olga", client: "mostik", now: NOW }).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Ольга's account.
pub fn olga() -> NewAccount<'static> {
    NewAccount {
        id: "olga",
        diary_user: "101",
        first_name: "Ольга",
        last_name: "Орлова",
        role: Role::Parent,
        sealed_tokens: "sealed",
    }
}

/// Михаил.
pub fn misha() -> NewPupil<'static> {
    NewPupil {
        id: "misha",
        diary_student: "201",
        diary_person: None,
        first_name: "Михаил",
        last_name: "Орлов",
        middle_name: None,
        class_name: "8-Б",
        school: None,
        birth_date: Some("2011-05-14"),
        gender: None,
    }
}

/// Makes the tables of an older version, up to that change, with Ольга in them.
pub async fn make_tables_of(address: &Address, change: i64) {
    const OLGA: &str = "INSERT INTO accounts VALUES ('olga', '101', 'Ольга', 'Орлова', 'parent', NULL)";
    let until = |all: &Migrator| {
        let known = all.iter().filter(|migration| migration.version <= change).cloned().collect();
        Migrator { migrations: Cow::Owned(known), ..Migrator::DEFAULT }
    };
    if crate::ON_POSTGRES {
        let mut old = sqlx::PgConnection::connect(&address.to_string()).await.unwrap();
        until(&schema::POSTGRES).run(&mut old).await.unwrap();
        sqlx::query(OLGA).execute(&mut old).await.unwrap();
        old.close().await.unwrap();
    } else {
        let options = SqliteConnectOptions::new().filename(address.to_string()).create_if_missing(true);
        let mut old = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        until(&schema::SQLITE).run(&mut old).await.unwrap();
        sqlx::query(OLGA).execute(&mut old).await.unwrap();
        old.close().await.unwrap();
    }
}
