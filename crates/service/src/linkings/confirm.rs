//! `POST /v1/linkings/{id}/confirm`: yes, this profile.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Channel, Code, ConfirmBody, Contact, Linking, LogKind, StepName};

use super::{Account, Joined, after, for_change, join, max_link::to_max, must_have_changed, wrong_step};
use crate::{app::App, db::Tx, history, max::texts, outbox, post::Post, profiles, refusal::Refusal};

/// Takes the profile, or makes one where there is none, and goes on to MAX. A profile by e-mail is linked at once.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/confirm", tag = "linkings", request_body = ConfirmBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn confirm(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ConfirmBody>,
) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<ConfirmBody>) -> Result<Linking, Refusal> {
    let session = &post.session;
    let row = for_change(app, session, tx, id, post.body.version).await?;
    match row.step_name()? {
        StepName::Profile => {}
        _ => return Err(wrong_step(app, session, row)?),
    }
    let (found, contact) = (row.found()?, row.contact()?);
    if let Some(found) = &found
        && !row.is_pupils_name(&found.name)
        && !post.body.accept_other_name
    {
        return Err(Refusal::new(Code::OtherNameNotAccepted).linking(row.linking(app, session)?));
    }
    // Another may have made or taken the contact's profile since it was shown.
    let profile = match (found, &contact) {
        (Some(found), _) => found.id,
        (None, Contact::Sms { phone }) => profiles::ensure(app, tx, phone, &row).await?,
        (None, Contact::Mail { .. }) => return Err(wrong_step(app, session, row)?),
    };
    let taken: Option<i64> = sqlx::query_scalar("SELECT 1 FROM links WHERE profile_id = $1")
        .bind(&profile)
        .fetch_optional(&mut **tx)
        .await?;
    // A profile by e-mail needs no MAX: its password was shown to be known.
    let by_mail = contact.channel() == Channel::Mail;
    if taken.is_some() || (by_mail && !profiles::link(app, tx, &row, &profile).await?) {
        let changed = sqlx::query(
            "UPDATE linkings SET step = 'taken', profile_id = NULL, version = version + 1, moved_at_version = version + 1,
                 updated_at = $3
             WHERE id = $1 AND version = $2 AND step = 'profile'",
        )
        .bind(id)
        .bind(row.version)
        .bind(app.now().0)
        .execute(&mut **tx)
        .await?;
        must_have_changed(app, session, tx, id, changed.rows_affected()).await?;
        return after(app, session, tx, id).await;
    }
    if !by_mail && let Some(user) = row.max_user_known() {
        // MAX has said already whose it is: nothing is left to ask there.
        match join(app, tx, Some(session), &Account::in_max(user, None), &row, &profile).await? {
            Joined::Linked => {
                let text = texts::linked(&row.profile_name_or_pupils(), None);
                outbox::queue_max(app, tx, user, &text).await?;
                return after(app, session, tx, id).await;
            }
            Joined::ProfileTaken => return after(app, session, tx, id).await,
            // That account is another profile's by now: MAX is asked as ever.
            Joined::AccountTaken => {}
        }
    }
    if by_mail {
        history::note(app, tx, &row.pupil_id, Some(session), LogKind::Linked).await?;
        profiles::tell_of_link(app, session, tx, &profile).await?;
    }
    to_max(app, session, tx, &row, &profile, by_mail).await?;
    after(app, session, tx, id).await
}
