//! `POST /v1/linkings/{id}/contact`: the number to prove; a code goes there.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Code, ContactBody, Linking, Millis, Phone, PhoneError, StepName};

use super::{after, for_change, send_code::send_code, wrong_step};
use crate::{app::App, db::Tx, post::Post, refusal::Refusal};

/// Takes the number and sends a code. Whether a profile exists under it is not looked up before the number is proven.
///
/// The same number again while its code is alive and another may not follow yet changes nothing: that code is on its way.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/contact", tag = "linkings", request_body = ContactBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn contact(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ContactBody>,
) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<ContactBody>) -> Result<Linking, Refusal> {
    let row = for_change(app, tx, &post.session, id, post.body.version).await?;
    let step = row.step_name()?;
    match step {
        StepName::Contact | StepName::Code | StepName::Taken | StepName::Profile | StepName::Max => {}
        StepName::Linked | StepName::Closed => return Err(wrong_step(app, row)?),
    }
    let phone = Phone::parse(&post.body.phone).map_err(|e| {
        Refusal::new(match e {
            PhoneError::Malformed => Code::PhoneMalformed,
            PhoneError::Landline => Code::PhoneLandline,
            PhoneError::Foreign => Code::PhoneForeign,
        })
        .detail("phone")
    })?;
    let now = app.now();
    let on_its_way = step == StepName::Code
        && row.phone()? == phone
        && row.resend_at.is_some_and(|at| now < Millis(at))
        && row.code_expires_at.is_some_and(|at| now < Millis(at));
    if on_its_way {
        return row.linking(app);
    }
    send_code(app, tx, &row, &phone).await?;
    after(app, tx, id).await
}
