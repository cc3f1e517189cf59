//! Secrets are changed while people go through: the keys, and what the parties know the service by.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use futures_util::future::join_all;
use mostik_service::{
    Service,
    audit::{chain, verify::verify},
    keys::Keys,
    reload::{NotReloaded, Taken},
    service::StartError,
};
use mostik_store::{
    OpenError,
    secret_keys::{self, KeyNumbers},
};
use mostik_wire::{Code, Delivery, Linking, Step};
use serde_json::{Value, json};

use crate::{
    bot::ticket,
    centres::behind,
    fake_max::{FakeMax, SECRET, started},
    smsc::Smsc,
    through_vk::url_of,
    world::{App, DAY, MINUTE, SECOND, SECRET_KEY, World, on_postgres},
};

const NEW_KEY: &str = "the-next-secret-of-the-tests-0123456789";
const PHONE: &str = "+79000001242";
const MISHA_IN_MAX: i64 = 501_001;

/// Those who go through: login, number, account in MAX.
const PEOPLE: [(&str, &str, i64); 3] =
    [("misha", PHONE, MISHA_IN_MAX), ("liza", "+79000002357", 501_002), ("budi", "+79000005511", 501_004)];

const NEW: (&str, &str) = ("MOSTIK_SECRET_KEY", NEW_KEY);
const AND_OLD: (&str, &str) = ("MOSTIK_PREVIOUS_SECRET_KEY", SECRET_KEY);
const AND_NEW: (&str, &str) = ("MOSTIK_PREVIOUS_SECRET_KEY", NEW_KEY);

impl World {
    async fn reload(&self, changes: &[(&str, &str)]) -> Result<Taken, NotReloaded> {
        self.service.as_ref().unwrap().reload(self.config_with(changes)).await
    }

    async fn left_under_the_first_key(&self) -> Vec<(&'static str, i64)> {
        let store = self.store().await;
        let left = secret_keys::left(&mut store.reader().await.unwrap(), 1, 2, self.now()).await.unwrap();
        store.close().await;
        left.into_iter().filter(|left| left.count > 0).map(|left| (left.what, left.count)).collect()
    }

    async fn refreshed(&self, app: &App) -> App {
        let form = [("grant_type", "refresh_token"), ("client_id", "mostik-desktop"), ("refresh_token", &*app.refresh)];
        crate::sign_in::app_of(&self.token(&form).await)
    }

    /// The code of the only SMS that this number gets.
    async fn only_code(&self, to: &str) -> String {
        let to: String = to.chars().filter(char::is_ascii_digit).collect();
        let path = self.phone_page(&format!("/api/sms/wait?to={to}&after=0&timeout_s=25"));
        let found = self.phone_api(self.http.get(path)).await;
        found[0]["code"].as_str().unwrap_or_else(|| panic!("no code came to {to}")).to_owned()
    }

    /// MAX refuses words that are too close together; they go out again a moment later on this world's clock.
    async fn while_time_passes<T>(&self, done: impl Future<Output = T>) -> T {
        let mut ticks = tokio::time::interval(Duration::from_millis(200));
        tokio::pin!(done);
        loop {
            tokio::select! {
                done = &mut done => return done,
                _ = ticks.tick() => self.advance(SECOND / 5),
            }
        }
    }

