//! Who asks for something that cannot be taken back shows that the profile is theirs, in that very request.

use mostik_wire::{Code, Proof, ProvenBody};

use super::held::Held;
use crate::{
    app::App,
    db::Tx,
    linkings::{Purpose, prove},
    passwords::{Outcome, Trial},
    post::Post,
    refusal::Refusal,
};

/// Begins the transaction of the work and checks the proof in it; a wrong one costs a try. Either outcome is for
/// [`Post::finish`].
///
/// # Errors
/// When the work's transaction was not begun: `not_linked`, `password_blocked` and the like.
pub(super) async fn begin_proven(
    app: &App,
    pupil: &str,
    post: &Post<ProvenBody>,
) -> Result<(Tx, Result<Held, Refusal>), Refusal> {
    // Comparing takes its time: not while the database waits.
    let trial = match trial(app, pupil, post).await {
        Ok(trial) => trial,
        Err(refusal) => return Err(post.refuse(app, refusal).await),
    };
    let mut tx = post.begin(app).await?;
    let held = proven(app, &mut tx, pupil, post, trial).await;
    Ok((tx, held))
}

async fn proven(
    app: &App,
    tx: &mut Tx,
    pupil: &str,
    post: &Post<ProvenBody>,
    trial: Option<Trial>,
) -> Result<Held, Refusal> {
    let (session, body) = (&post.session, &post.body);
    let held = Held::meant(session, tx, pupil, &body.profile).await?;
    match (&body.proof, trial) {
        (Proof::Code { code }, _) => {
            prove(app, session, tx, held.linking, Purpose::Owner, code.expose()).await?;
            Held::meant(session, tx, pupil, &body.profile).await
        }
        (Proof::Password { .. }, Some(trial)) => match trial.settle(app, tx).await? {
            Outcome::Right => Ok(held),
            Outcome::Wrong { left } => Err(Refusal::new(Code::PasswordWrong).tries_left(left).kept()),
            // Set anew while this one was compared.
            Outcome::Outdated => Err(Refusal::new(Code::PasswordWrong)),
        },
        (Proof::Password { .. }, None) => Err(Refusal::internal(&"a password that was not compared")),
    }
}

// A password is counted, and that committed, before it is compared.
async fn trial(app: &App, pupil: &str, post: &Post<ProvenBody>) -> Result<Option<Trial>, Refusal> {
    match &post.body.proof {
        Proof::Code { code } => {
            let digits = code.expose();
            if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Refusal::new(Code::MalformedRequest).detail("code: six digits are expected"));
            }
            Ok(None)
        }
        Proof::Password { password } => {
            let mut tx = app.db.write().await?;
            let held = Held::meant(&post.session, &mut tx, pupil, &post.body.profile).await?;
            let counted = Trial::count(app, &mut tx, &held.id, password).await?;
            tx.commit().await?;
            Ok(Some(counted.compare(app, password).await?))
        }
    }
}
