//! Signing in through the diary.

use mostik_service::keys::s256;
use mostik_wire::Role;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reqwest::StatusCode;
use serde_json::json;

use crate::world::{Answer, App, MINUTE, REDIRECT, SECOND, World};

pub const VERIFIER: &str = "a-verifier-of-the-tests-0123456789-0123456789-0123";

impl World {
    pub async fn authorize(&self, changes: &[(&str, Option<&str>)]) -> Answer {
        let challenge = s256(VERIFIER);
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", "mostik-desktop"),
            ("redirect_uri", REDIRECT),
            ("state", "state-of-the-app"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            pairs.retain(|(n, _)| n != name);
            pairs.extend(value.map(|v| (*name, v)));
        }
        let request = self.http.get(format!("{}/oauth/authorize", self.url())).query(&pairs);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Goes through the diary's page: as `login`, or refusing.
    pub async fn at_the_diary(&self, sent_there: &Answer, login: Option<&str>) -> Answer {
        assert_eq!(sent_there.status, StatusCode::SEE_OTHER, "{sent_there:?}");
        let page = self.http.get(sent_there.location()).send().await.unwrap().text().await.unwrap();
        let request = page.split_once("name=\"request\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        let form = match login {
            Some(login) => vec![("request", request.as_str()), ("account", login)],
            None => vec![("request", request.as_str()), ("refuse", "1")],
        };
        let form = self.http.post(format!("{}/sps/oauth/ae", self.sandbox.get("diary"))).form(&form);
        Answer::of(form.send().await.unwrap()).await
    }

    pub async fn follow(&self, answer: &Answer) -> Answer {
        Answer::of(self.http.get(answer.location()).send().await.unwrap()).await
    }

    /// From the app's browser tab back to the app: the one-time code.
    pub async fn one_time_code(&self, login: &str) -> String {
        let there = self.authorize(&[]).await;
        let back = self.follow(&self.at_the_diary(&there, Some(login)).await).await;
        assert!(back.location().as_str().starts_with(REDIRECT), "{back:?}");
        assert_eq!(back.parameter("state").as_deref(), Some("state-of-the-app"));
        assert_eq!(back.parameter("iss").as_deref(), Some(self.url()));
        back.parameter("code").unwrap()
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> Answer {
        Answer::of(self.http.post(format!("{}/oauth/token", self.url())).form(form).send().await.unwrap()).await
    }

    pub async fn exchange(&self, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", "mostik-desktop"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    pub async fn sign_in(&self, login: &str) -> App {
        app_of(&self.exchange(&self.one_time_code(login).await).await)
    }
}

pub fn app_of(answer: &Answer) -> App {
    assert_eq!(answer.status, 200, "{answer:?}");
    let tokens = answer.json();
    assert_eq!((tokens["token_type"].as_str(), tokens["expires_in"].as_i64()), (Some("Bearer"), Some(600)));
    assert_eq!(answer.headers["cache-control"], "no-store");
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    App { access: text("access_token"), refresh: text("refresh_token"), language: "ru" }
}

#[tokio::test]
async fn an_unknown_client_or_address_gets_a_page_and_never_a_redirect() {
    let world = World::new().await;
    for changes in [
        &[("client_id", Some("another"))][..],
        &[("client_id", None)],
        &[("redirect_uri", None)],
        &[("redirect_uri", Some("https://evil.example/callback"))],
        &[("redirect_uri", Some("http://127.0.0.1:49152/callback/../steal"))],
    ] {
        let answer = world.authorize(changes).await;
        assert_eq!(answer.status, 400, "{changes:?}");
        assert!(!answer.headers.contains_key("location"));
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    }
}

#[tokio::test]
async fn a_faulty_request_is_told_to_the_app() {
    let world = World::new().await;
    for (changes, error) in [
        (&[("response_type", Some("token"))][..], "unsupported_response_type"),
        (&[("response_type", None)], "invalid_request"),
        (&[("state", None)], "invalid_request"),
        (&[("code_challenge", None)], "invalid_request"),
        (&[("code_challenge", Some("short"))], "invalid_request"),
        (&[("code_challenge_method", Some("plain"))], "invalid_request"),
        (&[("code_challenge_method", None)], "invalid_request"),
    ] {
        let answer = world.authorize(changes).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{changes:?}: {answer:?}");
        assert!(answer.location().as_str().starts_with(REDIRECT));
        assert_eq!(answer.parameter("error").as_deref(), Some(error), "{changes:?}");
        assert_eq!(answer.parameter("iss").as_deref(), Some(world.url()));
    }
}

// Every redirect address that differs from the registered one in anything but the port, by an oracle of its own.
fn is_ours(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http://127.0.0.1") else { return false };
    let Some(port) = rest.strip_suffix("/callback") else { return false };
    port.is_empty()
        || port.strip_prefix(':').is_some_and(|p| {
            p.chars().all(|c| c.is_ascii_digit())
                && !p.starts_with('0')
                && p.parse::<u32>().is_ok_and(|n| (1..65_536).contains(&n))
        })
}

#[tokio::test]
async fn no_mutation_of_the_redirect_address_is_accepted() {
    let world = World::new().await;
    let mut rng = StdRng::seed_from_u64(5);
    let pieces = [
        "/",
        "//",
        "/..",
        "/../",
        "/./",
        "?",
        "?x=1",
        "#",
        "#x",
        "@",
        ":",
        ":80",
        ":0",
        ":65536",
        "%2f",
        "%2e%2e",
        "%00",
        "\\",
        "..",
        " ",
        "\t",
        "\n",
        "\u{200b}",
        "127.0.0.1",
        "localhost",
        "[::1]",
        "evil.example",
        ".evil.example",
        "http://",
        "https://",
        "HTTP://",
        "ⅼ",
        "１",
        "callback",
        "Callback",
        "CALLBACK",
        "user:pass@",
        "0x7f.1",
        "2130706433",
        "127.1",
        "xn--",
        "&redirect_uri=",
    ];
    let (mut tried, mut over_http) = (0, 0);
    while tried < 20_000 {
        let mut text = REDIRECT.to_owned();
        for _ in 0..rng.random_range(1..=3) {
            let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let at = *places.choose(&mut rng).unwrap();
            match rng.random_range(0..4) {
                0 => text.insert_str(at, pieces.choose(&mut rng).unwrap()),
                1 if at < text.len() => drop(text.remove(at)),
                2 if at < text.len() => {
                    let c = text.remove(at);
                    text.insert_str(at, &c.to_uppercase().to_string());
                }
                _ => text.insert(at, char::from(rng.random_range(0x20..0x7f))),
            }
        }
        if is_ours(&text) {
            continue;
        }
        tried += 1;
        assert!(!mostik_service::oauth::redirect_allowed("http://127.0.0.1/callback", &text), "{text:?}");
        if tried % 200 == 0 {
            over_http += 1;
            let answer = world.authorize(&[("redirect_uri", Some(&text))]).await;
            assert_eq!(answer.status, 400, "{text:?}");
        }
    }
    assert_eq!((tried, over_http), (20_000, 100));
}

#[tokio::test]
async fn the_diary_is_asked_with_our_own_state_and_challenge() {
    let world = World::new().await;
    let there = world.authorize(&[("prompt", Some("login"))]).await;
    assert_eq!(there.parameter("prompt").as_deref(), Some("login"));
    assert_eq!(there.parameter("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(there.parameter("redirect_uri"), Some(format!("{}/diary/callback", world.url())));
    assert_ne!(there.parameter("state").as_deref(), Some("state-of-the-app"));
    assert_ne!(there.parameter("code_challenge"), Some(s256(VERIFIER)));
    assert_eq!(world.authorize(&[]).await.parameter("prompt"), None);
}

#[tokio::test]
async fn who_refuses_at_the_diary_is_told_so_in_the_app() {
    let world = World::new().await;
    let there = world.authorize(&[]).await;
    let back = world.follow(&world.at_the_diary(&there, None).await).await;
    assert_eq!(back.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(back.parameter("state").as_deref(), Some("state-of-the-app"));
    assert_eq!(back.parameter("code"), None);
}

#[tokio::test]
async fn a_diary_in_trouble_is_told_to_the_app() {
    let world = World::new().await;
    for faults in [json!({"html": true}), json!({"truncate": true}), json!({"status": 503})] {
        let there = world.authorize(&[]).await;
        let decided = world.at_the_diary(&there, Some("misha")).await;
        world.faults(json!({ "diary": faults })).await;
        let back = world.follow(&decided).await;
        assert_eq!(back.parameter("error").as_deref(), Some("temporarily_unavailable"), "{faults}");
        assert_eq!(back.parameter("state").as_deref(), Some("state-of-the-app"));
        world.faults(json!({})).await;
    }
}

#[tokio::test]
async fn the_diarys_answer_is_taken_once_and_in_time() {
    let world = World::new().await;
    let stray = world.http.get(format!("{}/diary/callback?state=x&code=y", world.url())).send().await.unwrap();
    assert_eq!(stray.status(), 400);
    let decided = world.at_the_diary(&world.authorize(&[]).await, Some("misha")).await;
    assert!(world.follow(&decided).await.parameter("code").is_some());
    assert_eq!(world.follow(&decided).await.status, 400);
    let there = world.authorize(&[]).await;
    let late = world.at_the_diary(&there, Some("misha")).await;
    world.advance(30 * MINUTE);
    assert_eq!(world.follow(&late).await.status, 400);
}

#[tokio::test]
async fn a_state_serves_one_session_however_it_is_written_and_however_often_the_diary_is_asked() {
    let world = World::new().await;
    let there = world.authorize(&[]).await;
    let first = world.at_the_diary(&there, Some("misha")).await;
    let second = world.at_the_diary(&there, Some("misha")).await;
    assert_ne!(first.parameter("code"), second.parameter("code"));
    // Both at once: one session comes of it.
    let (one, other) = tokio::join!(world.follow(&first), world.follow(&second));
    let ended: Vec<_> = [one, other].into_iter().filter(|answer| answer.status == 303).collect();
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert!(ended[0].parameter("code").is_some());
    let state = there.parameter("state").unwrap();
    for state in [state.clone(), format!("1.{state}"), format!("+1.{state}")] {
        let again = world.at_the_diary(&there, Some("misha")).await.parameter("code").unwrap();
        let back = [("state", state.as_str()), ("code", again.as_str())];
        let back = world.http.get(format!("{}/diary/callback", world.url())).query(&back).send().await.unwrap();
        assert_eq!(back.status(), 400, "{state}");
    }
}

#[tokio::test]
async fn a_state_that_was_changed_is_none() {
    let world = World::new().await;
    let there = world.authorize(&[]).await;
    let code = world.at_the_diary(&there, Some("misha")).await.parameter("code").unwrap();
    let state = there.parameter("state").unwrap();
    let another = world.authorize(&[("redirect_uri", Some("http://127.0.0.1:49153/callback"))]).await;
    let another = another.parameter("state").unwrap();
    let middle = state.len() / 2;
    for changed in [
        format!("{}{}", &state[..middle], &another[middle..]),
        state[1..].to_owned(),
        state[..state.len() - 1].to_owned(),
        format!("{state}A"),
        format!("2.{state}"),
        // As the version before wrote it.
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        String::new(),
    ] {
        let back = [("state", changed.as_str()), ("code", code.as_str())];
        let back = world.http.get(format!("{}/diary/callback", world.url())).query(&back).send().await.unwrap();
        assert_eq!(back.status(), 400, "{changed}");
        let page = back.text().await.unwrap();
        assert!(page.contains("Вход не закончен") && page.contains("начните его снова"), "{page}");
    }
    let back = world.follow(&world.at_the_diary(&there, Some("misha")).await).await;
    assert!(back.parameter("code").is_some());
}

#[tokio::test]
async fn the_longest_state_of_an_app_comes_back_unchanged_and_ours_stays_short() {
    let world = World::new().await;
    let ours = world.authorize(&[]).await.parameter("state").unwrap();
    assert!(ours.len() < 320, "{}", ours.len());
    for longest in ["x".repeat(512), "\"\\".repeat(256), "ы".repeat(256), "\0&".repeat(256)] {
        let there = world.authorize(&[("state", Some(&longest))]).await;
        let ours = there.parameter("state").unwrap();
        assert!(ours.len() < 1000 && ours.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{ours}");
        let back = world.follow(&world.at_the_diary(&there, Some("misha")).await).await;
        assert_eq!(back.parameter("state"), Some(longest));
        assert!(back.parameter("code").is_some());
    }
    let longer = world.authorize(&[("state", Some(&"x".repeat(513)))]).await;
    assert!(longer.location().as_str().starts_with(REDIRECT));
    assert_eq!(longer.parameter("error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn who_said_no_at_the_diary_may_go_back_and_say_yes() {
    let world = World::new().await;
    let there = world.authorize(&[]).await;
    let no = world.follow(&world.at_the_diary(&there, None).await).await;
    assert_eq!(no.parameter("error").as_deref(), Some("access_denied"));
    let yes = world.follow(&world.at_the_diary(&there, Some("misha")).await).await;
    app_of(&world.exchange(&yes.parameter("code").unwrap()).await);
}

#[tokio::test]
async fn a_code_with_another_verifier_address_or_client_is_spent_for_nothing() {
    let world = World::new().await;
    for (name, value) in [
        ("code_verifier", "another-verifier-of-the-tests-0123456789-0123456789"),
        ("code_verifier", "short"),
        ("redirect_uri", "http://127.0.0.1:49153/callback"),
    ] {
        let code = world.one_time_code("misha").await;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", "mostik-desktop"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        form.iter_mut().find(|(n, _)| *n == name).unwrap().1 = value;
        let answer = world.token(&form).await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")));
        assert_eq!(world.exchange(&code).await.json()["error"], "invalid_grant", "{name} allowed a second guess");
    }
    for (form, error) in [
        (&[("grant_type", "password"), ("client_id", "mostik-desktop")][..], "unsupported_grant_type"),
        (&[("client_id", "mostik-desktop")], "invalid_request"),
        (&[("grant_type", "refresh_token")], "invalid_client"),
        (&[("grant_type", "authorization_code"), ("client_id", "mostik-desktop")], "invalid_request"),
        (&[("grant_type", "refresh_token"), ("client_id", "mostik-desktop"), ("refresh_token", "x")], "invalid_grant"),
    ] {
        let answer = world.token(form).await;
        assert_eq!(answer.json()["error"], error, "{form:?}");
        assert!(answer.json()["error_description"].is_string());
    }
}

#[tokio::test]
async fn a_code_lives_sixty_seconds() {
    let world = World::new().await;
    let code = world.one_time_code("misha").await;
    world.advance(60 * SECOND);
    assert_eq!(world.exchange(&code).await.json()["error"], "invalid_grant");
    let code = world.one_time_code("misha").await;
    world.advance(60 * SECOND - 1);
    app_of(&world.exchange(&code).await);
}

#[tokio::test]
async fn a_parent_sees_the_children_and_a_pupil_himself() {
    let world = World::new().await;
    let olga = world.me(&world.sign_in("olga").await).await;
    assert_eq!(olga.account.role, Role::Parent);
    let children: Vec<_> =
        olga.pupils.iter().map(|p| (p.first_name.as_str(), p.class_name.as_str(), p.under_14)).collect();
    assert_eq!(children, [("Михаил", "8-Б", false), ("Анна", "5-А", true), ("Лев", "2-В", true)]);
    let misha = world.me(&world.sign_in("misha").await).await;
    assert_eq!((misha.account.role, misha.pupils.len()), (Role::Pupil, 1));
    assert_eq!(misha.pupils[0].id, olga.pupils[0].id);
    assert_eq!(misha.pupils[0].school.as_deref(), Some("ГБОУ Школа № 1242"));
    assert_eq!(misha.pages.support, "https://prof.sferum.ru/support");
}
