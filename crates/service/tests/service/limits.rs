//! How many contacts may be given, and how many codes go out: counted in the database, whoever asks and whichever node answers.

use std::{fmt::Write as _, net::IpAddr};

use futures_util::future::join_all;
use mostik_linking::{
    GAPS,
    limits::{Counted, LIMITS, Whose},
};
use mostik_wire::{Code, Linking, Millis, Step};
use serde_json::json;

use crate::world::{Answer, App, DAY, MINUTE, World};

const HOUR: i64 = 60 * MINUTE;
const SECOND: i64 = 1000;

fn number(nth: usize) -> String {
    format!("+7900000{nth:04}")
}

async fn give(world: &World, app: &App, linking: &Linking, nth: usize) -> Answer {
    let linking = world.linking(app, &linking.id.0).await;
    world.act(app, &linking, "contact", json!({ "contact": number(nth) })).await
}

fn is_sent(answer: &Answer) -> bool {
    answer.status == 200 && matches!(answer.linking().step, Step::Code(_))
}

// The answer says to the second when the same will be taken.
fn refused(world: &World, answer: &Answer, code: Code, until: Millis) {
    assert_eq!(answer.problem(code).retry_at, Some(until));
    assert_eq!(answer.headers["retry-after"], (until.since(world.now()) / 1000).to_string());
}

async fn sent_to_all(world: &World) -> usize {
    let all = world.phone_api(world.http.get(world.phone_page("/api/sms"))).await;
    all.as_array().unwrap().len()
}

#[tokio::test]
async fn a_linking_gives_five_contacts_a_day_and_its_account_ten_over_restarts() {
    let mut world = World::new().await;
    let olga = world.sign_in("olga").await;
    let began = world.now();
    let mut linkings = Vec::new();
    for child in ["Анна", "Михаил", "Лев"] {
        linkings.push(world.begin_for(&olga, child).await);
    }
    for nth in 0..10 {
        assert!(is_sent(&give(&world, &olga, &linkings[nth / 5], nth).await), "{nth}");
        world.advance(SECOND);
        if nth == 4 {
            refused(&world, &give(&world, &olga, &linkings[0], 90).await, Code::ContactsUsedUp, began.plus(DAY));
            world.restart().await;
            refused(&world, &give(&world, &olga, &linkings[0], 91).await, Code::ContactsUsedUp, began.plus(DAY));
        }
    }
    // The account has none left for its third child either.
    refused(&world, &give(&world, &olga, &linkings[2], 92).await, Code::ContactsUsedUp, began.plus(DAY));
    // One that it has given is none of them, and MAX needs none.
    world.advance(GAPS[0]);
    assert!(is_sent(&give(&world, &olga, &linkings[0], 0).await));
    world.act(&olga, &linkings[2], "max-proof", json!({})).await.linking();
    // Another account is not concerned.
    let liza = world.sign_in("liza").await;
    let hers = world.begin(&liza).await;
    assert!(is_sent(&give(&world, &liza, &hers, 93).await));
    world.set_clock(began.plus(DAY).0 - 1000);
    let olga = world.sign_in("olga").await;
    let third = world.begin_for(&olga, "Лев").await;
    refused(&world, &give(&world, &olga, &third, 94).await, Code::ContactsUsedUp, began.plus(DAY));
    world.advance(1000);
    assert!(is_sent(&give(&world, &olga, &third, 94).await));
    refused(&world, &give(&world, &olga, &third, 95).await, Code::ContactsUsedUp, began.plus(DAY + SECOND));
}

#[tokio::test]
async fn sixty_numbers_at_once_are_five() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    let linking = world.begin(&misha).await;
    let mut sent = 0;
    for round in 0..6 {
        let linking = world.linking(&misha, &linking.id.0).await;
        let asked =
            (0..10).map(|nth| world.act(&misha, &linking, "contact", json!({ "contact": number(round * 10 + nth) })));
        sent += join_all(asked).await.iter().filter(|answer| is_sent(answer)).count();
    }
    assert_eq!(sent, 5);
    assert!(sent_to_all(&world).await <= 5);
}

