//! `GET /v1/me`: who is signed in, and whose diaries that opens.

use axum::{Json, extract::State};
use mostik_wire::{Account, LinkSummary, LinkingId, Me, Millis, Pupil, PupilId, StepName};
use sqlx::FromRow;

use crate::{app::App, dates, db::Inconsistent, names, refusal::Refusal, session::Session, store::linkings};

#[derive(FromRow)]
struct PupilRow {
    id: String,
    first_name: String,
    last_name: String,
    class_name: String,
    school: Option<String>,
    birth_date: Option<String>,
    linked_by: Option<String>,
    linked_at: Option<i64>,
    open_linking: Option<String>,
    max_user: Option<i64>,
    vk_user: Option<i64>,
    deletes_at: Option<i64>,
}

/// The account, its pupils with the state of their links, and the pages that the app may open.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/me", tag = "diary", responses((status = 200, body = Me)), security(("access_token" = [])))]
pub async fn me(State(app): State<App>, session: Session) -> Result<Json<Me>, Refusal> {
    let (first_name, last_name, role): (String, String, String) =
        sqlx::query_as("SELECT first_name, last_name, role FROM accounts WHERE id = $1")
            .bind(&session.account)
            .fetch_one(app.db.read())
            .await?;
    let role = names::role(&role).ok_or(Inconsistent {
        table: "accounts",
        id: session.account.clone(),
        what: "unknown role",
    })?;
    let rows: Vec<PupilRow> = sqlx::query_as(
        "SELECT u.id, u.first_name, u.last_name, u.class_name, u.school, u.birth_date,
                k.linking_id AS linked_by, k.linked_at, l.id AS open_linking, p.max_user, p.vk_user, p.deletes_at
         FROM account_pupils a
         JOIN pupils u ON u.id = a.pupil_id
         LEFT JOIN links k ON k.pupil_id = u.id
         LEFT JOIN profiles p ON p.id = k.profile_id
         LEFT JOIN linkings l ON l.pupil_id = u.id AND l.step NOT IN ('linked', 'closed')
         WHERE a.account_id = $1 ORDER BY a.place",
    )
    .bind(&session.account)
    .fetch_all(app.db.read())
    .await?;
    let mut pupils = Vec::with_capacity(rows.len());
    for row in rows {
        let link = match (row.linked_by, row.linked_at) {
            (Some(linking), Some(since)) => LinkSummary::Linked {
                linking: LinkingId(linking),
                since: Millis(since),
                in_max: row.max_user.is_some(),
                in_vk: row.vk_user.is_some(),
                deletes_at: row.deletes_at.map(Millis),
            },
            _ => begun(&app, row.open_linking).await?,
        };
        let in_messenger = row.max_user.is_some() || row.vk_user.is_some();
        let chats = app.config.chats.of(row.school.as_deref(), &row.class_name, in_messenger);
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
    let account = Account { first_name, last_name, role };
    Ok(Json(Me { account, pupils, pages: app.config.pages.clone(), messengers: app.config.messengers }))
}

async fn begun(app: &App, open: Option<String>) -> Result<LinkSummary, Refusal> {
    let loaded = match open {
        Some(id) => linkings::load(&mut *app.db.read().acquire().await?, &id).await?,
        None => None,
    };
    Ok(match loaded.map(|loaded| (loaded.linking.step.name(), loaded.linking.id)) {
        // It may have ended since it was listed.
        None | Some((StepName::Linked | StepName::Closed, _)) => LinkSummary::NotLinked,
        Some((step, linking)) => LinkSummary::InProgress { linking, step },
    })
}
