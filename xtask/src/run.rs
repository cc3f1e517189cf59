//! The programs together: with the window (`run`), driven through it (`tour`), or without it (`up`).

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write},
    path::PathBuf,
    process::{Command, ExitCode},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use mostik_world::{Program, Settings, World, network::Network, program, root};
use serde_json::Value;

use crate::{
    build, console,
    system::{self, Need},
    ui,
};

/// The programs that answer on the other end of the app.
const PARTIES: [&str; 2] = ["mostik-sandbox", "mostik-service"];

/// How large a city's database gets and what a linking costs, by release builds.
pub fn scale(pupils: &[String]) -> Result<ExitCode> {
    system::ready(Need::Nodes)?;
    console::step("building the service, the sandbox and the measurement for release (the first time takes minutes)");
    let mut build = build::cargo(&["build", "--release"])?;
    for package in PARTIES.into_iter().chain(["mostik-scale"]) {
        build.args(["--package", package]);
    }
    build::succeed(&mut build)?;
    build::succeed(Command::new(root().join("target/release/scale")).args(pupils))?;
    Ok(ExitCode::SUCCESS)
}

/// Everything, and the window; where there is no display, the tour.
pub fn run() -> Result<ExitCode> {
    if !has_display() {
        console::step("there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the guided tour instead");
        return tour(&[]);
    }
    system::ready(Need::Window)?;
    ui::ready()?;
    build::programs("the app, the service and the sandbox", &["mostik", PARTIES[0], PARTIES[1]])?;
    let stop = stop_signal()?;
    let mut world = begin(1)?;
    introduce(&world);
    let folder = folder();
    let mut app = Program::start(
        "the app",
        Command::new(program("mostik")?)
            .env("MOSTIK_SERVICE", world.address("service")?)
            .env("MOSTIK_RELEASE_KEY", world.address("release_key")?)
            .env("MOSTIK_DATA_DIR", folder.join("app"))
            // A session of a world that will be gone must not meet the session of a real installation.
            .env("MOSTIK_KEYRING", "app.mostik.trial"),
        &folder.join("app.log"),
    )?;
    console::detail("the window is open; close it, or press Ctrl-C here, to stop everything");
    loop {
        if stopped(&stop) {
            console::step("stopping everything");
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(status) = app.ended() {
            console::step("the window is closed: stopping the rest");
            if !status.success() {
                bail!("the app ended with {status}; what it said: {}", app.log().display());
            }
            return Ok(ExitCode::SUCCESS);
        }
        still_there(&mut world)?;
    }
}

/// The main job, start to finish, in the real window on a virtual display.
pub fn tour(words: &[String]) -> Result<ExitCode> {
    system::ready(Need::Stage)?;
    ui::ready()?;
    build::programs(
        "the app, the service, the sandbox and the tour",
        &["mostik", PARTIES[0], PARTIES[1], "mostik-journeys"],
    )?;
    // The tour hears Ctrl-C as well and ends what it started; this program only waits for it.
    stop_signal()?;
    let status = Command::new(program("mostik-tour")?)
        .args(words)
        .current_dir(root())
        .status()
        .context("cannot start the tour")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The sandbox and the service, for people who develop or test against them; nodes may be killed while they look.
pub fn up(nodes: usize) -> Result<ExitCode> {
    system::ready(if nodes > 1 { Need::Nodes } else { Need::Programs })?;
    build::programs("the service and the sandbox", &PARTIES)?;
    let stop = stop_signal()?;
    let mut world = begin(nodes)?;
    introduce(&world);
    writeln!(io::stdout(), "{}", Value::Object(world.says.clone()))?;
    let mut ended = BTreeSet::new();
    loop {
        if stopped(&stop) {
            console::step("stopping everything");
            return Ok(ExitCode::SUCCESS);
        }
        still_there(&mut world)?;
        if let Some(network) = &mut world.network {
            some_are_there(network, &mut ended)?;
        }
    }
}

fn folder() -> PathBuf {
    root().join("target/run")
}

fn begin(nodes: usize) -> Result<World> {
    let folder = folder();
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    console::step("starting the sandbox and the service");
    // For people to try: both messengers. The journeys and the tour choose for themselves.
    World::start(&folder, &Settings { nodes, service: vec![("messengers", "max vk".into())], ..Settings::default() })
}

fn introduce(world: &World) {
    let says = |name: &str| world.says.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
    console::plain("");
    console::detail(&format!(
        "«Телефон», where SMS and letters arrive and MAX is: {}",
        console::paint("1", &says("phone"))
    ));
    console::detail(&format!("the service: {}    the diary: {}", says("service"), says("diary")));
    for node in world.network.iter().flat_map(|network| &network.nodes) {
        let log = node.program.log().file_name().unwrap_or_default().display().to_string();
        console::detail(&format!("  a node: http://{}    process {}    {log}", node.listens, node.program.pid()));
    }
    console::detail("accounts of the diary, to be picked on its page:");
    for account in world.says.get("accounts").and_then(Value::as_array).into_iter().flatten() {
        let field = |name: &str| account.get(name).and_then(Value::as_str).unwrap_or_default();
        let mail = account.get("mail").and_then(|list| list.get(0)?.as_str()).unwrap_or_default();
        console::detail(&format!(
            "  {:<10} {:<28} {:<8} {:<6} {:<13} {mail}",
            field("login"),
            field("name"),
            field("role"),
            field("class"),
            field("phone")
        ));
    }
    console::detail(&format!("logs and the service's database: {}", folder().display()));
    console::plain("");
}

/// Tells of Ctrl-C and of a polite kill.
fn stop_signal() -> Result<Receiver<()>> {
    let (tell, stop) = mpsc::channel();
    // Once the receiver is gone there is nothing left to stop.
    ctrlc::set_handler(move || tell.send(()).unwrap_or_default()).context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

fn stopped(stop: &Receiver<()>) -> bool {
    !matches!(stop.recv_timeout(Duration::from_millis(200)), Err(RecvTimeoutError::Timeout))
}

fn still_there(world: &mut World) -> Result<()> {
    for (name, program) in [("the sandbox", &mut world.sandbox), ("the service", &mut world.service)] {
        if let Some(status) = program.ended() {
            bail!("{name} ended by itself with {status}; what it said: {}", program.log().display());
        }
    }
    Ok(())
}

/// Tells of each node that has ended, once. The others go on without it; without any, or without the database, nothing does.
fn some_are_there(network: &mut Network, told: &mut BTreeSet<u32>) -> Result<()> {
    for node in &mut network.nodes {
        if let Some(status) = node.program.ended()
            && told.insert(node.program.pid())
        {
            let log = node.program.log().display();
            console::step(&format!("the node at {} has ended with {status}; what it said: {log}", node.listens));
        }
    }
    if told.len() == network.nodes.len() {
        bail!("no node is left; start again with `cargo xtask up --nodes {}`", told.len());
    }
    if let Some(postgres) = &mut network.postgres
        && let Some(status) = postgres.ended()
    {
        bail!("PostgreSQL ended by itself with {status}; what it said: {}", postgres.log().display());
    }
    Ok(())
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
