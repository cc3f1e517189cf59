//! A linking as it goes over the wire.

use mostik_linking::{Aim, AtMax, Linked, Step as State, Trouble};
use mostik_store::linkings::{Loaded, LoadedProfile};
use mostik_wire::{
    Channel, CodeStep, DetailsStep, ExistsStep, FormerProfile, FoundProfile, FullName, LinkedStep, Linking, MaxStep,
    MaxTrouble, PasswordStep, ProfileStep, RecoveryStep, Step, VkStep,
};

use super::consent;
use crate::{app::App, language::Language, refusal::Refusal, vk};

/// The linking as it goes over the wire.
///
/// # Errors
/// When a sealed text does not open.
pub(crate) fn show(app: &App, language: Language, loaded: &Loaded) -> Result<Linking, Refusal> {
    Ok(Linking {
        id: loaded.linking.id.clone(),
        pupil: loaded.linking.pupil.clone(),
        version: loaded.linking.version,
        step: step(app, language, loaded)?,
        server_time: app.now(),
    })
}

fn step(app: &App, language: Language, loaded: &Loaded) -> Result<Step, Refusal> {
    let shortest = app.live().config.passwords.shortest;
    Ok(match &loaded.linking.step {
        State::Contact => Step::Contact { former: former(loaded) },
        State::Code { contact, known, sent } => Step::Code(CodeStep {
            channel: contact.channel(),
            contact: if *known { contact.masked() } else { contact.display() },
            expires_at: sent.expires_at,
            resend_at: sent.resend_at,
            tries_left: sent.tries_left(),
            nth: sent.place,
            delivery: sent.delivery,
        }),
        State::Taken { contact } => Step::Taken { channel: contact.channel(), contact_masked: contact.masked() },
        State::Password { email } => Step::Password(PasswordStep { contact_masked: email.masked(), shortest }),
        State::Details { email, .. } => Step::Details(DetailsStep {
            contact_masked: email.masked(),
            last_name: loaded.pupil.last_name.clone(),
            first_name: loaded.pupil.first_name.clone(),
            middle_name: loaded.pupil.middle_name.clone(),
            birth_date: loaded.pupil.birth_date,
            gender: loaded.gender,
            consent: consent::wording(language),
        }),
        State::Exists { email, .. } => Step::Exists(ExistsStep {
            contact_masked: email.masked(),
            profile_name: profile(loaded)?.facts.name().masked(),
            shortest,
        }),
        State::Recovery { email, sent, .. } => Step::Recovery(RecoveryStep {
            contact_masked: email.masked(),
            shortest,
            expires_at: sent.expires_at,
            resend_at: sent.resend_at,
            tries_left: sent.tries_left(),
            nth: sent.place,
            delivery: sent.delivery,
        }),
        State::Profile { contact, .. } => Step::Profile(ProfileStep {
            channel: contact.channel(),
            contact_masked: contact.masked(),
            found: loaded.profile.as_ref().map(|found| FoundProfile {
                same_name: loaded.pupil.name().is_same(&found.facts.name()),
                name_masked: found.facts.name().masked(),
                role: found.role,
                class_name: found.class_name.clone(),
            }),
        }),
        State::Max(at_max) => Step::Max(at_max_step(app, loaded, at_max)?),
        State::Linked(linked) => Step::Linked(linked_step(app, loaded, linked)?),
        State::Closed { reason } => Step::Closed { reason: *reason },
    })
}

fn profile(loaded: &Loaded) -> Result<&LoadedProfile, Refusal> {
    loaded.profile.as_ref().ok_or_else(|| Refusal::internal(&"a step names a profile that was not loaded"))
}

// The profile that the pupil was linked to before, as long as no other is.
fn former(loaded: &Loaded) -> Option<FormerProfile> {
    loaded.former.as_ref().map(|former| FormerProfile {
        name_masked: FullName::new(&former.first_name, &former.last_name).masked(),
        channel: former.facts.contact.channel(),
        contact_masked: former.facts.contact.masked(),
    })
}

