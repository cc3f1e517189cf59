use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::Stand;

const BACK: &str = "http://127.0.0.1:1/back";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-signs-long";

impl Stand {
    fn authorize_url(&self, change: impl FnOnce(&mut Vec<(&'static str, String)>)) -> Url {
        let mut fields = vec![
            ("client_id", "mostik".to_owned()),
            ("redirect_uri", BACK.to_owned()),
            ("response_type", "code".to_owned()),
            ("scope", "openid profile".to_owned()),
            ("state", "s-1".to_owned()),
            ("code_challenge", URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))),
            ("code_challenge_method", "S256".to_owned()),
        ];
        change(&mut fields);
        Url::parse_with_params(&self.at("diary", "/sps/oauth/ae"), fields).expect("a URL")
    }

    async fn decide(&self, field: &str, value: &str) -> Url {
        let page = self.http.get(self.authorize_url(|_| {})).send().await.expect("a page").text().await.expect("text");
        let request = page.split("name=\"request\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let form = [("request", request.expect("the hidden id")), (field, value)];
        let answer = self.http.post(self.at("diary", "/sps/oauth/ae")).form(&form).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        Url::parse(answer.headers()["location"].to_str().expect("ASCII")).expect("a URL")
    }

    async fn exchange(&self, secret: &str, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let request = self.http.post(self.at("diary", "/sps/oauth/te")).basic_auth("mostik", Some(secret)).form(form);
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    async fn redeem(&self, code: &str) -> (StatusCode, Value) {
        let form =
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK), ("code_verifier", VERIFIER)];
        self.exchange(self.sandbox.get("diary_client/secret"), &form).await
    }

