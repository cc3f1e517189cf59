//! `/sps/oauth/ae`: the application asks, a person picks a demo account or refuses.

use std::sync::Arc;

use axum::Form;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::journal::{Direction, Protocol};
use crate::oauth::page::{self, Choice, SignInPage, redirect};
use crate::oauth::{self, CODE_LIFE_S, Terms};
use crate::shared::Shared;
use crate::world::{Account, Role};

const PAGE: SignInPage = SignInPage {
    name: "Дневник МЭШ",
    title: "Вход в дневник",
    warning: "Это не настоящий вход mos.ru.",
    action: "/sps/oauth/ae",
    field: "account",
    testid: "account",
};

/// `GET`: checks the request and shows the page.
pub(super) async fn ask(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let client = &shared.world.diary_client;
    let terms = Terms {
        client_ids: std::slice::from_ref(&client.id),
        redirect_uris: &client.redirect_uris,
        methods: &["S256"],
        scope: |asked| Some(asked.unwrap_or("openid profile").to_owned()),
    };
    let now = shared.clock.now();
    let request = match oauth::read(&PAGE, &terms, query.as_deref(), now) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let id = shared.diary_authorizations().wait(&shared.random, request, now);
    let lead = format!("Приложение «{}» просит разрешения прочитать имя, класс и расписание.", client.name);
    let open = shared.world.accounts.iter().filter(|account| !account.no_login);
    page::ask(&PAGE, &lead, &id, open.map(|account| choice(&shared, account)))
}

fn choice(shared: &Shared, account: &Account) -> Choice {
    let person = &account.person;
    let detail = match (account.role, account.class.as_deref()) {
        (Role::Student, Some(class)) => format!("ученик, {class}"),
        (Role::Student, None) => "ученик".to_owned(),
        (Role::Parent, _) => {
            let children = shared.world.pupils_of(account);
            let names: Vec<_> = children.iter().map(|child| child.person.called()).collect();
            format!("родитель: {}", names.join(", "))
        }
    };
    Choice {
        value: account.login.clone(),
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        full_name: person.full_name(),
        detail,
    }
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
    let who = match (decision.refuse, decision.account) {
        (Some(_), _) => None,
        (None, Some(login)) if shared.world.account(&login).is_some_and(|account| !account.no_login) => Some(login),
        (None, _) => return page::stranger(&PAGE),
    };
    let now = shared.clock.now();
    let decided = shared.diary_authorizations().decide(&shared.random, &decision.request, who.clone(), None, now);
    let Some((request, code)) = decided else { return page::too_late(&PAGE) };
    let (Some(login), Some(code)) = (who, code) else {
        shared.log(Protocol::Diary, Direction::Out, "вход: отказ");
        let fields =
            [("error", "access_denied"), ("error_description", "the person refused"), ("state", &request.state)];
        return redirect(&PAGE, &request.redirect_uri, &fields);
    };
    shared.log(Protocol::Diary, Direction::Out, format!("вход: {login}, код выдан на {CODE_LIFE_S} с"));
    redirect(&PAGE, &request.redirect_uri, &[("code", &code), ("state", &request.state)])
}

/// The page when the diary is switched to be unwell.
pub(super) fn unwell(status: StatusCode) -> Response {
    let title = "Дневник сейчас не отвечает";
    page::notice(&PAGE, status, title, "Так настроено на учебном стенде. Попробуйте позже.")
}
