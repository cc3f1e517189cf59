//! The support's commands: who may use them, and what they tell. The program itself runs beside a node that serves.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Stdio};

use mostik_service::{
    Config,
    clock::{Clock, SystemClock},
    support::{
        desk::{Asking, Desk, DeskError},
        operators::Right,
        reason::Reason,
    },
};
use mostik_store::{
    audit::{self, Entry, Filter},
    sql,
};
use mostik_wire::Secret;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, process::Command};

use crate::{
    commands,
    world::{App, World},
};

pub const PHONE: &str = "+79000001242";
pub const MISHA_IN_MAX: i64 = 501_001;
pub const WHY: &str = "the mother asked, request 47112";

/// What a run of the program came to.
pub struct Ran {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn refused(&self, status: i32, said: &str) {
        assert_eq!((self.status, self.out.as_str()), (Some(status), ""), "{}", self.err);
        assert!(self.err.contains(said), "{said}: {}", self.err);
    }

    pub fn told(self) -> String {
        assert_eq!(self.status, Some(0), "{}", self.err);
        self.out
    }

    pub fn json(self) -> Value {
        serde_json::from_str(&self.told()).unwrap()
    }
}

/// Operators of a world, with their tokens.
pub struct Operators {
    config: PathBuf,
    pub file: PathBuf,
    tokens: Vec<(&'static str, String)>,
}

impl Operators {
    /// Anna looks, Boris does everything, Vera too.
    pub fn of(world: &World) -> Self {
        let (config, file) = (world.dir.path().join("mostik.toml"), world.dir.path().join("operators.toml"));
        fs::write(&config, format!("{}[operators]\nfile = {file:?}\n", world.config_text())).unwrap();
        let mut operators = Self { config, file, tokens: Vec::new() };
        let mut entries = String::new();
        for (name, rights) in
            [("anna", "look"), ("boris", "look,disclose,act,delete,statistics"), ("vera", "look,delete")]
        {
            let (status, entry, told) = commands::run(&["operators", "new-token", "--name", name, "--rights", rights]);
            assert_eq!(status, Some(0), "{told}");
            entries.push_str(&entry);
            operators.tokens.push((name, told.trim().rsplit(' ').next().unwrap().to_owned()));
        }
        operators.write(&entries);
        // The program's clock is the machine's.
        world.set_clock(SystemClock.now().0);
        operators
    }

    pub fn write(&self, entries: &str) {
        fs::write(&self.file, entries).unwrap();
        fs::set_permissions(&self.file, fs::Permissions::from_mode(0o640)).unwrap();
    }

