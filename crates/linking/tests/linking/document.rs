//! `docs/linking.md`: every step with every action. `UPDATE_DOCS=1 cargo test` writes it; without it a difference fails.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf};

use mostik_linking::{ActionName, decide};
use mostik_wire::Code;

use crate::world::{NOW, actions, effect_name, facts_at, linking, steps, summary};

fn printed() -> String {
    let mut text = String::from(
        "# The linking: every step with every action\n\n\
         Printed by a test of `crates/linking`; do not edit. The facts are those of an orderly store: a pupil under fourteen whose\n\
         parent asks, a profile that is nobody else's, nothing spent. *Moved* makes requests stale that are based on the version\n\
         before, *known* does not. Actions that a step does not take are refused with `wrong_step`.\n",
    );
    for (name, step) in steps() {
        write!(text, "\n## {name}\n\n| action | what follows | with |\n|---|---|---|\n").unwrap();
        let mut not_taken = Vec::new();
        for (action_name, action) in actions() {
            if !action.name().is_taken_at(&step) {
                not_taken.push(action_name);
                continue;
            }
            match decide(&linking(step.clone()), action, &facts_at(&step), NOW) {
                Ok(decision) => {
                    let effects: Vec<String> = decision.effects.iter().map(effect_name).collect();
                    writeln!(text, "| {action_name} | {} | {} |", summary(&decision), effects.join(", ")).unwrap();
                }
                Err(refusal) => {
                    let detail = refusal.detail.map(|detail| format!(" ({detail})")).unwrap_or_default();
                    writeln!(text, "| {action_name} | refused: {:?}{detail} | |", refusal.code).unwrap();
                }
            }
        }
        write!(text, "\nNot taken: {}.\n", not_taken.join(", ")).unwrap();
    }
    text
}

#[test]
fn linking_md_is_what_the_rules_say() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/linking.md");
    let text = printed();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(kept == text, "docs/linking.md is stale: run the tests with UPDATE_DOCS=1");
}

#[test]
fn every_action_is_tried_and_taken_somewhere() {
    let tried: BTreeSet<String> = actions().iter().map(|(_, action)| format!("{:?}", action.name())).collect();
    for name in ActionName::ALL {
        assert!(tried.contains(&format!("{name:?}")), "{name:?} is not tried");
        assert!(steps().iter().any(|(_, step)| name.is_taken_at(step)), "{name:?} is taken nowhere");
    }
    assert_eq!(tried.len(), ActionName::ALL.len());
}

#[test]
fn what_a_step_does_not_take_is_refused_with_the_linking_and_nothing_else_is_said() {
    for (step_name, step) in steps() {
        for (action_name, action) in actions() {
            if action.name().is_taken_at(&step) {
                continue;
            }
            let refusal = decide(&linking(step.clone()), action, &facts_at(&step), NOW).unwrap_err();
            assert!(
                refusal.code == Code::WrongStep && refusal.shows_linking,
                "{step_name}, {action_name}: {refusal:?}"
            );
        }
    }
}

#[test]
fn randomness_is_drawn_for_the_actions_that_use_it_and_for_no_others() {
    for name in ActionName::ALL {
        let mut used = false;
        for (_, step) in steps() {
            for (_, action) in actions().into_iter().filter(|(_, action)| action.name() == name) {
                let facts = facts_at(&step);
                let mut others = facts_at(&step);
                others.fresh.profile = "another".into();
                others.fresh.ticket.hash = "another".into();
                others.fresh.return_handle.0 = "another".into();
                let decided = decide(&linking(step.clone()), action.clone(), &facts, NOW);
                used |= decided != decide(&linking(step.clone()), action, &others, NOW);
            }
        }
        assert_eq!(used, name.needs_randomness(), "{name:?}");
    }
}
