//! From what is true to what is shown: every decision the window would have to make is made here.

use mostik_wire::{
    Account, Channel, ClassChat, FoundProfile, FullName, Lesson, LinkSummary, Messengers, Millis, Pupil, Role,
    SchoolDay, Step,
};

use crate::{
    AboutCard, ChatRow, ChildRow, CodeBusy, CompareField, CompareRow, Day, DayRow, Diary, DiaryOwner, Family, Home,
    IncomingHandOff, LessonRow, LogRow, ProfileCard, ProfilePreview, RequestKind, Route, Screen, Security,
    SecurityBusy, SendToPhone, SessionRow, SferumButton, State, StepHead, Strip, View, VkCard, Wizard,
    moscow::{moscow, moscow_date},
};

/// A device whose clock is off by more than this is told so: five minutes, as Kerberos tolerates.
const CLOCK_TOLERANCE_MS: i64 = 5 * 60 * 1000;

/// The screen of a state. `now` is the device's clock.
#[must_use]
pub fn screen_of(state: &State, revision: u64, now: Millis) -> Screen {
    Screen {
        revision,
        strips: strips(state),
        messengers: messengers(state),
        report: state.conditions.report.clone(),
        sends_to_phone: state.route.home().is_some() && !state.conditions.device.is_phone(),
        to_phone: SendToPhone::of(state, who_of),
        about: AboutCard::of(state),
        view: view(state, now),
    }
}

fn messengers(state: &State) -> Messengers {
    match &state.route {
        Route::Family(family) => family.messengers,
        Route::Diary(Diary { home, .. })
        | Route::Security(Security { home, .. })
        | Route::Wizard(Wizard { home, .. }) => home.messengers,
        _ => Messengers::default(),
    }
}

