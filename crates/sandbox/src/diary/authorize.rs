//! `/sps/oauth/ae`: the application asks, a person picks a demo account or refuses.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Form;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;
use url::Url;

use super::{AuthorizationRequest, CODE_LIFE_MS, Code, REQUEST_LIFE_MS};
use crate::http::{PAGE_HEADERS, escape};
use crate::journal::{Direction, Protocol};
use crate::shared::Shared;
use crate::world::Role;

/// `GET`: checks the request and shows the page.
pub(super) async fn ask(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let mut fields = HashMap::new();
    let mut repeated = None;
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if fields.insert(name.to_string(), value.into_owned()).is_some() {
            repeated = Some(name.into_owned());
        }
    }
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());

    // Before the address is known to be the application's own, nobody is sent anywhere (RFC 6749, 4.1.2.1).
    let client = &shared.world.diary_client;
    if field("client_id") != Some(&client.id) {
        return refusal_page("Приложение не зарегистрировано", "Проверьте client_id в настройках приложения.");
    }
    let Some(redirect_uri) = field("redirect_uri").filter(|uri| client.may_return_to(uri)) else {
        return refusal_page("Адрес возврата не зарегистрирован", "Проверьте redirect_uri в настройках приложения.");
    };

    let state = field("state").unwrap_or_default().to_owned();
    let refuse = |error, description: &str| {
        redirect(redirect_uri, &[("error", error), ("error_description", description), ("state", &state)])
    };
    if let Some(name) = repeated {
        return refuse("invalid_request", &format!("{name} is there twice"));
    }
    if field("response_type") != Some("code") {
        return refuse("unsupported_response_type", "only response_type=code");
    }
    if state.is_empty() {
        return refuse("invalid_request", "state is required");
    }
    if field("code_challenge_method") != Some("S256") {
        return refuse("invalid_request", "code_challenge_method=S256 is required");
    }
    let Some(challenge) = field("code_challenge").filter(|challenge| challenge.len() == 43) else {
        return refuse("invalid_request", "code_challenge must be the base64url of a SHA-256");
    };

    let now = shared.clock.now();
    let request = AuthorizationRequest {
        redirect_uri: redirect_uri.to_owned(),
        state: state.clone(),
        scope: field("scope").unwrap_or("openid profile").to_owned(),
        nonce: field("nonce").map(str::to_owned),
        challenge: challenge.to_owned(),
        expires_at: now + REQUEST_LIFE_MS,
    };
    let id = shared.dice.token();
    let mut desk = shared.desk();
    desk.sweep(now);
    desk.requests.insert(id.clone(), request);
    drop(desk);
    page(&shared, &id)
}

/// What the page posts.
#[derive(Deserialize)]
pub(super) struct Decision {
    request: String,
    account: Option<String>,
    refuse: Option<String>,
}

/// `POST`: the person has decided.
pub(super) async fn decide(State(shared): State<Arc<Shared>>, Form(decision): Form<Decision>) -> Response {
    let now = shared.clock.now();
    let mut desk = shared.desk();
    desk.sweep(now);
    if decision.refuse.is_none() {
        let login = decision.account.as_deref().unwrap_or_default();
        let known = shared.world.account(login).filter(|account| !account.no_login);
        if known.is_none() {
            drop(desk);
            return refusal_page("Такой учётной записи нет", "Вернитесь назад и выберите запись из списка.");
        }
    }
    let Some(request) = desk.requests.remove(&decision.request) else {
        drop(desk);
        return refusal_page("Вход устарел или уже завершён", "Вернитесь в приложение и начните вход ещё раз.");
    };
    let Some(login) = decision.account.filter(|_| decision.refuse.is_none()) else {
        drop(desk);
        shared.log(Protocol::Diary, Direction::Out, "вход: отказ");
        let fields =
            [("error", "access_denied"), ("error_description", "the person refused"), ("state", &request.state)];
        return redirect(&request.redirect_uri, &fields);
    };
    let code = shared.dice.token();
    let response = redirect(&request.redirect_uri, &[("code", &code), ("state", &request.state)]);
    let entry = Code { login: login.clone(), request, expires_at: now + CODE_LIFE_MS, used_by: None };
    desk.codes.insert(code, entry);
    drop(desk);
    shared.log(Protocol::Diary, Direction::Out, format!("вход: {login}, код выдан на 60 с"));
    response
}

