use maxoxide::types::{Attachment, Button, KeyboardPayload, NewAttachment, NewMessageBody, Update};
use maxoxide::{Bot, MaxError, RetryPolicy};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::Stand;

const MISHA: i64 = 501_001;
const LIZA: i64 = 501_002;

impl Stand {
    fn bot_with(&self, token: &str) -> Bot {
        let retry_policy = RetryPolicy::disabled();
        let builder = Bot::builder(token).base_url(self.sandbox.get("max_api")).no_proxy().retry_policy(retry_policy);
        builder.build().expect("a client on loopback")
    }

    fn bot(&self) -> Bot {
        self.bot_with(self.sandbox.get("bot/token"))
    }

    async fn open(&self, user_id: i64, payload: &str) -> Value {
        let link = format!("{}/mostik_bot?start={payload}", self.sandbox.get("max_link"));
        self.tell("/api/max/open", json!({ "user_id": user_id, "link": link })).await
    }
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, MaxError>) -> (u16, String) {
    let error = answer.expect_err("a refusal");
    let api = error.api_error().unwrap_or_else(|| panic!("no answer of the API: {error}"));
    (api.status, api.code.clone().unwrap_or_default())
}

#[tokio::test]
async fn a_wrong_token_is_refused_in_the_words_of_max() {
    let stand = Stand::start().await;
    assert_eq!(refusal(stand.bot_with("wrong").get_me().await), (401, "verify.token".into()));
    let answer = stand.http.put(stand.at("max_api", "/me")).header("Authorization", stand.sandbox.get("bot/token"));
    assert_eq!(answer.send().await.expect("an answer").status(), 405);
}

#[tokio::test]
async fn a_bot_may_not_write_first() {
    let stand = Stand::start().await;
    let answer = stand.bot().send_text_to_user(MISHA, "Здравствуйте").await;
    assert_eq!(refusal(answer), (403, "chat.denied".into()));
}

