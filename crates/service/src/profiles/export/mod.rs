//! `POST /v1/pupils/{id}/profile/export`: all that the service holds about the profile, to be taken away.

mod page;

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Export, FullName, LogKind, Messenger, Millis, ProvenBody};
use serde::Serialize;
use sqlx::FromRow;

use super::{
    held::Held,
    news::{People, event},
    proof::begin_proven,
};
use crate::{
    app::App,
    dates::{self, in_utc},
    db::Tx,
    history,
    language::Language,
    linkings::consent,
    mail::News,
    post::Post,
    refusal::Refusal,
    session::Session,
};

/// Gives everything out, for people and for programs, and tells the profile's people that it was given.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/pupils/{id}/profile/export", tag = "profiles", request_body = ProvenBody,
    params(("id" = String, Path, description = "The pupil's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Export)), security(("access_token" = [])))]
pub async fn export(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ProvenBody>,
) -> Result<Response, Refusal> {
    let (mut tx, held) = begin_proven(&app, &id, &post).await?;
    let result = match held {
        Ok(held) => work(&app, &mut tx, &post.session, &held).await,
        Err(refusal) => Err(refusal),
    };
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, session: &Session, held: &Held) -> Result<Export, Refusal> {
    history::note(app, tx, &held.pupil, Some(session), LogKind::Exported).await?;
    let news = |name| News::Exported { name, event: event(app, session) };
    People::of(tx, &held.id).await?.tell(app, tx, session.language, news).await?;
    let holdings = Holdings::of(tx, held, session.language, app.now()).await?;
    Ok(Export {
        name: format!("mostik-{}-{}", held.id, dates::today(app.now())),
        html: page::page(&holdings, session.language),
        json: serde_json::to_string_pretty(&holdings).map_err(|e| Refusal::internal(&e))?,
    })
}

/// Everything that bears on one profile. The names of the fields are the format, version 1; moments are UTC.
#[derive(Serialize)]
struct Holdings {
    format: &'static str,
    made_at: Moment,
    profile: ProfileRow,
    diary: PupilRow,
    link: Link,
    linkings: Vec<LinkingRow>,
    consents: Vec<Consent>,
    seen_by: Vec<AccountRow>,
    sessions: Vec<SessionRow>,
    messages: Vec<MessageRow>,
}

/// The learning profile itself. Of the password only that there is one: what is kept cannot be read by anyone.
#[derive(Serialize, FromRow)]
struct ProfileRow {
    id: String,
    last_name: String,
    first_name: String,
    middle_name: Option<String>,
    birth_date: Option<String>,
    gender: Option<String>,
    role: String,
    class_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    has_password: bool,
    max_user: Option<i64>,
    max_name: Option<String>,
    max_at: Option<Moment>,
    vk_user: Option<i64>,
    vk_name: Option<String>,
    vk_at: Option<Moment>,
    created_at: Moment,
    deletes_at: Option<Moment>,
}

/// What the diary has told of the pupil.
#[derive(Serialize, FromRow)]
struct PupilRow {
    last_name: String,
    first_name: String,
    middle_name: Option<String>,
    birth_date: Option<String>,
    gender: Option<String>,
    class_name: String,
    school: Option<String>,
}

#[derive(Serialize)]
struct Link {
    linked_at: Moment,
    in_max: bool,
    in_vk: bool,
}

/// Every way to a link that was begun for the pupil.
#[derive(Serialize, FromRow)]
struct LinkingRow {
    begun_at: Moment,
    changed_at: Moment,
    step: String,
    closed_reason: Option<String>,
    contact: Option<String>,
}

/// What a legal representative agreed to.
#[derive(Serialize)]
struct Consent {
    given_at: Moment,
    wording: String,
    /// `None`: of a wording that is no longer asked for.
    text: Option<String>,
    given_by: String,
}

/// An account of the diary that sees the pupil.
#[derive(Serialize, FromRow)]
struct AccountRow {
    first_name: String,
    last_name: String,
    role: String,
}

/// A sign-in of one of these accounts.
#[derive(Serialize, FromRow)]
struct SessionRow {
    role: String,
    signed_in_at: Moment,
    ended_at: Option<Moment>,
}

/// A code that was sent; what a message said and to whom is erased once it is handed over.
#[derive(Serialize, FromRow)]
struct MessageRow {
    kind: String,
    state: String,
    queued_at: Moment,
}

/// A moment that is written as programs read it.
#[derive(Clone, Copy, sqlx::Type)]
#[sqlx(transparent)]
struct Moment(i64);

impl Moment {
    const fn at(self) -> Millis {
        Millis(self.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&in_utc(self.at()))
    }
}

impl Holdings {
    async fn of(tx: &mut Tx, held: &Held, language: Language, now: Millis) -> Result<Self, Refusal> {
        let profile: ProfileRow = sqlx::query_as(
            "SELECT id, last_name, first_name, middle_name, birth_date, gender, role, class_name, phone, email,
                    password_hash IS NOT NULL AS has_password, max_user, max_name, max_at, vk_user, vk_name, vk_at,
                    created_at, deletes_at
             FROM profiles WHERE id = $1",
        )
        .bind(&held.id)
        .fetch_one(&mut **tx)
        .await?;
        let diary: PupilRow = sqlx::query_as(
            "SELECT last_name, first_name, middle_name, birth_date, gender, class_name, school FROM pupils WHERE id = $1",
        )
        .bind(&held.pupil)
        .fetch_one(&mut **tx)
        .await?;
        let linkings: Vec<LinkingRow> = sqlx::query_as(
            "SELECT created_at AS begun_at, updated_at AS changed_at, step, closed_reason, contact
             FROM linkings WHERE pupil_id = $1 ORDER BY created_at, id",
        )
        .bind(&held.pupil)
        .fetch_all(&mut **tx)
        .await?;
        let consents: Vec<(Moment, String, String, String)> = sqlx::query_as(
            "SELECT c.given_at, c.wording, a.first_name, a.last_name
             FROM consents c JOIN accounts a ON a.id = c.account_id WHERE c.profile_id = $1 ORDER BY c.given_at",
        )
        .bind(&held.id)
        .fetch_all(&mut **tx)
        .await?;
        let consents = consents.into_iter().map(|(given_at, wording, first, last)| Consent {
            text: (wording == consent::VERSION).then(|| consent::wording(language).text),
            given_at,
            wording,
            given_by: FullName::new(&first, &last).whole(),
        });
        let seen_by: Vec<AccountRow> = sqlx::query_as(
            "SELECT a.first_name, a.last_name, a.role
             FROM account_pupils p JOIN accounts a ON a.id = p.account_id WHERE p.pupil_id = $1 ORDER BY a.id",
        )
        .bind(&held.pupil)
        .fetch_all(&mut **tx)
        .await?;
        let sessions: Vec<SessionRow> = sqlx::query_as(
            "SELECT a.role, s.created_at AS signed_in_at, s.ended_at
             FROM account_pupils p JOIN accounts a ON a.id = p.account_id JOIN sessions s ON s.account_id = a.id
             WHERE p.pupil_id = $1 ORDER BY s.created_at, s.id",
        )
        .bind(&held.pupil)
        .fetch_all(&mut **tx)
        .await?;
        let messages: Vec<MessageRow> = sqlx::query_as(
            "SELECT kind, state, created_at AS queued_at FROM outbox
             WHERE linking_id IN (SELECT id FROM linkings WHERE pupil_id = $1) ORDER BY created_at, id",
        )
        .bind(&held.pupil)
        .fetch_all(&mut **tx)
        .await?;
        let link = Link {
            linked_at: Moment(held.linked_at.0),
            in_max: held.is_in(Messenger::Max),
            in_vk: held.is_in(Messenger::Vk),
        };
        Ok(Self {
            format: "mostik-export-1",
            made_at: Moment(now.0),
            profile,
            diary,
            link,
            linkings,
            consents: consents.collect(),
            seen_by,
            sessions,
            messages,
        })
    }
}
