//! Deleting a profile: a day to think better of it, and afterwards nothing that names the person.

use std::{
    io,
    sync::{Arc, Mutex},
};

use mostik_wire::{Code, LinkSummary, StepName};
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    by_mail::{ADDRESS, PASSWORD},
    mail::Mail,
    owner::{by_code, by_password},
    secrets::{bytes_of, holds},
    world::{App, DAY, MINUTE, World},
};

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    // While there is but one subscriber, tracing asks that of the thread which comes upon a line first: another test's thread
    // has none, and the line would be dead for all. A second one, alive as long, makes it ask all of them.
    fn keep(&self) -> (tracing::subscriber::DefaultGuard, tracing::Dispatch) {
        let log = self.clone();
        let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || log.clone());
        let second = tracing::Dispatch::new(tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).finish());
        (tracing::subscriber::set_default(all.finish()), second)
    }
}

impl World {
    async fn to_doomed(&self, mail: &Mail, app: &App) -> String {
        self.to_made(mail, app, ADDRESS).await;
        let anya = self.pupil(app, "Анна").await;
        let doomed = self.proven(app, &anya, "deletion", by_password(PASSWORD)).await.profile();
        assert_eq!(doomed.deletes_at.unwrap().since(self.now()), DAY);
        anya
    }
}

#[tokio::test]
async fn a_profile_that_is_about_to_go_is_neither_unlinked_nor_asked_about_twice() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let anya = world.to_doomed(&mail, &olga).await;
    for what in ["unlink", "deletion"] {
        world.proven(&olga, &anya, what, by_password(PASSWORD)).await.problem(Code::DeletionPending);
    }
    let letter = mail.letter(ADDRESS).await;
    assert_eq!(letter.subject, "Мостик: учебный профиль будет удалён");
    for said in ["24.11.2026, 09:00", "Анна О.", "Оставить профиль"] {
        assert!(letter.text.contains(said), "{said}: {}", letter.text);
    }
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { deletes_at: Some(_), .. }));
    assert!(mail.left_unread().await.is_empty());
}

#[tokio::test]
async fn a_deletion_is_called_off_without_a_proof_and_then_never_comes() {
    let (mut world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let anya = world.to_doomed(&mail, &olga).await;
    mail.letter(ADDRESS).await;
    let profile = world.profile(&olga, &anya).await.id;
    for _ in 0..2 {
        let kept = world.own(&olga, &anya, "keep", json!({ "profile": profile })).await.profile();
        assert_eq!(kept.deletes_at, None);
    }
    assert_eq!(mail.letter(ADDRESS).await.subject, "Мостик: учебный профиль остаётся");
    assert!(mail.left_unread().await.is_empty(), "called off once, told once");
    world.advance(2 * DAY);
    world.restart().await;
    let olga = world.sign_in("olga").await;
    assert_eq!(world.profile(&olga, &anya).await.id, profile);
}

#[tokio::test]
async fn who_follows_the_link_hears_of_the_deletion_and_of_its_end() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let made = world.to_made(&mail, &olga, ADDRESS).await;
    let linking = world.act(&olga, &made, "skip-max", json!({})).await.linking();
    let mut events = world.events(&olga, &linking.id.0).await;
    let deletes_at = |linking: Option<mostik_wire::Linking>| match linking.expect("the stream stands").step {
        mostik_wire::Step::Linked(step) => step.deletes_at,
        step => panic!("at {:?}", step.name()),
    };
    assert_eq!(deletes_at(events.next().await), None);
    let anya = world.pupil(&olga, "Анна").await;
    let doomed = world.proven(&olga, &anya, "deletion", by_password(PASSWORD)).await.profile();
    assert_eq!(deletes_at(events.next().await), doomed.deletes_at);
    world.own(&olga, &anya, "keep", json!({ "profile": doomed.id })).await.profile();
    assert_eq!(deletes_at(events.next().await), None);
}

