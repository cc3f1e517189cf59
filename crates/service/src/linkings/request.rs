//! What a POST asks of a linking, up to the action that the rules weigh.

use mostik_linking::{Action, ActionName, PasswordHash, Purpose};
use mostik_store::{Tx, linkings::Loaded, messages};
use mostik_wire::{Code, DetailsBody, Linking, Secret};

use super::{
    act::{Completed, act},
    by::OnBehalfOf,
    code::{entered, well_formed},
    load::of_session,
    show::show,
    stale::stale,
};
use crate::{
    app::App,
    contact, max,
    passwords::{self, Outcome, Trial},
    post::Post,
    refusal::Refusal,
    session::Session,
};

/// What a POST asks of a linking.
pub(super) enum Request {
    /// A contact, as typed.
    GiveContact(String),
    /// A code, as typed.
    SubmitCode(Secret),
    /// A password for the new profile.
    SetPassword(Secret),
    /// The details.
    GiveDetails(Box<DetailsBody>),
    /// The password of the profile that was found.
    SignInToProfile(Secret),
    /// A code, and a new password.
    SetNewPassword(Secret, Secret),
    /// Something that needs nothing made of it.
    Plain(Action),
}

/// What takes its time, and was done before the database is made to wait.
enum Prepared {
    Nothing,
    Hash(PasswordHash),
    Trial(Trial),
}

impl Request {
    const fn name(&self) -> ActionName {
        match self {
            Self::GiveContact(_) => ActionName::GiveContact,
            Self::SubmitCode(_) => ActionName::SubmitCode,
            Self::SetPassword(_) => ActionName::SetPassword,
            Self::GiveDetails(_) => ActionName::GiveDetails,
            Self::SignInToProfile(_) => ActionName::SignInToProfile,
            Self::SetNewPassword(..) => ActionName::SetNewPassword,
            Self::Plain(action) => action.name(),
        }
    }

    async fn prepare(&self, app: &App, session: &Session, id: &str, version: u64) -> Result<Prepared, Refusal> {
        match self {
            Self::SubmitCode(code) => well_formed(code, Purpose::Contact)?,
            Self::Plain(Action::ProveInMax | Action::RenewMaxLink) => max::answers(app).await?,
            Self::SetPassword(password) => return self.hash(app, session, id, version, password).await,
            Self::SetNewPassword(code, password) => {
                well_formed(code, Purpose::Recovery)?;
                return self.hash(app, session, id, version, password).await;
            }
            Self::SignInToProfile(password) => {
                let mut tx = app.store.write().await?;
                let loaded = self.fresh(app, session, &mut tx, id, version).await?;
                let counted = Trial::count(app, &mut tx, profile(&loaded)?, password).await?;
                tx.commit().await?;
                return Ok(Prepared::Trial(counted.compare(app, password).await?));
            }
            _ => {}
        }
        Ok(Prepared::Nothing)
    }

    async fn hash(
        &self,
        app: &App,
        session: &Session,
        id: &str,
        version: u64,
        password: &Secret,
    ) -> Result<Prepared, Refusal> {
        let loaded = self.fresh(app, session, &mut *app.store.reader().await?, id, version).await?;
        let password =
            passwords::check(password, app.live().config.passwords.shortest, &passwords::easily_guessed(&loaded))?;
        Ok(Prepared::Hash(PasswordHash(app.hasher.hash(&*app.entropy, &password).await?)))
    }

    // The linking, at the version that the request is based on, and at a step that takes it.
    async fn fresh(
        &self,
        app: &App,
        session: &Session,
        conn: &mut mostik_store::Conn,
        id: &str,
        version: u64,
    ) -> Result<Loaded, Refusal> {
        let loaded = of_session(conn, session, id).await?;
        if loaded.linking.is_stale(version) {
            return Err(stale(app, session, &loaded));
        }
        if !self.name().is_taken_at(&loaded.linking.step) {
            let linking = show(app, session.language, &loaded)?;
            return Err(Refusal::new(Code::WrongStep).linking(linking));
        }
        Ok(loaded)
    }

