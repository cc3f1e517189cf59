//! What a decision is carried out with, beside the linking's own next step.

use mostik_linking::{Effect, MaxText, News, Purpose, SentCode};
use mostik_store::{
    Tx, budgets,
    codes::{self, NewCode},
    history,
    linkings::{self, Loaded, Selection},
    profiles as stored, vk_sign_ins,
};
use mostik_wire::{Contact, Messenger};

use super::{audited, by::OnBehalfOf};
use crate::{
    app::App,
    clock,
    limits::{self, Asker},
    mail::{Letter, News as LetterNews},
    max::texts,
    outbox, profiles,
    refusal::Refusal,
    sms_text,
};

/// Makes the profile that the next step names, if the decision makes one.
pub(super) async fn make_profile(app: &App, tx: &mut Tx, loaded: &Loaded, effects: &[Effect]) -> Result<(), Refusal> {
    for effect in effects {
        if let Effect::MakeProfile(new) = effect {
            let pupil = &loaded.pupil;
            let name = (pupil.first_name.as_str(), pupil.last_name.as_str());
            stored::make(tx, new, name, &pupil.class_name, app.now()).await?;
        }
    }
    Ok(())
}

/// Carries the effects out, in their order; answers with the linkings whose profile's password was replaced by that.
pub(super) async fn carry_out(
    app: &App,
    tx: &mut Tx,
    by: OnBehalfOf<'_>,
    loaded: &Loaded,
    effects: Vec<Effect>,
) -> Result<Vec<String>, Refusal> {
    let (id, pupil, now) = (loaded.linking.id.0.as_str(), loaded.linking.pupil.0.as_str(), app.now());
    let mut replaced = Vec::new();
    links(app, loaded, &effects);
    audited::record(app, tx, by, loaded, &effects).await?;
    for effect in effects {
        match effect {
            Effect::MakeProfile(_) => {}
            Effect::SendCode { purpose, to, sent } => send_code(app, tx, by, loaded, purpose, &to, &sent).await?,
            Effect::DropQueuedCodes => outbox::drop_codes_of(app, tx, id).await?,
            Effect::CountFailure { purpose, contact } => {
                limits::count_wrong_code(app, tx, &contact, purpose).await?;
            }
            Effect::CountContact { contact, limits } => {
                let asker = Asker { session: by.session(), linking: id };
                limits::count_contact(app, tx, asker, &contact, &limits).await?;
            }
            Effect::SetPassword { profile, password } => {
                stored::set_password(tx, &profile, &password).await?;
                budgets::forgive_failures(tx, &limits::of_password(app, &profile)).await?;
            }
            Effect::Link { profile } => stored::link(tx, pupil, &profile, id, now).await?,
            Effect::Unlink { profile } => stored::unlink(tx, pupil, &profile).await?,
            Effect::Bind { profile, account } => {
                let bound = (account.user, account.name.as_deref());
                stored::bind(tx, &profile, account.messenger, Some(bound), now).await?;
            }
            Effect::Unbind { profile, messenger } => stored::bind(tx, &profile, messenger, None, now).await?,
            Effect::SetDeletion { profile, due } => {
                let language = by.session().map(|session| session.language).unwrap_or_default();
                stored::set_deletion(tx, &profile, due.map(|due| (due, language.tag()))).await?;
            }
            Effect::RecordConsent { profile, wording } => {
                let account = by.session().map(|session| session.account.as_str()).unwrap_or_default();
                stored::record_consent(tx, &app.new_id(), &profile, account, id, &wording, now).await?;
            }
            Effect::BeginVk { profile, expires_at } => {
                crate::vk::begin(app, tx, by, id, &profile, expires_at).await?;
            }
            // The page keeps the question with what its answer bears: see `vk::callback`.
            Effect::AskAboutVk { .. } => {}
            Effect::EndVk => vk_sign_ins::end(tx, id).await?,
            Effect::ReplacePasswordElsewhere { profile } => {
                let others = linkings::find(tx, &Selection::AtProfile(&profile)).await?;
                replaced.extend(others.into_iter().filter(|other| other != id));
            }
            Effect::Note(kind) => {
                let by = by.session().map(|session| (session.account.as_str(), session.device.as_deref()));
                history::note(tx, &app.new_id(), pupil, by, kind, now).await?;
            }
            Effect::Tell { profile, news } => tell(app, tx, by, &profile, news).await?,
            Effect::SayInMax { user, text } => {
                outbox::queue_max(app, tx, user, &words(app, loaded, &text)?).await?;
            }
        }
    }
    Ok(replaced)
}

