//! Access and refresh tokens.

use mostik_wire::Code;

use crate::{
    sign_in::app_of,
    world::{Answer, App, MINUTE, SECOND, World},
};

impl World {
    pub async fn refresh(&self, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("client_id", "mostik-desktop"), ("refresh_token", token)]).await
    }

    async fn refused(&self, app: &App, code: Code) {
        self.get(app, "/v1/me").await.problem(code);
    }
}

#[tokio::test]
async fn without_a_live_token_nothing_is_answered() {
    let world = World::new().await;
    let stranger = App { access: "x".into(), refresh: "x".into(), language: "ru" };
    let answer = world.get(&stranger, "/v1/me").await;
    answer.problem(Code::Unauthorized);
    assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    let app = world.sign_in("misha").await;
    world.advance(10 * MINUTE - 1);
    world.me(&app).await;
    world.advance(1);
    world.refused(&app, Code::Unauthorized).await;
}

#[tokio::test]
async fn a_one_time_code_used_twice_ends_what_came_of_it() {
    let world = World::new().await;
    let code = world.one_time_code("misha").await;
    let app = app_of(&world.exchange(&code).await);
    world.me(&app).await;
    assert_eq!(world.exchange(&code).await.json()["error"], "invalid_grant");
    world.refused(&app, Code::SessionEnded).await;
    assert_eq!(world.refresh(&app.refresh).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_the_family() {
    let world = World::new().await;
    let first = world.sign_in("misha").await;
    let second = app_of(&world.refresh(&first.refresh).await);
    world.me(&second).await;
    assert_eq!(world.refresh(&first.refresh).await.json()["error"], "invalid_grant");
    world.refused(&second, Code::SessionEnded).await;
    assert_eq!(world.refresh(&second.refresh).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_lost_answer_logs_nobody_out() {
    let world = World::new().await;
    let first = world.sign_in("misha").await;
    let lost = app_of(&world.refresh(&first.refresh).await);
    world.advance(29 * SECOND);
    let again = app_of(&world.refresh(&first.refresh).await);
    world.refused(&lost, Code::Unauthorized).await;
    assert_eq!(world.refresh(&lost.refresh).await.json()["error"], "invalid_grant");
    world.me(&again).await;
    // The newest has arrived now: the old one is worth nothing any more, and whoever holds it is a thief.
    assert_eq!(world.refresh(&first.refresh).await.json()["error"], "invalid_grant");
    world.refused(&again, Code::SessionEnded).await;
}

#[tokio::test]
async fn the_grace_for_a_lost_answer_is_short() {
    let world = World::new().await;
    let first = world.sign_in("misha").await;
    let lost = app_of(&world.refresh(&first.refresh).await);
    world.advance(30 * SECOND);
    assert_eq!(world.refresh(&first.refresh).await.json()["error"], "invalid_grant");
    world.refused(&lost, Code::SessionEnded).await;
}

#[tokio::test]
async fn tokens_last_over_restarts_and_end_with_signing_out() {
    let mut world = World::new().await;
    let app = world.sign_in("misha").await;
    world.restart().await;
    world.me(&app).await;
    for token in ["unknown", app.refresh.as_str()] {
        let form = [("token", token), ("client_id", "mostik-desktop")];
        let answer = world.http.post(format!("{}/oauth/revoke", world.url())).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    world.refused(&app, Code::SessionEnded).await;
}

#[tokio::test]
async fn events_end_with_the_session_and_with_the_service() {
    let mut world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.begin(&app).await;
    let mut events = world.events(&app, &linking.id.0).await;
    events.next().await.unwrap();
    let form = [("token", app.access.as_str()), ("client_id", "mostik-desktop")];
    world.http.post(format!("{}/oauth/revoke", world.url())).form(&form).send().await.unwrap();
    assert!(events.next().await.is_none());

    let app = world.sign_in("misha").await;
    let mut events = world.events(&app, &linking.id.0).await;
    events.next().await.unwrap();
    world.stop().await;
    assert!(events.next().await.is_none());
}
