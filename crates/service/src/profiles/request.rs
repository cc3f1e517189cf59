//! What a POST asks of a linked profile, up to the action that the rules weigh. Who asks for something that cannot be taken
//! back shows that the profile is theirs, in that very request.

use axum::response::Response;
use mostik_linking::{Action, ActionName, Proof, Purpose};
use mostik_store::Tx;
use mostik_wire::{Code, Export, Profile, ProfileBody, Proof as ProofBody, ProvenBody, Unlinked};
use serde::Serialize;

use super::{export, held::LinkedProfile};
use crate::{
    app::App,
    linkings::{Completed, OnBehalfOf, act, entered, well_formed},
    passwords::{Outcome, Trial},
    post::Post,
    refusal::Refusal,
    session::Session,
};

/// What is answered once the action is carried out.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Profile(Profile),
    Unlinked(Unlinked),
    Export(Export),
}

/// Answers a POST that needs no proof.
pub(super) async fn answer(
    app: App,
    pupil: String,
    post: Post<ProfileBody>,
    action: Action,
) -> Result<Response, Refusal> {
    let (body, post) = post.split();
    let mut tx = post.begin(&app).await?;
    let held = LinkedProfile::meant(&post.session, &mut tx, &pupil, &body.profile).await;
    let result = match held {
        Ok(held) => carry_out(&app, &mut tx, &post.session, held, action).await,
        Err(refusal) => Err(refusal),
    };
    post.finish(&app, tx, result).await
}

/// Answers a POST that bears its proof; a wrong one costs a try.
pub(super) async fn answer_proven(
    app: App,
    pupil: String,
    post: Post<ProvenBody>,
    action: fn(Proof) -> Action,
) -> Result<Response, Refusal> {
    let (body, post) = post.split();
    // Comparing takes its time: not while the database waits.
    let trial = match trial(&app, &post.session, &pupil, &body).await {
        Ok(trial) => trial,
        Err(refusal) => return Err(post.refuse(&app, refusal).await),
    };
    let mut tx = post.begin(&app).await?;
    let result = proven(&app, &mut tx, &post.session, &pupil, &body, trial, action).await;
    post.finish(&app, tx, result).await
}

// A password is counted, and that committed, before it is compared.
async fn trial(app: &App, session: &Session, pupil: &str, body: &ProvenBody) -> Result<Option<Trial>, Refusal> {
    match &body.proof {
        ProofBody::Code { code } => {
            well_formed(code, Purpose::Owner)?;
            Ok(None)
        }
        ProofBody::Password { password } => {
            let mut tx = app.store.write().await?;
            let held = LinkedProfile::meant(session, &mut tx, pupil, &body.profile).await?;
            let counted = Trial::count(app, &mut tx, &held.link()?.profile, password).await?;
            tx.commit().await?;
            Ok(Some(counted.compare(app, password).await?))
        }
    }
}

async fn proven(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    pupil: &str,
    body: &ProvenBody,
    trial: Option<Trial>,
    action: fn(Proof) -> Action,
) -> Result<(Answer, Vec<String>), Refusal> {
    let held = LinkedProfile::meant(session, tx, pupil, &body.profile).await?;
    let proof = match (&body.proof, trial) {
        (ProofBody::Code { code }, _) => Proof::Code(entered(app, tx, &held.loaded, Purpose::Owner, code).await?),
        (ProofBody::Password { .. }, Some(trial)) => match trial.settle(app, tx).await? {
            Outcome::Right => Proof::Password,
            Outcome::Wrong { left } => return Err(Refusal::new(Code::PasswordWrong).tries_left(left).kept()),
            // Set anew while this one was compared.
            Outcome::Outdated => return Err(Refusal::new(Code::PasswordWrong)),
        },
        (ProofBody::Password { .. }, None) => return Err(Refusal::internal(&"a password that was not compared")),
    };
    carry_out(app, tx, session, held, action(proof)).await
}

async fn carry_out(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    held: LinkedProfile,
    action: Action,
) -> Result<(Answer, Vec<String>), Refusal> {
    let (name, profile) = (action.name(), held.link()?.profile.clone());
    let Completed { loaded, changed, refused } =
        act(app, tx, OnBehalfOf::Session(session), held.loaded, action).await?;
    if let Some(refusal) = refused {
        return Err(refusal.and_changed(changed));
    }
    let answer = match name {
        ActionName::Unlink => Answer::Unlinked(Unlinked { profile, at: app.now() }),
        ActionName::Export => {
            let held = LinkedProfile::by_linking(tx, loaded).await?;
            Answer::Export(export::export_of(app, session.language, tx, &held).await?)
        }
        _ => Answer::Profile(LinkedProfile::by_linking(tx, loaded).await?.profile(app)?),
    };
    Ok((answer, changed))
}
