use mostik_store::family::{self, NewAccount, NewPupil, Student};
use mostik_wire::{Gender, Role};

use crate::world::{World, misha, olga};

#[tokio::test]
async fn who_is_not_known_sees_no_diary() {
    let store = World::with_olga().await;
    let mut reader = store.reader().await.unwrap();
    assert!(family::account(&mut reader, "nobody").await.is_err());
    assert!(family::diary_tokens(&mut reader, "nobody").await.is_err());
    assert_eq!(family::pupils(&mut reader, "nobody").await.unwrap(), []);
    assert_eq!(family::student(&mut reader, "nobody", "misha").await.unwrap(), None);
    assert_eq!(family::student(&mut reader, "olga", "nobody").await.unwrap(), None);
}

#[tokio::test]
async fn a_sign_in_brings_what_is_new_and_keeps_the_ids() {
    let store = World::with_olga().await;
    let mut tx = store.write().await.unwrap();
    let renamed = NewAccount { id: "another", last_name: "Соколова", role: Role::Other, ..olga() };
    assert_eq!(family::keep_account(&mut tx, &renamed).await.unwrap(), "olga");
    let account = family::account(&mut tx, "olga").await.unwrap();
    assert_eq!((account.last_name.as_str(), account.role), ("Соколова", Role::Other));

    let older = NewPupil {
        id: "another",
        class_name: "9-Б",
        diary_person: Some("guid"),
        gender: Some(Gender::Male),
        school: Some("Школа 1"),
        ..misha()
    };
    let anna = NewPupil { id: "anna", diary_student: "202", first_name: "Анна", ..misha() };
    family::keep_pupils(&mut tx, "olga", &[anna, older]).await.unwrap();
    let pupils = family::pupils(&mut tx, "olga").await.unwrap();
    let seen: Vec<_> = pupils.iter().map(|pupil| (pupil.id.as_str(), pupil.class_name.as_str())).collect();
    assert_eq!(seen, [("anna", "8-Б"), ("misha", "9-Б")], "in the diary's order");
    assert_eq!((&pupils[1].link, &pupils[1].open_linking), (&None, &None));
    assert_eq!(pupils[1].school.as_deref(), Some("Школа 1"));
    let student = Student { diary_student: "201".into(), diary_person: Some("guid".into()) };
    assert_eq!(family::student(&mut tx, "olga", "misha").await.unwrap(), Some(student));
}

#[tokio::test]
async fn a_pupil_whom_the_diary_names_twice_or_no_more_is_seen_once_or_not() {
    let store = World::with_olga().await;
    let mut tx = store.write().await.unwrap();
    family::keep_pupils(&mut tx, "olga", &[misha(), misha()]).await.unwrap();
    assert_eq!(family::pupils(&mut tx, "olga").await.unwrap().len(), 1);
    family::keep_pupils(&mut tx, "olga", &[]).await.unwrap();
    assert_eq!(family::pupils(&mut tx, "olga").await.unwrap(), []);
    assert_eq!(family::student(&mut tx, "olga", "misha").await.unwrap(), None);
}

#[tokio::test]
async fn the_diarys_tokens_are_renewed() {
    let store = World::with_olga().await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(family::diary_tokens(&mut tx, "olga").await.unwrap().as_deref(), Some("sealed"));
    family::keep_diary_tokens(&mut tx, "olga", "renewed").await.unwrap();
    assert_eq!(family::diary_tokens(&mut tx, "olga").await.unwrap().as_deref(), Some("renewed"));
}