// Counts the links that are made and that end. A commit that fails afterwards leaves them counted.
fn links(app: &App, loaded: &Loaded, effects: &[Effect]) {
    let metrics = &app.metrics;
    for effect in effects {
        match effect {
            Effect::Link { .. } if !effects.iter().any(|other| matches!(other, Effect::Bind { .. })) => {
                metrics.link_made(None);
            }
            Effect::Bind { account, .. } => metrics.link_made(Some(account.messenger)),
            Effect::Unbind { messenger, .. } => metrics.link_ended(Some(*messenger)),
            Effect::Unlink { .. } => {
                let profile = loaded.profile.as_ref().map(|profile| &profile.facts);
                let (in_max, in_vk) = profile.map_or((false, false), |facts| (facts.max.is_some(), facts.in_vk));
                if in_max {
                    metrics.link_ended(Some(Messenger::Max));
                }
                if in_vk {
                    metrics.link_ended(Some(Messenger::Vk));
                }
                if !in_max && !in_vk {
                    metrics.link_ended(None);
                }
            }
            _ => {}
        }
    }
}

/// Makes a code, keeps its hash and queues its message.
async fn send_code(
    app: &App,
    tx: &mut Tx,
    by: OnBehalfOf<'_>,
    loaded: &Loaded,
    purpose: Purpose,
    to: &Contact,
    sent: &SentCode,
) -> Result<(), Refusal> {
    let linking = &loaded.linking.id;
    let language = by.session().map(|session| session.language).unwrap_or_default();
    limits::count_code(app, tx, to, purpose).await?;
    let code = match purpose {
        Purpose::Contact | Purpose::Owner => clock::six_digits(&*app.entropy),
        Purpose::Recovery => clock::eight_digits(&*app.entropy),
    };
    let hash = app.live().keys.code_hash(linking, &mostik_store::contact::key(to), &code);
    let (nth, expires_at) = (sent.nth, sent.expires_at);
    codes::keep(tx, &NewCode { linking: &linking.0, nth, purpose, hash: &hash, contact: to, expires_at }).await?;
    // An older code that still waits would only confuse.
    outbox::drop_codes_of(app, tx, &linking.0).await?;
    app.metrics.code_sent(to, purpose);
    let about = Some((linking.0.as_str(), i64::from(nth)));
    match to {
        Contact::Sms { phone } => {
            let origin = sms_text::origin(&app.public_url, &app.live().config.app_links);
            let text = sms_text::text(&code, purpose == Purpose::Owner, language, origin.as_deref());
            outbox::queue_sms(app, tx, phone, &text, about, expires_at).await
        }
        Contact::Mail { email } => {
            let news = match purpose {
                Purpose::Contact => LetterNews::Code { code },
                Purpose::Recovery => LetterNews::RecoveryCode { code },
                Purpose::Owner => LetterNews::OwnerCode { code },
            };
            outbox::queue_mail(app, tx, email, &Letter { language, news }, about, expires_at).await
        }
    }
}

async fn tell(app: &App, tx: &mut Tx, by: OnBehalfOf<'_>, profile: &str, news: News) -> Result<(), Refusal> {
    // In MAX the bot has said already that the link stands.
    let by_letter_alone = news == News::Linked;
    let event = profiles::event(app, by.session());
    let news = |name| match news {
        News::Linked => LetterNews::Linked { name, event },
        News::PasswordChanged => LetterNews::PasswordChanged { name, event },
        News::VkLinked { account } => LetterNews::VkLinked { name, account, event },
        News::Unlinked => LetterNews::Unlinked { name, event },
        News::MessengerUnlinked(messenger) => LetterNews::MessengerUnlinked { name, messenger, event },
        News::Exported => LetterNews::Exported { name, event },
        News::DeletionAsked { due } => LetterNews::DeletionAsked { name, event, due },
        News::DeletionCalledOff => LetterNews::DeletionCalledOff { name, event },
    };
    let language = by.session().map(|session| session.language).unwrap_or_default();
    profiles::tell(app, tx, profile, language, by_letter_alone, news).await
}

fn words(app: &App, loaded: &Loaded, text: &MaxText) -> Result<outbox::MaxMessage, Refusal> {
    let way_back = || -> Result<String, Refusal> {
        let sealed = loaded.linking.step.return_handle().map(|sealed| sealed.0.as_str()).unwrap_or_default();
        Ok(format!("{}/return/{}", app.public_url, app.live().keys.open(sealed)?))
    };
    Ok(match text {
        MaxText::WhoseDiary => texts::whose_diary(&loaded.pupil),
        MaxText::NumberProven => texts::number_proven(&way_back()?),
        MaxText::ProfileTaken => texts::profile_taken(),
        MaxText::Linked { with_way_back } => {
            let url = if *with_way_back { Some(way_back()?) } else { None };
            texts::linked(&loaded.profile_name_or_pupils(), url.as_deref())
        }
        MaxText::NumberDiffers { theirs, ours, usable } => texts::number_differs(theirs, ours, *usable),
        MaxText::NumberForeign => texts::number_foreign(),
        MaxText::ForeignContact => texts::foreign_contact(),
        MaxText::UnprovenContact => texts::unproven_contact(),
        MaxText::AccountTaken => texts::account_taken(),
        MaxText::ToConfirm => texts::to_confirm(&way_back()?),
    })
}
