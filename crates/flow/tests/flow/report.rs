//! «Отчёт для поддержки»: what it says, and that nothing private is ever in it.

use mostik_flow::{Attempt, CauseKind, Input, Intent, News, Reply, Route, Screen, State, Verdict, report_of};
use mostik_wire::{Code, LinkSummary, Millis, Problem, PupilId, Secret};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    documents::{intents, news, replies},
    world::*,
};

/// Stands in every text of the service's that may hold anything.
const MARK: &str = "§чужое";

/// And what a person types.
const TYPED: [&str; 10] = [
    SECRET_CODE,
    SECRET_RECOVERY,
    SECRET_PASSWORD,
    HANDLE,
    "900 000",
    "9000001242",
    "123-45-67",
    "почта.рф",
    "orlova",
    "Орлова",
];

/// What of it is in this text.
fn private_in(text: &str) -> Option<&'static str> {
    std::iter::once(MARK).chain(TYPED).find(|private| text.contains(private))
}

/// The same with a mark in each text that is not one of ours: whatever may still be read with the mark in it can hold
/// anything, so a field that is added to the contract is marked as well.
fn marked<T: Serialize + DeserializeOwned>(told: &T) -> T {
    let mut value = serde_json::to_value(told).unwrap();
    let mut places = Vec::new();
    texts(&value, &mut String::new(), &mut places);
    for place in places {
        let before = value.clone();
        if let Some(Value::String(text)) = value.pointer_mut(&place) {
            text.push_str(MARK);
        }
        if T::deserialize(&value).is_err() {
            value = before;
        }
    }
    T::deserialize(value).unwrap()
}

fn texts(value: &Value, at: &mut String, places: &mut Vec<String>) {
    let mut deeper = |name: &str, value: &Value| {
        let length = at.len();
        at.push('/');
        at.push_str(name);
        texts(value, at, places);
        at.truncate(length);
    };
    match value {
        // A day is a day: with a mark in it the lessons would be those of another one.
        Value::String(text) if text == TODAY => {}
        Value::String(_) => places.push(at.clone()),
        Value::Array(all) => all.iter().enumerate().for_each(|(n, one)| deeper(&n.to_string(), one)),
        Value::Object(all) => all.iter().for_each(|(name, one)| deeper(name, one)),
        _ => {}
    }
}

fn marked_reply(reply: Reply) -> Reply {
    match reply {
        Reply::BrowserOpened { address } => Reply::BrowserOpened { address: marked(&address) },
        Reply::Me(me) => Reply::Me(marked(&me)),
        Reply::Schedule(schedule) => Reply::Schedule(marked(&schedule)),
        Reply::Linking(linking) => Reply::Linking(marked(&linking)),
        Reply::Profile(profile) => Reply::Profile(marked(&profile)),
        Reply::Saved { file } => Reply::Saved { file: marked(&file) },
        Reply::SecurityLog(log) => Reply::SecurityLog(marked(&log)),
        Reply::Release(release) => Reply::Release(marked(&release)),
        Reply::Launch(launch) => Reply::Launch(marked(&launch)),
        Reply::HandOff(made) => Reply::HandOff(marked(&made)),
        Reply::HandOffStatus(status) => Reply::HandOffStatus(marked(&status)),
        Reply::HandOffOffer(offer) => Reply::HandOffOffer(marked(&offer)),
        Reply::HandedOff(handed) => Reply::HandedOff(marked(&handed)),
        Reply::Refused(problem) => Reply::Refused(marked(&problem)),
        Reply::Failed(cause) => Reply::Failed(marked(&cause)),
        other @ (Reply::KeyringRead { .. }
        | Reply::KeyringFailed(_)
        | Reply::SignedIn { .. }
        | Reply::Unlinked
        | Reply::Healthy { .. }
        | Reply::ReleaseRefused(_)
        | Reply::SessionsEnded
        | Reply::SignedOut
        | Reply::Opened) => other,
    }
}

fn marked_news(news: News) -> News {
    match news {
        News::Linking(linking) => News::Linking(marked(&linking)),
        News::LinkingGone(id) => News::LinkingGone(marked(&id)),
        other => other,
    }
}

fn id(id: &str) -> PupilId {
    PupilId(format!("{id}{MARK}"))
}

