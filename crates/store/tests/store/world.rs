//! A store on a file of its own, empty or with people in it.

use std::ops::Deref;

use mostik_store::{
    Store,
    family::{self, NewAccount, NewPupil},
    sessions::{self, NewSession},
};
use mostik_wire::{Millis, Role};
use tempfile::TempDir;

/// Now.
pub const NOW: Millis = Millis(1_795_512_660_000);
/// A day, in milliseconds.
pub const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A store in a folder of its own.
pub struct World {
    store: Store,
    _dir: TempDir,
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
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("mostik.sqlite")).await.unwrap();
        Self { store, _dir: dir }
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