fn at_max_step(app: &App, loaded: &Loaded, at_max: &AtMax) -> Result<MaxStep, Refusal> {
    let profile = loaded.profile.as_ref();
    let number = profile.and_then(|profile| profile.facts.phone.as_ref());
    Ok(MaxStep {
        url: app.live().config.max_link(&app.live().keys.open(&at_max.ticket.sealed.0)?),
        code: app.live().keys.open(&at_max.ticket.sealed_digits.0)?,
        expires_at: at_max.ticket.expires_at,
        phone_masked: loaded.linking.step.phone_in_max(number).map(|phone| phone.masked()),
        skippable: matches!(at_max.aim, Aim::Offer { .. }),
        opened: at_max.visitor.is_some(),
        trouble: at_max.trouble.as_ref().map(|trouble| shown(at_max, trouble)),
        return_handle: app.live().keys.open(&at_max.return_handle.0)?,
        profile_name: profile.map(|profile| profile.facts.name().masked()),
        // Where MAX is to prove the number, there is no contact yet.
        channel: at_max.aim.contact().map_or(Channel::Sms, mostik_wire::Contact::channel),
        vk: vk_step(app, loaded)?,
    })
}

fn shown(at_max: &AtMax, trouble: &Trouble) -> MaxTrouble {
    match trouble {
        Trouble::NumberDiffers { masked, .. } => {
            MaxTrouble::NumberDiffers { phone_masked: masked.clone(), usable: at_max.usable_number().is_some() }
        }
        Trouble::NumberForeign { masked } => MaxTrouble::NumberForeign { phone_masked: masked.clone() },
        Trouble::ForeignContact => MaxTrouble::ForeignContact,
        Trouble::UnprovenContact => MaxTrouble::UnprovenContact,
        Trouble::MaxAccountTaken => MaxTrouble::MaxAccountTaken,
        Trouble::ToConfirm { masked, name } => {
            MaxTrouble::ToConfirm { phone_masked: masked.clone(), name_masked: name.clone() }
        }
    }
}

fn linked_step(app: &App, loaded: &Loaded, linked: &Linked) -> Result<LinkedStep, Refusal> {
    let (profile, link) = (profile(loaded)?, &linked.link);
    Ok(LinkedStep {
        sferum_url: app.live().config.sferum_url(&link.profile),
        profile: link.profile.clone(),
        profile_name: profile.facts.name().masked(),
        channel: link.contact.channel(),
        contact_masked: link.contact.masked(),
        in_max: profile.facts.max.is_some(),
        linked_at: link.linked_at,
        vk: vk_step(app, loaded)?,
        deletes_at: profile.deletes_at,
    })
}

/// VK Messenger as the linking's step shows it; `None`: it is neither offered nor bound.
///
/// # Errors
/// When a sealed text does not open.
fn vk_step(app: &App, loaded: &Loaded) -> Result<Option<VkStep>, Refusal> {
    let step = &loaded.linking.step;
    let Some(id) = step.profile() else { return Ok(None) };
    // Before the link stands the profile may be another pupil's by now, and so is what is bound to it.
    let bound = loaded.profile.as_ref().and_then(|profile| profile.vk_name.as_ref());
    if let Some(name) = bound.filter(|_| step.link().is_some()) {
        let messenger_url = app.live().config.vk_messenger_url(id);
        return Ok(Some(VkStep::Bound { name_masked: name.clone(), messenger_url }));
    }
    if !app.live().config.messengers.vk {
        return Ok(None);
    }
    let under_way = loaded.vk.as_ref().filter(|vk| app.now() < vk.expires_at);
    Ok(Some(match (under_way, step.return_handle()) {
        (None, _) => VkStep::Offered { trouble: step.vk_trouble() },
        (Some(vk), Some(handle)) if vk.sealed_state.is_some() => VkStep::SigningIn {
            url: vk::authorize_url(app, vk.sealed_state.as_deref().unwrap_or_default(), vk.client.as_deref())?,
            expires_at: vk.expires_at,
            return_handle: app.live().keys.open(&handle.0)?,
        },
        (Some(vk), _) => VkStep::Asking { expires_at: vk.expires_at },
    }))
}
