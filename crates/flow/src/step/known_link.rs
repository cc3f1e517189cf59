//! What is known of a pupil's link, and what the news of a linking mean for it.

use mostik_wire::{LinkSummary, Linking, Step};

use super::vk;

/// What the news of a linking mean for what is known of a pupil's link.
pub(super) enum LinkChange {
    /// Nothing new.
    Known,
    /// A step further.
    Shown,
    /// A link was made or removed, or a messenger joined it or left it.
    Reread,
}

pub(super) fn apply_news(known: &mut LinkSummary, linking: &Linking) -> LinkChange {
    let new = summary(linking);
    let same = match (&*known, &new) {
        // How long it stands changes nothing.
        (
            LinkSummary::Linked { linking: a, in_max: was_in_max, in_vk: was_in_vk, deletes_at: was_doomed, .. },
            LinkSummary::Linked { linking: b, in_max, in_vk, deletes_at, .. },
        ) => a == b && (was_in_max, was_in_vk, was_doomed) == (in_max, in_vk, deletes_at),
        (known, new) => known == new,
    };
    if same {
        return LinkChange::Known;
    }
    let linked = |link: &LinkSummary| matches!(link, LinkSummary::Linked { .. });
    let reread = linked(known) || linked(&new);
    *known = new;
    if reread { LinkChange::Reread } else { LinkChange::Shown }
}

/// The bar's view of a linking.
pub(super) fn summary(linking: &Linking) -> LinkSummary {
    let id = linking.id.clone();
    match &linking.step {
        Step::Linked(step) => LinkSummary::Linked {
            linking: id,
            since: step.linked_at,
            in_max: step.in_max,
            in_vk: vk::messenger(linking).is_some(),
            deletes_at: step.deletes_at,
        },
        Step::Closed { .. } => LinkSummary::NotLinked,
        step => LinkSummary::InProgress { linking: id, step: step.name() },
    }
}
