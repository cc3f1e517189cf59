use reqwest::StatusCode;
use serde_json::json;

use crate::Stand;

#[tokio::test]
async fn other_pages_of_the_browser_are_kept_out() {
    let stand = Stand::start().await;
    let url = stand.at("phone", "/api/faults");
    let request = stand.http.delete(&url).header("Origin", "https://evil.example");
    assert_eq!(request.send().await.expect("an answer").status(), StatusCode::FORBIDDEN);
    let request = stand.http.get(&url).header("Host", "evil.example");
    assert_eq!(request.send().await.expect("an answer").status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_wrong_fault_is_named() {
    let stand = Stand::start().await;
    let url = stand.at("phone", "/api/faults");
    for wish in
        [json!({ "sms": { "colour": 1 } }), json!({ "max": { "status": 200 } }), json!({ "diary": { "delay_ms": -1 } })]
    {
        let answer = stand.http.put(&url).json(&wish).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wish}");
    }
    assert_eq!(stand.ask("/api/faults").await["sms"]["lose_next"], 0);
}

#[tokio::test]
async fn nobody_opens_the_link_of_another_bot() {
    let stand = Stand::start().await;
    let answer =
        stand.tell("/api/max/open", json!({ "user_id": 501_001, "link": "https://max.ru/other_bot?start=x" })).await;
    assert!(answer["error"].as_str().is_some_and(|error| error.contains("mostik_bot")));
}

#[tokio::test]
async fn every_page_says_that_it_is_a_stand_in_and_runs_no_foreign_code() {
    let stand = Stand::start().await;
    for path in ["/", "/max/mostik_bot?start=abc", "/max/sferum?profile=%3Cb%3E", "/vk", "/vk/sferum?profile=%3Cb%3E"] {
        let answer = stand.http.get(stand.at("phone", path)).send().await.expect("a page");
        assert!(answer.headers()["content-security-policy"].to_str().expect("ASCII").starts_with("default-src 'self'"));
        let page = answer.text().await.expect("text");
        assert!(page.contains("Учебный стенд"), "{path}");
        assert!(!page.contains("<script>") && !page.contains(" style=") && !page.contains("<b>\u{3c}b"), "{path}");
    }
}

#[tokio::test]
async fn waiting_ends_with_nothing_when_nothing_comes() {
    let stand = Stand::start().await;
    assert_eq!(stand.ask("/api/sms/wait?to=79000001242&after=0&timeout_s=0").await, json!([]));
    assert_eq!(stand.ask("/api/max/chat/wait?user_id=501001&after=0&timeout_s=0").await, json!([]));
}