#[tokio::test]
async fn an_address_gives_three_contacts_an_hour_whoever_sits_there() {
    let mut world = World::with(&[("MOSTIK_LIMITS_SHARED_NETWORKS", "127.0.0.8")]).await;
    let began = world.now();
    let mut apps = Vec::new();
    for (nth, name) in ["misha", "liza", "timur", "anya"].into_iter().enumerate() {
        let app = world.sign_in(name).await;
        let linking = world.begin(&app).await;
        let answer = give(&world, &app, &linking, nth).await;
        if nth < 3 {
            assert!(is_sent(&answer), "{nth}");
        } else {
            refused(&world, &answer, Code::NetworkContactsUsedUp, began.plus(HOUR));
        }
        apps.push((app, linking));
    }
    let (anya, hers) = &apps[3];
    // A number that was given there before is no new one: a family's phone, say.
    world.advance(GAPS[0]);
    assert!(is_sent(&give(&world, anya, hers, 0).await));
    let here = world.http.clone();
    // From another address, and from one that many people share.
    for (address, most) in [([127, 0, 0, 9], 3), ([127, 0, 0, 8], 5)] {
        world.http = reqwest::Client::builder().no_proxy().local_address(IpAddr::from(address)).build().unwrap();
        for nth in 0..5 {
            let (app, linking) = &apps[nth % 3];
            let answer = give(&world, app, linking, usize::from(address[3]) * 10 + nth).await;
            assert_eq!(is_sent(&answer), nth < most, "{address:?} {nth} {answer:?}");
        }
    }
    // An hour later, or by MAX.
    world.http = here;
    world.act(&apps[0].0, &world.linking(&apps[0].0, &apps[0].1.id.0).await, "max-proof", json!({})).await.linking();
    world.set_clock(began.plus(HOUR).0);
    let anya = world.sign_in("anya").await;
    assert!(is_sent(&give(&world, &anya, hers, 60).await));
}

#[tokio::test]
async fn codes_to_contacts_that_are_not_proven_have_the_operators_budget_on_all_nodes_together() {
    let world = World::with(&[("MOSTIK_LIMITS_CODES_OF_SERVICE", "4")]).await;
    let began = world.now();
    let mut apps = Vec::new();
    for name in ["misha", "liza", "timur", "anya", "budi", "constance", "hung", "layla"] {
        let app = world.sign_in(name).await;
        let linking = world.begin(&app).await;
        apps.push((app, linking));
    }
    // Liza is linked: her first code was one of the four.
    let (liza, _) = &apps[1];
    world.to_linked(liza, "+79000002357", 501_002).await;
    let other = world.another_node().await;
    let asked = apps.iter().enumerate().filter(|(nth, _)| *nth != 1).map(async |(nth, (app, linking))| {
        let url = if nth % 2 == 0 { world.url() } else { other.url.as_str() };
        let body = json!({ "contact": number(nth), "version": linking.version });
        world.post_to(url, app, &format!("/v1/linkings/{}/contact", linking.id.0), &world.new_key(), body).await
    });
    let answers = join_all(asked).await;
    assert_eq!(answers.iter().filter(|answer| is_sent(answer)).count(), 3);
    for answer in answers.iter().filter(|answer| !is_sent(answer)) {
        refused(&world, answer, Code::CodesPaused, began.plus(HOUR));
    }
    for nth in (0..apps.len()).filter(|nth| *nth != 1 && is_sent(&answers[nth - usize::from(*nth > 1)])) {
        let path = format!("/api/sms/wait?to={}&after=0&timeout_s=20", number(nth).trim_start_matches('+'));
        let came = world.phone_api(world.http.get(world.phone_page(&path))).await;
        assert_eq!(came.as_array().unwrap().len(), 1, "{nth}");
    }
    assert_eq!(sent_to_all(&world).await, 4);
    // Neither may a code go again that nobody has typed yet.
    world.advance(GAPS[0]);
    let (nth, (app, linking)) =
        apps.iter().enumerate().find(|(nth, _)| *nth != 1 && is_sent(&answers[nth - usize::from(*nth > 1)])).unwrap();
    let linking = world.linking(app, &linking.id.0).await;
    let again = world.act(app, &linking, "resend", json!({})).await;
    refused(&world, &again, Code::CodesPaused, began.plus(HOUR));
    // Who has proven a number is not concerned, nor who comes by MAX, nor who has a code on its way.
    let typed = world.sms_code(&number(nth)).await;
    world.act(app, &linking, "code", json!({ "code": typed })).await.linking();
    world.owner_code(liza, &world.me(liza).await.pupils[0].id.0, "+79000002357").await;
    world.set_clock(began.plus(HOUR).0);
    let misha = world.sign_in("misha").await;
    let linking = world.begin(&misha).await;
    assert!(is_sent(&give(&world, &misha, &linking, 60).await));
    other.stop().await;
}

