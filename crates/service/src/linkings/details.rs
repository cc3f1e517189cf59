//! `POST /v1/linkings/{id}/details`: the child's details with the consent; the profile is made and linked.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{
    BirthDate, Code, ConfirmedName, Contact, DetailsBody, Email, Linking, LogKind, NameTexts, Role, StepName,
};

use super::{Row, after, code::profile_of, consent, for_change_at, max_link::to_max, must_have_changed};
use crate::{
    app::App,
    db::{Inconsistent, Tx},
    history, names,
    post::Post,
    profiles::{self, NewProfile},
    refusal::Refusal,
    session::Session,
};

/// Makes the profile, records the consent, and links the profile to the diary. A parent's account alone may do this.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/details", tag = "linkings", request_body = DetailsBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn details(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<DetailsBody>,
) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<DetailsBody>) -> Result<Linking, Refusal> {
    let session = &post.session;
    let row = for_change_at(app, session, tx, id, post.body.version, StepName::Details).await?;
    must_be_parent(session, tx).await?;
    let (contact, hash) = (row.contact()?, row.password_hash.clone());
    let (Contact::Mail { email }, Some(password_hash)) = (&contact, hash) else {
        return Err(row.wrong("details without address or password").into());
    };
    let new = checked(app, &post.body, &row, email, password_hash)?;
    if post.body.consent.as_deref() != Some(consent::VERSION) {
        return Err(Refusal::new(Code::ConsentMissing).detail("consent"));
    }
    // Another window may have made a profile with the address since its code was right.
    let Some(profile) = profiles::make(app, tx, &new).await? else {
        let (step, profile) = match profile_of(tx, &contact).await? {
            Some((id, false)) => ("exists", Some(id)),
            _ => ("taken", None),
        };
        move_to(app, session, tx, &row, step, profile).await?;
        return after(app, session, tx, id).await;
    };
    if !profiles::link(app, tx, &row, &profile).await? {
        return Err(row.stale(app, session)?);
    }
    sqlx::query(
        "INSERT INTO consents (id, profile_id, account_id, linking_id, wording, given_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(app.new_id())
    .bind(&profile)
    .bind(&session.account)
    .bind(id)
    .bind(consent::VERSION)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    history::note(app, tx, &row.pupil_id, Some(session), LogKind::Linked).await?;
    profiles::tell_of_link(app, session, tx, &profile).await?;
    to_max(app, session, tx, &row, &profile, true).await?;
    after(app, session, tx, id).await
}

async fn must_be_parent(session: &Session, tx: &mut Tx) -> Result<(), Refusal> {
    let role: String = sqlx::query_scalar("SELECT role FROM accounts WHERE id = $1")
        .bind(&session.account)
        .fetch_one(&mut **tx)
        .await?;
    match names::role(&role) {
        Some(Role::Parent) => Ok(()),
        Some(_) => Err(Refusal::new(Code::NeedsParent)),
        None => Err(Inconsistent { table: "accounts", id: session.account.clone(), what: "unknown role" }.into()),
    }
}

fn checked(
    app: &App,
    body: &DetailsBody,
    row: &Row,
    email: &Email,
    password_hash: String,
) -> Result<NewProfile, Refusal> {
    let typed = NameTexts {
        last_name: &body.last_name,
        first_name: &body.first_name,
        middle_name: body.middle_name.as_deref(),
    };
    let told = NameTexts {
        last_name: &row.pupil_last_name,
        first_name: &row.pupil_first_name,
        middle_name: row.pupil_middle_name.as_deref(),
    };
    let name =
        ConfirmedName::read(typed, told).map_err(|(part, _)| Refusal::new(Code::NameMalformed).detail(part.field()))?;
    let birth_date = BirthDate::parse(&body.birth_date)
        .ok_or_else(|| Refusal::new(Code::BirthDateWrong).detail("birth_date: no date of the calendar"))?;
    if row.birth_date() != Some(birth_date) {
        return Err(Refusal::new(Code::BirthDateWrong).detail("birth_date: not the diary's"));
    }
    if !row.is_under_14(app.now()) {
        return Err(Refusal::new(Code::NotUnder14).detail("birth_date"));
    }
    let class_name = Some(row.pupil_class_name.clone()).filter(|name| !name.is_empty());
    let email = email.clone();
    Ok(NewProfile { email, name, birth_date, gender: body.gender, class_name, password_hash })
}

async fn move_to(
    app: &App,
    session: &Session,
    tx: &mut Tx,
    row: &Row,
    step: &str,
    profile: Option<String>,
) -> Result<(), Refusal> {
    let changed = sqlx::query(
        "UPDATE linkings SET step = $3, profile_id = $4, password_hash = NULL, version = version + 1,
             moved_at_version = version + 1, updated_at = $5
         WHERE id = $1 AND version = $2 AND step = 'details'",
    )
    .bind(&row.id)
    .bind(row.version)
    .bind(step)
    .bind(profile)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, &row.id, changed.rows_affected()).await
}