    pub fn token(&self, name: &str) -> &str {
        &self.tokens.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// An operator at work by this world's clock.
    pub async fn desk(&self, world: &World, name: &str, needs: Right) -> Result<Desk, DeskError> {
        let config = Config::from_parts(&fs::read_to_string(&self.config).unwrap(), &|_| None).ok().unwrap();
        let (token, reason) = (Secret::new(self.token(name)), Reason::read(WHY).unwrap());
        let asking = Asking { token, needs, command: "test", reason };
        Desk::open(config, asking, world.clock.clone(), world.entropy.clone()).await
    }

    /// Runs a command of the support as this operator, for a good reason.
    pub async fn run(&self, name: &str, args: &[&str]) -> Ran {
        let args: Vec<&str> = args.iter().copied().chain(["--reason", WHY]).collect();
        self.run_as(Some(self.token(name)), &args, "").await
    }

    /// Runs a command with this token in the environment, and that on standard input.
    pub async fn run_as(&self, token: Option<&str>, args: &[&str], input: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mostik-service"));
        command.env_clear().arg("support").args(args).arg("--config").arg(&self.config);
        if let Some(token) = token {
            command.env("MOSTIK_OPERATOR_TOKEN", token);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Who refuses early does not read it.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()).await);
        let output = child.wait_with_output().await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl World {
    /// Misha, linked: his app, his id and his profile's.
    pub async fn linked(&self) -> (App, String, String) {
        let misha = self.sign_in("misha").await;
        self.to_linked(&misha, PHONE, MISHA_IN_MAX).await;
        let pupil = self.pupil(&misha, "Михаил").await;
        let profile = self.profile(&misha, &pupil).await.id;
        (misha, pupil, profile)
    }

    /// What operators have done, or tried to.
    pub async fn done_by_operators(&self) -> Vec<Entry> {
        let store = self.store().await;
        let found = audit::find(&mut store.reader().await.unwrap(), &Filter::default(), 10_000).await.unwrap();
        store.close().await;
        found.into_iter().filter(|entry| entry.actor == "operator").collect()
    }

    /// The program's clock has gone on since this world's was set: what it has queued is due from now on.
    pub fn until_operators_time(&self) {
        self.set_clock(SystemClock.now().0 + 1);
    }

    pub async fn one<T: sql::Column>(&self, question: &'static str) -> T {
        let store = self.store().await;
        let one = sql::query_scalar(question).fetch_one(&mut store.reader().await.unwrap()).await.unwrap();
        store.close().await;
        one
    }
}

#[test]
fn a_token_is_told_once_and_the_file_has_its_hash() {
    for (args, said) in [
        (&["--name", "Анна"][..], "2 to 32 of a-z"),
        (&["--name", "anna", "--rights", "look,read"], "there is no right \"read\"; there are look, disclose, act"),
    ] {
        let (status, out, err) = commands::run(&[&["operators", "new-token"], args].concat());
        assert_eq!((status, out.as_str()), (Some(2), ""));
        assert!(err.contains(said), "{err}");
    }
    let made = || commands::run(&["operators", "new-token", "--name", "anna.petrova", "--rights", "look,act"]);
    let (status, entry, told) = made();
    assert_eq!(status, Some(0), "{told}");
    let token = told.trim().rsplit(' ').next().unwrap();
    assert!(token.len() == 43 && !entry.contains(token));
    let entry: toml::Table = entry.parse().unwrap();
    assert_eq!(entry["anna.petrova"]["rights"].as_array().unwrap().len(), 2);
    assert_ne!(made().2, told);
}

#[tokio::test]
async fn a_file_that_others_may_change_or_that_says_something_else_lets_nobody_in() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let good = fs::read_to_string(&operators.file).unwrap();
    for (mode, said) in [(0o662, "written by others"), (0o660, "written by others"), (0o644, "read by everybody")] {
        fs::set_permissions(&operators.file, fs::Permissions::from_mode(mode)).unwrap();
        operators.run("anna", &["find", PHONE]).await.refused(1, said);
    }
    for (entries, said) in [
        (good.replace("rights = [\"look\"]", "rights = [\"look\"]\nphone = \"1\""), "unknown field `phone`"),
        (good.replace("[\"vera\"]", "[\"boris\"]"), "duplicate key"),
        (String::new(), "nobody is in it"),
    ] {
        operators.write(&entries);
        let ran = operators.run("anna", &["find", PHONE]).await;
        ran.refused(1, said);
        assert!(ran.err.contains("operators.file"), "{}", ran.err);
    }
    fs::remove_file(&operators.file).unwrap();
    operators.run("anna", &["find", PHONE]).await.refused(1, "cannot be read");
    fs::write(world.dir.path().join("mostik.toml"), world.config_text()).unwrap();
    operators.run("anna", &["find", PHONE]).await.refused(1, "operators.file: not set");
    assert_eq!(world.done_by_operators().await, []);
}

#[tokio::test]
async fn nobody_looks_without_token_right_and_reason() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let anna = operators.token("anna").to_owned();
    let token_file = world.dir.path().join("token");
    fs::write(&token_file, &anna).unwrap();
    let named = token_file.to_str().unwrap();

    let find = ["find", PHONE, "--reason", WHY];
    operators.run_as(None, &find, "").await.refused(2, "set MOSTIK_OPERATOR_TOKEN");
    fs::set_permissions(&token_file, fs::Permissions::from_mode(0o644)).unwrap();
    let by_file = [&find[..], &["--token-file", named]].concat();
    operators.run_as(None, &by_file, "").await.refused(2, "read by everybody");
    fs::set_permissions(&token_file, fs::Permissions::from_mode(0o600)).unwrap();
    operators.run_as(Some(&anna), &by_file, "").await.refused(2, "leave one of them out");
    operators.run_as(Some(&anna), &["find", PHONE], "").await.refused(2, "--reason <TEXT>");
    for (reason, said) in [
        ("ab", "too short"),
        ("she called from 8 900 000-12-42", "bears a phone number"),
        ("she wrote from olga@mail.test", "bears a mail address"),
        ("the code 481902 did not come", "may be a code"),
    ] {
        let ran = operators.run_as(Some(&anna), &["find", PHONE, "--reason", reason], "").await;
        ran.refused(2, said);
        assert!(!ran.err.contains(reason), "it is not repeated: {}", ran.err);
    }
    operators.run_as(Some(&anna), &["find", "who?", "--reason", WHY], "").await.refused(2, "nor an id");
    operators.run_as(Some(&anna), &["find", "olga@gmail,com", "--reason", WHY], "").await.refused(2, "did you mean");
    assert_eq!(world.done_by_operators().await, [], "misuse is nobody's doing");