#[tokio::test]
async fn who_guesses_at_many_contacts_stops_codes_to_further_ones_for_ten_minutes() {
    let world = World::with(&[("MOSTIK_LIMITS_WRONG_CODES_OF_SERVICE", "6")]).await;
    let mut guessed = Vec::new();
    for (nth, name) in ["misha", "liza"].into_iter().enumerate() {
        let app = world.sign_in(name).await;
        let (linking, code) = world.to_code(&app, &number(nth)).await;
        guessed.push((app, linking, code));
    }
    let began = world.now();
    for nth in 0..6 {
        let (app, linking, code) = &guessed[nth % 2];
        let wrong = if code == "000001" { "000002" } else { "000001" };
        world.try_code(app, linking, wrong).await.problem(Code::CodeWrong);
        world.advance(1000);
    }
    let anya = world.sign_in("anya").await;
    let hers = world.begin(&anya).await;
    refused(&world, &give(&world, &anya, &hers, 60).await, Code::CodesPaused, began.plus(10 * MINUTE));
    // Who has a code types it and gets another one, and MAX is open.
    world.advance(GAPS[0]);
    let (misha, linking, _) = &guessed[0];
    let linking = world.linking(misha, &linking.id.0).await;
    let linking = world.act(misha, &linking, "resend", json!({})).await.linking();
    let code = world.sms_code(&number(0)).await;
    let linking = world.act(misha, &linking, "code", json!({ "code": code })).await.linking();
    assert!(matches!(linking.step, Step::Profile(_)), "{linking:?}");
    world.act(&anya, &hers, "max-proof", json!({})).await.linking();
    world.set_clock(began.plus(10 * MINUTE).0);
    assert!(is_sent(&give(&world, &anya, &hers, 60).await));
}

#[tokio::test]
async fn what_limits_have_refused_is_measured_by_their_names() {
    let world = World::with(&[("MOSTIK_METRICS_LISTEN", "127.0.0.1:0")]).await;
    let misha = world.sign_in("misha").await;
    let linking = world.begin(&misha).await;
    for nth in 0..7 {
        give(&world, &misha, &linking, nth).await;
    }
    let page = world.http.get(world.service.as_ref().unwrap().metrics_url.as_ref().unwrap()).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("mostik_limits_reached_total{limit=\"contacts_of_linking\"} 2\n"), "{page}");
    assert!(page.contains("mostik_codes_not_sent_total{cause=\"contacts_used_up\"} 2\n"), "{page}");
}

/// The table of docs/security.md.
#[test]
fn the_limits_stand_in_the_document() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/security.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once("<!-- limits -->\n").expect("the document has a place for the table");
    let (_, after) = rest.split_once("<!-- end of limits -->\n").expect("the place has an end");
    let written = format!("{before}<!-- limits -->\n{}<!-- end of limits -->\n{after}", table());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &written).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == written, "it is stale: run the tests with UPDATE_DOCS=1");
}

fn table() -> String {
    let mut out = "| limit | counts | of | at most | in | refused with |\n|---|---|---|---|---|---|\n".to_owned();
    for limit in LIMITS {
        let counts = match limit.counted {
            Counted::Code if limit.whose == Whose::Service => "codes to contacts that are not proven",
            Counted::Code => "codes",
            Counted::WrongCode => "wrong codes",
            Counted::WrongPassword => "wrong passwords",
            Counted::WrongDigits => "wrong digits written to the bot",
            Counted::NewContact => "new contacts",
        };
        let whose = match limit.whose {
            Whose::Contact => "a contact, for each purpose",
            Whose::Profile => "a profile",
            Whose::MaxAccount => "a MAX account",
            Whose::Linking => "a linking",
            Whose::Account => "an account",
            Whose::Network => "an address, or an IPv6 network of 64 bits",
            Whose::Service => "the whole service",
        };
        let most =
            if limit.can_be_set { format!("{}, `limits.{}`", limit.most, limit.name) } else { limit.most.to_string() };
        let within = match limit.within / MINUTE {
            10 => "10 minutes",
            60 => "an hour",
            1440 => "a day",
            other => panic!("no word for {other} minutes"),
        };
        let code = serde_json::to_value(limit.code).unwrap();
        let code = code.as_str().unwrap();
        writeln!(out, "| `{}` | {counts} | {whose} | {most} | {within} | `{code}` |", limit.name).unwrap();
    }
    out
}
