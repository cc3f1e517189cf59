//! Where an operator works: known by the token, with the right for what is asked, for a reason. A refusal is in the audit log too.

use std::sync::Arc;

use mostik_store::{Store, secret_keys::Holder};
use mostik_wire::Secret;

use super::{
    operators::{Operator, Operators, Right, SETTING, is_token},
    reason::Reason,
};
use crate::{
    audit::{Action, Actor, Author, Subject},
    clock::{Clock, Entropy},
    config::{Config, Fault},
    keys::Keys,
    live::bound_keys,
    refusal::Refusal,
};

/// Who asks, what for, and why.
pub struct Asking {
    /// What the operator is known by.
    pub token: Secret,
    /// The right that it takes.
    pub needs: Right,
    /// What is asked for, in one word: it stands in the audit log where it is refused.
    pub command: &'static str,
    /// Why.
    pub reason: Reason,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Nobody is an operator.
    #[error(
        "{SETTING}: not set, so nobody is an operator. Name a file; `mostik-service operators new-token` makes its entries"
    )]
    NoOperators,
    /// The file of operators.
    #[error("{0}")]
    Operators(Fault),
    /// What was given is no token.
    #[error(
        "the operator's token is too short or has other characters: `mostik-service operators new-token` makes one"
    )]
    NoToken,
    /// Nobody has that token.
    #[error("nobody in {SETTING} has this token: this is in the audit log. Ask whoever keeps that file")]
    UnknownToken,
    /// The operator may not.
    #[error("{0} has no right `{right}`: this is in the audit log. Ask whoever keeps {SETTING}", right = .1.word())]
    NoRight(String, Right),
    /// The database is not to be opened.
    #[error(transparent)]
    Open(#[from] mostik_store::OpenError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] mostik_store::Error),
    /// The rules, or the service's own trouble.
    #[error("{}: {}", .0.code().title(), .0.problem().detail.clone().unwrap_or_else(|| "nothing was changed".into()))]
    Refused(Box<Refusal>),
    /// The clients of the outside parties cannot be made.
    #[error(transparent)]
    Start(#[from] crate::service::StartError),
    /// The profile has no link.
    #[error("the profile is linked to nobody: there is no link to act on")]
    NotLinked,
    /// The profile is not in that messenger.
    #[error("the profile is not in {0}: nothing was changed")]
    NotIn(&'static str),
    /// Another deletion of the profile waits.
    #[error("the profile's deletion was asked for already: `mostik-service support pending-deletions` tells its id")]
    AskedAlready,
    /// The time to confirm is over.
    #[error("the 72 hours to confirm it are over: have it asked for again")]
    Outlived,
    /// Who has asked wants to confirm.
    #[error(
        "who asks for a deletion does not confirm it: this is in the audit log. Another operator with the right `delete` has to"
    )]
    SameOperator,
    /// There is nothing of that id.
    #[error("there is no {0} of this id. `mostik-service support find` tells ids")]
    Unknown(&'static str),
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// An operator at work.
pub struct Desk {
    /// The database.
    pub store: Store,
    /// Keyed hashes.
    pub keys: Arc<Keys>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The settings.
    pub config: Config,
    /// Who.
    pub operator: Operator,
    /// Why.
    pub reason: Reason,
}

impl Desk {
    /// Lets an operator in who may do what is asked.
    ///
    /// # Errors
    /// Why not; what was refused for the token or the right is in the audit log by then.
    pub async fn open(
        config: Config,
        asking: Asking,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, DeskError> {
        let file = config.operators_file.as_ref().ok_or(DeskError::NoOperators)?;
        let operators = Operators::read(file).map_err(DeskError::Operators)?;
        let store = Store::open(&config.database).await?;
        let keys = Arc::new(bound_keys(&store, &config, Holder::Command, clock.now()).await?);
        let operator = operators.known_by(&asking.token);
        let (actor, refused) = match operator {
            _ if !is_token(asking.token.expose()) => (Actor::Stranger, DeskError::NoToken),
            None => (Actor::Stranger, DeskError::UnknownToken),
            Some(operator) if !operator.may(asking.needs) => {
                (Actor::Operator(&operator.name), DeskError::NoRight(operator.name.clone(), asking.needs))
            }
            Some(operator) => {
                let (operator, reason) = (operator.clone(), asking.reason);
                return Ok(Self { store, keys, clock, entropy, config, operator, reason });
            }
        };
        let author = Author { keys: Arc::clone(&keys), entropy: &*entropy, now: clock.now() };
        let why = format!("{}: {}", asking.command, asking.reason.text());
        let mut tx = store.write().await?;
        author.record(&mut tx, actor, Action::SupportRefused, &Subject::default(), Some(&why)).await?;
        tx.commit().await?;
        store.close().await;
        Err(refused)
    }

    /// What an entry of the audit log is made with.
    #[must_use]
    pub fn author(&self) -> Author<'_> {
        Author { keys: Arc::clone(&self.keys), entropy: &*self.entropy, now: self.clock.now() }
    }

    /// Writes down what this operator does, in its transaction.
    pub async fn record(
        &self,
        tx: &mut mostik_store::Conn,
        action: Action,
        about: &Subject<'_>,
    ) -> Result<(), mostik_store::Error> {
        let actor = Actor::Operator(&self.operator.name);
        self.author().record(tx, actor, action, about, Some(self.reason.text())).await
    }
}
