//! VK ID: whose account is bound to the profile, and who may say so.

use futures_util::future::join_all;
use mostik_wire::{Code, Export, LinkSummary, Linking, LogKind, Step, StepName, VkStep, VkTrouble};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    by_mail::{ADDRESS, PASSWORD},
    owner::{by_code, by_password},
    secrets::{bytes_of, holds},
    world::{Answer, App, DAY, MINUTE, World},
};

const PHONE: &str = "+79000001242";
const MISHA_IN_MAX: i64 = 501_001;
const MISHA: &str = "710001";
const TIMUR: &str = "710003";
const OLGA: &str = "710004";
const BOTH: (&str, &str) = ("MOSTIK_MESSENGERS", "max vk");

fn vk_of(linking: &Linking) -> VkStep {
    match &linking.step {
        Step::Max(step) => step.vk.clone(),
        Step::Linked(step) => step.vk.clone(),
        _ => None,
    }
    .unwrap_or_else(|| panic!("no VK at {linking:?}"))
}

pub fn url_of(linking: &Linking) -> String {
    let VkStep::SigningIn { url, .. } = vk_of(linking) else { panic!("{linking:?}") };
    url
}

fn trouble_of(linking: &Linking) -> Option<VkTrouble> {
    let VkStep::Offered { trouble } = vk_of(linking) else { panic!("{linking:?}") };
    trouble
}

