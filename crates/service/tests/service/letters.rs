//! Codes by e-mail: who may have them, and what becomes of the letters at a mail server that we did not write.

use mostik_wire::{Channel, Code, Delivery, Email, Linking, Step, StepName};
use serde_json::json;

use crate::{
    mail::{Mail, write_certificates},
    world::{App, DAY, MINUTE, World},
};

const ADDRESS: &str = "olga.orlova@mail.test";

impl World {
    /// A world with a mail server.
    pub async fn with_mail(security: &str) -> (Self, Mail) {
        Self::with_mail_and(security, &[]).await
    }

    /// The same, with settings beside those that lead to the mail server.
    pub async fn with_mail_and(security: &str, extra: &[(&str, &str)]) -> (Self, Mail) {
        let mail = Mail::start(security).await;
        let settings = mail.settings(security);
        let settings = settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let settings: Vec<_> = settings.chain(extra.iter().copied()).collect();
        (Self::with(&settings).await, mail)
    }

    /// Begins, or gets back, the linking of a child of the account.
    pub async fn begin_for(&self, app: &App, first_name: &str) -> Linking {
        let me = self.me(app).await;
        let pupil = me.pupils.iter().find(|p| p.first_name == first_name).unwrap();
        self.post(app, "/v1/linkings", json!({ "pupil": pupil.id })).await.linking()
    }

    /// Gives the address for Anya; answers with the linking and the code that came.
    pub async fn to_mail_code(&self, mail: &Mail, app: &App, address: &str) -> (Linking, String) {
        let begun = self.begin_for(app, "Анна").await;
        let linking = self.act(app, &begun, "contact", json!({ "contact": address })).await.linking();
        let letter = mail.letter(&Email::parse(address).unwrap().address()).await;
        (linking, letter.code())
    }

    pub async fn until_delivery(&self, app: &App, linking: &Linking, delivery: Delivery) -> Linking {
        self.until(app, linking, |l| matches!(&l.step, Step::Code(c) if c.delivery == delivery)).await
    }
}

#[tokio::test]
async fn an_address_is_for_pupils_under_fourteen() {
    let world = World::new().await;
    let olga = world.sign_in("olga").await;
    let misha = world.begin_for(&olga, "Михаил").await;
    let problem = world.act(&olga, &misha, "contact", json!({ "contact": ADDRESS })).await;
    assert_eq!(problem.problem(Code::EmailNeedsUnder14).detail.as_deref(), Some("contact"));
    let anya = world.begin_for(&olga, "Анна").await;
    for text in ["@", "olga@", "olga..orlova@mail.test", "olga@mail", "a@b@mail.test"] {
        world.act(&olga, &anya, "contact", json!({ "contact": text })).await.problem(Code::EmailMalformed);
    }
    // Anya was born on 3 March 2015: the day before her 14th birthday she is thirteen, on it she is fourteen.
    let birthday = 1_867_179_600_000;
    world.set_clock(birthday);
    let olga = world.sign_in("olga").await;
    let anya = world.begin_for(&olga, "Анна").await;
    world.act(&olga, &anya, "contact", json!({ "contact": ADDRESS })).await.problem(Code::EmailNeedsUnder14);
    world.set_clock(birthday - 1);
    let olga = world.sign_in("olga").await;
    let anya = world.begin_for(&olga, "Анна").await;
    let linking = world.act(&olga, &anya, "contact", json!({ "contact": ADDRESS })).await.linking();
    assert_eq!(linking.step.name(), StepName::Code);
}

