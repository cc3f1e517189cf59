//! `cargo xtask soak`: the long forms of the checks, one after another for as long as there is time, and one table at the end.

mod fuzz;
mod part;
mod parts;
mod table;

use std::{
    io,
    process::ExitCode,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use part::{Part, Run, Slice};
use parts::PARTS;
use table::{Held, Row, Told};

use crate::{
    checks::SILENCE,
    console,
    watch::{End, Patience, watch},
};

/// How long all of it may take, unless it is said.
const MINUTES: u64 = 60;

/// What ends by itself is given that much more: a command has its beginning and its end.
const GRACE: Duration = Duration::from_secs(60);

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    minutes: u64,
    /// `None`: another one each time.
    seed: Option<u32>,
    only: Option<&'static str>,
}

impl Asked {
    fn of(words: &[String]) -> Result<Self> {
        let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        let known =
            format!("`cargo xtask soak` takes --minutes N, --seed S, and --only with one of {}", names.join(", "));
        let mut asked = Self { minutes: MINUTES, seed: None, only: None };
        let mut words = words.iter();
        while let Some(flag) = words.next() {
            let value = words.next().with_context(|| format!("{flag} wants a value; {known}"))?;
            let number = || value.parse::<u32>().ok().filter(|number| *number > 0);
            match flag.as_str() {
                "--minutes" => {
                    asked.minutes = number().with_context(|| format!("no number of minutes: {value}"))?.into();
                }
                "--seed" => asked.seed = Some(number().with_context(|| format!("no seed above 0: {value}"))?),
                "--only" => {
                    let part = names.iter().find(|name| *name == value);
                    asked.only = Some(part.with_context(|| format!("no part `{value}`; {known}"))?);
                }
                _ => bail!("no flag `{flag}`; {known}"),
            }
        }
        Ok(asked)
    }

    fn parts(&self) -> Vec<&'static Part> {
        PARTS.iter().filter(|part| self.only.is_none_or(|only| only == part.name)).collect()
    }
}

/// Runs what the words ask for.
pub fn soak(words: &[String]) -> Result<ExitCode> {
    let asked = Asked::of(words)?;
    let seed = asked.seed.unwrap_or_else(another_seed);
    let only = asked.only.map(|part| format!(" --only {part}")).unwrap_or_default();
    console::step(&format!("cargo xtask soak --minutes {} --seed {seed}{only}", asked.minutes));
    let begun = Instant::now();
    let end = begun + Duration::from_secs(60 * asked.minutes);
    let parts = asked.parts();
    let mut rows = Vec::new();
    for (nth, part) in parts.iter().enumerate() {
        let shares = parts[nth..].iter().map(|part| part.share).sum();
        carry_out(part, shares, seed, end, &mut rows);
    }
    let holds = table::write(&mut io::stdout(), &rows, begun.elapsed())?;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn another_seed() -> u32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.subsec_nanos().max(1)
}

/// Runs a part, if there is time; `shares` are those of all parts that are left, this one included.
fn carry_out(part: &Part, shares: u32, seed: u32, end: Instant, rows: &mut Vec<Row>) {
    let left = || end.saturating_duration_since(Instant::now());
    if left().is_zero() {
        return rows.push(Row::left_out(part.name));
    }
    console::step(&format!("{}: {}", part.name, part.what));
    let begin = || -> Result<Vec<Run>> {
        (part.ready)()?;
        // What that took is taken from all.
        let seconds = (left() * part.share / shares).as_secs().max(1);
        (part.runs)(&Slice { seconds, seed })
    };
    let runs = match begin() {
        Ok(runs) => runs,
        Err(error) => {
            console::failure(&error);
            return rows.push(Row::failed(part.name));
        }
    };
    for run in runs {
        let name = [part.name, run.name].join(" ");
        let name = name.trim_end();
        rows.push(if left().is_zero() { Row::left_out(name) } else { play(name, run, end + GRACE) });
    }
}

fn play(name: &str, run: Run, until: Instant) -> Row {
    console::step(name);
    let Run { seed, mut command, .. } = run;
    let begun = Instant::now();
    let mut told = Told::default();
    let patience = Patience { silence: SILENCE.max(until - begun), until: Some(until) };
    let held = match watch(&mut command, patience, |line| told.read(line)) {
        Ok(End::Passed) => Held::Yes,
        Ok(End::Failed) => Held::No,
        Ok(End::OutOfTime) => Held::CutShort,
        Err(error) => {
            console::failure(&error);
            Held::No
        }
    };
    Row { name: name.to_owned(), seed, took: begun.elapsed(), told, held }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &[&str]) -> Result<Asked> {
        Asked::of(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_wrong_word_is_told_what_there_is() {
        for (words, said) in [
            (&["--minute", "3"][..], "no flag `--minute`; "),
            (&["fuzz"], "fuzz wants a value; "),
            (&["--only"], "--only wants a value; "),
            (&["--only", "fuzzy"], "no part `fuzzy`; "),
            (&["--minutes", "0"], "no number of minutes: 0"),
            (&["--seed", "-1"], "no seed above 0: -1"),
        ] {
            let refused = asked(words).unwrap_err().to_string();
            assert!(refused.starts_with(said), "{refused}");
        }
        assert!(asked(&["--only", "x"]).unwrap_err().to_string().contains("--only with one of fuzz, "));
    }

    #[test]
    fn an_hour_of_everything_or_what_is_asked_for() {
        assert_eq!(asked(&[]).unwrap(), Asked { minutes: 60, seed: None, only: None });
        let one = asked(&["--only", "fuzz", "--seed", "7", "--minutes", "3"]).unwrap();
        assert_eq!(one, Asked { minutes: 3, seed: Some(7), only: Some("fuzz") });
        assert_eq!(one.parts().len(), 1);
        assert_eq!(asked(&[]).unwrap().parts().len(), PARTS.len());
    }

    #[test]
    fn without_time_a_part_is_left_out_and_nothing_is_wrong() {
        let mut rows = Vec::new();
        carry_out(&PARTS[0], 1, 1, Instant::now(), &mut rows);
        assert!(matches!(&rows[..], [Row { held: Held::LeftOut, .. }]));
    }
}
