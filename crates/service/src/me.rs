//! `GET /v1/me`: who is signed in, and whose diaries that opens.

use axum::{Json, extract::State};
use mostik_store::{
    family::{self, Account},
    linkings,
};
use mostik_wire::{LinkSummary, LinkingId, Me, Pupil, PupilId, StepName};

use crate::{app::App, dates, refusal::Refusal, session::Session};

/// The account, its pupils with the state of their links, and the pages that the app may open.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/me", tag = "diary", responses((status = 200, body = Me)), security(("access_token" = [])))]
pub async fn me(State(app): State<App>, session: Session) -> Result<Json<Me>, Refusal> {
    let mut reader = app.store.reader().await?;
    let account = family::account(&mut reader, &session.account).await?;
    let rows = family::pupils(&mut reader, &session.account).await?;
    drop(reader);
    let mut pupils = Vec::with_capacity(rows.len());
    for row in rows {
        let in_messenger = row.link.as_ref().is_some_and(|link| link.in_max || link.in_vk);
        let link = match row.link {
            Some(link) => LinkSummary::Linked {
                linking: LinkingId(link.linking),
                since: link.since,
                in_max: link.in_max,
                in_vk: link.in_vk,
                deletes_at: link.deletes_at,
            },
            None => begun(&app, row.open_linking).await?,
        };
        let live = app.live();
        let chats = live.config.chats.of(row.school.as_deref(), &row.class_name, in_messenger);
        let birth = row.birth_date.as_deref().and_then(dates::date);
        pupils.push(Pupil {
            id: PupilId(row.id),
            first_name: row.first_name,
            last_name: row.last_name,
            class_name: row.class_name,
            school: row.school,
            under_14: birth.is_some_and(|birth| dates::under_14(birth, app.now())),
            link,
            chats,
        });
    }
    let Account { first_name, last_name, role } = account;
    let account = mostik_wire::Account { first_name, last_name, role };
    Ok(Json(Me { account, pupils, pages: app.live().config.pages.clone(), messengers: app.live().config.messengers }))
}

async fn begun(app: &App, open: Option<String>) -> Result<LinkSummary, Refusal> {
    let loaded = match open {
        Some(id) => linkings::load(&mut *app.store.reader().await?, &id).await?,
        None => None,
    };
    Ok(match loaded.map(|loaded| (loaded.linking.step.name(), loaded.linking.id)) {
        // It may have ended since it was listed.
        None | Some((StepName::Linked | StepName::Closed, _)) => LinkSummary::NotLinked,
        Some((step, linking)) => LinkSummary::InProgress { linking, step },
    })
}