#[tokio::test]
async fn mail_goes_to_no_server_that_cannot_prove_itself() {
    let (world, mail) = World::with_mail("starttls").await;
    // The authority that the service knows signed another certificate than the server's.
    write_certificates(mail.dir.path());
    let mut world = world;
    world.restart().await;
    let olga = world.sign_in("olga").await;
    let begun = world.begin_for(&olga, "Анна").await;
    let linking = world.act(&olga, &begun, "contact", json!({ "contact": ADDRESS })).await.linking();
    world.until_delivery(&olga, &linking, Delivery::Delayed).await;
    assert!(mail.left_unread().await.is_empty());
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_where_tls_is_asked_for() {
    let mail = Mail::start("none").await;
    let port = mail.port.to_string();
    let world = World::with(&[("MOSTIK_MAIL_PORT", &port), ("MOSTIK_MAIL_SECURITY", "starttls")]).await;
    let olga = world.sign_in("olga").await;
    let begun = world.begin_for(&olga, "Анна").await;
    let linking = world.act(&olga, &begun, "contact", json!({ "contact": ADDRESS })).await.linking();
    world.until_delivery(&olga, &linking, Delivery::Delayed).await;
    assert!(mail.left_unread().await.is_empty());
}

#[tokio::test]
async fn an_unknown_and_a_full_mailbox_are_told_apart_and_another_address_goes_on() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let mut linking = world.begin_for(&olga, "Анна").await;
    for (address, delivery) in
        [("nobody@mail.test", Delivery::NoSuchMailbox), ("full@mail.test", Delivery::MailboxFull)]
    {
        linking = world.act(&olga, &linking, "contact", json!({ "contact": address })).await.linking();
        linking = world.until_delivery(&olga, &linking, delivery).await;
    }
    let linking = world.act(&olga, &linking, "contact", json!({ "contact": ADDRESS })).await.linking();
    world.until_delivery(&olga, &linking, Delivery::Sent).await;
    assert_eq!(mail.letter(ADDRESS).await.code().len(), 6);
}

#[tokio::test]
async fn a_greylisted_letter_is_late_and_comes() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let begun = world.begin_for(&olga, "Анна").await;
    let address = "greylisted@mail.test";
    let linking = world.act(&olga, &begun, "contact", json!({ "contact": address })).await.linking();
    mail.next(|said| said["turned_away"] == address).await;
    world.until_delivery(&olga, &linking, Delivery::Delayed).await;
    world.advance(2_000);
    let letter = mail.letter(address).await;
    world.until_delivery(&olga, &linking, Delivery::Sent).await;
    let linking = world.act(&olga, &linking, "code", json!({ "code": letter.code() })).await.linking();
    assert_eq!(linking.step.name(), StepName::Password);
}

#[tokio::test]
async fn letters_wait_for_a_server_that_is_down() {
    let mail = Mail::start("none").await;
    let (port, settings) = (mail.port, mail.settings("none"));
    drop(mail);
    let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let world = World::with(&settings).await;
    let olga = world.sign_in("olga").await;
    let begun = world.begin_for(&olga, "Анна").await;
    let linking = world.act(&olga, &begun, "contact", json!({ "contact": ADDRESS })).await.linking();
    world.until_delivery(&olga, &linking, Delivery::Delayed).await;
    let mail = Mail::start_at("none", port).await;
    world.advance(MINUTE);
    assert_eq!(mail.letter(ADDRESS).await.code().len(), 6);
    // After ten minutes nobody needs the next one.
    drop(mail);
    let linking = world.act(&olga, &linking, "resend", json!({})).await.linking();
    world.until_delivery(&olga, &linking, Delivery::Delayed).await;
    world.advance(10 * MINUTE);
    let olga = world.sign_in("olga").await;
    world.until_delivery(&olga, &linking, Delivery::Failed).await;
}

#[tokio::test]
async fn codes_by_mail_have_the_limits_of_codes_by_sms_whatever_the_case_of_the_address() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let (linking, first) = world.to_mail_code(&mail, &olga, ADDRESS).await;
    let wrong = format!("{:06}", (first.parse::<u32>().unwrap() + 1) % 1_000_000);
    let problem = world.try_code(&olga, &linking, &wrong).await.problem(Code::CodeWrong);
    assert_eq!(problem.tries_left, Some(4));
    let linking = *problem.linking.unwrap();
    // The same address in capitals is the same contact: its code is on its way.
    let same = world.act(&olga, &linking, "contact", json!({ "contact": "Olga.Orlova@MAIL.test" })).await.linking();
    assert!(matches!(same.step, Step::Code(c) if c.nth == 1));
    world.act(&olga, &linking, "resend", json!({})).await.problem(Code::ResendTooEarly);
    // Nor is it another for another child.
    let lev = world.begin_for(&olga, "Лев").await;
    world
        .act(&olga, &lev, "contact", json!({ "contact": "OLGA.orlova@mail.test" }))
        .await
        .problem(Code::ResendTooEarly);
    world.advance(MINUTE);
    let linking = world.act(&olga, &linking, "resend", json!({})).await.linking();
    let second = mail.letter(ADDRESS).await.code();
    world.try_code(&olga, &linking, &first).await.problem(Code::CodeSuperseded);
    let linking = world.try_code(&olga, &linking, &second).await.linking();
    assert_eq!(linking.step.name(), StepName::Password);
    for gap in [120_000, 300_000, 900_000] {
        world.advance(gap);
        let olga = world.sign_in("olga").await;
        let lev = world.begin_for(&olga, "Лев").await;
        let lev = world.act(&olga, &lev, "contact", json!({ "contact": ADDRESS })).await.linking();
        mail.letter(ADDRESS).await;
        // A linking begun anew forgets nothing of what was sent.
        world.act(&olga, &lev, "cancel", json!({})).await.linking();
    }
    world.advance(900_000);
    let olga = world.sign_in("olga").await;
    let lev = world.begin_for(&olga, "Лев").await;
    let problem = world.act(&olga, &lev, "contact", json!({ "contact": ADDRESS })).await.problem(Code::SendsUsedUp);
    assert!(problem.retry_at.unwrap().since(world.now()) < DAY);
}

