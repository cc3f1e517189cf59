//! VK ID, as an application without a secret sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mostik_sandbox::{Clock, Options, World};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::Stand;

const BACK: &str = "https://mostik.example:8443/vk/back";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-signs-long";
const CLIENT: &str = "51001242";
const STATE: &str = "0123456789abcdefghijklmnopqrstuv";
const MINUTE: i64 = 60_000;

type Fields = Vec<(&'static str, String)>;

/// What the browser brings back.
struct Back {
    code: String,
    device: String,
    url: Url,
}

impl Stand {
    /// A stand whose application has one registered address, and a clock that a test moves.
    async fn with_vk() -> (Self, Arc<AtomicI64>) {
        let mut world: Value = serde_json::from_str(include_str!("../../world/default.json")).expect("built-in JSON");
        world["vk_client"]["redirect_uris"] = json!([BACK]);
        let world = World::from_json(&world.to_string()).expect("a good world");
        let time = Arc::new(AtomicI64::new(1_795_000_000_000));
        let hand = Arc::clone(&time);
        let clock = Clock::new(move || hand.load(Ordering::Relaxed));
        (Self::with(Options { world, clock, ..Options::default() }).await, time)
    }

    fn vk_authorize(&self, change: impl FnOnce(&mut Fields)) -> Url {
        let mut fields = vec![
            ("response_type", "code".to_owned()),
            ("client_id", CLIENT.to_owned()),
            ("redirect_uri", BACK.to_owned()),
            ("state", STATE.to_owned()),
            ("code_challenge", URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))),
            ("code_challenge_method", "S256".to_owned()),
            ("scope", "vkid.personal_info email phone".to_owned()),
        ];
        change(&mut fields);
        Url::parse_with_params(&self.at("vk", "/authorize"), fields).expect("a URL")
    }

    /// Opens the page; comes back with what it waits under, and with its text.
    async fn vk_page(&self, url: Url) -> (String, String) {
        let page = self.http.get(url).send().await.expect("a page").text().await.expect("text");
        let request = page.split("name=\"request\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        (request.expect("the hidden id").to_owned(), page)
    }

    fn vk_press(&self, request: &str, field: &str, value: &str) -> RequestBuilder {
        self.http.post(self.at("vk", "/authorize")).form(&[("request", request), (field, value)])
    }

    async fn vk_decide(&self, url: Url, field: &str, value: &str) -> Url {
        let (request, _) = self.vk_page(url).await;
        let answer = self.vk_press(&request, field, value).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        Url::parse(answer.headers()["location"].to_str().expect("ASCII")).expect("a URL")
    }

    async fn vk_code(&self) -> Back {
        let url = self.vk_decide(self.vk_authorize(|_| {}), "user", "710001").await;
        Back { code: of(&url, "code"), device: of(&url, "device_id"), url }
    }

    /// Posts a form; VK ID says 200 to everything that it understands.
    async fn vk_post(&self, path: &str, form: &[(&str, String)]) -> Value {
        let answer = self.http.post(self.at("vk", path)).form(form).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        answer.json().await.expect("JSON")
    }

    async fn vk_redeem(&self, back: &Back, change: impl FnOnce(&mut Fields)) -> Value {
        let mut form = exchange(back);
        change(&mut form);
        self.vk_post("/oauth2/auth", &form).await
    }

    async fn vk_refresh(&self, tokens: &Value, device: &str) -> Value {
        let form = [
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", text(tokens, "refresh_token")),
            ("client_id", CLIENT.to_owned()),
            ("device_id", device.to_owned()),
            ("state", "another".to_owned()),
        ];
        self.vk_post("/oauth2/auth", &form).await
    }

    /// `user_info`, `logout` or `revoke`.
    async fn vk_with(&self, what: &str, tokens: &Value) -> Value {
        let form = [("client_id", CLIENT.to_owned()), ("access_token", text(tokens, "access_token"))];
        self.vk_post(&format!("/oauth2/{what}"), &form).await
    }

    async fn vk_tokens(&self) -> Value {
        let tokens = self.vk_redeem(&self.vk_code().await, |_| {}).await;
        assert!(tokens["error"].is_null(), "{tokens}");
        tokens
    }
}

fn exchange(back: &Back) -> Fields {
    vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", back.code.clone()),
        ("code_verifier", VERIFIER.to_owned()),
        ("client_id", CLIENT.to_owned()),
        ("device_id", back.device.clone()),
        ("redirect_uri", BACK.to_owned()),
        ("state", STATE.to_owned()),
    ]
}

