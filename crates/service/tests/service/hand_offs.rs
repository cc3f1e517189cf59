//! From one device to another: what a code may do, and all that it may not.

use futures_util::future::join_all;
use mostik_wire::{Code, HandOff, HandOffOffer, HandOffPlace, HandOffStage, HandOffStatus, HandedOff, StepName};
use serde_json::json;

use crate::{
    secrets::{bytes_of, holds},
    world::{Answer, App, DAY, MINUTE, World},
};

const HOUR: i64 = 60 * MINUTE;

impl World {
    async fn pupil_of(&self, app: &App, first_name: &str) -> String {
        let pupils = self.me(app).await.pupils;
        pupils.into_iter().find(|pupil| pupil.first_name == first_name).unwrap().id.0
    }

    async fn hand_off(&self, app: &App, first_name: &str, place: &str) -> Answer {
        let pupil = self.pupil_of(app, first_name).await;
        self.post(app, "/v1/hand-offs", json!({ "pupil": pupil, "place": place })).await
    }

    pub async fn handed_off(&self, app: &App, first_name: &str, place: &str) -> (HandOff, String) {
        let made: HandOff = serde_json::from_value(self.hand_off(app, first_name, place).await.json()).unwrap();
        let token = made.url.strip_prefix(&format!("{}/continue/", self.url())).expect("an address of ours").to_owned();
        (made, token)
    }

    pub async fn look(&self, token: &str) -> Answer {
        let path = format!("{}/v1/hand-offs/look", self.url());
        Answer::of(self.http.post(path).json(&json!({ "token": token })).send().await.unwrap()).await
    }

    pub async fn take(&self, app: &App, token: &str) -> Answer {
        self.post(app, "/v1/hand-offs/take", json!({ "token": token })).await
    }

    async fn stage(&self, app: &App, made: &HandOff) -> HandOffStatus {
        let answer = self.get(app, &format!("/v1/hand-offs/{}", made.id.0)).await;
        serde_json::from_value(answer.json()).unwrap()
    }

