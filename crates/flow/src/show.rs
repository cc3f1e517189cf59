//! From what is true to what is shown: every decision the window would have to make is made here.

use mostik_wire::{Account, FoundProfile, LinkSummary, Millis, Pupil, Role, Step};

use crate::{
    Bank, ChildRow, CodeBusy, CompareField, CompareRow, Day, Diary, Head, Home, LessonRow, Place, Screen, SferumButton,
    State, Strip, View, Who, Wish, Wizard,
    step::{moscow, moscow_date},
};

/// A device whose clock is off by more than this is told so: five minutes, as Kerberos tolerates.
const CLOCK_TOLERANCE_MS: i64 = 5 * 60 * 1000;
/// Номер, Код, Профиль, MAX.
const STEPS: u8 = 4;

/// The screen of a state. `now` is the device's clock.
#[must_use]
pub fn screen_of(state: &State, revision: u64, now: Millis) -> Screen {
    Screen { revision, strips: strips(state), view: view(state, now) }
}

fn strips(state: &State) -> Vec<Strip> {
    let conditions = &state.conditions;
    let as_of = match &state.place {
        Place::Family(family) => Some(family.confirmed_at),
        Place::Diary(Diary { home, .. }) | Place::Wizard(Wizard { home, .. }) => Some(home.confirmed_at),
        _ => None,
    };
    let off = conditions.offset_ms.abs() > CLOCK_TOLERANCE_MS;
    [
        conditions.offline.then_some(Strip::Offline { as_of }),
        conditions.link_refused.map(|reason| Strip::LinkRefused { reason }),
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
    match &state.place {
        Place::Starting { .. } => View::Starting,
        Place::Keyring { problem, pending, .. } => View::Keyring { problem: *problem, busy: pending.is_some() },
        Place::SignedOut { cause, .. } => View::SignIn { cause: cause.clone() },
        Place::SigningIn { address, .. } => View::SigningIn { address: address.clone() },
        Place::Opening { cause, .. } => View::Opening { cause: cause.clone() },
        Place::NoPupil { account } => {
            View::NoPupil { account_name: full_name(&account.first_name, &account.last_name), role: account.role }
        }
        Place::Family(family) => View::Children {
            account_name: full_name(&family.account.first_name, &family.account.last_name),
            children: family
                .children
                .iter()
                .map(|child| ChildRow {
                    pupil: child.id.clone(),
                    who: who(child, &family.account),
                    button: button(state, child),
                })
                .collect(),
            busy: family.pending.is_some(),
            cause: family.cause.clone(),
        },
        Place::Diary(diary) => View::Diary {
            who: who_of(&diary.home),
            button: button(state, &diary.home.pupil),
            day: Day {
                date: diary.home.date.clone(),
                today: moscow_date(state.on_service(now)),
                lessons: diary
                    .home
                    .schedule
                    .as_ref()
                    .map(|schedule| schedule.lessons.iter().map(|lesson| row(state, lesson)).collect()),
            },
            invited: diary.home.pupil.link == LinkSummary::NotLinked && !diary.home.folded,
            dialog: diary.dialog,
            busy: diary.pending.as_ref().is_some_and(|pending| !pending.wish.gives_way()),
            cause: diary.cause.clone(),
        },
        Place::Wizard(wizard) => wizard_view(state, wizard, now),
    }
}

fn wizard_view(state: &State, wizard: &Wizard, now: Millis) -> View {
    let cause = wizard.cause.clone();
    let wish = wizard.pending.as_ref().map(|pending| &pending.wish);
    let busy = wish.is_some_and(|wish| !wish.gives_way());
    let head = |step, bank| Head { who: who_of(&wizard.home), bank, step, of: STEPS };
    let contact = |cause| View::Contact {
        head: head(1, Bank::Unknown),
        typed: wizard.typed.clone(),
        can_go_back_to_code: wizard.editing && matches!(wizard.linking.step, Step::Code(_)),
        email_possible: false,
        busy,
        cause,
    };
    if wizard.editing {
        return contact(cause);
    }
    match &wizard.linking.step {
        // A closed linking is left for the diary at once; begun anew, it would start here.
        Step::Contact | Step::Closed { .. } => contact(cause),
        Step::Code(code) => View::Code {
            head: head(2, Bank::Unknown),
            phone: code.phone.display(),
            expires_at: state.on_device(code.expires_at),
            resend_at: state.on_device(code.resend_at),
            tries_left: code.tries_left,
            nth: code.nth,
            delivery: code.delivery,
            busy: match wish {
                Some(Wish::Code) => CodeBusy::Checking,
                Some(Wish::Resend) => CodeBusy::Resending,
                _ => CodeBusy::No,
            },
            cause,
        },
        Step::Taken { phone_masked } => {
            View::Taken { head: head(3, Bank::Unknown), phone_masked: phone_masked.clone() }
        }
        Step::Profile(profile) => View::Profile {
            head: head(3, bank(profile.found.as_ref())),
            rows: rows(&wizard.home, profile.found.as_ref(), &profile.phone_masked),
            is_new: profile.found.is_none(),
            other_name: profile.found.as_ref().is_some_and(|found| !found.same_name),
            busy,
            cause,
        },
        Step::Max(max) => View::Max {
            head: head(4, Bank::Found { name_masked: max.profile_name.clone(), role: Role::Pupil }),
            url: max.url.clone(),
            expires_at: state.on_device(max.expires_at),
            phone_masked: max.phone_masked.clone(),
            opened: max.opened,
            trouble: max.trouble.clone(),
            live: wizard.live,
            busy,
            cause,
        },
        Step::Linked(linked) => View::Linked {
            head: head(STEPS + 1, Bank::Linked { name_masked: linked.profile_name.clone() }),
            phone_masked: linked.phone_masked.clone(),
            linked_at: state.on_device(linked.linked_at),
            next_remote: next_remote(state, &wizard.home, now),
            cause,
        },
    }
}

fn button(state: &State, pupil: &Pupil) -> SferumButton {
    if state.conditions.offline { SferumButton::Offline } else { SferumButton::of(&pupil.link) }
}

fn full_name(first_name: &str, last_name: &str) -> String {
    format!("{first_name} {last_name}")
}

fn who_of(home: &Home) -> Who {
    who(&home.pupil, &home.account)
}

fn who(pupil: &Pupil, account: &Account) -> Who {
    let initials = [&pupil.first_name, &pupil.last_name].into_iter().filter_map(|name| name.chars().next()).collect();
    Who {
        first_name: pupil.first_name.clone(),
        full_name: full_name(&pupil.first_name, &pupil.last_name),
        initials,
        class_name: class_for_people(&pupil.class_name),
        school: pupil.school.clone(),
        parent: (account.role == Role::Parent).then(|| full_name(&account.first_name, &account.last_name)),
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

fn bank(found: Option<&FoundProfile>) -> Bank {
    found.map_or(Bank::New, |found| Bank::Found { name_masked: found.name_masked.clone(), role: found.role })
}

fn rows(home: &Home, found: Option<&FoundProfile>, phone_masked: &str) -> Vec<CompareRow> {
    let pupil = &home.pupil;
    let class = class_for_people(&pupil.class_name);
    let found_class = found.and_then(|found| found.class_name.as_deref()).map(class_for_people);
    vec![
        CompareRow {
            field: CompareField::Name,
            diary: Some(full_name(&pupil.first_name, &pupil.last_name)),
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
        CompareRow { field: CompareField::Phone, diary: None, profile: Some(phone_masked.to_owned()), same: None },
    ]
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Pupil => "pupil",
        Role::Parent => "parent",
        Role::Other => "other",
    }
}

fn row(state: &State, lesson: &mostik_wire::Lesson) -> LessonRow {
    LessonRow {
        begins_at: state.on_device(lesson.begins_at),
        ends_at: state.on_device(lesson.ends_at),
        begins: clock_face(lesson.begins_at),
        ends: clock_face(lesson.ends_at),
        subject: lesson.subject.clone(),
        room: lesson.room.clone(),
        homework: lesson.homework.clone(),
        mark: lesson.mark.clone(),
        remote: lesson.remote,
    }
}

fn clock_face(at: Millis) -> String {
    let at = moscow(at);
    format!("{}:{:02}", at.hour(), at.minute())
}

fn next_remote(state: &State, home: &Home, now: Millis) -> Option<LessonRow> {
    let lessons = &home.schedule.as_ref()?.lessons;
    let now = state.on_service(now);
    lessons.iter().find(|lesson| lesson.remote && lesson.ends_at > now).map(|lesson| row(state, lesson))
}
