//! `POST /v1/linkings/{id}/contact`: the number or address to prove; a code goes there.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Channel, Code, ContactBody, Linking, Millis, StepName};

use super::{
    after, for_change,
    send_code::{Awaited, send_code},
    wrong_step,
};
use crate::{app::App, contact as contacts, db::Tx, post::Post, refusal::Refusal};

/// Takes the number or, for a pupil under 14, the address, and sends a code. Whether a profile exists under it is not
/// looked up before it is proven.
///
/// The same one again while its code is alive and another may not follow yet changes nothing: that code is on its way.
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
    let session = &post.session;
    let row = for_change(app, session, tx, id, post.body.version).await?;
    let step = row.step_name()?;
    match step {
        StepName::Linked | StepName::Closed => return Err(wrong_step(app, session, row)?),
        // The link to the diary stands already.
        StepName::Max if row.is_linked() => return Err(wrong_step(app, session, row)?),
        _ => {}
    }
    let contact = contacts::parse(&post.body.contact)?;
    if contact.channel() == Channel::Mail && !row.is_under_14(app.now()) {
        return Err(Refusal::new(Code::EmailNeedsUnder14).detail("contact"));
    }
    let now = app.now();
    let on_its_way = step == StepName::Code
        && row.contact()? == contact
        && row.resend_at.is_some_and(|at| now < Millis(at))
        && row.code_expires_at.is_some_and(|at| now < Millis(at));
    if on_its_way {
        return row.linking(app, session);
    }
    send_code(app, session, tx, &row, &contact, Awaited::Contact).await?;
    after(app, session, tx, id).await
}
