//! Several nodes of the service on one PostgreSQL, behind a balancer.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Result, ensure};
use serde_json::{Map, Value};

use crate::{
    balancer,
    places::program,
    postgres::Postgres,
    program::Program,
    service::{Settings, configuration, serve_with},
};

/// For so many seconds a node that is asked to end says that it is not ready, and serves all the same.
const DRAIN: u64 = 2;
/// How long a node may take to end by itself: it drains, and then answers what is under way.
const ENDS_WITHIN: Duration = Duration::from_secs(25);

/// The name of the database.
const DATABASE: &str = "mostik";

/// One node.
pub struct Node {
    /// Its process.
    pub program: Program,
    /// Where it listens: `127.0.0.1:4321`.
    pub listens: String,
    config: String,
    folder: PathBuf,
}

impl Node {
    fn start(folder: &Path, nth: usize, sandbox: &Map<String, Value>, settings: &Settings) -> Result<Self> {
        let listens = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let config = format!("node-{nth}.toml");
        fs::write(folder.join(&config), configuration(sandbox, &listens, settings)?)?;
        let service = settings.first.clone().map_or_else(|| program("mostik-service"), Ok)?;
        let (program, _) = serve_with(&service, folder, &config, None)?;
        Ok(Self { program, listens, config, folder: folder.to_owned() })
    }

    /// Ends it as a crash does.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// Asks it to end, as an upgrade does, and waits until it has.
    ///
    /// # Errors
    /// When it still runs after a while, or has ended otherwise than well.
    pub fn end(&mut self) -> Result<()> {
        self.program.ask_to_end();
        let status = self.program.wait(ENDS_WITHIN)?;
        ensure!(status.success(), "a node has ended with {status}");
        Ok(())
    }

    /// Starts it again at its address; comes back when it is ready.
    ///
    /// # Errors
    /// When it does not get ready.
    pub fn start_again(&mut self) -> Result<()> {
        self.program = serve_with(&program("mostik-service")?, &self.folder, &self.config, None)?.0;
        Ok(())
    }
}

/// The nodes with their database. What stands before them is the world's `service`.
pub struct Network {
    /// The nodes, in the order in which they were started.
    pub nodes: Vec<Node>,
    /// The database, where the settings do not name another one.
    pub postgres: Option<Postgres>,
}

impl Network {
    /// Starts PostgreSQL, the nodes, and the balancer at the port that is held for it.
    pub(crate) fn start(
        folder: &Path,
        held: TcpListener,
        sandbox: &Map<String, Value>,
        settings: &Settings,
    ) -> Result<(Self, Program)> {
        let listens = held.local_addr()?.to_string();
        let mut settings = settings.clone();
        let is_set = |name: &str| settings.service.iter().any(|(known, _)| *known == name);
        let mut shared = vec![("drain", DRAIN.to_string())];
        let mut postgres = None;
        if !is_set("database") {
            let own = Postgres::start(&folder.join("postgres"), &[])?;
            own.run("postgres", &format!("CREATE DATABASE {DATABASE}"))?;
            shared.push(("database", own.url(DATABASE)));
            postgres = Some(own);
        }
        if !is_set("public_url") {
            shared.push(("public_url", format!("http://{listens}")));
        }
        settings.service.extend(shared);
        let nodes: Vec<Node> =
            (1..=settings.nodes).map(|nth| Node::start(folder, nth, sandbox, &settings)).collect::<Result<_>>()?;
        let servers: Vec<&str> = nodes.iter().map(|node| node.listens.as_str()).collect();
        drop(held);
        let balancer = balancer::start(folder, &listens, &servers)?;
        Ok((Self { nodes, postgres }, balancer))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // Each drains for a while: they do so together.
        self.nodes.iter_mut().for_each(|node| node.program.ask_to_end());
    }
}
