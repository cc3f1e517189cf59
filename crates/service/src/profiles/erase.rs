//! Deleting the profiles whose time has come.

use mostik_linking::Action;
use mostik_store::{
    Tx, erasure,
    linkings::{self, Selection},
    profiles,
};
use mostik_wire::Millis;

use super::news::tell;
use crate::{
    app::App,
    audit::{Action as Audited, Author, Subject},
    language::Language,
    linkings::{OnBehalfOf, act_on_all},
    mail::News,
    refusal::Refusal,
};

/// Deletes the profiles that are due, each in a transaction of its own.
///
/// # Errors
/// When the database does not answer; what was not deleted is due again the next time.
pub async fn erase_due(app: &App) -> Result<(), Refusal> {
    for profile in erasure::all_due(&mut *app.store.reader().await?, app.now()).await? {
        let mut tx = app.store.write().await?;
        let changed = erase(app, &mut tx, OnBehalfOf::Event, &profile).await?;
        tx.commit().await?;
        app.publish_changes(&changed);
        app.metrics.profile_deleted();
        tracing::info!("a profile was deleted");
    }
    Ok(())
}

/// Deletes a profile at once, as two operators want it; answers with the linkings that changed or went.
pub(crate) async fn erase_for_operator(
    app: &App,
    tx: &mut Tx,
    by: OnBehalfOf<'_>,
    profile: &String,
) -> Result<Vec<String>, Refusal> {
    profiles::set_deletion(tx, profile, Some((app.now(), Language::default().tag()))).await?;
    erase(app, tx, by, profile).await
}

// Answers with the linkings that changed or went.
async fn erase(app: &App, tx: &mut Tx, by: OnBehalfOf<'_>, profile: &String) -> Result<Vec<String>, Refusal> {
    let Some(due) = erasure::due(tx, profile, app.now()).await? else { return Ok(Vec::new()) };
    let language = Language::from_tag(&due.deletion_language.unwrap_or_default());
    let at = Millis(due.deletes_at);
    tell(app, tx, profile, language, false, |name| News::Deleted { name, due: at }).await?;
    // Linkings of other pupils that had come upon the profile or its contacts ask for a contact again.
    let contacts = [due.phone, due.email];
    let but_of = due.pupil_id.as_deref().unwrap_or_default();
    let others = linkings::find(tx, &Selection::Naming { profile, contacts: &contacts, but_of }).await?;
    let mut changed = act_on_all(app, tx, others, || Action::ProfileErased).await?;
    for linking in &changed {
        erasure::codes_and_messages(tx, linking).await?;
    }
    changed.extend(erasure::profile(tx, profile, due.pupil_id.as_deref()).await?);
    let about = Subject { profile: Some(profile), pupil: due.pupil_id.as_deref(), ..Subject::default() };
    Author::of(app).record(tx, by.actor(), Audited::DeletionDone, &about, by.reason()).await?;
    Ok(changed)
}
