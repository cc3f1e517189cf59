//! Random walks: whatever comes in whatever order, these hold.

use mostik_flow::{Attempt, Effect, Input, Intent, News, Reply, Route, State, Verdict, step};
use mostik_wire::{Code, LinkSummary, Millis, Problem, Secret};
use proptest::prelude::*;

use crate::{
    documents::{intents, news, replies},
    world::*,
};

/// Effects that change something at the service.
fn changes(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Call { .. } | Effect::ProfileCall { .. } | Effect::EndSessions { .. } | Effect::AcceptLaunch { .. }
    ) && !effect.name().ends_with("(read)")
}

fn holds_a_secret(text: &str) -> bool {
    [SECRET_CODE, SECRET_RECOVERY, SECRET_PASSWORD].iter().any(|secret| text.contains(secret))
}

fn busy_with_a_change(state: &State) -> bool {
    match beneath(state) {
        Route::Diary(diary) => diary.pending.as_ref().is_some_and(|pending| !pending.kind.only_reads()),
        Route::Security(security) => security.pending.as_ref().is_some_and(|pending| !pending.kind.only_reads()),
        Route::Wizard(wizard) => wizard.pending.as_ref().is_some_and(|pending| !pending.kind.only_reads()),
        _ => false,
    }
}

fn beneath(state: &State) -> &Route {
    match &state.route {
        Route::FromMax(from_max) => &from_max.beneath,
        route => route,
    }
}

fn reading(state: &State) -> Option<Attempt> {
    match beneath(state) {
        Route::Diary(diary) => diary.reading,
        Route::Security(security) => security.reading,
        _ => None,
    }
}

/// A code for another device may be made while another is followed, and one of another device be read meanwhile.
fn sends_under(state: &State, late: Attempt) -> bool {
    let outgoing = state.conditions.outgoing.as_ref();
    outgoing.is_some_and(|outgoing| [outgoing.pending, outgoing.following].contains(&Some(late)))
}

fn beneath_pending(state: &State) -> Option<Attempt> {
    pending(&State { route: beneath(state).clone(), ..state.clone() })
}

/// What «О программе» asks.
fn asked_about(state: &State) -> [Option<Attempt>; 2] {
    state.conditions.about.as_ref().map_or([None, None], |about| [about.asking_health, about.asking_update])
}

#[derive(Clone, Debug)]
enum Move {
    Intent(usize),
    Answer(usize),
    Late(usize, u64),
    News(usize),
    Wait(i64),
    Restart,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        6 => any::<usize>().prop_map(Move::Intent),
        8 => any::<usize>().prop_map(Move::Answer),
        2 => (any::<usize>(), 0u64..40).prop_map(|(which, back)| Move::Late(which, back)),
        3 => any::<usize>().prop_map(Move::News),
        1 => (-90_000i64..900_000).prop_map(Move::Wait),
        1 => Just(Move::Restart),
    ];
    prop::collection::vec(one, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes(parent in any::<bool>(), moves in moves()) {
        let mut world = World::signed_in(if parent { olga() } else { misha(LinkSummary::NotLinked) });
        world.intent(Intent::ChooseChild { pupil: mostik_wire::PupilId(if parent { "p-anya" } else { "p-misha" }.into()) });
        world.intent(Intent::PressSferum).intent(Intent::Begin).answer(linking(1, contact_step()));
        let mut version = 1;
        for one in moves {
            let before = world.state.clone();
            let was_busy = busy_with_a_change(&before);
            match one {
                Move::Wait(ms) => { world.now = Millis(world.now.0 + ms); continue }
                Move::Restart => {
                    let text = mostik_flow::stored::save(&world.state).unwrap();
                    prop_assert!(!holds_a_secret(&text));
                    world.restart();
                    prop_assert!(world.effects.iter().all(|effect| !changes(effect)), "a restart repeats nothing");
                }
                Move::Intent(which) => {
                    let mut all = intents();
                    let (_, intent) = all.swap_remove(which % all.len());
                    let leaves = matches!(
                        intent,
                        Intent::SignOut
                            | Intent::BackToDiary
                            | Intent::ChangeChild
                            | Intent::PressSferum
                            | Intent::OpenSecurity
                            | Intent::AcceptLaunch { .. }
                            | Intent::DeclineLaunch
                    );
                    world.intent(intent);
                    if was_busy && !leaves {
                        prop_assert!(!world.effects.iter().any(changes), "one attempt in flight");
                    }
                }
                Move::Answer(which) => {
                    let claiming = before.conditions.claiming.filter(|_| which % 3 == 0);
                    let handing = hand_off_attempt(&before).filter(|_| which % 3 == 1);
                    let [health, update] = asked_about(&before);
                    let about = health.or(update).filter(|_| which % 5 == 0);
                    let Some(attempt) = claiming.or(handing).or(about).or_else(|| pending(&before)) else { continue };
                    version += 1;
                    let mut all = replies(version);
                    let (_, reply) = all.swap_remove(which % all.len());
                    world.input(Input::Reply(attempt, reply));
                }
                Move::Late(which, back) => {
                    let late = Attempt(before.last.0.saturating_sub(back));
                    let awaited = [
                        pending(&before),
                        reading(&before),
                        beneath_pending(&before),
                        before.conditions.claiming,
                        hand_off_attempt(&before),
                    ];
                    if awaited.contains(&Some(late))
                        || sends_under(&before, late)
                        || asked_about(&before).contains(&Some(late))
                    {
                        continue;
                    }
                    let mut all = replies(version + 1);
                    let (name, reply) = all.swap_remove(which % all.len());
                    world.input(Input::Reply(late, reply));
                    prop_assert!(matches!(world.verdict, Verdict::Ignored(_)), "{name} came late to {before:?}");
                    prop_assert!(world.state == before && world.effects.is_empty());
                }
                Move::News(which) => {
                    version += 1;
                    let mut all = news(version);
                    let (_, news) = all.swap_remove(which % all.len());
                    world.news(news);
                    prop_assert!(!world.effects.iter().any(changes), "news alone change nothing at the service");
                }
            }
            check(&world, &before)?;
        }
    }
}

