//! What the person at the family's device presses: what the window offers, and nothing that is not theirs.

use mostik_flow::{Diary, RequestKind, Route, Security, Wizard};
use mostik_wire::{LinkSummary, MaxTrouble, PupilId, Step};

use crate::{
    asks::{WRONG_CODE, code_number},
    people::{ContactName, linking_no, number_in},
    press::{Press, Typed},
    story::Story,
    world::World,
};

/// All that the person may press.
pub(crate) fn presses(world: &World, all: &mut Vec<Press>) {
    if let Some((_, kind)) = world.device.pending() {
        // A request whose answer does not come: only there is it worth a press.
        if world.left.network > 0 && !matches!(kind, RequestKind::Open) {
            all.push(Press::StopWaiting);
        }
        return;
    }
    match &world.device.state.route {
        Route::Wizard(wizard) => in_wizard(world, wizard, all),
        Route::Diary(diary) => in_diary(diary, all),
        Route::Security(security) => in_security(world, security, all),
        _ => {}
    }
}

fn in_wizard(world: &World, wizard: &Wizard, all: &mut Vec<Press>) {
    if wizard.failed.is_some() {
        all.push(Press::Retry);
    }
    let contacts = |all: &mut Vec<Press>| {
        all.extend(world.story.typed_by_family().iter().map(|contact| Press::Contact(Typed(*contact))));
        all.push(Press::ProveByMax);
    };
    if wizard.editing {
        contacts(all);
        if matches!(wizard.linking.step, Step::Code(_)) {
            all.push(Press::BackToCode);
        }
        return;
    }
    let is_own = |masked: &str| world.story.typed_by_family().iter().any(|own| own.contact().masked() == masked);
    match &wizard.linking.step {
        Step::Contact { former } => {
            contacts(all);
            all.extend(former.is_some().then_some(Press::Former));
        }
        Step::Code(_) => {
            all.extend(codes(world, &wizard.linking.id).map(Press::Code));
            all.extend([Press::Resend, Press::ChangeContact]);
        }
        Step::Taken { .. } => all.push(Press::ChangeContact),
        Step::Exists(_) => {
            // One that was forgotten, and the one that the family has set since.
            all.extend([Press::SignIn(1), Press::SignIn(2), Press::Recover]);
        }
        Step::Recovery(_) => {
            let new = world.tables.profiles.iter().map(|row| row.password).max().unwrap_or_default() + 1;
            all.extend(codes(world, &wizard.linking.id).map(|number| Press::Recovery(number, new)));
            all.push(Press::Recover);
        }
        Step::Profile(step) => {
            // Who reads what is asked says yes to the own number alone.
            all.extend(is_own(&step.contact_masked).then_some(Press::Confirm));
            all.push(Press::ChangeContact);
        }
        Step::Max(step) => {
            all.push(Press::RenewMaxLink);
            let asked = match &step.trouble {
                Some(MaxTrouble::NumberDiffers { phone_masked, usable: true }) => is_own(phone_masked),
                Some(MaxTrouble::ToConfirm { phone_masked, .. }) => {
                    *phone_masked == ContactName::Family.contact().masked()
                }
                _ => false,
            };
            all.extend(asked.then_some(Press::TakeMaxNumber));
            all.push(if step.skippable { Press::SkipMax } else { Press::ChangeContact });
        }
        Step::Linked(_) => all.push(Press::Security),
        Step::Password(_) | Step::Details(_) | Step::Closed { .. } => {}
    }
    if world.story == Story::TwoWindows && !wizard.linking.step.is_over() {
        all.push(Press::Cancel);
    }
}

fn in_diary(diary: &Diary, all: &mut Vec<Press>) {
    match diary.home.pupil.link {
        LinkSummary::NotLinked => all.push(Press::Begin),
        LinkSummary::InProgress { .. } => all.push(Press::Sferum),
        LinkSummary::Linked { .. } => all.push(Press::Security),
    }
}

fn in_security(world: &World, security: &Security, all: &mut Vec<Press>) {
    match (&security.profile, security.action) {
        (Some(_), None) => all.extend([Press::BeginUnlink, Press::BeginExport]),
        (Some(profile), Some(_)) => {
            if profile.code.is_none() {
                all.push(Press::OwnerCode);
            }
            let linking = world.tables.link_of_pupil(pupil(&security.home.pupil.id)).map(|link| link.linking);
            if let Some(linking) = linking {
                all.extend(codes_of(world, linking).map(Press::Prove));
            }
        }
        (None, _) if security.home.pupil.link == LinkSummary::NotLinked => all.push(Press::Sferum),
        (None, _) => {}
    }
}

fn pupil(id: &PupilId) -> u8 {
    u8::try_from(number_in(&id.0)).unwrap_or_default()
}

fn codes<'a>(world: &'a World, id: &mostik_wire::LinkingId) -> impl Iterator<Item = u32> + 'a {
    codes_of(world, linking_no(id))
}

/// The codes that the family may type: all that have come to it, and a wrong one.
fn codes_of(world: &World, linking: u8) -> impl Iterator<Item = u32> + '_ {
    let come = world.inbox.iter().filter(|letter| letter.contact != ContactName::Second);
    // Those of its own linking; and the newest of another's, by mistake.
    let other = come.clone().filter(move |letter| letter.linking != linking).max_by_key(|letter| letter.nth);
    let own = come.filter(move |letter| letter.linking == linking);
    own.chain(other).map(|letter| code_number(letter.linking, letter.nth)).chain([WRONG_CODE])
}