fn set(fields: &mut Fields, name: &str, value: &str) {
    for (_, text) in fields.iter_mut().filter(|(key, _)| *key == name) {
        value.clone_into(text);
    }
}

fn of(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_stranger_is_shown_a_page_and_sent_nowhere() {
    let (stand, _) = Stand::with_vk().await;
    for (name, value) in [
        ("client_id", "51001243"),
        ("client_id", ""),
        ("redirect_uri", ""),
        ("redirect_uri", "https://evil.example/vk/back"),
        ("redirect_uri", "http://mostik.example:8443/vk/back"),
        ("redirect_uri", "https://mostik.example/vk/back"),
        ("redirect_uri", "https://mostik.example:8443/vk/back/"),
        ("redirect_uri", "https://mostik.example:8443/vk/Back"),
        ("redirect_uri", "https://mostik.example:8443/vk/x/../back"),
        ("redirect_uri", "https://mostik.example:8443/vk/back?next=1"),
        ("redirect_uri", "https://mostik.example:8443/vk/back#x"),
        ("redirect_uri", "https://mostik.example:8443/vk%2Fback"),
        ("redirect_uri", "https://mostik.example:8443@evil.example/vk/back"),
        ("redirect_uri", "https://mostik.example.evil.example:8443/vk/back"),
        ("redirect_uri", "https://mostık.example:8443/vk/back"),
        ("redirect_uri", "http://127.0.0.1.evil.example/vk/back"),
    ] {
        let url = stand.vk_authorize(|fields| set(fields, name, value));
        let answer = stand.http.get(url).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name}={value}");
        assert!(!answer.headers().contains_key("location"), "{name}={value}");
        assert!(answer.text().await.expect("text").contains("Учебный стенд"));
    }
}

#[tokio::test]
async fn a_request_that_nobody_should_grant_comes_back_with_an_error() {
    let (stand, _) = Stand::with_vk().await;
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("state", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", VERIFIER, "invalid_request"),
        ("scope", "vkid.personal_info offline", "invalid_scope"),
    ] {
        let url = stand.vk_authorize(|fields| set(fields, name, value));
        let answer = stand.http.get(url).send().await.expect("an answer");
        let back = Url::parse(answer.headers()["location"].to_str().expect("ASCII")).expect("a URL");
        assert_eq!((of(&back, "error"), of(&back, "code")), (error.into(), String::new()), "{name}={value}");
        assert!(back.as_str().starts_with(BACK));
    }
    let twice = stand.vk_authorize(|fields| fields.push(("state", "other".into())));
    let answer = stand.http.get(twice).send().await.expect("an answer");
    assert!(answer.headers()["location"].to_str().expect("ASCII").contains("error=invalid_request"));
}

#[tokio::test]
async fn a_person_may_refuse() {
    let (stand, _) = Stand::with_vk().await;
    let back = stand.vk_decide(stand.vk_authorize(|_| {}), "refuse", "1").await;
    assert_eq!((of(&back, "error"), of(&back, "state")), ("access_denied".into(), STATE.into()));
    assert_eq!((of(&back, "code"), of(&back, "device_id")), (String::new(), String::new()));
}

#[tokio::test]
async fn the_page_takes_one_answer_of_somebody_on_it_within_ten_minutes() {
    let (stand, time) = Stand::with_vk().await;
    let (request, _) = stand.vk_page(stand.vk_authorize(|_| {})).await;
    let press = async |user| stand.vk_press(&request, "user", user).send().await.expect("an answer").status();
    assert_eq!(press("710999").await, StatusCode::BAD_REQUEST, "nobody of that number");
    assert_eq!(press("710001").await, StatusCode::SEE_OTHER);
    assert_eq!(press("710001").await, StatusCode::BAD_REQUEST, "pressed twice");
    let (request, _) = stand.vk_page(stand.vk_authorize(|_| {})).await;
    time.fetch_add(10 * MINUTE, Ordering::Relaxed);
    let late = stand.vk_press(&request, "user", "710001").send().await.expect("an answer");
    assert_eq!(late.status(), StatusCode::BAD_REQUEST);
    assert!(late.text().await.expect("text").contains("Вход устарел"));
}