#[tokio::test]
async fn a_letter_is_readable_by_people_and_machines_over_starttls() {
    let (world, mail) = World::with_mail("starttls").await;
    let olga = world.sign_in("olga").await;
    let begun = world.begin_for(&olga, "Анна").await;
    let linking = world.act(&olga, &begun, "contact", json!({ "contact": ADDRESS })).await.linking();
    let Step::Code(step) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((step.channel, step.contact.as_str()), (Channel::Mail, ADDRESS));
    let letter = mail.letter(ADDRESS).await;
    let code = letter.code();
    assert_eq!(letter.subject, format!("Мостик: код {code}"));
    assert_eq!(code.len(), 6);
    for body in [&letter.text, &letter.html] {
        assert!(body.contains(&code) && body.contains("10 минут") && body.contains("Никому"), "{body}");
    }
    assert_eq!(letter.envelope["tls"], true);
    assert_eq!(letter.envelope["login"], crate::mail::USER);
    assert_eq!(letter.envelope["from"], "no-reply@school.test");
    assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(letter.header("Date").as_deref(), Some("Mon, 23 Nov 2026 06:00:00 +0000"));
    let id = letter.header("Message-ID").unwrap();
    assert!(id.starts_with('<') && id.ends_with("@school.test>"), "{id}");
    assert_eq!(letter.header("Content-Type").unwrap().split(';').next(), Some("multipart/alternative"));
    assert_eq!(letter.header("Content-Language").as_deref(), Some("ru"));
    world.until_delivery(&olga, &linking, Delivery::Sent).await;
    // Nothing of the letter stays behind.
    let linking = world.try_code(&olga, &linking, &code).await.linking();
    assert_eq!(linking.step.name(), StepName::Password);
}

#[tokio::test]
async fn letters_go_over_tls_from_the_first_byte_and_in_english_where_that_is_asked_for() {
    let (world, mail) = World::with_mail("tls").await;
    let olga = world.sign_in("olga").await.in_english();
    let (_, code) = {
        let begun = world.begin_for(&olga, "Анна").await;
        let linking = world.act(&olga, &begun, "contact", json!({ "contact": ADDRESS })).await.linking();
        let letter = mail.letter(ADDRESS).await;
        assert_eq!(letter.subject, format!("Mostik: code {}", letter.code()));
        assert!(letter.text.contains("works for 10 minutes"), "{}", letter.text);
        assert_eq!(letter.envelope["tls"], true);
        (linking, letter.code())
    };
    assert_eq!(code.len(), 6);
}

#[tokio::test]
async fn addresses_with_cyrillic_on_both_sides_are_written_to() {
    let (world, mail) = World::with_mail("starttls").await;
    let olga = world.sign_in("olga").await;
    let begun = world.begin_for(&olga, "Анна").await;
    let linking = world.act(&olga, &begun, "contact", json!({ "contact": "anya@почта.рф" })).await.linking();
    let letter = mail.letter("anya@xn--80a1acny.xn--p1ai").await;
    assert_eq!(letter.envelope["smtputf8"], false);
    let linking = world.act(&olga, &linking, "contact", json!({ "contact": "Аня@Почта.РФ" })).await.linking();
    let letter = mail.letter("Аня@xn--80a1acny.xn--p1ai").await;
    assert_eq!(letter.envelope["smtputf8"], true);
    let linking = world.try_code(&olga, &linking, &letter.code()).await.linking();
    let Step::Password(step) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((step.contact_masked.as_str(), step.shortest), ("А•••@почта.рф", 10));
}
