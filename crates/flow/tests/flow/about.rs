//! «О программе»: how the service does, and which releases are believed to be newer.

use mostik_flow::{Attempt, CauseKind, Health, Input, Intent, Language, News, ReleaseFault, Reply, Update, Verdict};
use mostik_wire::{Code, Problem, Release, ReleaseNotes};

use crate::world::*;

fn open() -> World {
    let mut world = World::new();
    world.start().answer(Reply::KeyringRead { session: false });
    world.news(News::Device(device())).news(News::Installed(installation())).intent(Intent::OpenAbout);
    world
}

fn asking(world: &World) -> (Option<Attempt>, Option<Attempt>) {
    let about = world.state.conditions.about.as_ref().expect("it is open");
    (about.asking_health, about.asking_update)
}

fn health_after(reply: Reply) -> Health {
    let mut world = open();
    let attempt = asking(&world).0.expect("asked as soon as it opens");
    world.input(Input::Reply(attempt, reply));
    world.screen().about.expect("it is open").health
}

fn update_after(reply: Reply) -> Update {
    let mut world = open();
    assert_eq!(world.screen().about.unwrap().update, Update::NotAsked);
    world.intent(Intent::CheckRelease);
    let attempt = asking(&world).1.expect("asked when the person asks");
    world.input(Input::Reply(attempt, reply));
    world.screen().about.expect("it is open").update
}

fn offered(change: impl FnOnce(&mut Release)) -> Update {
    let mut release = release("0.2.0");
    change(&mut release);
    update_after(Reply::Release(Box::new(release)))
}

#[test]
fn what_is_not_well_formed_is_not_shown_however_well_it_is_signed() {
    for version in ["", "1", "v0.2.0", "latest", "0.2.0 <b>"] {
        assert_eq!(offered(|release| release.version = version.into()), Update::Unreadable, "{version}");
    }
    for released in ["", "yesterday", "1 декабря", "2026-12-01T00"] {
        assert_eq!(offered(|release| release.released = released.into()), Update::Unreadable, "{released}");
    }
    let notes = |ru: String| ReleaseNotes { ru, en: String::new() };
    assert_eq!(offered(|release| release.notes = notes("я".repeat(601))), Update::Unreadable);
    assert_eq!(offered(|release| release.notes = notes("a\u{1b}[2J".into())), Update::Unreadable);
}

#[test]
fn nobody_is_sent_back_to_an_older_release() {
    for older in ["0.0.9", "0.1.0-rc.1"] {
        let update = offered(|release| release.version = older.into());
        assert_eq!(update, Update::Older { version: older.into() });
    }
    for same in ["0.1.0", "0.1.0+7"] {
        assert_eq!(offered(|release| release.version = same.into()), Update::Newest, "{same}");
    }
}

#[test]
fn what_is_not_believed_and_what_does_not_come_is_said_by_name() {
    let refused = |code| Reply::Refused(Box::new(Problem::new(code)));
    let failed = |kind: CauseKind| Reply::Failed(kind.into());
    for (reply, update) in [
        (Reply::ReleaseRefused(ReleaseFault::NoKey), Update::NoKey),
        (Reply::ReleaseRefused(ReleaseFault::Forged), Update::Forged),
        (Reply::ReleaseRefused(ReleaseFault::Unreadable), Update::Unreadable),
        (refused(Code::NotFound), Update::NotOffered),
        (refused(Code::Internal), Update::Down),
        (failed(CauseKind::Offline), Update::Offline),
        (failed(CauseKind::CaptivePortal), Update::Offline),
        (failed(CauseKind::ServiceBroken), Update::Down),
        (failed(CauseKind::AnswerUnreadable), Update::Unreadable),
    ] {
        assert_eq!(update_after(reply), update);
    }
}

#[test]
fn a_newer_release_is_told_in_the_language_of_the_window() {
    let newer =
        |notes: &str| Update::Newer { version: "0.2.0".into(), released: "2026-12-01".into(), notes: notes.into() };
    assert_eq!(offered(|_| {}), newer("Уведомления."));
    let mut world = open();
    world.intent(Intent::SetLanguage { language: Language::En }).intent(Intent::CheckRelease);
    let attempt = asking(&world).1.unwrap();
    world.input(Input::Reply(attempt, Reply::Release(Box::new(release("0.2.0")))));
    assert_eq!(world.screen().about.unwrap().update, newer("Notices."));
}

#[test]
fn how_the_service_does_is_told_by_its_answer_and_by_how_long_it_took() {
    for (reply, health) in [
        (Reply::Healthy { took_ms: 40 }, Health::Well),
        (Reply::Healthy { took_ms: 2001 }, Health::Slow),
        (Reply::Refused(Box::new(Problem::new(Code::Overloaded))), Health::Down),
        (Reply::Failed(CauseKind::ServiceBroken.into()), Health::Down),
        (Reply::Failed(CauseKind::Timeout.into()), Health::Down),
        (Reply::Failed(CauseKind::CaptivePortal.into()), Health::Offline),
        (Reply::Failed(CauseKind::Offline.into()), Health::Offline),
    ] {
        assert_eq!(health_after(reply), health);
    }
}

#[test]
fn it_lies_above_any_place_and_changes_none() {
    let mut world = World::at(code_step());
    let route = world.state.route.clone();
    world.intent(Intent::OpenAbout).intent(Intent::CheckHealth).intent(Intent::CheckRelease).intent(Intent::CloseAbout);
    assert!(world.state.route == route);
    assert!(world.screen().about.is_none());
    world.intent(Intent::CheckRelease);
    assert!(matches!(world.verdict, Verdict::Refused(_)));
}

#[test]
fn an_answer_that_comes_after_it_was_closed_changes_nothing() {
    let mut world = open();
    let attempt = asking(&world).0.unwrap();
    world.intent(Intent::CloseAbout).input(Input::Reply(attempt, Reply::Healthy { took_ms: 1 }));
    assert!(matches!(world.verdict, Verdict::Ignored(_)));
    assert!(world.screen().about.is_none());
}