    async fn action(
        self,
        app: &App,
        session: &Session,
        tx: &mut Tx,
        loaded: &Loaded,
        prepared: Prepared,
    ) -> Result<Action, Refusal> {
        Ok(match (self, prepared) {
            (Self::GiveContact(text), _) => Action::GiveContact { contact: contact::parse(&text)? },
            (Self::SubmitCode(code), _) => {
                Action::SubmitCode { entered: entered(app, tx, loaded, Purpose::Contact, &code).await? }
            }
            (Self::SetPassword(_), Prepared::Hash(password)) => Action::SetPassword { password },
            (Self::GiveDetails(details), _) => Action::GiveDetails(details),
            (Self::SetNewPassword(code, _), Prepared::Hash(password)) => {
                let entered = entered(app, tx, loaded, Purpose::Recovery, &code).await?;
                Action::SetNewPassword { entered, password }
            }
            (Self::SignInToProfile(_), Prepared::Trial(trial)) => {
                // The password may have been set anew, or the profile linked, while this one was compared.
                let meant = loaded.linking.step.profile().is_some_and(|profile| profile == trial.profile());
                match trial.settle(app, tx).await? {
                    Outcome::Right if meant => Action::SignInToProfile,
                    _ => return Err(stale(app, session, loaded)),
                }
            }
            (Self::Plain(action), _) => action,
            _ => return Err(Refusal::internal(&"a request that was not prepared")),
        })
    }
}

fn profile(loaded: &Loaded) -> Result<&String, Refusal> {
    loaded.linking.step.profile().ok_or_else(|| Refusal::internal(&"a step without its profile"))
}

/// Answers a POST that asks something of a linking.
pub(super) async fn answer<B>(
    app: App,
    id: String,
    post: Post<B>,
    version: u64,
    request: impl FnOnce(B) -> Request,
) -> Result<axum::response::Response, Refusal> {
    let (body, post) = post.split();
    let request = request(body);
    let prepared = match request.prepare(&app, &post.session, &id, version).await {
        Ok(prepared) => prepared,
        Err(refusal) => return Err(post.refuse(&app, refusal).await),
    };
    let mut tx = post.begin(&app).await?;
    let result = carry_out(&app, &mut tx, &post.session, &id, version, request, prepared).await;
    let refused = result.as_ref().err().map(Refusal::code);
    let answer = post.finish(&app, tx, result).await;
    note_not_sent(&app, &id, refused).await;
    answer
}

// For who asks later why no code came: the refusal has undone its own transaction.
async fn note_not_sent(app: &App, linking: &str, refused: Option<Code>) {
    let word = match refused {
        Some(Code::SendsUsedUp) => "sends_used_up",
        Some(Code::ContactBlocked) => "contact_blocked",
        Some(Code::ResendTooEarly) => "resend_too_early",
        Some(Code::ContactsUsedUp) => "contacts_used_up",
        Some(Code::NetworkContactsUsedUp) => "network_contacts_used_up",
        Some(Code::CodesPaused) => "codes_paused",
        _ => return,
    };
    let noted = async {
        let mut tx = app.store.write().await?;
        messages::note_not_sent(&mut tx, linking, word, app.now()).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "it was not noted that a code was refused");
    }
}

async fn carry_out(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    id: &str,
    version: u64,
    request: Request,
    prepared: Prepared,
) -> Result<(Linking, Vec<String>), Refusal> {
    // A wrong password costs its try, whatever has become of the linking since it was counted.
    if let Prepared::Trial(trial) = &prepared {
        // Held before the tries are, in the order in which they were when the try was counted.
        let loaded = of_session(tx, session, id).await?;
        if let Some(left) = trial.wrong(app, tx).await? {
            let linking = show(app, session.language, &loaded)?;
            return Err(Refusal::new(Code::PasswordWrong).tries_left(left).linking(linking).kept());
        }
    }
    let loaded = request.fresh(app, session, tx, id, version).await?;
    let action = request.action(app, session, tx, &loaded, prepared).await?;
    let Completed { loaded, changed, refused } = act(app, tx, OnBehalfOf::Session(session), loaded, action).await?;
    match refused {
        Some(refusal) => Err(refusal.and_changed(changed)),
        None => Ok((show(app, session.language, &loaded)?, changed)),
    }
}
