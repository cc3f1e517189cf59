//! `/authorize`: the application asks, a person picks an invented VK ID or refuses.

use std::sync::Arc;

use axum::Form;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::scopes::{EMAIL, NAME, PHONE};
use crate::journal::{Direction, Protocol, spoken_phone};
use crate::oauth::page::{self, Choice, SignInPage, redirect};
use crate::oauth::{self, CODE_LIFE_S, Terms};
use crate::shared::Shared;

const PAGE: SignInPage = SignInPage {
    name: "VK ID",
    title: "Вход через VK ID",
    warning: "Это не настоящий вход VK ID.",
    action: "/authorize",
    field: "user",
    testid: "vk",
};

/// `GET`: checks the request and shows the page.
pub(super) async fn ask(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let client = &shared.world.vk_client;
    let secrets = shared.secrets();
    let terms = Terms {
        client_ids: &secrets.vk_client,
        redirect_uris: &client.redirect_uris,
        // VK ID's documents say `s256`; its servers and RFC 7636 say `S256` as well.
        methods: &["S256", "s256"],
        scope: granted,
    };
    let now = shared.clock.now();
    let request = match oauth::read(&PAGE, &terms, query.as_deref(), now) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let lead = format!("Приложение «{}» просит разрешения узнать {}.", client.name, wanted(&request.scope));
    let id = shared.vk_authorizations().wait(&shared.random, request, now);
    let choices = shared.world.vk_users.iter().map(|user| Choice {
        value: user.user_id.to_string(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        full_name: user.full_name(),
        detail: spoken_phone(&user.phone),
    });
    page::ask(&PAGE, &lead, &id, choices)
}

/// The name is always given; what nobody knows of is never.
fn granted(asked: Option<&str>) -> Option<String> {
    let asked: Vec<_> = asked.unwrap_or_default().split_whitespace().collect();
    let all = [NAME, EMAIL, PHONE];
    let known = asked.iter().all(|scope| all.contains(scope));
    known.then(|| all.into_iter().filter(|scope| *scope == NAME || asked.contains(scope)).collect::<Vec<_>>().join(" "))
}

fn wanted(scope: &str) -> &'static str {
    match (scope.contains(EMAIL), scope.contains(PHONE)) {
        (false, false) => "имя",
        (true, false) => "имя и почту",
        (false, true) => "имя и номер телефона",
        (true, true) => "имя, почту и номер телефона",
    }
}

/// What the page posts.
#[derive(Deserialize)]
pub(super) struct Decision {
    request: String,
    user: Option<String>,
    refuse: Option<String>,
}

/// `POST`: the person has decided.
pub(super) async fn decide(State(shared): State<Arc<Shared>>, Form(decision): Form<Decision>) -> Response {
    let who = match (decision.refuse, decision.user) {
        (Some(_), _) => None,
        (None, Some(user)) if shared.world.vk_user(&user).is_some() => Some(user),
        (None, _) => return page::stranger(&PAGE),
    };
    let device = shared.random.token();
    let now = shared.clock.now();
    let decided =
        shared.vk_authorizations().decide(&shared.random, &decision.request, who.clone(), Some(device.clone()), now);
    let Some((request, code)) = decided else { return page::too_late(&PAGE) };
    let (Some(user), Some(code)) = (who, code) else {
        shared.log(Protocol::Vk, Direction::Out, "вход: отказ");
        let fields =
            [("error", "access_denied"), ("error_description", "the person refused"), ("state", &request.state)];
        return redirect(&PAGE, &request.redirect_uri, &fields);
    };
    shared.log(Protocol::Vk, Direction::Out, format!("вход: {user}, код выдан на {CODE_LIFE_S} с"));
    let fields = [
        ("code", code.as_str()),
        ("expires_in", &CODE_LIFE_S.to_string()),
        ("device_id", &device),
        ("state", &request.state),
        ("ext_id", &shared.random.token()),
        ("type", "code_v2"),
    ];
    redirect(&PAGE, &request.redirect_uri, &fields)
}

/// The page when VK ID is switched to be unwell.
pub(super) fn unwell(status: StatusCode) -> Response {
    page::notice(&PAGE, status, "VK ID сейчас не отвечает", "Так настроено на учебном стенде. Попробуйте позже.")
}
