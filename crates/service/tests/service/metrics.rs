//! What `/metrics` says of a service, and what it never says.

use mostik_linking::limits::CONTACTS_OF_LINKING;
use mostik_service::{
    Config,
    metrics::{ALL, CONTENT_TYPE},
};
use mostik_wire::{Code, Delivery, Step};
use regex::Regex;
use serde_json::json;

use crate::{
    by_mail::{ADDRESS, PASSWORD},
    owner::{by_code, by_password},
    world::{Answer, DAY, MINUTE, SECOND, World},
};

const PHONE: &str = "+79000001242";
const OTHER_PHONE: &str = "+79000000007";
const MISHA_IN_MAX: i64 = 501_001;
const MISHA_AT_VK: &str = "710001";
pub const LISTEN: (&str, &str) = ("MOSTIK_METRICS_LISTEN", "127.0.0.1:0");
const BOTH: (&str, &str) = ("MOSTIK_MESSENGERS", "max vk");

/// A line of the page: a name, its labels and what it is.
pub struct Sample {
    pub name: String,
    pub labels: Vec<(String, String)>,
    pub value: f64,
}

pub struct Page {
    pub text: String,
    pub samples: Vec<Sample>,
}

impl Page {
    fn read(text: String) -> Self {
        let line = Regex::new(r#"^([a-z_]+)(?:\{(.*)\})? (\S+)$"#).unwrap();
        let label = Regex::new(r#"([a-z_]+)="([^"]*)""#).unwrap();
        let samples = text.lines().filter(|line| !line.starts_with('#')).map(|said| {
            let parts = line.captures(said).unwrap_or_else(|| panic!("{said}"));
            let labels = label.captures_iter(parts.get(2).map_or("", |labels| labels.as_str()));
            let labels = labels.map(|label| (label[1].to_owned(), label[2].to_owned())).collect();
            Sample { name: parts[1].to_owned(), labels, value: parts[3].parse().unwrap() }
        });
        Self { samples: samples.collect(), text }
    }

    /// What the one series with these labels is.
    #[track_caller]
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let is_it = |sample: &&Sample| {
            sample.name == name
                && labels.iter().all(|(label, value)| sample.labels.iter().any(|(l, v)| l == label && v == value))
        };
        let found: Vec<f64> = self.samples.iter().filter(is_it).map(|sample| sample.value).collect();
        assert_eq!(found.len(), 1, "{name} {labels:?} in\n{}", self.text);
        found[0]
    }
}

impl World {
    pub async fn metrics(&self) -> Page {
        // The readings of another moment.
        self.advance(5 * SECOND);
        let url = self.service.as_ref().unwrap().metrics_url.clone().expect("metrics are served");
        let answer = Answer::of(self.http.get(url).send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.headers["content-type"], CONTENT_TYPE);
        Page::read(answer.text)
    }

