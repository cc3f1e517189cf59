//! `cargo xtask`: everything one does with the project, by one word each. It brings what is missing, builds what changed,
//! starts what belongs together and stops it again.

mod advisories;
mod build;
mod checks;
mod console;
mod copies;
mod package;
mod platforms;
mod run;
mod soak;
mod stamp;
mod system;
mod town;
mod ui;
mod upgrade;
mod watch;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const HELP: &str = "\
cargo xtask <command>

  run            start everything and open the window; without a display: the tour
  tour           a virtual display, the real window, the whole main job, a picture of each step in target/tour/;
                 with --help-pictures also those of «Справка» and of docs/guide.ru.md, in ui/src/help/pictures/
  up [--nodes N] the sandbox and the service alone, in the foreground; one line of JSON with their addresses when ready;
                 several nodes stand on a PostgreSQL of their own, behind HAProxy, which is what `service` names then
  gallery [SCENE…] [--update]
                 every screen in every size, theme and language, looked over, into target/gallery/; or only scenes that begin so;
                 --update keeps what they look and sound like now
  test [--fast | STEP…]
                 every check, in an order that fails fast, with a summary; --fast leaves out what opens a window or a browser
                 and what measures times for minutes; or only the named steps
  races          ten thousand rounds of people who want the same thing at once, on SQLite and on PostgreSQL; `test` plays some of them
  keys           all journeys by the keyboard alone; `test` goes through each screen once
  times          whether the times of answers tell who has a profile, by 264 000 requests; `test` makes some of them
  faults [WORD…] whether the town finds each of the faults in tests/town/faults.toml, or those whose names hold one of these words
  soak [--minutes N] [--seed S] [--only PART]
                 the long forms in their order: fuzz, town, september, contract, races, attack, kills, power, times, keys, texts,
                 gallery; each for its share of the time (an hour) or left out, and a table of what was counted and held
  scale [PUPILS] how large the database of so many pupils gets on PostgreSQL and what a linking costs there (default a million: half
                 an hour)
  upgrade [REVISION]
                 nodes of the last release, or of that revision, exchanged one by one for this checkout's, under load
  package [app | service]
                 .deb and .rpm of the app and of the service, looked into, installed on trial, started and removed
  reproduce [app | service]
                 builds what is released twice, in two folders, and compares the programs byte for byte (an hour)
  advisories     known faults of crates and npm packages, by those who keep lists of them; it needs the network
  check-platforms [--planted] [TRIPLE…]
                 type-checks the app for Android, iOS, macOS and Windows; with --planted, that errors there are seen
  help           this text

Each command first sees to what it needs (system packages, npm packages, builds). A second start needs no network.";

/// Asks the tour for the pictures of «Справка».
const HELP_PICTURES: &str = "--help-pictures";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match command(&words) {
        Ok(code) => code,
        Err(error) => {
            console::failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn command(words: &[String]) -> Result<ExitCode> {
    let rest = words.get(1..).unwrap_or_default();
    match words.first().map(String::as_str) {
        Some("test") => checks::test(rest),
        Some("tour") if *rest == [HELP_PICTURES] => run::tour(rest),
        Some("gallery") => gallery(rest),
        Some("check-platforms") => platforms::check(rest),
        Some("up") => match rest {
            [] => run::up(1),
            [flag, count] if flag == "--nodes" => match count.parse() {
                Ok(count @ 1..=16) => run::up(count),
                _ => bail!("--nodes takes a number from 1 to 16, not {count:?}"),
            },
            _ => bail!("up takes nothing, or --nodes N\n\n{HELP}"),
        },
        Some("run" | "tour") if !rest.is_empty() => {
            bail!("this command takes no such argument\n\n{HELP}")
        }
        Some("races") => checks::races(rest),
        Some("keys") => checks::keys(rest),
        Some("times") => checks::times(rest),
        Some("scale") => run::scale(rest),
        Some("soak") => soak::soak(rest),
        Some("advisories") => advisories::advisories(rest).map(|()| ExitCode::SUCCESS),
        Some("faults") => town::faults_are_found(rest).map(|()| ExitCode::SUCCESS),
        Some("run") => run::run(),
        Some("tour") => run::tour(&[]),
        Some("upgrade") => match rest {
            [] => upgrade::upgrade(None),
            [revision] if !revision.starts_with('-') => upgrade::upgrade(Some(revision)),
            _ => bail!("upgrade takes nothing, or one revision\n\n{HELP}"),
        },
        Some("package") => package::package(rest),
        Some("reproduce") => package::reproduce(rest),
        None | Some("help" | "--help" | "-h") => {
            console::plain(HELP);
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => bail!("no command `{other}`\n\n{HELP}"),
    }
}

fn gallery(words: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = words.iter().find(|word| word.starts_with('-') && *word != "--update") {
        bail!("the gallery knows no `{unknown}`\n\n{HELP}");
    }
    system::ready(system::Need::Gallery)?;
    ui::packages()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let status = ui::gallery(&words).status().context("cannot start npm")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