    async fn goes_through(&self, (login, phone, user): (&str, &str, i64)) -> (App, Linking) {
        let app = self.sign_in(login).await;
        let begun = self.begin(&app).await;
        let linking = self.act(&app, &begun, "contact", json!({ "contact": phone })).await.linking();
        let code = self.only_code(phone).await;
        let linking = self.act(&app, &linking, "code", json!({ "code": code })).await.linking();
        let linking = self.act(&app, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
        let app = self.refreshed(&app).await;
        let linked = self.finish_in_max(&app, &linking, user).await;
        assert!(matches!(linked.step, Step::Linked(_)), "{linked:?}");
        (app, linked)
    }
}

fn is_needed(refused: &Result<Taken, NotReloaded>, what: &str) -> bool {
    matches!(refused, Err(NotReloaded::Keys(OpenError::KeyStillUsed(found))) if found.contains(what))
}

#[tokio::test]
async fn another_key_alone_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    let refused = world.reload(&[NEW]).await;
    assert!(matches!(refused, Err(NotReloaded::Keys(OpenError::OtherKey))), "{refused:?}");
    world.me(&misha).await;
    let changes = [NEW, ("MOSTIK_PREVIOUS_SECRET_KEY", "a-key-that-nobody-has-ever-seen-here-0")];
    assert!(matches!(world.reload(&changes).await, Err(NotReloaded::Keys(OpenError::OtherKey))));
    assert!(world.left_under_the_first_key().await.contains(&("sessions", 1)));
}