    /// Michael links, in both messengers, after some mistakes; takes his data and leaves again.
    pub async fn live_a_life(&self) -> Vec<String> {
        let app = self.sign_in("misha").await;
        let (linking, code) = self.to_code(&app, PHONE).await;
        let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
        self.act(&app, &linking, "code", json!({ "code": wrong })).await.problem(Code::CodeWrong);
        self.act(&app, &linking, "resend", json!({})).await.problem(Code::ResendTooEarly);
        let linking = self.linking(&app, &linking.id.0).await;
        let linking = self.act(&app, &linking, "code", json!({ "code": code })).await.linking();
        let linking = self.act(&app, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
        let linked = self.finish_in_max(&app, &linking, MISHA_IN_MAX).await;
        self.bind_vk(&app, &linked, MISHA_AT_VK).await;
        let pupil = self.pupil(&app, "Михаил").await;
        self.get(&app, &format!("/v1/pupils/{pupil}/schedule?date=2026-11-23")).await;
        let owner_code = self.owner_code(&app, &pupil, PHONE).await;
        self.proven(&app, &pupil, "unlink", by_code(&owner_code)).await;
        vec![linking.id.0, pupil, code, owner_code, app.access]
    }
}

#[tokio::test]
async fn the_public_address_serves_no_metrics_and_without_the_setting_nothing_does() {
    let world = World::with(&[LISTEN]).await;
    let there = world.http.get(format!("{}/metrics", world.url())).send().await.unwrap();
    Answer::of(there).await.problem(Code::NotFound);
    let own = world.service.as_ref().unwrap().metrics_url.clone().unwrap();
    assert!(!own.starts_with(world.url()), "{own}");
    for path in ["", "/v1/me", "/health/live"] {
        let elsewhere = own.replace("/metrics", path);
        assert_eq!(world.http.get(elsewhere).send().await.unwrap().status(), 404, "{path:?}");
    }
    assert_eq!(World::new().await.service.as_ref().unwrap().metrics_url, None);
}

#[tokio::test]
async fn every_label_has_a_closed_set_of_values_and_nobody_is_named() {
    let (world, mail) = World::with_mail_and("none", &[LISTEN, BOTH]).await;
    let mut marks = world.live_a_life().await;
    let olga = world.sign_in("olga").await;
    let made = world.to_made(&mail, &olga, ADDRESS).await;
    world.act(&olga, &made, "skip-max", json!({})).await.linking();
    let anya = world.pupil(&olga, "Анна").await;
    world.proven(&olga, &anya, "export", by_password(PASSWORD)).await;
    world
        .proven(&olga, &anya, "deletion", by_password("another password altogether"))
        .await
        .problem(Code::PasswordWrong);
    // What strangers write into paths, methods and headers.
    let stranger = |method: &str, path: &str| {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        world.http.request(method, format!("{}{path}", world.url())).header("x-request-id", "mark-of-a-stranger").send()
    };
    for (method, path) in [
        ("GET", "/v1/mark-of-a-stranger"),
        ("GET", "/v1/linkings/mark-of-a-stranger"),
        ("DELETE", "/v1/me"),
        ("BREW", "/open/mark-of-a-stranger"),
        ("POST", "/oauth/token"),
        ("GET", "/openapi.json?mark-of-a-stranger"),
    ] {
        stranger(method, path).await.unwrap();
    }
    world.faults(json!({ "sms": { "down": true } })).await;
    let begun = world.begin_for(&olga, "Михаил").await;
    let waiting = world.act(&olga, &begun, "contact", json!({ "contact": OTHER_PHONE })).await.linking();
    world.until_delivery(&olga, &waiting, Delivery::Delayed).await;
    for nth in 0..CONTACTS_OF_LINKING.most {
        let begun = world.linking(&olga, &begun.id.0).await;
        world.act(&olga, &begun, "contact", json!({ "contact": format!("+7900000010{nth}") })).await;
    }

    let page = world.metrics().await;
    let config = Config::from_parts(&world.config_text(), &|_| None).ok().unwrap();
    for sample in &page.samples {
        let ends = ["_bucket", "_sum", "_count"];
        let of = ALL.iter().find(|of| {
            sample.name == of.exposed()
                || (of.kind.name() == "histogram" && ends.iter().any(|end| sample.name == format!("{}{end}", of.name)))
        });
        let of = of.unwrap_or_else(|| panic!("{} is described nowhere", sample.name));
        let labels: Vec<_> = sample.labels.iter().filter(|(name, _)| name != "le").collect();
        assert_eq!(labels.len(), of.labels.len(), "{}", sample.name);
        for (label, (name, value)) in of.labels.iter().zip(labels) {
            assert_eq!(label.name, name);
            assert!(label.can_say(value, &config), "{} {name}={value}", sample.name);
        }
    }
    let named: std::collections::BTreeSet<_> = page.samples.iter().map(|sample| sample.name.as_str()).collect();
    for of in ALL.iter().filter(|of| of.kind.name() != "histogram") {
        assert!(named.contains(of.exposed().as_str()), "{} is measured nowhere", of.name);
    }
    marks.extend([olga.access.clone(), anya, made.id.0]);
    let labels: String = page.samples.iter().flat_map(|sample| &sample.labels).map(|(_, v)| format!("{v}\n")).collect();
    for mark in &marks {
        assert!(!labels.contains(mark.as_str()), "{mark} is in the labels");
    }
    for mark in [
        "79000001242",
        "900 000",
        "79000000007",
        "olga.orlova",
        "mail.test",
        "Михаил",
        "Анна",
        "Орлов",
        "8-Б",
        "501001",
        "710001",
        "mark-of-a-stranger",
        "BREW",
        PASSWORD,
    ] {
        assert!(!page.text.contains(mark), "{mark} is on the page");
    }
}

#[tokio::test]
async fn codes_links_and_requests_are_counted_as_they_went() {
    let world = World::with(&[LISTEN, BOTH]).await;
    let before = world.metrics().await;
    assert_eq!(before.value("mostik_links_made_total", &[("messenger", "max")]), 0.0, "a series begins with a zero");
    world.live_a_life().await;
    let page = world.metrics().await;
    for (name, labels, value) in [
        ("mostik_codes_sent_total", &[("channel", "sms"), ("purpose", "contact")][..], 1.0),
        ("mostik_codes_sent_total", &[("channel", "sms"), ("purpose", "owner")], 1.0),
        ("mostik_codes_sent_total", &[("channel", "mail"), ("purpose", "contact")], 0.0),
        ("mostik_codes_not_sent_total", &[("cause", "resend_too_early")], 1.0),
        ("mostik_codes_checked_total", &[("purpose", "contact"), ("outcome", "code_wrong")], 1.0),
        ("mostik_codes_checked_total", &[("purpose", "contact"), ("outcome", "proven")], 1.0),
        ("mostik_codes_checked_total", &[("purpose", "owner"), ("outcome", "proven")], 1.0),
        ("mostik_links_made_total", &[("messenger", "max")], 1.0),
        ("mostik_links_made_total", &[("messenger", "vk")], 1.0),
        ("mostik_links_made_total", &[("messenger", "none")], 0.0),
        ("mostik_links_ended_total", &[("messenger", "max")], 1.0),
        ("mostik_links_ended_total", &[("messenger", "vk")], 1.0),
        ("mostik_requests_total", &[("route", "/v1/linkings/{id}/code"), ("outcome", "code_wrong")], 1.0),
        ("mostik_requests_total", &[("route", "/v1/linkings/{id}/code"), ("outcome", "ok")], 1.0),
        ("mostik_request_duration_seconds_count", &[("route", "/v1/linkings/{id}/code")], 2.0),
        ("mostik_requests_total", &[("method", "POST"), ("route", "/v1/linkings"), ("outcome", "ok")], 1.0),
    ] {
        assert_eq!(page.value(name, labels), value, "{name} {labels:?}");
    }
    // An answer that is repeated is an answer, and what it tells happened once.
    let app = world.sign_in("liza").await;
    let (linking, code) = world.to_code(&app, "+79000000017").await;
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let (path, key) = (format!("/v1/linkings/{}/code", linking.id.0), world.new_key());
    for _ in 0..2 {
        let body = json!({ "version": linking.version, "code": wrong });
        world.post_with_key(&app, &path, &key, body).await.problem(Code::CodeWrong);
    }
    let page = world.metrics().await;
    let counted = [("purpose", "contact"), ("outcome", "code_wrong")];
    assert_eq!(page.value("mostik_codes_checked_total", &counted), 2.0);
    let answered = [("route", "/v1/linkings/{id}/code"), ("outcome", "code_wrong")];
    assert_eq!(page.value("mostik_requests_total", &answered), 3.0);
}

#[tokio::test]
async fn a_second_service_of_the_process_counts_for_itself() {
    let (one, other) = (World::with(&[LISTEN]).await, World::with(&[LISTEN]).await);
    let app = one.sign_in("misha").await;
    one.to_code(&app, PHONE).await;
    let sent = [("channel", "sms"), ("purpose", "contact")];
    assert_eq!(one.metrics().await.value("mostik_codes_sent_total", &sent), 1.0);
    assert_eq!(other.metrics().await.value("mostik_codes_sent_total", &sent), 0.0);
}

#[tokio::test]
async fn the_outbox_is_measured_by_channel_and_grows_older_while_nobody_takes_it() {
    let world = World::with(&[LISTEN]).await;
    world.faults(json!({ "sms": { "down": true } })).await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let linking = world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
    world.until_delivery(&app, &linking, Delivery::Delayed).await;
    let queued = world.now();
    let page = world.metrics().await;
    let age = world.now().since(queued) as f64 / 1000.0;
    for (name, channel, value) in [
        ("mostik_outbox_messages", "sms", 1.0),
        ("mostik_outbox_messages", "mail", 0.0),
        ("mostik_outbox_oldest_seconds", "sms", age),
        ("mostik_outbox_oldest_seconds", "max", 0.0),
    ] {
        assert_eq!(page.value(name, &[("channel", channel)]), value, "{name} {channel}");
    }
    let down = [("centre", "sandbox"), ("state", "down")];
    assert_eq!(page.value("mostik_sms_centre_state", &down), 1.0);
    assert_eq!(page.value("mostik_provider_up", &[("provider", "sms")]), 0.0);
    world.advance(MINUTE);
    let older = world.metrics().await.value("mostik_outbox_oldest_seconds", &[("channel", "sms")]);
    assert_eq!(older, world.now().since(queued) as f64 / 1000.0);
    // Once the centre is there again the message goes out, and its receipt comes back.
    world.faults(json!({})).await;
    world.advance(MINUTE);
    world.sms_code(PHONE).await;
    world.until_delivery(&app, &linking, Delivery::Delivered).await;
    let page = world.metrics().await;
    assert_eq!(page.value("mostik_outbox_messages", &[("channel", "sms")]), 0.0);
    assert_eq!(page.value("mostik_provider_up", &[("provider", "sms")]), 1.0);
    assert_eq!(page.value("mostik_sms_centre_state", &[("state", "up")]), 1.0);
    for outcome in ["handed_over", "delivered"] {
        assert_eq!(page.value("mostik_messages_total", &[("channel", "sms"), ("outcome", outcome)]), 1.0);
    }
}

#[tokio::test]
async fn a_party_is_up_as_its_last_call_went() {
    let world = World::with(&[LISTEN]).await;
    let of_diary = |outcome| [("provider", "diary"), ("outcome", outcome)];
    let text = world.metrics().await.text;
    assert!(!text.contains("mostik_provider_up{provider=\"diary\"}"), "nothing is said before the first call");
    let app = world.sign_in("misha").await;
    let pupil = world.pupil(&app, "Михаил").await;
    let page = world.metrics().await;
    assert_eq!(page.value("mostik_provider_up", &[("provider", "diary")]), 1.0);
    world.faults(json!({ "diary": { "status": 503 } })).await;
    let week = format!("/v1/pupils/{pupil}/schedule?date=2026-11-23");
    world.get(&app, &week).await.problem(Code::DiaryUnavailable);
    let page = world.metrics().await;
    assert_eq!(page.value("mostik_provider_up", &[("provider", "diary")]), 0.0);
    assert!(page.value("mostik_provider_calls_total", &of_diary("failed")) > 0.0);
    assert_eq!(page.value("mostik_requests_total", &[("outcome", "diary_unavailable")]), 1.0);
}

#[tokio::test]
async fn one_reading_serves_all_who_ask_within_its_seconds() {
    let world = World::with(&[LISTEN]).await;
    let app = world.sign_in("misha").await;
    world.faults(json!({ "sms": { "down": true } })).await;
    let url = world.service.as_ref().unwrap().metrics_url.clone().unwrap();
    let ask = async || Page::read(world.http.get(&url).send().await.unwrap().text().await.unwrap());
    let (sms, sent) = ([("channel", "sms")], [("channel", "sms"), ("purpose", "contact")]);
    assert_eq!(ask().await.value("mostik_outbox_messages", &sms), 0.0);
    let begun = world.begin(&app).await;
    let linking = world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
    assert!(matches!(linking.step, Step::Code(_)));
    let page = ask().await;
    assert_eq!(page.value("mostik_outbox_messages", &sms), 0.0, "it was read a moment ago");
    assert_eq!(page.value("mostik_codes_sent_total", &sent), 1.0, "what is counted is never old");
    // Also where the clock was put back.
    world.advance(-DAY);
    assert_eq!(ask().await.value("mostik_outbox_messages", &sms), 1.0);
}
