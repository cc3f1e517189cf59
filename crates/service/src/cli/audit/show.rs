//! `mostik-service audit show`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use mostik_store::{
    Store,
    audit::{self, Entry, Filter},
};
use mostik_wire::Millis;
use serde_json::json;

use crate::{cli::config_file::ConfigFile, clock::DAY, config::Config, dates};

/// List entries of the audit log: of a profile, a pupil, an account, a time.
///
/// Oldest first. They bear ids, and nobody's name but operators'.
#[derive(clap::Args)]
pub(super) struct Show {
    #[command(flatten)]
    config: ConfigFile,
    /// Of the profile with this id, which people see under «Безопасность»
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
    /// Of the pupil with this id
    #[arg(long, value_name = "ID")]
    pupil: Option<String>,
    /// Of the account with this id: what it did, and what was done to it
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// From this day on, by the clocks of Moscow
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    from: Option<Millis>,
    /// Up to this day and with it
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    to: Option<Millis>,
    /// How many at most, of the newest; 1 to 100000
    #[arg(long, value_name = "COUNT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    most: u32,
    /// One object of JSON a line
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> Result<Millis, String> {
    let midnight = dates::date(text).and_then(|date| dates::moscow(date, "00:00"));
    midnight.ok_or_else(|| "a day is expected, such as 2026-11-23".to_owned())
}

impl Show {
    pub(super) async fn run(self) -> ExitCode {
        let config = match self.config.load() {
            Ok(config) => config,
            Err(status) => return status,
        };
        let shown = match self.find(&config).await {
            Ok(entries) => self.show(&entries).map_err(|e| format!("standard output cannot be written: {e}")),
            Err(what) => Err(what),
        };
        match shown {
            Ok(()) => ExitCode::SUCCESS,
            Err(what) => {
                eprintln!("audit show: {what}");
                ExitCode::FAILURE
            }
        }
    }

    async fn find(&self, config: &Config) -> Result<Vec<Entry>, String> {
        let filter = Filter {
            profile: self.profile.clone(),
            pupil: self.pupil.clone(),
            account: self.account.clone(),
            from: self.from,
            until: self.to.map(|day| day.plus(DAY)),
        };
        let store = Store::open(&config.database).await.map_err(|e| e.to_string())?;
        let found = async { audit::find(&mut *store.reader().await?, &filter, self.most.into()).await };
        let found = found.await.map_err(|e: mostik_store::Error| e.to_string());
        store.close().await;
        found
    }

    fn show(&self, entries: &[Entry]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for entry in entries {
            if self.json {
                writeln!(out, "{}", in_json(entry))?;
            } else {
                writeln!(out, "{}", in_words(entry))?;
            }
        }
        out.flush()
    }
}

fn about(entry: &Entry) -> [(&'static str, &Option<String>); 5] {
    [
        ("profile", &entry.profile_id),
        ("pupil", &entry.pupil_id),
        ("account", &entry.account_id),
        ("linking", &entry.linking_id),
        ("session", &entry.session_id),
    ]
}

fn in_words(entry: &Entry) -> String {
    let mut line = format!("{} {} by {}", dates::in_moscow(Millis(entry.happened_at)), entry.action, entry.actor);
    let with = |line: &mut String, name: &str, value: &Option<String>| {
        if let Some(value) = value {
            line.push_str(&format!(" {name}{value}"));
        }
    };
    with(&mut line, "", &entry.actor_id);
    for (name, id) in about(entry) {
        with(&mut line, &format!("{name}="), id);
    }
    with(&mut line, "because: ", &entry.reason);
    line
}

fn in_json(entry: &Entry) -> serde_json::Value {
    let mut object = json!({
        "id": entry.id,
        "at": entry.happened_at,
        "actor": entry.actor,
        "actor_id": entry.actor_id,
        "action": entry.action,
        "reason": entry.reason,
    });
    for (name, id) in about(entry) {
        object[name] = id.clone().into();
    }
    object
}
