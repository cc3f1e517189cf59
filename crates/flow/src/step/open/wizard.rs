//! Opens a linking, reads it anew, takes what the service says of it, and leaves it.

use mostik_wire::{CloseReason, Linking, Step, StepName};

use super::diary;
use crate::{
    Call, Cause, CauseKind, Diary, Effect, Home, Next, RequestKind, Route, Watched, Wizard,
    step::{known_link::summary, transition::Transition, vk},
};

/// Opens a linking from the diary.
pub(in crate::step) fn open(mut transition: Transition, home: Home, linking: Linking) -> Next {
    transition.effects.push(Effect::Watch(Watched::Linking(linking.id.clone())));
    transition.state.conditions.understood = None;
    let wizard = Wizard {
        home,
        linking: linking.clone(),
        editing: false,
        typed: String::new(),
        suggestion: None,
        sendable: false,
        live: true,
        pending: None,
        cause: None,
        failed: None,
    };
    adopt(transition, wizard, linking)
}

/// Goes on after a restart, or asks where it stands: reads the linking and follows it.
pub(in crate::step) fn resync(mut transition: Transition, mut wizard: Wizard) -> Next {
    wizard.cause = None;
    wizard.failed = None;
    read(&mut transition, &mut wizard);
    transition.effects.push(Effect::Watch(Watched::Linking(wizard.linking.id.clone())));
    if wizard.linking.step.name() == StepName::Max {
        // It may have been installed since.
        transition.effects.push(Effect::DetectMax);
    }
    transition.moved(Route::Wizard(wizard))
}

pub(in crate::step) fn read(transition: &mut Transition, wizard: &mut Wizard) {
    let call = Call::Read(wizard.linking.id.clone());
    wizard.pending = transition.begin(RequestKind::Resync, |attempt| Effect::Call { attempt, call });
}

/// Takes the service's word for where the linking stands.
pub(in crate::step) fn adopt(mut transition: Transition, mut wizard: Wizard, linking: Linking) -> Next {
    if linking.id != wizard.linking.id || linking.version < wizard.linking.version {
        return transition.moved(Route::Wizard(wizard));
    }
    if linking.step.name() != wizard.linking.step.name() {
        wizard.editing = false;
        wizard.failed = None;
        transition.state.conditions.typed_password = None;
        transition.state.conditions.understood = None;
    }
    // What was over is followed no longer; a link whose way into a messenger was left for later goes on.
    if !wizard.linking.step.moves_by_itself() && linking.step.moves_by_itself() {
        transition.effects.push(Effect::Watch(Watched::Linking(linking.id.clone())));
    }
    if linking.step.name() == StepName::Max && transition.state.conditions.max_here.is_none() {
        transition.effects.push(Effect::DetectMax);
    }
    wizard.linking = linking;
    wizard.home.pupil.link = summary(&wizard.linking);
    if let Some(handle) = vk::awaited_handle(&wizard.linking) {
        transition.state.awaited_handle = Some(handle.to_owned());
    }
    if let Step::Closed { reason } = &wizard.linking.step {
        let cause = (*reason != CloseReason::Cancelled).then(|| CauseKind::LinkingGone.into());
        return leave(transition, wizard, cause);
    }
    transition.moved(Route::Wizard(wizard))
}

/// Back to the diary; the linking waits where it is.
pub(in crate::step) fn leave(mut transition: Transition, wizard: Wizard, cause: Option<Cause>) -> Next {
    let Wizard { home, .. } = wizard;
    let mut diary = Diary { cause, ..diary::shown(home) };
    diary.pending = transition.begin(RequestKind::Refresh, Effect::ReadMe);
    diary::read_schedule(&mut transition, &mut diary);
    diary::follow(&mut transition);
    transition.moved(Route::Diary(diary))
}