#[tokio::test]
async fn until_its_hour_nothing_is_lost() {
    let (mut world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let anya = world.to_doomed(&mail, &olga).await;
    world.advance(DAY - 1);
    world.restart().await;
    let olga = world.sign_in("olga").await;
    assert!(world.profile(&olga, &anya).await.deletes_at.is_some());
}

#[tokio::test]
async fn afterwards_no_file_and_no_line_of_the_log_names_the_child() {
    let log = Log::default();
    let _kept = log.keep();
    let (mut world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    world.to_doomed(&mail, &olga).await;
    mail.letter(ADDRESS).await;
    let names = ["Анна", "Орлова", "Сергеевна", "olga.orlova", "2015-03-03", "$argon2id$"];
    let before = bytes_of(&world);
    for name in names {
        assert!(holds(&before, name), "the search finds {name} while it is there");
    }
    world.advance(DAY);
    world.restart().await;
    let letter = mail.letter(ADDRESS).await;
    assert_eq!(letter.subject, "Мостик: учебный профиль удалён");
    // The session went with what it had shown.
    world.get(&olga, "/v1/me").await.problem(Code::Unauthorized);
    // Once more through the start, and its sweep: the journal of then is gone, and one of now lies there.
    world.restart().await;
    world.get(&olga, "/v1/me").await.problem(Code::Unauthorized);
    let after = bytes_of(&world);
    for name in names {
        assert!(!holds(&after, name), "{name} is there still");
    }
    world.stop().await;
    let all = bytes_of(&world);
    let said = log.0.lock().unwrap().clone();
    assert!(holds(&said, "a profile was deleted"), "the log is kept");
    for name in names.into_iter().filter(|name| *name != "$argon2id$") {
        assert!(!holds(&all, name), "{name} is there still");
        assert!(!holds(&said, name), "the log names {name}");
    }
}

#[tokio::test]
async fn who_signs_in_again_finds_the_diary_as_ever_and_may_begin_anew() {
    let (mut world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    world.to_doomed(&mail, &olga).await;
    world.advance(DAY);
    world.restart().await;
    while !mail.letter(ADDRESS).await.subject.contains("профиль удалён") {}
    let olga = world.sign_in("olga").await;
    assert_eq!(world.me(&olga).await.pupils.len(), 3);
    assert_eq!(world.link_of(&olga, "Анна").await, LinkSummary::NotLinked);
    let linking = world.to_proven(&mail, &olga, ADDRESS).await;
    assert_eq!(linking.step.name(), StepName::Password, "the address has no profile any more");
}

#[tokio::test]
async fn a_brothers_link_and_a_neighbours_wizard_go_on() {
    let (mut world, mail) = World::with_mail("none").await;
    let (olga, misha) = (world.sign_in("olga").await, world.sign_in("misha").await);
    world.to_linked(&misha, "+79000001242", 501_001).await;
    world.to_doomed(&mail, &olga).await;
    // Lev's wizard has come upon the same address.
    world.advance(MINUTE);
    let lev = world.begin_for(&olga, "Лев").await;
    let lev = world.act(&olga, &lev, "contact", json!({ "contact": ADDRESS })).await.linking();
    while !mail.letter(ADDRESS).await.subject.contains("код") {}
    world.advance(DAY);
    world.restart().await;
    // Who signs in before the profile is gone is signed out with it.
    while !mail.letter(ADDRESS).await.subject.contains("удалён") {}
    let (olga, misha) = (world.sign_in("olga").await, world.sign_in("misha").await);
    assert!(matches!(world.link_of(&misha, "Михаил").await, LinkSummary::Linked { in_max: true, .. }));
    assert!(matches!(world.link_of(&olga, "Михаил").await, LinkSummary::Linked { .. }));
    let lev = world.linking(&olga, &lev.id.0).await;
    assert_eq!(lev.step.name(), StepName::Contact, "it asks for a contact again");
    let lev = world.act(&olga, &lev, "contact", json!({ "contact": "lev@mail.test" })).await.linking();
    assert_eq!(lev.step.name(), StepName::Code);
}

#[tokio::test]
async fn a_profile_by_phone_is_told_of_in_max() {
    let mut world = World::new().await;
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, "+79000001242", 501_001).await;
    let pupil = world.pupil(&misha, "Михаил").await;
    let code = world.owner_code(&misha, &pupil, "+79000001242").await;
    let answer = world.proven(&misha, &pupil, "deletion", by_code(&code)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let mut heard = 0;
    while !world.bot_says(501_001, &mut heard).await["text"].as_str().unwrap().contains("будет удалён") {}
    world.advance(DAY);
    world.restart().await;
    while !world.bot_says(501_001, &mut heard).await["text"].as_str().unwrap().contains("это последнее сообщение")
    {
    }
}