/// What the page's question bears.
fn question_of(page: &Answer) -> String {
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    page.text.split_once("name=\"question\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

#[track_caller]
pub fn shows(page: &Answer, status: u16, heading: &str) {
    assert!(page.status == status && page.text.contains(heading), "{status} {heading}: {page:?}");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
}

impl World {
    pub async fn with_both() -> Self {
        Self::with(&[BOTH]).await
    }

    /// The app asks for the way to VK ID.
    pub async fn begin_vk(&self, app: &App, linking: &Linking) -> Linking {
        self.act(app, linking, "vk", json!({})).await.linking()
    }

    /// In the browser: VK ID, as this person or refusing, up to where it sends the browser.
    async fn at_vk(&self, url: &str, user: Option<&str>) -> Answer {
        let page = self.http.get(url).send().await.unwrap().text().await.unwrap();
        let request = page.split_once("name=\"request\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        let form = match user {
            Some(user) => vec![("request", request.as_str()), ("user", user)],
            None => vec![("request", request.as_str()), ("refuse", "1")],
        };
        let form = self.http.post(format!("{}/authorize", self.sandbox.get("vk"))).form(&form);
        Answer::of(form.send().await.unwrap()).await
    }

    /// The whole of it up to our own page.
    pub async fn through_vk(&self, url: &str, user: Option<&str>) -> Answer {
        let back = self.at_vk(url, user).await;
        assert!(back.location().as_str().starts_with(&format!("{}/vk/callback?", self.url())), "{back:?}");
        self.follow(&back).await
    }

    pub async fn answer_vk(&self, page: &Answer, answer: &str) -> Answer {
        self.answer_vk_at(self.url(), &question_of(page), answer).await
    }

    async fn answer_vk_at(&self, url: &str, question: &str, answer: &str) -> Answer {
        let form = self.http.post(format!("{url}/vk/answer")).form(&[("question", question), ("answer", answer)]);
        Answer::of(form.send().await.unwrap()).await
    }

    /// Binds this person's VK account.
    pub async fn bind_vk(&self, app: &App, linking: &Linking, user: &str) -> Linking {
        let begun = self.begin_vk(app, linking).await;
        let page = self.through_vk(&url_of(&begun), Some(user)).await;
        shows(&self.answer_vk(&page, "yes").await, 200, "VK Мессенджер подключён");
        self.linking(app, &linking.id.0).await
    }

    async fn callback(&self, query: &[(&str, &str)]) -> Answer {
        let request = self.http.get(format!("{}/vk/callback", self.url())).query(query);
        Answer::of(request.send().await.unwrap()).await
    }
}

#[tokio::test]
async fn where_it_is_not_offered_nothing_begins() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    assert!(!world.me(&misha).await.messengers.vk);
    let linking = world.to_max(&misha, PHONE).await;
    assert!(matches!(&linking.step, Step::Max(step) if step.vk.is_none()));
    world.act(&misha, &linking, "vk", json!({})).await.problem(Code::WrongStep);
}

#[tokio::test]
async fn before_the_number_is_proven_and_in_anothers_linking_nothing_begins() {
    let world = World::with_both().await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let begun = world.begin(&misha).await;
    world.act(&misha, &begun, "vk", json!({})).await.problem(Code::WrongStep);
    let linking = world.to_profile(&misha, PHONE).await;
    world.act(&misha, &linking, "vk", json!({})).await.problem(Code::WrongStep);
    let linking = world.act(&misha, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
    world.act(&liza, &linking, "vk", json!({})).await.problem(Code::LinkingNotFound);
    world.act(&misha, &begun, "vk", json!({})).await.problem(Code::StaleVersion);
    assert_eq!(trouble_of(&linking), None);
}

#[tokio::test]
async fn a_forged_replayed_replaced_or_late_state_changes_nothing() {
    let world = World::with_both().await;
    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let first = world.begin_vk(&misha, &linking).await;
    for query in [
        vec![],
        vec![("state", "")],
        vec![("state", "made-up"), ("code", "x"), ("device_id", "y")],
        vec![("code", "x"), ("device_id", "y")],
    ] {
        shows(&world.callback(&query).await, 400, "уже не действует");
    }
    shows(&world.answer_vk_at(world.url(), "made-up", "yes").await, 400, "уже не действует");
    assert_eq!(world.linking(&misha, &linking.id.0).await, first);

    // A new one puts an end to the one before.
    let second = world.begin_vk(&misha, &first).await;
    shows(&world.through_vk(&url_of(&first), Some(MISHA)).await, 400, "уже не действует");
    // It serves once, and so does the question behind it.
    let back = world.at_vk(&url_of(&second), Some(MISHA)).await;
    let asked = world.follow(&back).await;
    shows(&world.follow(&back).await, 400, "уже не действует");
    shows(&world.answer_vk(&asked, "no").await, 200, "VK не подключён");
    shows(&world.answer_vk(&asked, "yes").await, 400, "уже не действует");
    // Ten minutes end either.
    let third = world.linking(&misha, &linking.id.0).await;
    let third = world.begin_vk(&misha, &third).await;
    world.advance(10 * MINUTE);
    shows(&world.through_vk(&url_of(&third), Some(MISHA)).await, 400, "уже не действует");
    let misha = world.sign_in("misha").await;
    let present = world.linking(&misha, &linking.id.0).await;
    assert_eq!(trouble_of(&present), None, "what is over is offered anew");
    let fourth = world.begin_vk(&misha, &present).await;
    let asked = world.through_vk(&url_of(&fourth), Some(MISHA)).await;
    world.advance(10 * MINUTE);
    shows(&world.answer_vk(&asked, "yes").await, 400, "уже не действует");
    let misha = world.sign_in("misha").await;
    assert_eq!(world.linking(&misha, &linking.id.0).await.step.name(), StepName::Max);
}

#[tokio::test]
async fn who_signed_out_meanwhile_binds_nothing() {
    let world = World::with_both().await;
    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let begun = world.begin_vk(&misha, &linking).await;
    let again = world.sign_in("misha").await;
    world.post(&misha, "/v1/sessions/end", json!({ "session": null })).await;
    shows(&world.through_vk(&url_of(&begun), Some(MISHA)).await, 400, "уже не действует");
    drop(again);
    let misha = world.sign_in("misha").await;
    let present = world.linking(&misha, &linking.id.0).await;
    let begun = world.begin_vk(&misha, &present).await;
    let asked = world.through_vk(&url_of(&begun), Some(MISHA)).await;
    world.post(&misha, "/v1/sessions/end", json!({ "session": null })).await;
    shows(&world.answer_vk(&asked, "yes").await, 409, "ушло дальше");
    let misha = world.sign_in("misha").await;
    assert_eq!(world.linking(&misha, &linking.id.0).await.step.name(), StepName::Max);
}

#[tokio::test]
async fn a_refusal_at_vk_and_a_no_to_the_account_leave_the_step_with_a_reason() {
    let mut world = World::with_both().await;
    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let begun = world.begin_vk(&misha, &linking).await;
    let VkStep::SigningIn { return_handle, .. } = vk_of(&begun) else { panic!("{begun:?}") };
    let page = world.through_vk(&url_of(&begun), None).await;
    shows(&page, 200, "VK не подключён");
    assert!(page.text.contains(&format!("href=\"mostik://return/{return_handle}\"")), "{}", page.text);
    let present = world.linking(&misha, &linking.id.0).await;
    assert_eq!(trouble_of(&present), Some(VkTrouble::Refused));

    // His mother's VK is the one that the browser knows.
    let begun = world.begin_vk(&misha, &present).await;
    assert!(matches!(vk_of(&begun), VkStep::SigningIn { .. }), "the trouble is forgotten");
    let page = world.through_vk(&url_of(&begun), Some(OLGA)).await;
    for said in ["Михаил О., 8-Б", "Ольга О.", "Подключить этот VK?", "Если дневник не ваш"]
    {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(!page.text.contains("Орлов"), "surnames are masked: {}", page.text);
    assert!(matches!(vk_of(&world.linking(&misha, &linking.id.0).await), VkStep::Asking { .. }));
    shows(&world.answer_vk(&page, "no").await, 200, "VK не подключён");
    let present = world.linking(&misha, &linking.id.0).await;
    assert_eq!(trouble_of(&present), Some(VkTrouble::Refused));
    world.bind_vk(&misha, &present, MISHA).await;
    world.restart().await;
    assert!(!holds(&bytes_of(&world), "Ольга О."), "whom nobody wanted is not kept");
}

#[tokio::test]
async fn a_vk_that_does_not_answer_or_refuses_with_status_200_binds_nobody() {
    let world = World::with_both().await;
    let misha = world.sign_in("misha").await;
    let mut linking = world.to_max(&misha, PHONE).await;
    for fault in [json!({ "status": 503 }), json!({ "html": true }), json!({ "truncate": true })] {
        let begun = world.begin_vk(&misha, &linking).await;
        let back = world.at_vk(&url_of(&begun), Some(MISHA)).await;
        world.faults(json!({ "vk": fault })).await;
        shows(&world.follow(&back).await, 502, "VK сейчас не отвечает");
        world.faults(json!({})).await;
        linking = world.linking(&misha, &linking.id.0).await;
        assert_eq!(trouble_of(&linking), Some(VkTrouble::Unavailable));
    }
    // A code that is not VK's, without the device that came with it, and an error of VK's own.
    for (code, device, error) in [
        (Some("made-up"), Some("device"), None),
        (Some("made-up"), None, None),
        (None, None, Some("server_error")),
        (None, None, None),
    ] {
        let begun = world.begin_vk(&misha, &linking).await;
        let url = url::Url::parse(&url_of(&begun)).unwrap();
        let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let mut query = vec![("state", state.as_str())];
        query.extend(code.map(|code| ("code", code)));
        query.extend(device.map(|device| ("device_id", device)));
        query.extend(error.map(|error| ("error", error)));
        shows(&world.callback(&query).await, 502, "VK сейчас не отвечает");
        linking = world.linking(&misha, &linking.id.0).await;
        assert_eq!(trouble_of(&linking), Some(VkTrouble::Unavailable));
    }
    assert_eq!(linking.step.name(), StepName::Max);
}

#[tokio::test]
async fn a_vk_account_serves_one_profile() {
    let world = World::with_both().await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let mishas = world.to_max(&misha, PHONE).await;
    world.bind_vk(&misha, &mishas, MISHA).await;
    let lizas = world.to_max(&liza, "+79000002357").await;
    let begun = world.begin_vk(&liza, &lizas).await;
    shows(&world.through_vk(&url_of(&begun), Some(MISHA)).await, 409, "Этот аккаунт VK занят");
    let lizas = world.linking(&liza, &lizas.id.0).await;
    assert_eq!(trouble_of(&lizas), Some(VkTrouble::AccountTaken));
    // Her own goes on from there.
    let linked = world.bind_vk(&liza, &lizas, "710002").await;
    assert_eq!(linked.step.name(), StepName::Linked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_profiles_that_want_one_account_at_once_on_two_nodes_one_gets_it() {
    let world = World::with_both().await;
    let other_node = world.another_node().await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let mut asked = Vec::new();
    let mut linkings = Vec::new();
    for (app, phone) in [(&misha, PHONE), (&liza, "+79000002357")] {
        let linking = world.to_max(app, phone).await;
        let begun = world.begin_vk(app, &linking).await;
        asked.push(question_of(&world.through_vk(&url_of(&begun), Some(TIMUR)).await));
        linkings.push((app, linking));
    }
    // Each answer comes twice, once on each node.
    let urls = [world.url(), &other_node.url];
    let all = (0..4).map(|n| world.answer_vk_at(urls[n % 2], &asked[n / 2], "yes"));
    let pages = join_all(all).await;
    assert_eq!(pages.iter().filter(|page| page.status == StatusCode::OK).count(), 1, "{pages:?}");
    assert_eq!(pages.iter().filter(|page| page.status == StatusCode::CONFLICT).count(), 1, "{pages:?}");
    let mut ends = Vec::new();
    for (app, linking) in &linkings {
        ends.push(world.linking(app, &linking.id.0).await.step.name());
    }
    ends.sort_unstable();
    assert_eq!(ends, [StepName::Max, StepName::Linked]);
    other_node.stop().await;
}

#[tokio::test]
async fn another_number_given_meanwhile_is_another_profile() {
    let world = World::with_both().await;
    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let begun = world.begin_vk(&misha, &linking).await;
    let asked = world.through_vk(&url_of(&begun), Some(MISHA)).await;
    let present = world.linking(&misha, &linking.id.0).await;
    let other = world.act(&misha, &present, "contact", json!({ "contact": "+79000000007" })).await.linking();
    shows(&world.answer_vk(&asked, "yes").await, 409, "ушло дальше");
    let code = world.sms_code("+79000000007").await;
    let other = world.act(&misha, &other, "code", json!({ "code": code })).await.linking();
    let other = world.act(&misha, &other, "confirm", json!({ "accept_other_name": true })).await.linking();
    assert_eq!((other.step.name(), trouble_of(&other)), (StepName::Max, None));
}

#[tokio::test]
async fn a_profile_that_went_to_another_pupil_is_taken_here_too() {
    let world = World::with_both().await;
    let (misha, timur) = (world.sign_in("misha").await, world.sign_in("timur").await);
    let mishas = world.to_max(&misha, PHONE).await;
    world.advance(MINUTE);
    let timurs = world.to_max(&timur, PHONE).await;
    let begun = world.begin_vk(&timur, &timurs).await;
    let asked = world.through_vk(&url_of(&begun), Some(TIMUR)).await;
    world.bind_vk(&misha, &mishas, MISHA).await;
    shows(&world.answer_vk(&asked, "yes").await, 409, "Учебный профиль занят");
    assert_eq!(world.linking(&timur, &timurs.id.0).await.step.name(), StepName::Taken);
}

#[tokio::test]
async fn a_proven_number_and_vk_make_the_link_and_the_app_hears_of_it() {
    let world = World::with_both().await;
    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let begun = world.begin_vk(&misha, &linking).await;
    let url = url::Url::parse(&url_of(&begun)).unwrap();
    let asks = |name: &str| url.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned());
    assert_eq!(asks("scope").as_deref(), Some("vkid.personal_info"), "nothing is asked for that is not used");
    assert_eq!(asks("code_challenge_method").as_deref(), Some("S256"));
    let page = world.through_vk(url.as_str(), Some(MISHA)).await;
    let mut events = world.events(&misha, &linking.id.0).await;
    events.next().await;
    shows(&world.answer_vk(&page, "yes").await, 200, "VK Мессенджер подключён");
    let linked = events.next().await.unwrap();
    let Step::Linked(step) = &linked.step else { panic!("{linked:?}") };
    let messenger_url = format!("{}?profile={}", world.sandbox.get("vk_link"), step.profile);
    assert_eq!(
        (step.in_max, &step.vk),
        (false, &Some(VkStep::Bound { name_masked: "Михаил О.".into(), messenger_url }))
    );
    assert!(matches!(world.link_of(&misha, "Михаил").await, LinkSummary::Linked { in_max: false, in_vk: true, .. }));
    let pupil = world.pupil(&misha, "Михаил").await;
    let vk = world.profile(&misha, &pupil).await.vk.unwrap();
    assert_eq!((vk.name_masked.as_deref(), vk.since), (Some("Михаил О."), world.now()));
    let kinds: Vec<_> = world.log(&misha, &pupil).await.events.iter().map(|event| event.kind).collect();
    assert!(kinds.contains(&LogKind::Linked) && kinds.contains(&LogKind::InVk), "{kinds:?}");
    world.act(&misha, &linked, "vk", json!({})).await.problem(Code::WrongStep);
    // What was taken from VK ID was given back: its journal says so.
    let log = world.http.get(world.phone_page("/api/log")).send().await.unwrap().text().await.unwrap();
    assert!(log.contains("доступ отозван: 710001"), "{log}");
}

#[tokio::test]
async fn a_profile_by_mail_gets_either_messenger_and_a_letter_and_unlinking_one_leaves_the_other() {
    let (world, mail) = World::with_mail_and("none", &[BOTH]).await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_made(&mail, &olga, ADDRESS).await;
    let linked = world.bind_vk(&olga, &linking, OLGA).await;
    let letter = mail.letter(ADDRESS).await;
    assert_eq!(letter.subject, "Мостик: к учебному профилю подключён VK Мессенджер");
    assert!(letter.text.contains("Анна О.") && letter.text.contains("Ольга О."), "{}", letter.text);
    // MAX as well, later.
    let to_max = world.act(&olga, &linked, "max-link", json!({})).await.linking();
    assert!(matches!(vk_of(&to_max), VkStep::Bound { .. }));
    let both = world.finish_in_max(&olga, &to_max, 501_003).await;
    assert!(matches!(&both.step, Step::Linked(step) if step.in_max && matches!(step.vk, Some(VkStep::Bound { .. }))));
    let anya = world.pupil(&olga, "Анна").await;
    world.proven(&olga, &anya, "unlink-vk", by_password("не тот пароль")).await.problem(Code::PasswordWrong);

    let left = world.proven(&olga, &anya, "unlink-vk", by_password(PASSWORD)).await.profile();
    assert!(left.vk.is_none() && left.max.is_some());
    assert_eq!(mail.letter(ADDRESS).await.subject, "Мостик: VK Мессенджер отвязан от учебного профиля");
    let again = world.proven(&olga, &anya, "unlink-vk", by_password(PASSWORD)).await.profile();
    assert!(again.max.is_some());
    // A profile by e-mail stands without any.
    let none = world.proven(&olga, &anya, "unlink-max", by_password(PASSWORD)).await.profile();
    assert!(none.vk.is_none() && none.max.is_none());
    assert_eq!(mail.letter(ADDRESS).await.subject, "Мостик: MAX отвязан от учебного профиля");
    assert!(mail.left_unread().await.is_empty(), "done once, told once");
    let present = world.linking(&olga, &linking.id.0).await;
    assert_eq!((present.step.name(), trouble_of(&present)), (StepName::Linked, None));
    world.bind_vk(&olga, &present, OLGA).await;
    let kinds: Vec<_> = world.log(&olga, &anya).await.events.iter().map(|event| event.kind).collect();
    assert!(kinds.contains(&LogKind::LeftVk) && kinds.contains(&LogKind::LeftMax), "{kinds:?}");
}

#[tokio::test]
async fn a_link_by_phone_does_not_lose_its_last_messenger_by_halves() {
    let world = World::with_both().await;
    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let linked = world.bind_vk(&misha, &linking, MISHA).await;
    let pupil = world.pupil(&misha, "Михаил").await;
    let code = world.owner_code(&misha, &pupil, PHONE).await;
    world.proven(&misha, &pupil, "unlink-vk", by_code(&code)).await.problem(Code::LastMessenger);
    let linked = world.linking(&misha, &linked.id.0).await;
    let to_max = world.act(&misha, &linked, "max-link", json!({})).await.linking();
    assert!(matches!(&to_max.step, Step::Max(step) if step.skippable));
    world.finish_in_max(&misha, &to_max, MISHA_IN_MAX).await;
    // What was refused has cost the code nothing.
    let left = world.proven(&misha, &pupil, "unlink-vk", by_code(&code)).await.profile();
    assert!(left.vk.is_none() && left.max.is_some());
    let mut heard = 0;
    while !world.bot_says(MISHA_IN_MAX, &mut heard).await["text"].as_str().unwrap().contains("VK Мессенджер отвязан")
    {
    }
    world.advance(MINUTE);
    let code = world.owner_code(&misha, &pupil, PHONE).await;
    world.proven(&misha, &pupil, "unlink-max", by_code(&code)).await.problem(Code::LastMessenger);
    // The whole unlink forgets the VK account too: it may be bound to another profile.
    let linked = world.linking(&misha, &linked.id.0).await;
    world.bind_vk(&misha, &linked, MISHA).await;
    let answer = world.proven(&misha, &pupil, "unlink", by_code(&code)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(world.link_of(&misha, "Михаил").await, LinkSummary::NotLinked);
    let liza = world.sign_in("liza").await;
    let lizas = world.to_max(&liza, "+79000002357").await;
    assert_eq!(world.bind_vk(&liza, &lizas, MISHA).await.step.name(), StepName::Linked);
}

#[tokio::test]
async fn who_offers_vk_alone_needs_no_bot() {
    let settings = [("MOSTIK_MESSENGERS", "vk"), ("MOSTIK_MAX_TOKEN", ""), ("MOSTIK_MAX_BOT", "")];
    let world = World::with(&settings).await;
    let misha = world.sign_in("misha").await;
    let offered = world.me(&misha).await.messengers;
    assert!(offered.vk && !offered.max);
    let linking = world.to_max(&misha, PHONE).await;
    assert_eq!(world.bind_vk(&misha, &linking, MISHA).await.step.name(), StepName::Linked);
}

#[tokio::test]
async fn the_export_names_the_account_and_a_deletion_leaves_nothing_of_it() {
    let (mut world, mail) = World::with_mail_and("none", &[BOTH]).await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_made(&mail, &olga, ADDRESS).await;
    let begun = world.begin_vk(&olga, &linking).await;
    let state = url_of(&begun);
    let state = state.split_once("state=").unwrap().1.split('&').next().unwrap();
    assert!(!holds(&bytes_of(&world), state), "the state lies open in the files");
    let linked = world.bind_vk(&olga, &begun, OLGA).await;
    mail.letter(ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let answer = world.proven(&olga, &anya, "export", by_password(PASSWORD)).await;
    let export: Export = serde_json::from_str(&answer.text).unwrap();
    let json: Value = serde_json::from_str(&export.json).unwrap();
    for (pointer, value) in [
        ("/profile/vk_user", json!(710_004)),
        ("/profile/vk_name", json!("Ольга О.")),
        ("/profile/vk_at", json!("2026-11-23T06:00:00Z")),
        ("/link/in_vk", json!(true)),
    ] {
        assert_eq!(json.pointer(pointer), Some(&value), "{pointer} of {}", export.json);
    }
    assert!(export.html.contains("Ольга О.") && export.html.contains(OLGA), "{}", export.html);
    let doomed = world.proven(&olga, &anya, "unlink-vk", by_password(PASSWORD)).await.profile();
    assert!(doomed.vk.is_none());
    // Bound again, and another one asked about: both go with the profile.
    let present = world.linking(&olga, &linked.id.0).await;
    world.bind_vk(&olga, &present, OLGA).await;
    world.proven(&olga, &anya, "deletion", by_password(PASSWORD)).await.profile();
    world.proven(&olga, &anya, "unlink-vk", by_password(PASSWORD)).await.problem(Code::DeletionPending);
    assert!(holds(&bytes_of(&world), "Ольга О."), "the search finds what is there");
    world.advance(DAY);
    world.restart().await;
    while !mail.letter(ADDRESS).await.subject.contains("профиль удалён") {}
    world.stop().await;
    assert!(!holds(&bytes_of(&world), "Ольга О."), "the account's name is there still");
}