/// The wishes of the other walk, and those that name who is marked.
fn wishes() -> Vec<Intent> {
    let named = [
        Intent::ChooseChild { pupil: id("p-anya") },
        Intent::AcceptLaunch { pupil: id("p-anya") },
        Intent::EndSession { session: format!("s-2{MARK}") },
    ];
    intents().into_iter().map(|(_, intent)| intent).chain(named).collect()
}

/// More refusals than a walk needs that is about the machine: with what a broken or evil service may put beside them.
fn refusals() -> Vec<Reply> {
    let problem = |code| Problem {
        event: Some("M-7F3K-21".into()),
        detail: Some("birth_date".into()),
        moved_by: Some("Ольга".into()),
        ..Problem::new(code)
    };
    let mut refusals = [Code::Internal, Code::StaleVersion, Code::BirthDateWrong].map(problem).to_vec();
    refusals.push(Problem { request_id: Some(format!("7F3K-{MARK}")), ..Problem::new(Code::DiaryUnavailable) });
    refusals.into_iter().map(|problem| Reply::Refused(Box::new(problem))).collect()
}

fn report_text(world: &World) -> String {
    serde_json::to_string(&report_of(&world.state, world.now)).unwrap()
}

#[derive(Clone, Debug)]
enum Move {
    Intent(usize),
    Answer(usize),
    News(usize),
    Restart,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        6 => any::<usize>().prop_map(Move::Intent),
        8 => any::<usize>().prop_map(Move::Answer),
        3 => any::<usize>().prop_map(Move::News),
        1 => Just(Move::Restart),
    ];
    prop::collection::vec(one, 1..50)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_report_of_a_reachable_state_holds_anything_private(parent in any::<bool>(), moves in moves()) {
        let mut world = World::signed_in(marked(&if parent { olga() } else { misha(LinkSummary::NotLinked) }));
        world.intent(Intent::ChooseChild { pupil: id(if parent { "p-anya" } else { "p-misha" }) });
        world.intent(Intent::PressSferum).intent(Intent::Begin).answer(marked_reply(linking(1, contact_step())));
        let mut version = 1;
        for one in moves {
            version += 1;
            let take = |which: usize, mut all: Vec<Reply>| all.swap_remove(which % all.len());
            match one {
                Move::Intent(which) => {
                    let mut all = wishes();
                    let intent = all.swap_remove(which % all.len());
                    world.intent(intent);
                }
                Move::Answer(which) => {
                    let claiming = world.state.conditions.claiming.filter(|_| which % 3 == 0);
                    let handing = hand_off_attempt(&world.state).filter(|_| which % 3 == 1);
                    let Some(attempt) = claiming.or(handing).or_else(|| pending(&world.state)) else { continue };
                    let all = replies(version).into_iter().map(|(_, reply)| reply).chain(refusals()).collect();
                    world.input(Input::Reply(attempt, marked_reply(take(which, all))));
                }
                Move::News(which) => {
                    let mut all = news(version);
                    let (_, news) = all.swap_remove(which % all.len());
                    world.news(marked_news(news));
                }
                Move::Restart => {
                    world.restart();
                }
            }
            let report = report_text(&world);
            prop_assert_eq!(private_in(&report), None, "{} at {:?}", report, world.state);
        }
    }
}

/// The states that the walk is made of do hold what must not get out, and the eye that looks for it sees it.
#[test]
fn the_marks_are_everywhere_and_a_planted_one_is_found() {
    for step in [code_step(), password_step(), details_step(), exists_step(), own_step(), max_step(), linked_step()] {
        let mut world = World::signed_in(marked(&misha(LinkSummary::NotLinked)));
        world.intent(Intent::PressSferum).intent(Intent::Begin).answer(marked_reply(linking(1, contact_step())));
        world.news(marked_news(News::Linking(Box::new(linking_of(2, step)))));
        let shown = serde_json::to_string(&Screen { report: None, ..world.screen() }).unwrap();
        assert_eq!(private_in(&shown), Some(MARK), "{:?} shows nobody", world.state);
        assert_eq!(private_in(&report_text(&world)), None, "{:?}", world.state);
        // What a careless line more would do.
        let Route::Wizard(wizard) = &world.state.route else { panic!("{:?}", world.state) };
        let mut report = report_of(&world.state, world.now);
        report.service = Some(wizard.home.pupil.first_name.clone());
        assert_eq!(private_in(&serde_json::to_string(&report).unwrap()), Some(MARK));
    }
    assert_eq!(private_in("+7 900 000-12-42"), Some("900 000"));
}

