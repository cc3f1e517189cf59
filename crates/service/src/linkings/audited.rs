//! What the audit log says of a decision.

use mostik_linking::{Effect, NewProfile};
use mostik_store::{Tx, linkings::Loaded};
use mostik_wire::{LogKind, Messenger};

use super::by::OnBehalfOf;
use crate::{
    app::App,
    audit::{Action, Author, Subject},
    refusal::Refusal,
};

/// Writes down what these effects do.
pub(super) async fn record(
    app: &App,
    tx: &mut Tx,
    by: OnBehalfOf<'_>,
    loaded: &Loaded,
    effects: &[Effect],
) -> Result<(), Refusal> {
    let (linking, pupil) = (loaded.linking.id.0.as_str(), loaded.linking.pupil.0.as_str());
    for effect in effects {
        for (action, profile) in actions(loaded, effect) {
            let about = Subject { profile, pupil: Some(pupil), linking: Some(linking), ..Subject::default() };
            Author::of(app).record(tx, by.actor(), action, &about, by.reason()).await?;
        }
    }
    Ok(())
}

fn actions<'a>(loaded: &'a Loaded, effect: &'a Effect) -> Vec<(Action, Option<&'a str>)> {
    let of = |action, profile: &'a String| vec![(action, Some(profile.as_str()))];
    match effect {
        Effect::MakeProfile(new) => match &**new {
            NewProfile::ByPhone { id, .. } => of(Action::ProfileMade, id),
            NewProfile::ByMail { id, .. } => {
                vec![(Action::ProfileMade, Some(id.as_str())), (Action::PasswordSet, Some(id.as_str()))]
            }
        },
        Effect::SetPassword { profile, .. } => of(Action::PasswordSet, profile),
        Effect::RecordConsent { profile, .. } => of(Action::ConsentGiven, profile),
        Effect::Link { profile } => of(Action::LinkMade, profile),
        // The messengers are left with it.
        Effect::Unlink { profile } => {
            let facts = loaded.profile.as_ref().map(|profile| &profile.facts);
            let mut all = of(Action::LinkEnded, profile);
            if facts.is_some_and(|facts| facts.max.is_some()) {
                all.extend(of(Action::MaxLeft, profile));
            }
            if facts.is_some_and(|facts| facts.in_vk) {
                all.extend(of(Action::VkLeft, profile));
            }
            all
        }
        Effect::Bind { profile, account } => match account.messenger {
            Messenger::Max => of(Action::MaxBound, profile),
            Messenger::Vk => of(Action::VkBound, profile),
        },
        Effect::Unbind { profile, messenger } => match messenger {
            Messenger::Max => of(Action::MaxLeft, profile),
            Messenger::Vk => of(Action::VkLeft, profile),
        },
        Effect::SetDeletion { profile, due: Some(_) } => of(Action::DeletionAsked, profile),
        Effect::SetDeletion { profile, due: None } => of(Action::DeletionCalledOff, profile),
        Effect::Note(LogKind::Exported) => {
            vec![(Action::Exported, loaded.linking.step.profile().map(String::as_str))]
        }
        _ => Vec::new(),
    }
}