/// The page when the diary is switched to be unwell.
pub(super) fn unwell(status: StatusCode) -> Response {
    notice(status, "Дневник сейчас не отвечает", "Так настроено на учебном стенде. Попробуйте позже.")
}

fn redirect(uri: &str, fields: &[(&str, &str)]) -> Response {
    let Ok(mut url) = Url::parse(uri) else {
        return refusal_page("Адрес возврата не читается", "Проверьте redirect_uri в настройках приложения.");
    };
    url.query_pairs_mut().extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()));
    (StatusCode::SEE_OTHER, [(header::LOCATION, String::from(url)), (header::CACHE_CONTROL, "no-store".into())])
        .into_response()
}

fn refusal_page(title: &str, advice: &str) -> Response {
    notice(StatusCode::BAD_REQUEST, title, advice)
}

fn notice(status: StatusCode, title: &str, advice: &str) -> Response {
    let main = format!("<h1>{}</h1><p class=\"lead\">{}</p>", escape(title), escape(advice));
    (status, PAGE_HEADERS, Html(frame(title, &main))).into_response()
}

fn page(shared: &Shared, request: &str) -> Response {
    let mut rows = String::new();
    for account in shared.world.accounts.iter().filter(|account| !account.no_login) {
        let person = &account.person;
        let role = match (account.role, account.class.as_deref()) {
            (Role::Student, Some(class)) => format!("ученик, {class}"),
            (Role::Student, None) => "ученик".to_owned(),
            (Role::Parent, _) => {
                let children = shared.world.pupils_of(account);
                let names: Vec<_> = children.iter().map(|child| child.person.first_name.as_str()).collect();
                format!("родитель: {}", names.join(", "))
            }
        };
        let initials: String =
            [&person.first_name, &person.last_name].iter().filter_map(|name| name.chars().next()).collect();
        // Writing to a String cannot fail.
        write!(
            rows,
            "<button class=\"account\" name=\"account\" value=\"{login}\" data-testid=\"account-{login}\">\
             <span class=\"face\" aria-hidden=\"true\">{initials}</span>\
             <span class=\"who\"><b>{name}</b><span>{role}</span></span>\
             <span class=\"go\" aria-hidden=\"true\"></span></button>",
            login = escape(&account.login),
            initials = escape(&initials),
            name = escape(&person.full_name()),
            role = escape(&role),
        )
        .unwrap_or_default();
    }
    let main = format!(
        "<p class=\"over\">Дневник МЭШ</p><h1>Кто входит?</h1>\
         <p class=\"lead\">Приложение «{client}» просит разрешения прочитать имя, класс и расписание.</p>\
         <form method=\"post\" action=\"/sps/oauth/ae\"><input type=\"hidden\" name=\"request\" value=\"{request}\">\
         <div class=\"accounts\">{rows}</div>\
         <button class=\"refuse\" name=\"refuse\" value=\"1\" data-testid=\"refuse\">Отказаться</button></form>",
        client = escape(&shared.world.diary_client.name),
    );
    (PAGE_HEADERS, Html(frame("Вход в дневник", &main))).into_response()
}

fn frame(title: &str, main: &str) -> String {
    format!(
        "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} — учебный стенд</title>\
         <link rel=\"icon\" href=\"/assets/icon.svg\"><link rel=\"stylesheet\" href=\"/assets/stand.css\">\
         <link rel=\"stylesheet\" href=\"/assets/diary.css\"></head><body>\
         <header class=\"tape\"><span class=\"tag\">Учебный стенд</span>\
         <p><b>Это не настоящий вход mos.ru.</b> <span>Люди выдуманы, пароль не нужен.</span></p></header>\
         <main class=\"sheet\">{main}</main></body></html>",
        title = escape(title),
    )
}
