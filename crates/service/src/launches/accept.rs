//! `POST /v1/launches/accept`: the person says whose MAX account goes with whose diary.

use axum::{extract::State, response::Response};
use mostik_wire::{AcceptLaunchBody, Code, FullName, Linking, StepName};

use super::{Person, Row};
use crate::{
    app::App,
    db::Tx,
    linkings::{self, Account, Joined},
    max::texts,
    outbox,
    post::Post,
    refusal::Refusal,
    session::Session,
};

/// Goes on with the pupil's linking, or begins one, at the step that the launch leads to: with a proven number at its
/// profile, else where MAX is asked for the number. A linking that waits for this very number in MAX is linked.
///
/// # Errors
/// `launch_unknown`, `launch_expired`, `launch_used`; `already_linked` where another MAX account is linked.
#[utoipa::path(post, path = "/v1/launches/accept", tag = "launches", request_body = AcceptLaunchBody,
    params(("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn accept(State(app): State<App>, post: Post<AcceptLaunchBody>) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, post: &Post<AcceptLaunchBody>) -> Result<Linking, Refusal> {
    let session = &post.session;
    let launch: Option<Row> = sqlx::query_as("SELECT * FROM launches WHERE grant_hash = $1")
        .bind(app.keys.token_hash("grant", post.body.grant.expose()))
        .fetch_optional(&mut **tx)
        .await?;
    let launch = launch.ok_or_else(|| Refusal::new(Code::LaunchUnknown))?;
    if launch.accepted_at.is_some() {
        return Err(Refusal::new(Code::LaunchUsed));
    }
    if launch.grant_expires_at.is_none_or(|at| app.now().0 >= at) {
        return Err(Refusal::new(Code::LaunchExpired));
    }
    if !session.sees(tx, &post.body.pupil.0).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    sqlx::query("UPDATE launches SET accepted_at = $2 WHERE door_hash = $1")
        .bind(&launch.door_hash)
        .bind(app.now().0)
        .execute(&mut **tx)
        .await?;
    let person = launch.person(app)?;
    let (id, _) = linkings::of_pupil(app, tx, &post.body.pupil.0).await?;
    go_on(app, session, tx, &id, launch.max_user, &person).await?;
    linkings::after(app, session, tx, &id).await
}

async fn go_on(app: &App, session: &Session, tx: &mut Tx, id: &str, user: i64, person: &Person) -> Result<(), Refusal> {
    let row = linkings::by_id(&mut **tx, id).await?.ok_or_else(|| Refusal::new(Code::LinkingNotFound))?;
    if row.profile_max_user == Some(user) && row.is_linked() {
        // Nothing is left to do: the window shows that it is done.
        return Ok(());
    }
    if row.is_linked() && row.profile_max_user.is_some() {
        return Err(Refusal::new(Code::AlreadyLinked).linking(row.linking(app, session)?));
    }
    let (at_max, expected) = (row.step_name()? == StepName::Max, row.phone_in_max()?);
    match &person.phone {
        // The profile is chosen and waits for this number, or for any: this is the answer.
        Some(phone) if (at_max || row.is_linked()) && row.profile_id.is_some() => {
            if expected.as_ref().is_none_or(|expected| expected == phone) {
                let name = FullName::new(&person.first_name, &person.last_name).masked();
                return link(app, session, tx, &Account::in_max(user, Some(name)), &row).await;
            }
            if row.is_linked() {
                return linkings::ask_in_max(app, session, tx, &row, user).await;
            }
            linkings::number_proven(app, tx, user, &row, phone).await?;
        }
        Some(phone) => {
            linkings::number_proven(app, tx, user, &row, phone).await?;
        }
        None => return linkings::ask_in_max(app, session, tx, &row, user).await,
    }
    Ok(())
}

async fn link(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    account: &Account,
    row: &linkings::Row,
) -> Result<(), Refusal> {
    let profile = row.profile_id.as_deref().unwrap_or_default();
    match linkings::join(app, tx, Some(session), account, row, profile).await? {
        Joined::Linked => {
            outbox::queue_max(app, tx, account.user, &texts::linked(&row.profile_name_or_pupils(), None)).await
        }
        Joined::ProfileTaken => Ok(()),
        // Said where the person is led: the linking waits for another account.
        Joined::AccountTaken => {
            linkings::ask_in_max(app, session, tx, row, account.user).await?;
            linkings::note_trouble(app, tx, &row.id, "max_account_taken", None, None).await
        }
    }
}
