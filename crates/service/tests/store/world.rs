//! A store with an account that opens the diaries of two pupils.

use mostik_service::store::{
    Conn, Store,
    family::{self, NewAccount, NewPupil},
    sessions::{self, NewSession},
};
use mostik_wire::{Gender, Millis, Role};

pub const NOW: Millis = Millis(1_795_512_660_000);
pub const DAY: i64 = 24 * 60 * 60 * 1_000;

pub struct World {
    pub store: Store,
    _dir: tempfile::TempDir,
}

impl World {
    /// The account `a` opens the diaries of the pupils `u` and `v`.
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("mostik.sqlite")).await.unwrap();
        let mut tx = store.write().await.unwrap();
        let account = NewAccount {
            id: "a",
            diary_user: "1",
            first_name: "Ольга",
            last_name: "Орлова",
            role: Role::Parent,
            sealed_tokens: "sealed",
        };
        family::keep_account(&mut tx, &account).await.unwrap();
        let pupil = |id, diary_student, first_name| NewPupil {
            id,
            diary_student,
            diary_person: None,
            first_name,
            last_name: "Орлов",
            middle_name: None,
            class_name: "8-Б",
            school: None,
            birth_date: Some("2011-05-14"),
            gender: Some(Gender::Male),
        };
        family::keep_pupils(&mut tx, "a", &[pupil("u", "11", "Миша"), pupil("v", "12", "Лев")]).await.unwrap();
        tx.commit().await.unwrap();
        Self { store, _dir: dir }
    }

    /// Signs the account in.
    pub async fn session(&self, conn: &mut Conn, id: &str, account: &str) {
        sessions::begin(conn, &NewSession { id, account, client: "mostik-desktop", now: NOW }).await.unwrap();
    }
}