#[tokio::test]
async fn a_code_is_worth_nothing_in_other_hands_and_is_spent_there() {
    let (stand, _) = Stand::with_vk().await;
    for (name, value, error, words) in [
        ("code_verifier", "another-verifier-of-forty-three-signs-or-more", "invalid_request", "verifier is missing"),
        ("code_verifier", "short", "invalid_request", "verifier is missing or invalid"),
        ("device_id", "another", "invalid_grant", "device_id differs"),
        ("redirect_uri", "https://mostik.example:8443/vk/back/", "invalid_grant", "redirect_uri differs"),
    ] {
        let back = stand.vk_code().await;
        let refusal = stand.vk_redeem(&back, |form| set(form, name, value)).await;
        assert_eq!((&refusal["error"], &refusal["state"]), (&json!(error), &json!(STATE)), "{name}={value}");
        assert!(text(&refusal, "error_description").starts_with(words), "{refusal}");
        assert_eq!(stand.vk_redeem(&back, |_| {}).await["error"], "invalid_grant", "spent");
    }
}

#[tokio::test]
async fn what_cannot_be_read_spends_nothing() {
    let (stand, _) = Stand::with_vk().await;
    let back = stand.vk_code().await;
    for name in ["code", "code_verifier", "device_id", "redirect_uri", "state", "client_id"] {
        let refusal = stand.vk_redeem(&back, |form| form.retain(|(key, _)| *key != name)).await;
        assert_eq!(refusal["error"], "invalid_request");
        assert_eq!(refusal["error_description"], format!("{name} is missing or invalid"));
    }
    for (name, value, error) in
        [("client_id", "51001243", "invalid_client"), ("grant_type", "password", "unsupported_grant_type")]
    {
        assert_eq!(stand.vk_redeem(&back, |form| set(form, name, value)).await["error"], error);
    }
    let twice = stand.vk_redeem(&back, |form| form.push(("device_id", "another".into()))).await;
    assert_eq!(twice["error_description"], "device_id is there twice");

    let open = Url::parse_with_params(&stand.at("vk", "/oauth2/auth"), exchange(&back)).expect("a URL");
    let refusal: Value = stand.http.post(open).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(refusal["error_description"], "code belongs into the body");
    let body: serde_json::Map<_, _> =
        exchange(&back).into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let refusal = stand.http.post(stand.at("vk", "/oauth2/auth")).json(&body).send().await.expect("an answer");
    assert_eq!(refusal.json::<Value>().await.expect("JSON")["error"], "invalid_request");
    let refusal = stand.http.get(stand.at("vk", "/oauth2/auth")).send().await.expect("an answer");
    assert_eq!(refusal.status(), StatusCode::METHOD_NOT_ALLOWED);

    assert_eq!(stand.vk_redeem(&back, |_| {}).await["user_id"], 710_001, "it is good all the same");
}

#[tokio::test]
async fn a_code_lives_a_minute() {
    let (stand, time) = Stand::with_vk().await;
    let (early, late) = (stand.vk_code().await, stand.vk_code().await);
    time.fetch_add(MINUTE - 1, Ordering::Relaxed);
    assert_eq!(stand.vk_redeem(&early, |_| {}).await["error"], Value::Null);
    time.fetch_add(1, Ordering::Relaxed);
    let refusal = stand.vk_redeem(&late, |_| {}).await;
    assert_eq!((&refusal["error"], &refusal["access_token"]), (&json!("invalid_grant"), &Value::Null));
}

#[tokio::test]
async fn a_code_used_twice_takes_back_what_it_gave() {
    let (stand, _) = Stand::with_vk().await;
    let back = stand.vk_code().await;
    let (tokens, others) = (stand.vk_redeem(&back, |_| {}).await, stand.vk_tokens().await);
    assert_eq!(stand.vk_redeem(&back, |_| {}).await["error"], "invalid_grant");
    assert_eq!(stand.vk_with("user_info", &tokens).await["error"], "invalid_token");
    assert_eq!(stand.vk_refresh(&tokens, &back.device).await["error"], "invalid_grant");
    assert_eq!(stand.vk_with("user_info", &others).await["error"], Value::Null, "another sign-in goes on");
}

#[tokio::test]
async fn a_refresh_token_works_once_and_on_its_device() {
    let (stand, _) = Stand::with_vk().await;
    let back = stand.vk_code().await;
    let tokens = stand.vk_redeem(&back, |_| {}).await;
    assert_eq!(stand.vk_refresh(&tokens, "another").await["error"], "invalid_grant");
    let fresh = stand.vk_refresh(&tokens, &back.device).await;
    assert_eq!((&fresh["user_id"], &fresh["state"]), (&json!(710_001), &json!("another")));
    assert_eq!(stand.vk_with("user_info", &fresh).await["user"]["user_id"], "710001");
    assert_eq!(stand.vk_refresh(&tokens, &back.device).await["error"], "invalid_grant");
    assert_eq!(stand.vk_with("user_info", &fresh).await["error"], "invalid_token", "the replay took all back");
}