    async fn family(&self, token: &str, path: &str) -> (StatusCode, Value) {
        let url = self.at("diary", path);
        let answer = self.http.get(url).bearer_auth(token).send().await.expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    async fn sign_in(&self, login: &str) -> Value {
        let back = self.decide("account", login).await;
        let (status, tokens) = self.redeem(&field(&back, "code")).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        tokens
    }
}

fn field(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_stranger_is_shown_a_page_and_sent_nowhere() {
    let stand = Stand::start().await;
    for url in [
        stand.authorize_url(|fields| fields[0].1 = "somebody".into()),
        stand.authorize_url(|fields| fields[1].1 = "https://evil.example/".into()),
    ] {
        let answer = stand.http.get(url).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert!(!answer.headers().contains_key("location"));
        assert!(answer.text().await.expect("text").contains("Учебный стенд"));
    }
}

#[tokio::test]
async fn a_request_without_state_or_pkce_comes_back_with_an_error() {
    let stand = Stand::start().await;
    for (at, value, error) in
        [(2, "token", "unsupported_response_type"), (4, "", "invalid_request"), (6, "plain", "invalid_request")]
    {
        let url = stand.authorize_url(|fields| fields[at].1 = value.into());
        let answer = stand.http.get(url).send().await.expect("an answer");
        let back = Url::parse(answer.headers()["location"].to_str().expect("ASCII")).expect("a URL");
        assert_eq!(field(&back, "error"), error);
    }
}

#[tokio::test]
async fn a_person_may_refuse() {
    let stand = Stand::start().await;
    let back = stand.decide("refuse", "1").await;
    assert_eq!((field(&back, "error"), field(&back, "state")), ("access_denied".into(), "s-1".into()));
}

#[tokio::test]
async fn a_code_used_twice_takes_back_what_it_gave() {
    let stand = Stand::start().await;
    let code = field(&stand.decide("account", "misha").await, "code");
    let (_, tokens) = stand.redeem(&code).await;
    let (status, error) = stand.redeem(&code).await;
    assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    let token = tokens["access_token"].as_str().expect("a token");
    let (status, problem) = stand.family(token, "/api/family/web/v1/profile").await;
    assert_eq!((status, &problem["type"]), (StatusCode::UNAUTHORIZED, &json!("Unauthorized")));
}

#[tokio::test]
async fn a_wrong_secret_or_verifier_gets_nothing() {
    let stand = Stand::start().await;
    let code = field(&stand.decide("account", "misha").await, "code");
    let form =
        [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK), ("code_verifier", "wrong")];
    assert_eq!(stand.exchange("wrong", &form).await.0, StatusCode::UNAUTHORIZED);
    let (status, error) = stand.exchange(stand.sandbox.get("diary_client/secret"), &form).await;
    assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    let stand = Stand::start().await;
    let tokens = stand.sign_in("misha").await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().expect("a token"))];
    let secret = stand.sandbox.get("diary_client/secret");
    assert_eq!(stand.exchange(secret, &form).await.0, StatusCode::OK);
    assert_eq!(stand.exchange(secret, &form).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_pupil_reads_their_own_diary_only() {
    let stand = Stand::start().await;
    let tokens = stand.sign_in("misha").await;
    let token = tokens["access_token"].as_str().expect("a token");
    let (_, profile) = stand.family(token, "/api/family/web/v1/profile").await;
    assert_eq!(profile["profile"]["first_name"], "Михаил");
    assert_eq!(profile["children"][0]["class_name"], "8-Б");
    let other = "/api/family/web/v1/schedule/short?student_id=1002&dates=2026-11-23";
    assert_eq!(stand.family(token, other).await.0, StatusCode::FORBIDDEN);

    let own = "/api/family/web/v1/schedule/short?student_id=1001&dates=2026-11-22,2026-11-23";
    let (_, days) = stand.family(token, own).await;
    assert_eq!(days["payload"][0]["lessons"], json!([]), "Sunday is free");
    let lessons = days["payload"][1]["lessons"].as_array().expect("lessons");
    let remote = lessons.iter().find(|lesson| lesson["lesson_type"] == "REMOTE").expect("a remote lesson");
    let item =
        format!("/api/family/web/v1/lesson_schedule_items/{}?student_id=1001&type=OO", remote["schedule_item_id"]);
    let (_, item) = stand.family(token, &item).await;
    let link = item["remote_lesson"]["link_to_join"].as_str().expect("a link");
    let page = stand.http.get(link).send().await.expect("a page").text().await.expect("text");
    assert!(page.contains("Сферум") && page.contains("Учебный стенд"));
}

#[tokio::test]
async fn a_parent_sees_every_child() {
    let stand = Stand::start().await;
    let tokens = stand.sign_in("olga").await;
    let (_, profile) =
        stand.family(tokens["access_token"].as_str().expect("a token"), "/api/family/web/v1/profile").await;
    let names: Vec<_> = profile["children"]
        .as_array()
        .expect("children")
        .iter()
        .filter_map(|child| child["first_name"].as_str())
        .collect();
    assert_eq!((&profile["profile"]["type"], names), (&json!("parent"), vec!["Михаил", "Анна", "Лев"]));
}

#[tokio::test]
async fn an_unwell_diary_says_so_in_every_way_it_can() {
    let stand = Stand::start().await;
    let url = stand.at("diary", "/api/family/web/v1/profile");
    stand.faults(json!({ "diary": { "status": 429, "retry_after": 7 } })).await;
    let answer = stand.http.get(&url).send().await.expect("an answer");
    assert_eq!(
        (answer.status(), answer.headers()["retry-after"].as_bytes()),
        (StatusCode::TOO_MANY_REQUESTS, &b"7"[..])
    );
    stand.faults(json!({ "diary": { "status": null, "retry_after": null, "html": true } })).await;
    let answer = stand.http.get(&url).send().await.expect("an answer");
    assert!(answer.text().await.expect("text").starts_with("<!doctype html>"));
    stand.faults(json!({ "diary": { "html": false, "truncate": true } })).await;
    let answer = stand.http.get(&url).send().await.expect("a beginning");
    assert!(answer.text().await.is_err());
}