fn strips(state: &State) -> Vec<Strip> {
    let conditions = &state.conditions;
    let as_of = match &state.route {
        Route::Family(family) => Some(family.confirmed_at),
        Route::FromMax(from_max) => from_max.beneath.family().map(|family| family.confirmed_at),
        Route::Diary(Diary { home, .. })
        | Route::Security(Security { home, .. })
        | Route::Wizard(Wizard { home, .. }) => Some(home.confirmed_at),
        _ => None,
    };
    let off = conditions.offset_ms.abs() > CLOCK_TOLERANCE_MS;
    [
        conditions.offline.then_some(Strip::Offline { as_of }),
        conditions.link_refused.map(|reason| Strip::LinkRefused { reason }),
        match &conditions.incoming {
            Some(IncomingHandOff::Known { offer, refused: true, .. }) => {
                Some(Strip::HandOffNotYours { pupil_name: offer.pupil_name.clone() })
            }
            _ => None,
        },
        conditions.store_reset.then_some(Strip::StoreReset),
        off.then_some(Strip::ClockOff { by_ms: -conditions.offset_ms }),
        conditions.second_start.then_some(Strip::SecondStart),
        conditions.session_only.then_some(Strip::SessionOnly),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn view(state: &State, now: Millis) -> View {
    match &state.route {
        Route::Starting { .. } => View::Starting,
        Route::Keyring { problem, pending, .. } => View::Keyring { problem: *problem, busy: pending.is_some() },
        Route::SignedOut { cause, .. } => View::SignIn {
            cause: cause.clone(),
            from_max: state.conditions.launched.as_ref().map(|(_, launch)| launch.max_name.clone()),
            handed_off: match &state.conditions.incoming {
                Some(IncomingHandOff::Known { offer, .. }) => Some(offer.pupil_name.clone()),
                _ => None,
            },
        },
        Route::SigningIn { address, .. } => View::SigningIn { address: address.clone() },
        Route::Opening { cause, .. } => View::Opening { cause: cause.clone() },
        Route::NoPupil { account } => View::NoPupil {
            account_name: FullName::new(&account.first_name, &account.last_name).whole(),
            role: account.role,
        },
        Route::Family(family) => View::Children {
            account_name: FullName::new(&family.account.first_name, &family.account.last_name).whole(),
            children: child_rows(state, family),
            busy: family.pending.is_some(),
            cause: family.cause.clone(),
        },
        Route::Diary(diary) => View::Diary {
            who: who_of(&diary.home),
            button: button(state, &diary.home.pupil),
            day: Day {
                date: diary.home.date.clone(),
                today: moscow_date(state.on_service(now)),
                week: diary.home.week().map(|week| week.schedule.days.iter().map(|day| day_row(state, day)).collect()),
                read_at: diary.home.week().map(|week| week.read_at),
            },
            chats: diary.home.pupil.chats.iter().map(chat_row).collect(),
            deletes_at: match &diary.home.pupil.link {
                LinkSummary::Linked { deletes_at, .. } => deletes_at.map(|at| state.on_device(at)),
                _ => None,
            },
            invited: diary.home.pupil.link == LinkSummary::NotLinked && !diary.home.folded,
            dialog: diary.dialog,
            busy: diary.pending.as_ref().is_some_and(|pending| !pending.kind.only_reads()),
            cause: diary.cause.clone(),
        },
        Route::Security(security) => security_view(state, security),
        Route::Wizard(wizard) => wizard_view(state, wizard, now),
        Route::FromMax(from_max) => View::FromMax {
            max_name: from_max.launch.max_name.clone(),
            phone_masked: from_max.launch.phone_masked.clone(),
            children: from_max.beneath.family().iter().flat_map(|family| child_rows(state, family)).collect(),
            chosen: from_max.beneath.likeliest_pupil(),
            expires_at: state.on_device(from_max.launch.expires_at),
            busy: from_max.pending.is_some(),
            cause: from_max.cause.clone(),
        },
    }
}

fn child_rows(state: &State, family: &Family) -> Vec<ChildRow> {
    let row = |child: &Pupil| ChildRow {
        pupil: child.id.clone(),
        who: who(child, &family.account),
        button: button(state, child),
    };
    family.children.iter().map(row).collect()
}

fn security_view(state: &State, security: &Security) -> View {
    let home = &security.home;
    let on_device = &|at| state.on_device(at);
    let request = security.pending.as_ref().map(|pending| &pending.kind);
    View::Security {
        who: who_of(home),
        button: button(state, &home.pupil),
        profile: security.profile.as_ref().map(|profile| ProfileCard::of(profile, on_device)),
        linked: matches!(home.pupil.link, LinkSummary::Linked { .. }),
        action: security.action,
        saved: security.saved.clone(),
        events: security.log.as_ref().map(|log| log.events.iter().map(|e| LogRow::of(e, on_device)).collect()),
        sessions: security.log.iter().flat_map(|log| &log.sessions).map(|s| SessionRow::of(s, on_device)).collect(),
        busy: SecurityBusy::of(request),
        cause: security.cause.clone(),
    }
}

fn wizard_view(state: &State, wizard: &Wizard, now: Millis) -> View {
    let cause = wizard.cause.clone();
    let request = wizard.pending.as_ref().map(|pending| &pending.kind);
    let busy = request.is_some_and(|request| !request.only_reads());
    let checking = |sent: &RequestKind| match request {
        Some(request) if request == sent => CodeBusy::Checking,
        Some(RequestKind::Resend | RequestKind::Recover) => CodeBusy::Resending,
        _ => CodeBusy::No,
    };
    let head = |channel, step, profile_preview| StepHead {
        who: who_of(&wizard.home),
        profile: profile_preview,
        step,
        of: steps(channel),
    };
    let (strength, problem) = match state.conditions.typed_password {
        Some(Ok(strength)) => (Some(strength), None),
        Some(Err(problem)) => (None, Some(problem)),
        None => (None, None),
    };
    let contact = |cause| View::Contact {
        head: head(Channel::Sms, 1, ProfilePreview::Unknown),
        typed: wizard.typed.clone(),
        understood: state.conditions.understood.clone(),
        suggestion: wizard.suggestion.clone(),
        sendable: wizard.sendable,
        former: match &wizard.linking.step {
            Step::Contact { former } => former.clone(),
            _ => None,
        },
        can_go_back_to_code: wizard.editing && matches!(wizard.linking.step, Step::Code(_)),
        email_possible: wizard.home.pupil.under_14,
        busy,
        cause,
    };
    if wizard.editing {
        return contact(cause);
    }
    match wizard.linking.step.clone() {
        // A closed linking is left for the diary at once; begun anew, it would start here.
        Step::Contact { .. } | Step::Closed { .. } => contact(cause),
        Step::Code(code) => View::Code {
            head: head(code.channel, 2, ProfilePreview::Unknown),
            channel: code.channel,
            contact: code.contact,
            expires_at: state.on_device(code.expires_at),
            resend_at: state.on_device(code.resend_at),
            tries_left: code.tries_left,
            nth: code.nth,
            delivery: code.delivery,
            busy: checking(&RequestKind::Code),
            cause,
        },
        Step::Taken { channel, contact_masked } => {
            View::Taken { head: head(channel, 3, ProfilePreview::Unknown), channel, contact_masked }
        }
        Step::Password(step) => View::Password {
            head: head(Channel::Mail, 3, ProfilePreview::New),
            contact_masked: step.contact_masked,
            shortest: step.shortest,
            strength,
            problem,
            busy,
            cause,
        },
        Step::Details(step) => View::Details {
            head: head(Channel::Mail, 4, ProfilePreview::New),
            last_name: step.last_name,
            first_name: step.first_name,
            middle_name: step.middle_name,
            birth_date: step.birth_date.map(|date| date.to_string()),
            gender: step.gender,
            consent: step.consent,
            can_agree: wizard.home.account.role == Role::Parent,
            busy,
            cause,
        },
        Step::Exists(step) => View::Exists {
            head: head(
                Channel::Mail,
                3,
                ProfilePreview::Found { name_masked: step.profile_name.clone(), role: Role::Pupil },
            ),
            contact_masked: step.contact_masked,
            profile_name: step.profile_name,
            busy,
            cause,
        },
        Step::Recovery(step) => View::Recovery {
            head: head(Channel::Mail, 3, ProfilePreview::Unknown),
            contact_masked: step.contact_masked,
            shortest: step.shortest,
            strength,
            problem,
            expires_at: state.on_device(step.expires_at),
            resend_at: state.on_device(step.resend_at),
            tries_left: step.tries_left,
            nth: step.nth,
            delivery: step.delivery,
            busy: checking(&RequestKind::Recovery),
            cause,
        },
        Step::Profile(profile) => View::Profile {
            head: head(profile.channel, steps(profile.channel) - 1, profile_preview(profile.found.as_ref())),
            rows: rows(&wizard.home, profile.found.as_ref(), &profile.contact_masked),
            channel: profile.channel,
            is_new: profile.found.is_none(),
            other_name: profile.found.as_ref().is_some_and(|found| !found.same_name),
            busy,
            cause,
        },
        Step::Max(max) => {
            let channel = max.channel;
            let proves = max.profile_name.is_none();
            let profile_preview = max.profile_name.map_or(ProfilePreview::Unknown, |name_masked| {
                ProfilePreview::Found { name_masked, role: Role::Pupil }
            });
            View::Max {
                // In place of the SMS it is the second step.
                head: head(channel, if proves { 2 } else { steps(channel) }, profile_preview),
                url: max.url,
                code: max.code,
                proves,
                here: state.conditions.max_here,
                expires_at: state.on_device(max.expires_at),
                phone_masked: max.phone_masked,
                skippable: max.skippable,
                opened: max.opened,
                trouble: max.trouble,
                vk: max.vk.map(|vk| VkCard::of(&vk, &|at| state.on_device(at))),
                live: wizard.live,
                busy,
                cause,
            }
        }
        Step::Linked(linked) => View::Linked {
            head: head(
                linked.channel,
                steps(linked.channel) + 1,
                ProfilePreview::Linked { name_masked: linked.profile_name },
            ),
            channel: linked.channel,
            contact_masked: linked.contact_masked,
            in_max: linked.in_max,
            vk: linked.vk.map(|vk| VkCard::of(&vk, &|at| state.on_device(at))),
            linked_at: state.on_device(linked.linked_at),
            next_remote: next_remote(state, &wizard.home, now),
            busy,
            cause,
        },
    }
}

/// Номер, Код, Профиль, MAX; or Почта, Код, Пароль, Данные (Профиль), MAX.
const fn steps(channel: Channel) -> u8 {
    match channel {
        Channel::Sms => 4,
        Channel::Mail => 5,
    }
}

fn button(state: &State, pupil: &Pupil) -> SferumButton {
    if state.conditions.offline { SferumButton::Offline } else { SferumButton::of(&pupil.link) }
}

fn who_of(home: &Home) -> DiaryOwner {
    who(&home.pupil, &home.account)
}

fn who(pupil: &Pupil, account: &Account) -> DiaryOwner {
    let name = FullName::new(&pupil.first_name, &pupil.last_name);
    DiaryOwner {
        first_name: name.called(),
        full_name: name.whole(),
        initials: name.initials(),
        class_name: class_for_people(&pupil.class_name),
        school: pupil.school.clone(),
        parent: (account.role == Role::Parent).then(|| FullName::new(&account.first_name, &account.last_name).whole()),
    }
}

/// `8-Б` as the diary writes it, `8 «Б»` as people do.
fn class_for_people(class: &str) -> String {
    match class.split_once('-') {
        Some((year, letter)) if year.bytes().all(|b| b.is_ascii_digit()) && letter.chars().count() == 1 => {
            format!("{year} «{letter}»")
        }
        _ => class.to_owned(),
    }
}

fn profile_preview(found: Option<&FoundProfile>) -> ProfilePreview {
    found.map_or(ProfilePreview::New, |found| ProfilePreview::Found {
        name_masked: found.name_masked.clone(),
        role: found.role,
    })
}

fn rows(home: &Home, found: Option<&FoundProfile>, contact_masked: &str) -> Vec<CompareRow> {
    let pupil = &home.pupil;
    let class = class_for_people(&pupil.class_name);
    let found_class = found.and_then(|found| found.class_name.as_deref()).map(class_for_people);
    vec![
        CompareRow {
            field: CompareField::Name,
            diary: Some(FullName::new(&pupil.first_name, &pupil.last_name).whole()),
            profile: found.map(|found| found.name_masked.clone()),
            same: found.map(|found| found.same_name),
        },
        CompareRow {
            field: CompareField::Role,
            diary: Some("pupil".into()),
            profile: found.map(|found| role_name(found.role).into()),
            same: found.map(|found| found.role == Role::Pupil),
        },
        CompareRow {
            field: CompareField::Class,
            same: found_class.as_ref().map(|found| *found == class),
            diary: Some(class),
            profile: found_class,
        },
        CompareRow { field: CompareField::Contact, diary: None, profile: Some(contact_masked.to_owned()), same: None },
    ]
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Pupil => "pupil",
        Role::Parent => "parent",
        Role::Other => "other",
    }
}

fn day_row(state: &State, day: &SchoolDay) -> DayRow {
    DayRow { date: day.date.clone(), lessons: day.lessons.iter().map(|lesson| row(state, lesson)).collect() }
}

fn chat_row(chat: &ClassChat) -> ChatRow {
    ChatRow { title: chat.title.clone(), opens: chat.url.is_some() }
}

fn row(state: &State, lesson: &Lesson) -> LessonRow {
    LessonRow {
        id: lesson.id.clone(),
        begins_at: state.on_device(lesson.begins_at),
        ends_at: state.on_device(lesson.ends_at),
        begins: clock_face(lesson.begins_at),
        ends: clock_face(lesson.ends_at),
        subject: lesson.subject.clone(),
        room: lesson.room.clone(),
        homework: lesson.homework.clone(),
        mark: lesson.mark.clone(),
        change: lesson.change,
        remote: lesson.remote,
        joins: lesson.join_url.is_some(),
    }
}

fn clock_face(at: Millis) -> String {
    let at = moscow(at);
    format!("{}:{:02}", at.hour(), at.minute())
}

fn next_remote(state: &State, home: &Home, now: Millis) -> Option<LessonRow> {
    let now = state.on_service(now);
    // «Сегодня» is said of today's lessons only.
    let today = moscow_date(now);
    let day = home.own_weeks().find_map(|week| week.schedule.day(&today))?;
    day.lessons.iter().find(|l| l.is_held_remotely() && l.ends_at > now).map(|lesson| row(state, lesson))
}
