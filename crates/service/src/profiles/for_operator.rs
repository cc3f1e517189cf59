//! What is given out of a profile by an operator, for a person who asks in writing.

use mostik_linking::{Action, Proof};
use mostik_store::{Tx, linkings::Loaded};
use mostik_wire::Export;

use super::{export::export_of, held::LinkedProfile};
use crate::{
    app::App,
    language::Language,
    linkings::{OnBehalfOf, act},
    refusal::Refusal,
};

/// Everything that is held about a linked profile, and the linkings that have changed by that.
pub(crate) async fn export_for_operator(
    app: &App,
    tx: &mut Tx,
    by: OnBehalfOf<'_>,
    loaded: Loaded,
) -> Result<(Export, Vec<String>), Refusal> {
    let done = act(app, tx, by, loaded, Action::Export { proof: Proof::Operator }).await?;
    if let Some(refusal) = done.refused {
        return Err(refusal);
    }
    let held = LinkedProfile::by_linking(tx, done.loaded).await?;
    Ok((export_of(app, Language::default(), tx, &held).await?, done.changed))
}