    operators.run_as(Some("password"), &find, "").await.refused(1, "too short");
    operators
        .run_as(Some(&anna.chars().rev().collect::<String>()), &find, "")
        .await
        .refused(1, "nobody in operators.file");
    operators.run("anna", &["find", PHONE, "--in-full"]).await.refused(1, "anna has no right `disclose`");
    let tried: Vec<_> = world.done_by_operators().await.into_iter().map(|e| (e.action, e.actor_id, e.reason)).collect();
    let why = Some(format!("find: {WHY}"));
    let refused = |who: Option<&str>| ("support_refused".to_owned(), who.map(str::to_owned), why.clone());
    assert_eq!(tried.iter().filter(|one| **one == refused(None)).count(), 2, "{tried:?}");
    assert_eq!(tried.iter().filter(|one| **one == refused(Some("anna"))).count(), 1, "{tried:?}");
    operators.run_as(None, &by_file, "").await.told();
}

#[tokio::test]
async fn people_are_found_by_number_address_and_id_and_shown_masked() {
    let (world, mail) = World::with_mail("none").await;
    let operators = Operators::of(&world);
    assert_eq!(operators.run("anna", &["find", PHONE]).await.told(), "nobody is known by that\n");
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, PHONE, MISHA_IN_MAX).await;
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, crate::by_mail::ADDRESS).await;
    let pupil = world.pupil(&misha, "Михаил").await;
    let profile = world.profile(&misha, &pupil).await.id;
    let account: String = world.one("SELECT id FROM accounts WHERE role = 'pupil'").await;
    let diary_user: String = world.one("SELECT diary_user FROM accounts WHERE role = 'pupil'").await;

    let told = operators.run("anna", &["find", "тел. 8 (900) 000-12-42, Миша"]).await.told();
    for said in [
        format!("pupil {}: ", pupil),
        format!("linked to profile {profile} since "),
        "at linked, +7 900 •••-••-42".to_owned(),
        format!("account {account}: "),
        "1 sessions, last seen ".to_owned(),
        format!("profile {profile}: "),
        "in MAX as ".to_owned(),
    ] {
        assert!(told.contains(&said), "{said}: {told}");
    }
    for mark in ["9000001242", "000-12-42", "Орлов", "501001"] {
        assert!(!told.contains(mark), "{mark}: {told}");
    }
    for (who, input) in [(diary_user.as_str(), ""), (&profile, ""), (&account, ""), (&pupil, ""), ("-", PHONE)] {
        let args = ["find", who, "--json", "--reason", WHY];
        let found = operators.run_as(Some(operators.token("anna")), &args, input).await.json();
        let ids = |what: &str| found[what].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
        assert!(ids("pupils").contains(&json!(pupil)), "{who}: {found}");
        assert!(ids("profiles").contains(&json!(profile)), "{who}: {found}");
    }
    let by_mail = operators.run("anna", &["find", &crate::by_mail::ADDRESS.to_uppercase(), "--json"]).await.json();
    let found = &by_mail["profiles"][0];
    assert_eq!((&found["has_password"], &found["phone"]), (&json!(true), &Value::Null));
    assert!(!by_mail.to_string().contains(crate::by_mail::ADDRESS), "{by_mail}");
    let whole = operators.run("boris", &["find", PHONE, "--in-full"]).await.told();
    assert!(whole.contains("+7 900 000-12-42") && whole.contains("Орлов"), "{whole}");

    let done = world.done_by_operators().await;
    assert!(done.iter().all(|entry| entry.action == "support_looked" && entry.reason.as_deref() == Some(WHY)));
    assert!(done.iter().any(|e| e.profile_id.as_ref() == Some(&profile) && e.actor_id.as_deref() == Some("boris")));
    assert!(done.iter().any(|entry| entry.account_id.as_ref() == Some(&account)));
    assert!(done.iter().any(|e| e.profile_id.is_none() && e.pupil_id.is_none() && e.account_id.is_none()));
    let everything = format!("{done:?}");
    for mark in ["9000001242", "000-12-42", "Орлов", "Михаил", "olga", operators.token("anna")] {
        assert!(!everything.contains(mark), "the audit log holds {mark}: {everything}");
    }
}