#[tokio::test]
async fn an_access_token_lives_an_hour() {
    let (stand, time) = Stand::with_vk().await;
    let tokens = stand.vk_tokens().await;
    time.fetch_add(60 * MINUTE - 1, Ordering::Relaxed);
    assert_eq!(stand.vk_with("user_info", &tokens).await["user"]["user_id"], "710001");
    time.fetch_add(1, Ordering::Relaxed);
    assert_eq!(stand.vk_with("user_info", &tokens).await["error"], "invalid_token");
    let form = [("client_id", CLIENT.to_owned()), ("id_token", text(&tokens, "id_token"))];
    assert_eq!(stand.vk_post("/oauth2/public_info", &form).await["error"], "invalid_token");
}

#[tokio::test]
async fn logging_out_ends_one_sign_in_and_revoking_ends_all() {
    let (stand, _) = Stand::with_vk().await;
    let (first, second, third) = (stand.vk_tokens().await, stand.vk_tokens().await, stand.vk_tokens().await);
    assert_eq!(stand.vk_with("logout", &first).await, json!({ "response": 1 }));
    assert_eq!(stand.vk_with("logout", &first).await["error"], "invalid_token");
    assert_eq!(stand.vk_with("user_info", &second).await["user"]["user_id"], "710001");
    assert_eq!(stand.vk_with("revoke", &second).await, json!({ "response": 1 }));
    assert_eq!(stand.vk_with("user_info", &third).await["error"], "invalid_token");
}

