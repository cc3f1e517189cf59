//! The database: whether the service can start on it.

use mostik_store::{Examined, OpenError, Tables};

use super::finding::Finding;
use crate::{clock::Clock, config::Config, keys::fingerprint, live::Fingerprints};

/// Below this a file of SQLite, its journal and a backup beside it have no room to grow.
const LEAST_FREE: u64 = 512 * 1024 * 1024;

pub(super) async fn examine(config: &Config, clock: &dyn Clock) -> (Vec<Finding>, Option<Examined>) {
    let found = match mostik_store::examine(&config.database).await {
        Ok(found) => found,
        Err(error) => return (vec![wrong("database", &error)], None),
    };
    let tables = match found.tables {
        Tables::None => "no tables yet: the first start makes them".to_owned(),
        Tables::Current => "its tables are of this version".to_owned(),
        Tables::Behind(1) => "one change of its tables waits for the next start: make a backup before".to_owned(),
        Tables::Behind(n) => format!("{n} changes of its tables wait for the next start: make a backup before"),
    };
    let mut findings = vec![Finding::well("database", format!("{} at {}; {tables}", found.product, config.database))];
    findings.push(match &found.key {
        None => Finding::well("secret_key", "nothing is sealed yet: the first start takes it"),
        Some(key) if *key == fingerprint(&config.secret_key) => match &config.previous_secret_key {
            None => Finding::well("secret_key", "the one that the database was sealed with"),
            Some(_) => Finding::well(
                "secret_key",
                "the newest that the database knows; `mostik-service secret-keys` says what is left under the other one",
            ),
        },
        Some(key) if Fingerprints::of(config).hold(key) => {
            Finding::well("secret_key", "the database was sealed with previous_secret_key: the change is under way")
        }
        Some(_) => wrong("secret_key", &OpenError::OtherKey),
    });
    findings.extend(found.free_bytes.map(space));
    if let Err(error) = mostik_store::compare_clocks(&config.database, || clock.now()).await {
        findings.push(wrong("clock", &error));
    }
    (findings, Some(found))
}

fn wrong(check: &str, error: &OpenError) -> Finding {
    Finding::wrong(check, error.found(), error.next())
}

fn space(free: u64) -> Finding {
    const MIB: u64 = 1024 * 1024;
    let found = format!("{} MiB are free on the disk of `database`", free / MIB);
    if free < LEAST_FREE {
        let next = format!("Make room, at least {} MiB: a full disk stops every change", LEAST_FREE / MIB);
        return Finding::wrong("disk", found, next);
    }
    Finding::well("disk", found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn a_disk_that_is_nearly_full_is_told() {
        assert_eq!(space(LEAST_FREE - 1).state, State::Wrong);
        assert_eq!(space(LEAST_FREE).state, State::Well);
    }
}