#[tokio::test]
async fn what_is_in_use_goes_on_under_a_new_key_and_the_old_one_goes_when_nothing_is_left_under_it() {
    let mut world = World::new().await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let at_max = world.to_max(&misha, PHONE).await;
    let begun = world.begin(&liza).await;
    let key = world.new_key();
    let (path, body) = (
        format!("/v1/linkings/{}/contact", begun.id.0),
        json!({ "contact": "+79000002357", "version": begun.version }),
    );
    let at_code = world.post_with_key(&liza, &path, &key, body.clone()).await.linking();
    let code = world.sms_code("+79000002357").await;
    let wrong = if code == "000001" { "000002" } else { "000001" };
    for left in [4, 3] {
        let refused = world.try_code(&liza, &at_code, wrong).await.problem(Code::CodeWrong);
        assert_eq!(refused.tries_left, Some(left));
    }

    let taken = world.reload(&[NEW, AND_OLD]).await.unwrap();
    assert_eq!(taken.taken, ["previous_secret_key", "secret_key"]);
    // The same request again is the same request, and what was counted counts.
    assert_eq!(world.post_with_key(&liza, &path, &key, body).await.linking().id, at_code.id);
    let present = world.linking(&liza, &at_code.id.0).await;
    assert_eq!(world.try_code(&liza, &present, wrong).await.problem(Code::CodeWrong).tries_left, Some(2));
    let proven = world.try_code(&liza, &present, &code).await.linking();
    assert!(matches!(proven.step, Step::Profile(_)), "{proven:?}");
    assert!(is_needed(&world.reload(&[NEW]).await, "sessions: 2"));

    let misha = world.refreshed(&misha).await;
    let linked = world.finish_in_max(&misha, &world.linking(&misha, &at_max.id.0).await, MISHA_IN_MAX).await;
    assert!(matches!(linked.step, Step::Linked(_)), "{linked:?}");

    // What lasts is sealed anew by itself.
    let lasts = ["tokens of the diary", "links into MAX", "linkings"];
    while world.left_under_the_first_key().await.iter().any(|(what, _)| lasts.contains(what)) {
        tokio::task::yield_now().await;
    }
    world.get(&misha, &format!("/v1/pupils/{}/schedule?date=2026-11-23", world.me(&misha).await.pupils[0].id.0)).await;

    // The rest is over by itself.
    world.advance(61 * DAY);
    while !world.left_under_the_first_key().await.is_empty() {
        tokio::task::yield_now().await;
    }
    world.reload(&[NEW]).await.unwrap();
    world.stop().await;
    let Err(StartError::Database(OpenError::OtherKey)) = world.node_with(&[]).await else {
        panic!("the key of before is no key any more")
    };
    world.service = Some(world.node_with(&[NEW]).await.unwrap());
    world.sign_in("liza").await;
    world.stop().await;

    // What the key of before has made in the audit log is weighed where it is given.
    let place = |name: &str, text: &str| {
        let file = world.dir.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let config = place("mostik.toml", &world.config_text().replace(SECRET_KEY, NEW_KEY));
    let (former, strange) = (place("former", SECRET_KEY), place("strange", "a-key-that-nobody-has-ever-seen-here-0"));
    let verified = |more: &[&str]| crate::commands::run(&[&["audit", "verify", "--config", &config], more].concat());
    let (status, out, err) = verified(&[]);
    assert!(status == Some(1) && err.contains("number 1") && err.contains("--former-key-file"), "{out}{err}");
    let (status, out, err) = verified(&["--former-key-file", &strange]);
    assert!(status == Some(1) && err.contains("was never this database's"), "{out}{err}");
    let (status, out, err) = verified(&["--former-key-file", "nowhere"]);
    assert!(status == Some(1) && err.contains("nowhere cannot be read"), "{out}{err}");
    let (status, out, err) = verified(&["--former-key-file", &former]);
    assert!(status == Some(0) && out.starts_with("whole up to "), "{out}{err}");
}

#[tokio::test]
async fn a_sign_in_that_was_begun_with_the_key_before_ends_once_on_any_node() {
    let world = World::new().await;
    let there = world.authorize(&[]).await;
    let (first, second) =
        (world.at_the_diary(&there, Some("misha")).await, world.at_the_diary(&there, Some("misha")).await);
    world.reload(&[NEW, AND_OLD]).await.unwrap();
    assert!(world.follow(&first).await.parameter("code").is_some());
    assert_eq!(world.follow(&second).await.status, 400);
    let with_new = world.authorize(&[]).await;
    assert!(with_new.parameter("state").unwrap().starts_with("2."));
    assert!(world.follow(&world.at_the_diary(&with_new, Some("budi")).await).await.parameter("code").is_some());
}

#[tokio::test]
async fn max_is_told_the_new_secret_of_the_webhook_and_what_it_sent_before_still_counts() {
    const NEXT: &str = "the-next-secret-of-the-hook";
    let (world, mut max) = FakeMax::with_world().await;
    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let bring = async |secret: &str, update: &Value| {
        let request = world.http.post(format!("{}/max/webhook", world.url())).header("x-max-bot-api-secret", secret);
        request.json(update).send().await.unwrap().status()
    };
    let greeting = |user| started(user, world.now().0, None);
    assert_eq!(bring(NEXT, &greeting(501_002)).await, 404);
    let taken = world.reload(&[("MOSTIK_MAX_WEBHOOK_SECRET", NEXT)]).await.unwrap();
    assert_eq!(taken.taken, ["max.webhook_secret"]);
    assert_eq!(max.next("POST /subscriptions").await.body["secret"], NEXT);
    // What MAX had signed with the former one was on its way.
    for (secret, user) in [(SECRET, 501_002), (NEXT, 501_003)] {
        assert_eq!(bring(secret, &greeting(user)).await, 200);
        assert_eq!(max.message().await.user, user);
    }
    let opened = started(MISHA_IN_MAX, world.now().0, Some(&ticket(&linking)));
    assert_eq!(bring(NEXT, &opened).await, 200);
    world.until(&misha, &linking, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
    world.advance(11 * MINUTE);
    assert_eq!(bring(SECRET, &greeting(501_004)).await, 404);
    assert_eq!(bring(NEXT, &greeting(501_004)).await, 200);
}

#[tokio::test]
async fn what_the_sms_centre_has_not_answered_when_its_password_changes_is_neither_lost_nor_doubled() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    smsc.next("bound").await;
    smsc.set(json!({ "hold": true }));
    let misha = world.sign_in("misha").await;
    let answered = world.ask_for_code(&misha, PHONE).await;
    smsc.submitted().await;
    let taken = world.reload(&[("MOSTIK_SMS_FIRST_PASSWORD", "next")]).await.unwrap();
    assert_eq!(taken.taken, ["sms.first.password"]);
    // The session of before waits for what it has given out, and so hears the answer.
    smsc.tell(&json!({ "answer": 0 }));
    world.until_delivery(&misha, &answered, Delivery::Sent).await;
    assert_eq!(smsc.next("bound").await["password"], "next");

    // A centre that does not answer does not keep the old password in use.
    let liza = world.sign_in("liza").await;
    let unanswered = world.ask_for_code(&liza, "+79000002357").await;
    let (_, code) = smsc.submitted().await;
    world.reload(&[("MOSTIK_SMS_FIRST_PASSWORD", "after")]).await.unwrap();
    assert_eq!(smsc.next("bound").await["password"], "after");
    world.until_delivery(&liza, &unanswered, Delivery::Delayed).await;
    smsc.set(json!({ "hold": false }));
    let budi = world.sign_in("budi").await;
    world.ask_for_code(&budi, "+79000005511").await;
    assert_eq!(smsc.submitted().await.0["to"], "79000005511", "and no second time to her");
    // It may have come all the same.
    assert_eq!(world.try_code(&liza, &unanswered, &code).await.status, 200);
}

#[tokio::test]
async fn the_audit_log_is_one_chain_under_both_keys() {
    let mut world = World::new().await;
    world.to_linked(&world.sign_in("misha").await, PHONE, MISHA_IN_MAX).await;
    // The end of a service gives what waits its place.
    world.stop().await;
    world.service = Some(world.node_with(&[NEW, AND_OLD]).await.unwrap());
    let liza = world.sign_in("liza").await;
    world.to_linked(&liza, "+79000002357", 501_002).await;
    world.stop().await;

    let (old, new) = (SECRET_KEY.as_bytes(), NEW_KEY.as_bytes());
    let both = Keys::numbered(new, Some(old), KeyNumbers { writes: 2, reads: Some(1) });
    let alone = || Keys::numbered(new, None, KeyNumbers { writes: 2, reads: None });
    let store = world.store().await;
    chain::give_places(&store, &both).await.unwrap();
    let verified = async |keys: &Keys| verify(&mut store.snapshot().await.unwrap(), keys, None).await.unwrap();
    let found = verified(&both).await;
    assert!(found.faults.is_empty() && found.unweighed.is_empty(), "{found:?}");
    assert!(found.head.unwrap().link.starts_with("2."));
    // Without the old one the old part is not weighed, and is not said to be whole.
    let found = verified(&alone()).await;
    assert!(found.faults.is_empty(), "{found:?}");
    assert!(found.unweighed[&1] > 0);
    assert!(verified(&alone().with_former(old, 1)).await.unweighed.is_empty());
    // Whoever has the old key alone adds nothing to the end.
    assert!(chain::give_places(&store, &Keys::new(old)).await.unwrap().is_none());
    store.close().await;
}

#[tokio::test]
async fn nodes_change_the_key_one_after_the_other_while_people_go_through() {
    if !on_postgres() {
        return;
    }
    let mut world = World::new().await;
    let other = world.another_node().await;
    let reload = async |node: &Service, changes: &[(&str, &str)]| node.reload(world.config_with(changes)).await;
    let refused = reload(&other, &[NEW, AND_OLD]).await;
    assert!(matches!(refused, Err(NotReloaded::Keys(OpenError::KeyNotEverywhere))), "{refused:?}");

    let going = join_all(PEOPLE.map(|person| world.goes_through(person)));
    let own = world.service.as_ref().unwrap();
    let changing = async {
        reload(own, &[AND_NEW]).await.unwrap();
        reload(&other, &[AND_NEW]).await.unwrap();
        reload(own, &[NEW, AND_OLD]).await.unwrap();
        assert!(is_needed(&reload(own, &[NEW]).await, "nodes"));
        reload(&other, &[NEW, AND_OLD]).await.unwrap();
    };
    let (linked, ()) = world.while_time_passes(async { tokio::join!(going, changing) }).await;
    // Any of the two knows everybody.
    for (app, linked) in &linked {
        world.me(app).await;
        let request = world.http.get(format!("{}/v1/linkings/{}", other.url, linked.id.0)).bearer_auth(&app.access);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    for (_, phone, _) in PEOPLE {
        assert_eq!(world.sms_count(phone).await, 1, "neither lost nor doubled");
    }
    other.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn what_the_parties_know_the_service_by_is_changed_while_people_go_through() {
    let mut world = World::new().await;
    let smtp = world.sandbox.get("smtp").to_owned();
    let ca = world.dir.path().join("ca.pem");
    std::fs::write(&ca, world.sandbox.get("smtp_ca")).unwrap();
    let (server, port) = smtp.rsplit_once(':').unwrap();
    let mail = [
        ("MOSTIK_MAIL_SERVER", server),
        ("MOSTIK_MAIL_PORT", port),
        ("MOSTIK_MAIL_SECURITY", "starttls"),
        ("MOSTIK_MAIL_CA_FILE", ca.to_str().unwrap()),
        ("MOSTIK_MAIL_USER", world.sandbox.get("smtp_account/user")),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let of_sandbox = |what: &str| world.sandbox.get(what).to_owned();
    let first = [
        of_sandbox("bot/token"),
        of_sandbox("diary_client/secret"),
        of_sandbox("smpp_account/password"),
        of_sandbox("smtp_account/password"),
    ];
    let settings = |secrets: &[String; 4]| {
        let names =
            ["MOSTIK_MAX_TOKEN", "MOSTIK_DIARY_CLIENT_SECRET", "MOSTIK_SMS_SANDBOX_PASSWORD", "MOSTIK_MAIL_PASSWORD"];
        mail.iter().cloned().chain(names.into_iter().zip(secrets.clone())).collect::<Vec<_>>()
    };
    let started = settings(&first);
    let started: Vec<_> = started.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.stop().await;
    world.service = Some(world.node_with(&started).await.unwrap());

    let by_mail = async {
        let app = world.sign_in("constance").await;
        let begun = world.begin(&app).await;
        world.act(&app, &begun, "contact", json!({ "contact": "constance@example.ru" })).await.linking();
        let path = world.phone_page("/api/mail/wait?to=constance@example.ru&after=0&timeout_s=25");
        world.phone_api(world.http.get(path)).await
    };
    let going = async { tokio::join!(join_all(PEOPLE.map(|person| world.goes_through(person))), by_mail) };
    let changing = async {
        let mut before = first.clone();
        for turn in 1..=3 {
            let after =
                [format!("bot-token-{turn}"), format!("diary-{turn}"), format!("smpp-{turn}"), format!("smtp-{turn}")];
            let accepted = |old: bool| {
                // MAX signs contacts with the first: with the old token while both count.
                let of = |at: usize| if old { vec![&before[at], &after[at]] } else { vec![&after[at]] };
                json!({ "bot_token": of(0), "diary_secret": of(1), "smpp_password": of(2), "smtp_password": of(3) })
            };
            world.accept(accepted(true)).await;
            let settings = settings(&after);
            let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let taken = world.reload(&settings).await.unwrap();
            assert_eq!(taken.taken, ["diary.client_secret", "mail.password", "max.token", "sms.sandbox.password"]);
            // Longer than what was under way with the old ones takes.
            world.sign_in("timur").await;
            world.accept(accepted(false)).await;
            before = after;
        }
    };
    let ((linked, letters), ()) = world.while_time_passes(async { tokio::join!(going, changing) }).await;
    assert_eq!(linked.len(), PEOPLE.len());
    assert_eq!(letters.as_array().unwrap().len(), 1, "{letters}");
    for (_, phone, _) in PEOPLE {
        assert_eq!(world.sms_count(phone).await, 1, "neither lost nor doubled");
    }
    // The old ones are worth nothing, and the new ones are what is used.
    let bot = world.http.get(format!("{}/me", world.sandbox.get("max_api"))).header("authorization", &first[0]);
    assert_eq!(bot.send().await.unwrap().status(), 401);
    world.stop().await;
}

#[tokio::test]
async fn a_sign_in_at_vk_ends_as_the_client_that_began_it() {
    let world = World::with(&[("MOSTIK_MESSENGERS", "max vk")]).await;
    let misha = world.sign_in("misha").await;
    let at_max = world.to_max(&misha, PHONE).await;
    let begun = world.begin_vk(&misha, &at_max).await;
    let (old, new) = (world.sandbox.get("vk_client/id").to_owned(), "51009999");
    world.accept(json!({ "vk_client": [new, old] })).await;
    let taken = world.reload(&[("MOSTIK_VK_CLIENT_ID", new)]).await.unwrap();
    assert_eq!(taken.taken, ["vk.client_id"]);
    let present = world.linking(&misha, &begun.id.0).await;
    assert_eq!(url_of(&present), url_of(&begun), "what the browser has open stays right");
    let page = world.through_vk(&url_of(&begun), Some("710001")).await;
    world.answer_vk(&page, "no").await;
    let present = world.linking(&misha, &begun.id.0).await;
    let next = world.begin_vk(&misha, &present).await;
    assert!(url_of(&next).contains(new), "{}", url_of(&next));
    world.accept(json!({ "vk_client": [new] })).await;
    let page = world.through_vk(&url_of(&next), Some("710001")).await;
    assert!(world.answer_vk(&page, "yes").await.text.contains("VK Мессенджер подключён"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_program_reads_its_configuration_anew_when_it_is_asked_by_sighup() {
    let mut world = World::new().await;
    world.stop().await;
    let file = world.dir.path().join("mostik.toml");
    let text = world.config_text();
    std::fs::write(&file, &text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mostik-service"));
    command.env_clear().args(["serve", "--config"]).arg(&file);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut hang_up = |text: &str| {
        std::fs::write(&file, text).unwrap();
        assert!(Command::new("kill").args(["-HUP", &child.id().to_string()]).status().unwrap().success());
        let mut said = Vec::new();
        for line in log.by_ref() {
            let ends = line.contains("goes on")
                || line.contains("was read anew") && !text.contains("[pages]")
                || line.contains("wait for the next start");
            said.push(line);
            if ends {
                break;
            }
        }
        said.join("\n")
    };
    let said = hang_up(&text.replace("bot = ", "bott = ").replace("server = \"127.0.0.1\"", "server = \"a:b\""));
    assert!(said.contains("max.bott: ") && said.contains("the former configuration goes on"), "{said}");
    let said = hang_up(&text.replace(SECRET_KEY, NEW_KEY));
    assert!(said.contains("another secret_key") && said.contains("the former configuration goes on"), "{said}");
    let both = format!("secret_key = \"{NEW_KEY}\"\nprevious_secret_key = \"{SECRET_KEY}\"");
    let changed = text.replace(&format!("secret_key = \"{SECRET_KEY}\""), &both);
    let said = hang_up(&format!("{changed}[pages]\nsupport = \"https://help.school.test\"\n"));
    assert!(said.contains("previous_secret_key secret_key"), "{said}");
    assert!(said.contains("pages.support") && said.contains("wait for the next start"), "{said}");
    assert!(!said.contains(NEW_KEY) && !said.contains(SECRET_KEY), "{said}");

    world.process = Some(ready["service"].as_str().unwrap().to_owned());
    world.http.get(format!("{}/health/ready", world.url())).send().await.unwrap().error_for_status().unwrap();
    let (status, out, err) = crate::commands::run(&["secret-keys", "--config", file.to_str().unwrap()]);
    assert_eq!(status, Some(0), "{out}{err}");
    assert!(out.contains("previous_secret_key may be dropped"), "{out}");
    child.kill().unwrap();
    child.wait().unwrap();
}