#[tokio::test]
async fn nothing_is_told_that_was_not_asked_for() {
    let (stand, _) = Stand::with_vk().await;
    let url = stand.vk_authorize(|fields| set(fields, "scope", ""));
    let (_, page) = stand.vk_page(url.clone()).await;
    assert!(page.contains("просит разрешения узнать имя."), "{page}");
    let url = stand.vk_decide(url, "user", "710001").await;
    let back = Back { code: of(&url, "code"), device: of(&url, "device_id"), url };
    let tokens = stand.vk_redeem(&back, |_| {}).await;
    assert_eq!(tokens["scope"], "vkid.personal_info");
    let user = &stand.vk_with("user_info", &tokens).await["user"];
    assert_eq!((&user["phone"], &user["email"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn an_id_token_tells_a_masked_person_and_cannot_be_made_by_others() {
    let (stand, _) = Stand::with_vk().await;
    let token = text(&stand.vk_tokens().await, "id_token");
    let public = async |token: String| {
        let form = [("client_id", CLIENT.to_owned()), ("id_token", token)];
        stand.vk_post("/oauth2/public_info", &form).await
    };
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let claims = URL_SAFE_NO_PAD.decode(&parts[1]).expect("base64");
    let claims = String::from_utf8(claims).expect("text").replace("710001", "710002");
    parts[1] = URL_SAFE_NO_PAD.encode(claims);
    for forged in [parts.join("."), format!("{}.{}.", parts[0], parts[1]), "x".into()] {
        assert_eq!(public(forged).await["error"], "invalid_token");
    }
    let user = &public(token).await["user"];
    assert_eq!((&user["phone"], &user["last_name"]), (&json!("+7 *** *** ** 42"), &json!("O.")));
    assert_eq!((&user["user_id"], &user["email"]), (&json!("710001"), &json!("m***@school.example")));
}

#[tokio::test]
async fn an_unwell_vk_id_says_so_in_every_way_it_can() {
    let (stand, _) = Stand::with_vk().await;
    let url = stand.at("vk", "/oauth2/user_info");
    stand.faults(json!({ "vk": { "status": 429, "retry_after": 7 } })).await;
    let answer = stand.http.post(&url).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers()["retry-after"], "7");
    assert_eq!(answer.json::<Value>().await.expect("JSON")["error"], "server_error");
    let page = stand.http.get(stand.vk_authorize(|_| {})).send().await.expect("a page");
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text().await.expect("text").contains("VK ID сейчас не отвечает"));
    stand.faults(json!({ "vk": { "status": null, "retry_after": null, "html": true } })).await;
    let answer = stand.http.post(&url).send().await.expect("an answer");
    assert!(answer.text().await.expect("text").starts_with("<!doctype html>"));

    // An answer that breaks off has been carried out all the same: the code is gone.
    stand.faults(json!({ "vk": { "html": false } })).await;
    let back = stand.vk_code().await;
    stand.faults(json!({ "vk": { "truncate": true } })).await;
    let answer = stand.http.post(stand.at("vk", "/oauth2/auth")).form(&exchange(&back)).send().await;
    assert!(answer.expect("a beginning").text().await.is_err());
    stand.faults(json!({ "vk": { "truncate": false } })).await;
    assert_eq!(stand.vk_redeem(&back, |_| {}).await["error"], "invalid_grant");
}

#[tokio::test]
async fn the_messenger_opens_beside_the_phone() {
    let (stand, _) = Stand::with_vk().await;
    let link = stand.sandbox.get("vk_link").to_owned();
    assert!(link.starts_with(stand.sandbox.get("phone")));
    let page = stand.http.get(&link).send().await.expect("a page").text().await.expect("text");
    assert!(page.contains("Сферум в VK Мессенджере") && !page.contains("MAX"), "{page}");
    let url = Url::parse_with_params(&link, [("profile", "Миша {words} <i>")]).expect("a URL");
    let page = stand.http.get(url).send().await.expect("a page").text().await.expect("text");
    assert!(page.contains("data-testid=\"profile\">Миша {words} &lt;i&gt;</b>"), "{page}");
}

#[tokio::test]
async fn a_person_signs_in_and_is_known() {
    let (stand, _) = Stand::with_vk().await;
    let (_, page) = stand.vk_page(stand.vk_authorize(|_| {})).await;
    for words in ["data-testid=\"vk-710001\"", "data-testid=\"refuse\"", "имя, почту и номер телефона", "Михаил Орлов"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let back = stand.vk_code().await;
    let brought: Vec<_> = back.url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(brought, ["code", "expires_in", "device_id", "state", "ext_id", "type"]);
    assert_eq!((of(&back.url, "state"), of(&back.url, "type")), (STATE.into(), "code_v2".into()));
    assert_eq!(of(&back.url, "expires_in"), "60");

    // As VK's own client for the web does it: all but the secret stands in the address.
    let (body, query): (Fields, Fields) = exchange(&back).into_iter().partition(|(name, _)| *name == "code");
    let url = Url::parse_with_params(&stand.at("vk", "/oauth2/auth"), query).expect("a URL");
    let tokens: Value = stand.http.post(url).form(&body).send().await.expect("an answer").json().await.expect("JSON");
    for name in ["access_token", "refresh_token", "id_token"] {
        assert!(text(&tokens, name).len() > 40, "{name}: {tokens}");
    }
    assert_eq!((&tokens["user_id"], &tokens["expires_in"]), (&json!(710_001), &json!(3600)));
    assert_eq!((&tokens["token_type"], &tokens["state"]), (&json!("Bearer"), &json!(STATE)));
    assert_eq!(tokens["scope"], "vkid.personal_info email phone");

    let user = &stand.vk_with("user_info", &tokens).await["user"];
    assert_eq!((&user["first_name"], &user["last_name"]), (&json!("Mikhail"), &json!("Orlov")));
    let form = [("client_id", CLIENT.to_owned()), ("access_token", text(&tokens, "access_token"))];
    let request = stand.http.post(stand.at("vk", "/oauth2/user_info")).header("Accept-Language", "ru-RU, en;q=0.5");
    let said: Value = request.form(&form).send().await.expect("an answer").json().await.expect("JSON");
    let expected = json!({
        "user_id": "710001", "first_name": "Михаил", "last_name": "Орлов", "phone": "79000001242",
        "avatar": stand.at("vk", "/assets/icon.svg"), "email": "misha.orlov@school.example",
        "sex": 2, "verified": false, "birthday": "14.05.2011",
    });
    assert_eq!(said["user"], expected);

    let log = stand.ask("/api/log").await.to_string();
    assert!(log.contains("\"protocol\":\"vk\"") && log.contains("вход: 710001"), "{log}");
    for secret in [&back.code, &back.device, &text(&tokens, "access_token"), &text(&tokens, "id_token")] {
        assert!(!log.contains(secret.as_str()), "the journal tells a secret");
    }
}

#[tokio::test]
async fn an_application_on_this_computer_may_listen_on_any_port() {
    let (stand, _) = Stand::with_vk().await;
    let local = "http://127.0.0.1:49152/vk/back";
    let url = stand.vk_authorize(|fields| {
        set(fields, "redirect_uri", local);
        // In VK's own documents the method is written small.
        set(fields, "code_challenge_method", "s256");
    });
    let url = stand.vk_decide(url, "user", "710003").await;
    assert!(url.as_str().starts_with(local));
    let back = Back { code: of(&url, "code"), device: of(&url, "device_id"), url };
    let tokens = stand.vk_redeem(&back, |form| set(form, "redirect_uri", local)).await;
    assert_eq!(tokens["user_id"], 710_003);
}