fn own_step() -> mostik_wire::Step {
    profile_step(own_profile())
}

#[test]
fn it_names_place_cause_code_and_times_by_the_services_clock() {
    let mut world = World::at(code_step());
    world.news(News::Device(device())).news(News::Service("0.1.0".into())).news(News::ClockOffset(-180_000));
    world.intent(Intent::SubmitCode { code: Secret::new(SECRET_CODE) });
    let problem = Problem { event: Some("M-7F3K-21".into()), ..Problem::new(Code::Internal) };
    world.answer(Reply::Refused(Box::new(problem))).news(News::Reach(false)).intent(Intent::OpenReport);
    let report = world.screen().report.expect("the report is open");
    assert_eq!((report.route, report.cause), ("Wizard(code)", Some(CauseKind::ServiceBroken)));
    assert_eq!(report.support.as_deref(), Some("M-7F3K-21"));
    assert_eq!((report.at, report.clock_off_ms), (NOW.plus(-180_000), 180_000));
    assert_eq!(report.service.as_deref(), Some("0.1.0"));
    assert!(report.offline && report.page && report.confirmed_at.is_some() && report.device == device());
}

#[test]
fn a_request_that_failed_for_no_fault_of_the_persons_is_named_by_its_id() {
    for (code, named) in [
        (Code::CodeWrong, None),
        (Code::ContactBlocked, None),
        (Code::DiaryUnavailable, Some("7F3K-9QWX-2TBM")),
        (Code::Overloaded, Some("7F3K-9QWX-2TBM")),
        (Code::ProfileBlocked, Some("7F3K-9QWX-2TBM")),
        // Its line in the log bears the request's id as well.
        (Code::Internal, Some("M-7F3K-21")),
    ] {
        let mut world = World::at(code_step());
        world.intent(Intent::SubmitCode { code: Secret::new(SECRET_CODE) });
        let event = (code == Code::Internal).then(|| "M-7F3K-21".to_owned());
        let problem = Problem { event, request_id: Some("7F3K-9QWX-2TBM".into()), ..Problem::new(code) };
        world.answer(Reply::Refused(Box::new(problem))).intent(Intent::OpenReport);
        let report = world.screen().report.expect("the report is open");
        assert_eq!(report.support.as_deref(), named, "{code:?}");
    }
}

#[test]
fn it_stays_as_it_was_asked_for_until_it_is_closed_and_the_step_waits_beneath() {
    let mut world = World::at(code_step());
    let before = world.view();
    world.intent(Intent::OpenReport);
    let asked = world.screen().report;
    world.now = Millis(world.now.0 + 60_000);
    world.news(News::Reach(false));
    assert_eq!(world.screen().report, asked, "what is read is what is copied");
    assert!(world.effects.is_empty());
    world.intent(Intent::CloseReport);
    assert!(world.screen().report.is_none());
    assert_eq!(world.view(), before);
    world.intent(Intent::CloseReport);
    assert!(matches!(world.verdict, Verdict::Ignored(_)));
}

#[test]
fn it_can_be_asked_for_before_anybody_is_known_and_over_the_question_out_of_max() {
    let mut keyring = World::new();
    keyring.start().answer(Reply::KeyringFailed(mostik_flow::KeyringProblem::Locked)).intent(Intent::OpenReport);
    let report = keyring.screen().report.expect("the report is open");
    assert_eq!((report.route, report.keyring), ("Keyring", Some(mostik_flow::KeyringProblem::Locked)));
    assert!(!report.page, "nobody has said yet where support is");

    let mut asked = World::at(max_step()).launched();
    asked.intent(Intent::AcceptLaunch { pupil: PupilId("p-misha".into()) });
    let attempt: Attempt = pending(&asked.state).unwrap();
    asked.input(Input::Reply(attempt, Reply::Refused(Box::new(Problem::new(Code::LaunchExpired)))));
    let before: State = asked.state.clone();
    asked.intent(Intent::OpenReport);
    assert_eq!(asked.screen().report.unwrap().cause, Some(CauseKind::LaunchExpired));
    asked.intent(Intent::CloseReport);
    assert!(asked.state == before);
}
