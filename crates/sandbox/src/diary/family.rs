//! `GET /api/family/…/v1/profile`: who this is, and whose diary they may read.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::caller::caller;
use crate::shared::Shared;
use crate::world::{Account, Role, World};

/// The profile and the children, in the shape that the diary's own clients read.
pub(super) async fn profile(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let (account, _) = match caller(&shared, &headers) {
        Ok(found) => found,
        Err(refusal) => return *refusal,
    };
    let person = &account.person;
    let children: Vec<_> = shared
        .world
        .pupils_of(account)
        .into_iter()
        .map(|pupil| child(&shared.world, pupil, account.role == Role::Parent))
        .collect();
    axum::Json(json!({
        "profile": {
            "last_name": told(&person.last_name),
            "first_name": told(&person.first_name),
            "middle_name": person.middle_name,
            "birth_date": person.birth_date,
            "sex": person.sex,
            "user_id": person.id,
            "id": person.id,
            "contract_id": null,
            "phone": digits(account),
            "email": person.email.as_deref().unwrap_or_default(),
            "snils": "",
            "type": match account.role {
                Role::Student => "student",
                Role::Parent => "parent",
            },
        },
        "children": children,
        "hash": format!("{:016x}", person.id),
    }))
    .into_response()
}

fn child(world: &World, pupil: &Account, asked_by_parent: bool) -> Value {
    let person = &pupil.person;
    let school = &world.school;
    let class = pupil.class.as_deref().and_then(|name| world.class(name)).map(|(_, class)| class);
    let representatives: Vec<_> = world
        .accounts
        .iter()
        .filter(|account| account.children.contains(&pupil.login))
        .map(|parent| {
            json!({
                "id": parent.person.id,
                "last_name": told(&parent.person.last_name),
                "first_name": told(&parent.person.first_name),
                "middle_name": parent.person.middle_name,
            })
        })
        .collect();
    json!({
        "last_name": told(&person.last_name),
        "first_name": told(&person.first_name),
        "middle_name": person.middle_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "user_id": person.id,
        "id": person.id,
        "contract_id": person.id + 700_000,
        "phone": digits(pupil),
        "email": person.email.as_deref().unwrap_or_default(),
        "snils": "",
        "type": null,
        "school": {
            "id": school.id,
            "name": school.name,
            "short_name": school.short_name,
            "county": school.county,
            "principal": school.principal,
            "phone": school.phone,
            "global_school_id": school.id + 280_000,
        },
        "class_name": class.map(|class| &class.name),
        "class_level_id": class.map(|class| class.level),
        "class_unit_id": class.map(|class| class.unit_id),
        "groups": [],
        "representatives": representatives,
        "sections": [],
        "sudir_account_exists": !pupil.no_login,
        "sudir_login": (!pupil.no_login).then_some(&pupil.login),
        "is_legal_representative": asked_by_parent,
        "parallel_curriculum_id": 0,
        "contingent_guid": contingent_guid(world, pupil),
        "enrollment_date": "2026-09-01",
    })
}

/// A pupil's id in the city's register, which other parts of the diary go by.
pub(super) fn contingent_guid(world: &World, pupil: &Account) -> String {
    format!("{:08x}-0000-4000-8000-{:012x}", world.school.id, pupil.person.id)
}

/// A name that a person does not have is `null`.
fn told(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.is_empty())
}

/// The diary writes numbers without `+`.
fn digits(account: &Account) -> &str {
    account.person.phone.as_deref().unwrap_or_default().trim_start_matches('+')
}