#[tokio::test]
async fn the_third_message_in_a_second_is_too_many() {
    let stand = Stand::start().await;
    stand.open(MISHA, "").await;
    let url = stand.at("max_api", &format!("/messages?user_id={MISHA}"));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let request = stand.http.post(&url).header("Authorization", stand.sandbox.get("bot/token"));
        statuses.push(request.json(&json!({ "text": "раз" })).send().await.expect("an answer").status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn a_messenger_that_is_down_hangs_up() {
    let stand = Stand::start().await;
    stand.faults(json!({ "max": { "down": true } })).await;
    assert!(matches!(stand.bot().get_me().await, Err(MaxError::Http(_))));
}

#[tokio::test]
async fn a_messenger_that_goes_down_hangs_up_on_a_poll_that_was_waiting() {
    let stand = Stand::start().await;
    let bot = stand.bot();
    let going_down = async {
        stand.faults(json!({ "max": { "down": true } })).await;
        stand.open(MISHA, "").await;
    };
    let (polled, ()) = tokio::join!(bot.get_updates(None, Some(20), None), going_down);
    assert!(matches!(polled, Err(MaxError::Http(_))));
}

#[tokio::test]
async fn a_forged_or_foreign_contact_does_not_verify() {
    let stand = Stand::start().await;
    let bot = stand.bot();
    stand.open(MISHA, "").await;
    let marker = bot.get_updates(None, Some(5), None).await.expect("updates").marker;
    stand.tell("/api/max/contact", json!({ "user_id": MISHA, "forged_hash": true })).await;
    stand.tell("/api/max/contact", json!({ "user_id": MISHA, "contact_user_id": LIZA })).await;
    stand.tell("/api/max/contact", json!({ "user_id": MISHA, "contact_user_id": LIZA, "forwarded": true })).await;
    let updates = bot.get_updates(marker, Some(5), None).await.expect("updates").updates;
    let seen: Vec<_> = updates.iter().map(|update| contact(update, stand.sandbox.get("bot/token"))).collect();
    assert_eq!(seen, [(false, MISHA), (false, LIZA), (true, LIZA)]);
}

/// Whether the hash fits, and whose card it is.
fn contact(update: &Update, token: &str) -> (bool, i64) {
    let Update::MessageCreated { message, .. } = update else { panic!("not a message: {update:?}") };
    let attachments = message.body.attachments.as_deref().unwrap_or_default();
    let [Attachment::Contact { payload, .. }] = attachments else { panic!("not a contact: {attachments:?}") };
    (payload.validate_hash(token), payload.max_info.as_ref().map_or(0, |user| user.user_id))
}

#[tokio::test]
async fn a_person_starts_the_bot_shares_their_number_and_is_answered() {
    let stand = Stand::start().await;
    let bot = stand.bot();
    assert_eq!(bot.get_me().await.expect("the bot").username.as_deref(), Some("mostik_bot"));
    stand.open(MISHA, "ticket-1").await;
    let first = bot.get_updates(None, Some(5), None).await.expect("updates");
    let [Update::BotStarted { user, payload, .. }] = first.updates.as_slice() else { panic!("{:?}", first.updates) };
    assert_eq!((user.user_id, payload.as_deref()), (MISHA, Some("ticket-1")));

    let rows = vec![vec![Button::request_contact("Поделиться номером")], vec![Button::callback("Это не я", "no")]];
    let keyboard = NewAttachment::InlineKeyboard { payload: KeyboardPayload { buttons: rows } };
    let body = NewMessageBody {
        attachments: Some(vec![keyboard]), ..NewMessageBody::text("Подтвердите номер")
    };
    bot.send_message_to_user(MISHA, body).await.expect("sent");
    let chat = stand.ask(&format!("/api/max/chat/wait?user_id={MISHA}&after=0")).await;
    assert_eq!(chat[0]["text"], "Подтвердите номер");

    stand.tell("/api/max/contact", json!({ "user_id": MISHA })).await;
    stand.tell("/api/max/callback", json!({ "user_id": MISHA, "payload": "no" })).await;
    let next = bot.get_updates(first.marker, Some(5), None).await.expect("updates");
    assert_eq!(contact(&next.updates[0], stand.sandbox.get("bot/token")), (true, MISHA));
    let Update::MessageCallback { callback, .. } = &next.updates[1] else { panic!("{:?}", next.updates) };
    let answer = json!({ "notification": "Хорошо", "message": { "text": "Отменено", "attachments": [] } });
    let url = stand.at("max_api", &format!("/answers?callback_id={}", callback.callback_id));
    let request = stand.http.post(url).header("Authorization", stand.sandbox.get("bot/token")).json(&answer);
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    let chat = stand.ask(&format!("/api/max/chat?user_id={MISHA}")).await;
    assert_eq!((&chat["messages"][0]["text"], &chat["notices"][0]["text"]), (&json!("Отменено"), &json!("Хорошо")));
}

#[tokio::test]
async fn a_webhook_is_tried_again_and_gets_one_bare_update_with_its_secret() {
    let stand = Stand::start().await;
    let (inlet, mut calls) = mpsc::unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let hook = format!("http://{}/hook", listener.local_addr().expect("bound"));
    let answers = std::sync::atomic::AtomicU16::new(0);
    let answers = std::sync::Arc::new(answers);
    let handler = move |headers: axum::http::HeaderMap, axum::Json(update): axum::Json<Value>| {
        let first = answers.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        let secret = headers.get("X-Max-Bot-Api-Secret").and_then(|value| value.to_str().ok()).map(str::to_owned);
        inlet.send((secret, update)).ok();
        async move { if first { axum::http::StatusCode::SERVICE_UNAVAILABLE } else { axum::http::StatusCode::OK } }
    };
    let router = axum::Router::new().route("/hook", axum::routing::post(handler));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let subscribe = json!({ "url": hook, "update_types": ["bot_started"], "secret": "secret-1" });
    let request =
        stand.http.post(stand.at("max_api", "/subscriptions")).header("Authorization", stand.sandbox.get("bot/token"));
    assert_eq!(request.json(&subscribe).send().await.expect("an answer").status(), 200);

    stand.open(LIZA, "ticket-2").await;
    for _ in 0..2 {
        let (secret, update) = calls.recv().await.expect("a call");
        assert_eq!((secret.as_deref(), &update["payload"]), (Some("secret-1"), &json!("ticket-2")));
    }
    assert_eq!(refusal(stand.bot().get_updates(None, Some(0), None).await).0, 400);
}
