//! The parts of `cargo xtask soak`, in their order: what ends by its own clock first, what takes as long as it takes behind it.

use std::process::Command;

use anyhow::Result;
use mostik_world::root;

use super::{
    fuzz,
    part::{Part, Run},
};
use crate::{
    build,
    checks::{
        DATABASES, all_keys, all_losses, all_texts, attack_on, contract, contract_for, kills_on, races_on, times_all,
    },
    package::programs,
    system::{self, Need},
    town, ui,
};

/// Names the program that the service's tests start.
const PROGRAM: &str = "MOSTIK_PROGRAM";

/// All of them.
pub const PARTS: &[Part] = &[
    Part {
        name: "fuzz",
        what: "what strangers, people, operators and outside parties write",
        share: 6,
        ready: fuzz::ready,
        runs: fuzz::runs,
    },
    Part {
        name: "town",
        what: "towns of one seed each, with faults and attackers",
        share: 6,
        ready: || town::built().map(drop),
        runs: |slice| {
            let mut towns = Command::new(town::built()?);
            towns.args(["--families", "24", "--days", "6", "--towns", "1000000"]);
            towns.args(["--seed", &slice.seed.to_string(), "--seconds", &slice.seconds.to_string()]);
            Ok(vec![Run { name: "", seed: Some(slice.seed), command: towns }])
        },
    },
    Part {
        name: "september",
        what: "a whole month of ten thousand families, at four school networks",
        share: 6,
        ready: || town::built().map(drop),
        runs: |slice| {
            let mut towns = Command::new(town::built()?);
            towns.args(["--families", "2500", "--days", "27", "--towns", "4", "--at-once", "4"]);
            towns.args(["--seed", &slice.seed.to_string()]);
            Ok(vec![Run { name: "", seed: Some(slice.seed), command: towns }])
        },
    },
    Part {
        name: "contract",
        what: "the API, driven by its document",
        share: 2,
        ready: || {
            tests_of_the_service()?;
            let [mut programs, _] = contract()?;
            build::succeed(&mut programs)
        },
        runs: |slice| {
            let command = contract_for(slice.seconds, slice.seed)?;
            Ok(vec![Run { name: "", seed: Some(slice.seed), command }])
        },
    },
    Part {
        name: "races",
        what: "ten thousand rounds of people who want the same thing at once",
        share: 4,
        ready: tests_of_the_service,
        runs: |_| on_each_database(races_on),
    },
    Part {
        name: "attack",
        what: "a day of attack from a hundred thousand addresses, on nodes that start anew each minute",
        share: 6,
        ready: tests_of_the_service,
        runs: |_| on_each_database(attack_on),
    },
    Part {
        name: "kills",
        what: "ten thousand kills of the service, as it is released, at any moment",
        share: 6,
        ready: tests_of_the_released_service,
        runs: |_| on_each_database(kills_on)?.into_iter().map(of_the_released).collect(),
    },
    Part {
        name: "power",
        what: "a thousand losses of power on a disk that loses what was not synced",
        share: 2,
        ready: tests_of_the_released_service,
        runs: |_| Ok(vec![of_the_released(whole(all_losses()?))?]),
    },
    Part {
        name: "times",
        what: "whether the times of answers tell who has a profile",
        share: 2,
        ready: tests_of_the_service,
        runs: |_| Ok(vec![whole(times_all()?)]),
    },
    Part {
        name: "keys",
        what: "all journeys by the keyboard alone",
        share: 6,
        ready: || system::ready(Need::Checks).and_then(|()| ui::ready()),
        runs: |_| {
            let [programs, journeys] = all_keys()?;
            let run = |name, command| Run { name, seed: None, command };
            Ok(vec![run("programs", programs), run("journeys", journeys)])
        },
    },
    Part {
        name: "texts",
        what: "ten thousand hostile texts in each field of the real window",
        share: 4,
        ready: || system::ready(Need::Checks).and_then(|()| ui::ready()),
        runs: |_| {
            let [mut programs, texts] = all_texts()?;
            build::succeed(&mut programs)?;
            Ok(vec![whole(texts)])
        },
    },
    Part {
        name: "gallery",
        what: "every screen in every size, theme and language",
        share: 2,
        ready: || system::ready(Need::Gallery).and_then(|()| ui::packages()),
        runs: |_| Ok(vec![whole(ui::gallery(&["--test"]))]),
    },
];

fn on_each_database(command: fn(&str) -> Result<Command>) -> Result<Vec<Run>> {
    let on = |name| Ok(Run { name, seed: None, command: command(name)? });
    DATABASES.into_iter().map(on).collect()
}

fn whole(command: Command) -> Run {
    Run { name: "", seed: None, command }
}

/// The pages are in the app, which is part of the workspace.
fn tests_of_the_service() -> Result<()> {
    system::ready(Need::FastChecks)?;
    ui::ready()
}

fn tests_of_the_released_service() -> Result<()> {
    tests_of_the_service()?;
    programs::service(root()).map(drop)
}

/// The same with the program as it is released.
fn of_the_released(mut run: Run) -> Result<Run> {
    run.command.env(PROGRAM, programs::service(root())?);
    Ok(run)
}