fn check(world: &World, before: &State) -> Result<(), TestCaseError> {
    prop_assert!(world.state.last >= before.last, "attempts only grow");
    prop_assert!(world.effects.iter().filter(|effect| changes(effect)).count() <= 1);
    if matches!(world.verdict, Verdict::Ignored(_)) {
        prop_assert!(
            &world.state == before && world.effects.is_empty(),
            "{:?}, and something happened: {before:?} {:?}",
            world.verdict,
            world.state
        );
    }
    // Nothing that goes to a log, the disk or the window holds a code.
    let outputs = [
        mostik_flow::stored::save(&world.state).unwrap(),
        serde_json::to_string(&world.screen()).unwrap(),
        format!("{:?} {:?} {:?}", world.state, world.effects, world.verdict),
    ];
    prop_assert!(!outputs.iter().any(|text| holds_a_secret(text)));
    // What is stored comes back as it was.
    let mut back = mostik_flow::stored::load(&outputs[0]).unwrap();
    back.conditions = world.state.conditions.clone();
    prop_assert!(back == world.state);
    a_way_back(&world.state, world.now)
}

/// From everywhere a person gets out by wishes and answers alone, in a few steps.
fn a_way_back(state: &State, now: Millis) -> Result<(), TestCaseError> {
    let out = |intent| matches!(step(state.clone(), Input::Intent(intent), now).state.route, Route::SignedOut { .. });
    let free = match &state.route {
        // Answered by the engine within its time limit, whatever happens; then there is a button.
        Route::Starting { .. } | Route::SignedOut { .. } => true,
        Route::Keyring { .. } => out(Intent::ContinueWithoutKeyring),
        Route::SigningIn { .. } => out(Intent::CancelSignIn),
        Route::FromMax(_) => {
            let back = step(state.clone(), Input::Intent(Intent::DeclineLaunch), now);
            out(Intent::SignOut) && !matches!(back.state.route, Route::FromMax(_))
        }
        Route::Opening { .. } | Route::NoPupil { .. } | Route::Family(_) | Route::Diary(_) => out(Intent::SignOut),
        Route::Security(_) | Route::Wizard(_) => {
            let back = step(state.clone(), Input::Intent(Intent::BackToDiary), now);
            out(Intent::SignOut) && matches!(back.state.route, Route::Diary(_))
        }
    };
    prop_assert!(free, "no way out of {state:?}");
    Ok(())
}

#[test]
fn a_late_answer_to_a_given_up_sign_in_signs_nobody_in() {
    let mut world = World::new();
    world.start().answer(Reply::KeyringRead { session: false }).intent(Intent::SignIn);
    let attempt = pending(&world.state).unwrap();
    world.intent(Intent::CancelSignIn).input(Input::Reply(attempt, Reply::SignedIn { not_kept: None }));
    assert!(matches!(world.verdict, Verdict::Ignored(_)));
    assert_eq!(world.state.name(), "SignedOut");
}

#[test]
fn a_code_is_in_one_effect_and_nowhere_else() {
    let mut world = World::at(code_step());
    world.intent(Intent::SubmitCode { code: Secret::new("481-902") });
    let carried = world.effects.iter().any(|effect| {
        matches!(effect, Effect::Call { call: mostik_flow::Call::Code { code, .. }, .. } if code.expose() == SECRET_CODE)
    });
    assert!(carried);
    world.answer(Reply::Refused(Box::new(Problem::new(Code::CodeExpired)))).news(News::Reach(false));
    assert!(!mostik_flow::stored::save(&world.state).unwrap().contains(SECRET_CODE));
}