    async fn page(&self, url: &str, agent: &str, language: &str) -> (u16, String) {
        let request = self.http.get(url).header("user-agent", agent).header("accept-language", language);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

fn handed(answer: &Answer) -> HandedOff {
    serde_json::from_value(answer.json()).unwrap()
}

#[tokio::test]
async fn a_code_is_made_only_with_a_session_and_for_a_pupil_of_its_account() {
    let world = World::new().await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let pupil = world.pupil_of(&misha, "Михаил").await;
    let body = json!({ "pupil": pupil, "place": "diary" });
    let nobody = App { access: "x".into(), ..misha.clone() };
    world.post(&nobody, "/v1/hand-offs", body.clone()).await.problem(Code::Unauthorized);
    world.post(&liza, "/v1/hand-offs", body).await.problem(Code::PupilNotYours);
    for wrong in [json!({ "pupil": pupil, "place": "kitchen" }), json!({ "pupil": pupil }), json!({ "place": "diary" })]
    {
        world.post(&misha, "/v1/hand-offs", wrong).await.problem(Code::MalformedRequest);
    }
}

#[tokio::test]
async fn what_is_no_code_of_this_service_opens_nothing() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    for token in ["AbCdEfGhIjKlMnOpQrStU-", "short", "", "..%2f", "' OR 1=1 --"] {
        world.look(token).await.problem(Code::HandOffUnknown);
        world.take(&misha, token).await.problem(Code::HandOffUnknown);
    }
    for path in ["AbCdEfGhIjKlMnOpQrStU-", "x", "..%2f", "%3Cscript%3E"] {
        let (status, text) = world.page(&format!("{}/continue/{path}", world.url()), "", "ru").await;
        assert_eq!(status, 404);
        assert!(text.contains("Такого кода нет") && !text.contains("script>") && !text.contains("mostik://"), "{text}");
    }
    world.post(&misha, "/v1/hand-offs/take", json!({})).await.problem(Code::MalformedRequest);
}

#[tokio::test]
async fn who_photographs_it_learns_a_masked_name_and_spends_nothing() {
    let world = World::new().await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    world.to_code(&misha, "+79000001242").await;
    let (made, token) = world.handed_off(&misha, "Михаил", "linking").await;
    let answer = world.look(&token).await;
    let offer: HandOffOffer = serde_json::from_value(answer.json()).unwrap();
    assert_eq!(offer.pupil_name, "Михаил О.");
    let (status, page) = world.page(&made.url, "Mozilla/5.0 (Linux; Android 15)", "ru").await;
    assert_eq!(status, 200);
    let refused = world.take(&liza, &token).await;
    refused.problem(Code::PupilNotYours);
    let nobody = App { access: "x".into(), ..misha.clone() };
    world.take(&nobody, &token).await.problem(Code::Unauthorized);
    let pupil = world.pupil_of(&misha, "Михаил").await;
    for told in [&answer.text, &page, &refused.text] {
        for private in ["Орлов", "8-Б", "8 «Б»", "1520", "900", pupil.as_str(), misha.access.as_str()] {
            assert!(!told.contains(private), "{private}: {told}");
        }
    }
    // The others do not lose it by that.
    let another = world.sign_in("misha").await;
    assert_eq!(world.take(&another, &token).await.status, 200);
}

#[tokio::test]
async fn it_is_taken_once() {
    let world = World::new().await;
    let (desktop, phone, tablet) =
        (world.sign_in("misha").await, world.sign_in("misha").await, world.sign_in("misha").await);
    let (made, token) = world.handed_off(&desktop, "Михаил", "diary").await;
    world.take(&desktop, &token).await.problem(Code::HandOffHere);
    let key = world.new_key();
    let body = json!({ "token": token });
    let first = world.post_with_key(&phone, "/v1/hand-offs/take", &key, body.clone()).await;
    assert_eq!(handed(&first).place, HandOffPlace::Diary);
    // Its answer was lost: the same request gets it again. Any other has come too late.
    assert_eq!(world.post_with_key(&phone, "/v1/hand-offs/take", &key, body).await.text, first.text);
    for app in [&phone, &tablet, &desktop] {
        world.take(app, &token).await.problem(Code::HandOffUsed);
    }
    world.look(&token).await.problem(Code::HandOffUsed);
    let (status, page) = world.page(&made.url, "", "ru").await;
    assert!(status == 410 && page.contains("уже открыли"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_who_take_it_at_once_on_two_nodes_one_gets_it() {
    let world = World::new().await;
    let desktop = world.sign_in("misha").await;
    let (phone, parent) = (world.sign_in("misha").await, world.sign_in("olga").await);
    let other = world.another_node().await;
    let (made, token) = world.handed_off(&desktop, "Михаил", "diary").await;
    let takes = (0..64).map(|n| {
        let (app, url) = (if n % 3 == 0 { &parent } else { &phone }, if n % 2 == 0 { world.url() } else { &other.url });
        let (world, token) = (&world, token.clone());
        async move {
            loop {
                let answer =
                    world.post_to(url, app, "/v1/hand-offs/take", &world.new_key(), json!({ "token": token })).await;
                // Sixty-four writers are more than the database lets wait.
                if answer.status != 503 {
                    break answer;
                }
            }
        }
    });
    let answers = join_all(takes).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    answers.iter().filter(|answer| answer.status != 200).for_each(|answer| {
        answer.problem(Code::HandOffUsed);
    });
    assert_eq!(world.stage(&desktop, &made).await.stage, HandOffStage::Taken);
    other.stop().await;
}

#[tokio::test]
async fn it_lives_five_minutes_and_ten_more_for_who_has_to_sign_in() {
    let world = World::new().await;
    let (desktop, phone) = (world.sign_in("misha").await, world.sign_in("misha").await);
    let (unseen, late) = world.handed_off(&desktop, "Михаил", "diary").await;
    assert_eq!(unseen.status.expires_at.since(world.now()), 5 * MINUTE);
    world.advance(5 * MINUTE);
    world.look(&late).await.problem(Code::HandOffExpired);
    world.take(&phone, &late).await.problem(Code::HandOffExpired);
    let (status, page) = world.page(&unseen.url, "", "en").await;
    assert!(status == 410 && page.contains("This code is over"), "{page}");

    let (_, token) = world.handed_off(&desktop, "Михаил", "diary").await;
    world.advance(5 * MINUTE - 1);
    let (desktop, phone) = (world.sign_in("misha").await, world.sign_in("misha").await);
    assert_eq!(world.look(&token).await.status, 200);
    world.advance(10 * MINUTE - 1);
    // Looking again keeps nothing alive.
    assert_eq!(world.look(&token).await.status, 200);
    world.advance(1);
    world.look(&token).await.problem(Code::HandOffExpired);
    let (desktop_again, phone_again) = (world.sign_in("misha").await, world.sign_in("misha").await);
    world.take(&phone_again, &token).await.problem(Code::HandOffExpired);
    drop((desktop, phone, desktop_again));
}

#[tokio::test]
async fn a_new_code_ends_the_one_before_it_and_no_other_sessions() {
    let world = World::new().await;
    let (desktop, parent, phone) =
        (world.sign_in("misha").await, world.sign_in("olga").await, world.sign_in("misha").await);
    let (older, first) = world.handed_off(&desktop, "Михаил", "diary").await;
    let (_, others) = world.handed_off(&parent, "Михаил", "security").await;
    assert_eq!(world.look(&first).await.status, 200, "somebody is signing in with it");
    let (_, second) = world.handed_off(&desktop, "Михаил", "diary").await;
    world.take(&phone, &first).await.problem(Code::HandOffExpired);
    assert_eq!(world.stage(&desktop, &older).await.stage, HandOffStage::Over);
    assert_eq!(world.take(&phone, &second).await.status, 200);
    let taken = handed(&world.take(&phone, &others).await);
    assert_eq!((taken.place, taken.linking), (HandOffPlace::Security, None));
}

#[tokio::test]
async fn it_ends_with_the_session_that_made_it() {
    let world = World::new().await;
    let (desktop, phone) = (world.sign_in("misha").await, world.sign_in("misha").await);
    let (made, token) = world.handed_off(&desktop, "Михаил", "diary").await;
    world.look(&token).await;
    let form = [("token", desktop.refresh.as_str()), ("client_id", "mostik-desktop")];
    let revoked = world.http.post(format!("{}/oauth/revoke", world.url())).form(&form).send().await.unwrap();
    assert_eq!(revoked.status(), 200);
    world.look(&token).await.problem(Code::HandOffExpired);
    world.take(&phone, &token).await.problem(Code::HandOffExpired);
    assert_eq!(world.page(&made.url, "", "ru").await.0, 410);
    world.get(&desktop, &format!("/v1/hand-offs/{}", made.id.0)).await.problem(Code::SessionEnded);
}

#[tokio::test]
async fn its_way_is_told_to_the_session_that_made_it_alone() {
    let world = World::new().await;
    let (desktop, phone, liza) =
        (world.sign_in("misha").await, world.sign_in("misha").await, world.sign_in("liza").await);
    let (made, token) = world.handed_off(&desktop, "Михаил", "diary").await;
    let path = format!("/v1/hand-offs/{}", made.id.0);
    for other in [&phone, &liza] {
        world.get(other, &path).await.problem(Code::HandOffUnknown);
    }
    world.get(&desktop, "/v1/hand-offs/x").await.problem(Code::HandOffUnknown);
    assert_eq!(world.stage(&desktop, &made).await.stage, HandOffStage::Waiting);
    // Who waits for news hears of each as it comes.
    let wait = async |known: &str| -> HandOffStatus {
        serde_json::from_value(world.get(&desktop, &format!("{path}?known={known}")).await.json()).unwrap()
    };
    let (seen, _) = tokio::join!(wait("waiting"), world.look(&token));
    assert_eq!(seen.stage, HandOffStage::Seen);
    let take = async {
        let request = world.http.post(format!("{}/v1/hand-offs/take", world.url())).bearer_auth(&phone.access);
        let request = request.header("user-agent", "mostik/0.1.0 (android)").header("idempotency-key", world.new_key());
        request.json(&json!({ "token": token })).send().await.unwrap().status()
    };
    let (taken, status) = tokio::join!(wait("seen"), take);
    assert_eq!(status, 200);
    assert_eq!((taken.stage, taken.device.as_deref()), (HandOffStage::Taken, Some("Мостик, Android")));
    // A stage that this service does not know is none that is known: it answers at once.
    assert_eq!(wait("elsewhere").await.stage, HandOffStage::Taken);
}

#[tokio::test]
async fn the_other_device_finds_the_linking_where_it_stands_by_then() {
    let world = World::new().await;
    let (desktop, parent) = (world.sign_in("misha").await, world.sign_in("olga").await);
    // Nothing is begun yet, nor is it by the code.
    let (_, token) = world.handed_off(&desktop, "Михаил", "linking").await;
    assert_eq!(handed(&world.take(&parent, &token).await).linking, None);
    let linking = world.to_max(&desktop, "+79000001242").await;
    let (_, token) = world.handed_off(&desktop, "Михаил", "linking").await;
    let taken = handed(&world.take(&parent, &token).await);
    let there = taken.linking.expect("the linking");
    assert_eq!((there.id.clone(), there.step.name()), (linking.id.clone(), StepName::Max));
    // Taking it moves nothing.
    assert_eq!(there.version, world.linking(&desktop, &linking.id.0).await.version);
    let linked = world.finish_in_max(&desktop, &linking, 501_001).await;
    let (_, token) = world.handed_off(&desktop, "Михаил", "linking").await;
    let there = handed(&world.take(&parent, &token).await).linking.expect("the linking");
    assert_eq!((there.id, there.step.name()), (linked.id, StepName::Linked));
}

#[tokio::test]
async fn an_account_makes_thirty_in_an_hour() {
    let world = World::new().await;
    let (misha, again, olga) =
        (world.sign_in("misha").await, world.sign_in("misha").await, world.sign_in("olga").await);
    let begun = world.now();
    for n in 0..30 {
        let app = if n % 2 == 0 { &misha } else { &again };
        assert_eq!(world.hand_off(app, "Михаил", "diary").await.status, 200);
    }
    let refusal = world.hand_off(&misha, "Михаил", "diary").await;
    assert_eq!(refusal.problem(Code::TooManyRequests).retry_at, Some(begun.plus(HOUR)));
    assert_eq!(world.hand_off(&olga, "Михаил", "diary").await.status, 200);
    world.advance(HOUR);
    let misha = world.sign_in("misha").await;
    assert_eq!(world.hand_off(&misha, "Михаил", "diary").await.status, 200);
}

#[tokio::test]
async fn the_page_leads_into_the_app_or_to_where_it_is_to_be_had() {
    let stores = [
        ("MOSTIK_APP_LINKS_ANDROID_PAGE", "https://store.example/a?id=app.mostik&x=1"),
        ("MOSTIK_APP_LINKS_APPLE_PAGE", "https://store.example/i"),
    ];
    let world = World::with(&stores).await;
    let desktop = world.sign_in("misha").await;
    let (made, token) = world.handed_off(&desktop, "Михаил", "diary").await;
    let link = format!("href=\"mostik://continue/{token}\"");
    let (android, apple) = ("https://store.example/a?id=app.mostik&amp;x=1", "https://store.example/i\"");
    for (agent, language, holds, lacks) in [
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9)", "ru", vec![android, "Открыть Мостик", "Михаил О."], vec![apple]),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "en", vec![apple, "Open Mostik"], vec![android]),
        ("Mozilla/5.0 (X11; Linux x86_64)", "en", vec![android, apple], vec!["Ask your school"]),
    ] {
        let (status, text) = world.page(&made.url, agent, language).await;
        assert_eq!(status, 200);
        assert!(text.contains(&link), "{text}");
        holds.iter().for_each(|words| assert!(text.contains(words), "{words}: {text}"));
        lacks.iter().for_each(|words| assert!(!text.contains(words), "{words}: {text}"));
    }
    // Looking at the page, as previews do, changes nothing.
    assert_eq!(world.stage(&desktop, &made).await.stage, HandOffStage::Waiting);
    let plain = World::new().await;
    let (made, _) = plain.handed_off(&plain.sign_in("misha").await, "Михаил", "diary").await;
    assert!(plain.page(&made.url, "Android", "ru").await.1.contains("Спросите в школе"));
}

#[tokio::test]
async fn no_token_lies_open_in_the_files_and_after_a_day_nothing_is_left() {
    let mut world = World::new().await;
    let desktop = world.sign_in("misha").await;
    let (made, token) = world.handed_off(&desktop, "Михаил", "diary").await;
    assert!(holds(&bytes_of(&world), &made.id.0), "the search finds what is there");
    assert!(!holds(&bytes_of(&world), &token));
    world.advance(DAY + 5 * MINUTE);
    world.restart().await;
    // The sweep at the start goes on beside the first requests.
    let mut beat = tokio::time::interval(std::time::Duration::from_millis(25));
    while world.look(&token).await.status == 410 {
        beat.tick().await;
    }
    world.look(&token).await.problem(Code::HandOffUnknown);
    world.stop().await;
    assert!(!holds(&bytes_of(&world), &made.id.0));
}
