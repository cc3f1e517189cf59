//! A PostgreSQL of one's own: the distribution's program on a free port, with its data in a folder that goes with it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};

mod room;

/// How long it may take until it answers; after a crash it reads its journal first.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// The user that owns its databases.
const USER: &str = "mostik";

/// What is set for tests that do not try how it survives a crash: nothing waits for a disk.
/// The journal stays small.
pub const NOT_DURABLE: [(&str, &str); 4] =
    [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off"), ("max_wal_size", "128MB")];

/// A running PostgreSQL; it ends when this is dropped, and when this program ends, however that comes.
pub struct Postgres {
    data: PathBuf,
    log: PathBuf,
    port: u16,
    settings: Vec<(String, String)>,
    // `None`: it was killed.
    child: Option<Child>,
    databases: AtomicU64,
}

impl Postgres {
    /// Makes an empty one with its data and its log in `folder`, and starts it.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or does not get ready; the error carries its last words.
    pub fn start(folder: &Path, settings: &[(&str, &str)]) -> Result<Self> {
        let data = folder.join("data");
        fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
        give_away(folder)?;
        give_away(&data)?;
        let mut command = tool("initdb")?;
        command.args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username", USER, "--pgdata"]);
        succeed(command.arg(&data))?;
        Self::over(data, settings)
    }

    /// A standby that follows this one, and that this one waits for where it names it in `synchronous_standby_names`.
    ///
    /// # Errors
    /// When it cannot be copied, or does not get ready.
    pub fn standby(&self, folder: &Path, name: &str) -> Result<Self> {
        let data = folder.join("data");
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        give_away(folder)?;
        let source = format!("host=127.0.0.1 port={} user={USER} application_name={name}", self.port);
        let mut command = tool("pg_basebackup")?;
        command.args(["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync"]);
        succeed(command.arg("--dbname").arg(&source).arg("--pgdata").arg(&data))?;
        // Not the settings of this one: it would wait for a standby of its own.
        Self::over(data, &[])
    }

    fn over(data: PathBuf, settings: &[(&str, &str)]) -> Result<Self> {
        let mut started = Self {
            log: data.with_extension("log"),
            data,
            port: TcpListener::bind("127.0.0.1:0")?.local_addr()?.port(),
            settings: settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            child: None,
            databases: AtomicU64::new(0),
        };
        started.start_again()?;
        Ok(started)
    }

    /// Starts it again after [`Postgres::kill`], on its data and at its port; at once where it runs.
    ///
    /// # Errors
    /// When it does not get ready.
    pub fn start_again(&mut self) -> Result<()> {
        if self.child.is_some() {
            return Ok(());
        }
        // A shell of no more than this ends the server when this program is gone, even by `kill -9`: then its input ends.
        const WATCH: &str = r#"exec 3<&0; "$@" 3<&- </dev/null & server=$!
            (cat <&3 >/dev/null; kill -INT $server 2>/dev/null) & wait $server; kill $! 2>/dev/null"#;
        let mut command = as_user(Command::new("sh"))?;
        command.args(["-c", WATCH, "watch"]).arg(program("postgres")?).arg("-D").arg(&self.data);
        for setting in
            ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300", "shared_buffers=64MB"]
        {
            command.args(["-c", setting]);
        }
        command.args(["-c", &format!("port={}", self.port)]);
        for (key, value) in &self.settings {
            command.args(["-c", &format!("{key}={value}")]);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start PostgreSQL")?;
        let ready = follow(&mut child, File::create(&self.log)?)?;
        self.child = Some(child);
        if ready.recv_timeout(READY_WITHIN).is_err() {
            self.kill()?;
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            bail!("PostgreSQL does not get ready:\n  {}", lines[lines.len().saturating_sub(12)..].join("\n  "));
        }
        Ok(())
    }

    /// The address of one of its databases.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// The port that it listens at.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Makes an empty database of a name that no other has, and tells its address.
    ///
    /// # Errors
    /// When the server does not do it.
    pub fn new_database(&self) -> Result<String> {
        let name = format!("mostik_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        // Without the copy of every file at a checkpoint, of which there would be one a test.
        self.run("postgres", &format!("CREATE DATABASE {name} STRATEGY wal_log"))?;
        Ok(self.url(&name))
    }

    /// Runs statements as an operator does, and tells what they print: rows, with `|` between columns.
    ///
    /// # Errors
    /// When one of them fails.
    pub fn run(&self, database: &str, sql: &str) -> Result<String> {
        let mut command = Command::new("psql");
        command.args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            "--command",
            sql,
        ]);
        let printed = succeed(command.arg(self.url(database)))?;
        Ok(String::from_utf8_lossy(&printed.stdout).trim().to_owned())
    }

    /// All that is in the tables of one of its databases, as statements.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn dump(&self, database: &str) -> Result<Vec<u8>> {
        let mut command = Command::new("pg_dump");
        Ok(succeed(command.args(["--data-only", "--inserts", "--dbname"]).arg(self.url(database)))?.stdout)
    }

    /// Ends it as a loss of power does: no process of it does anything more.
    ///
    /// # Errors
    /// When its processes cannot be found.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            self.signal("KILL")?;
            child.wait()?;
        }
        Ok(())
    }

    /// Whether it has ended by itself, and how.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.as_mut()?.try_wait().ok()?
    }

    /// Where it writes its log.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Lets all its processes stand still, connections that are open included.
    ///
    /// # Errors
    /// When its processes cannot be found.
    pub fn pause(&self) -> Result<()> {
        self.signal("STOP")
    }

    /// Lets them go on.
    ///
    /// # Errors
    /// When its processes cannot be found.
    pub fn resume(&self) -> Result<()> {
        self.signal("CONT")
    }

    /// Makes a standby the primary; comes back when it takes changes.
    ///
    /// # Errors
    /// When it does not.
    pub fn promote(&self) -> Result<()> {
        self.run("postgres", "SELECT pg_promote(true, 30)").map(drop)
    }

    fn signal(&self, name: &str) -> Result<()> {
        // One may have ended by itself since it was listed.
        Command::new("kill").arg(format!("-{name}")).args(self.processes()?).output()?;
        Ok(())
    }

    /// The ids of its processes, the server's first.
    ///
    /// # Errors
    /// When it does not run.
    pub fn processes(&self) -> Result<Vec<String>> {
        let file = fs::read_to_string(self.data.join("postmaster.pid")).context("PostgreSQL's process is not known")?;
        let server = file.lines().next().context("PostgreSQL's process is not known")?.trim();
        let children = Command::new("pgrep").args(["--parent", server]).output().context("pgrep is missing")?;
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        Ok(std::iter::once(server).chain(children.split_whitespace()).map(str::to_owned).collect())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may stand still.
            self.resume().ok();
            drop(child.stdin.take());
            child.wait().ok();
        }
    }
}

/// The one that all tests of this program share, for what does not try its faults; it is made at the first call.
///
/// # Panics
/// When it does not start: no test can go on then.
#[must_use]
pub fn shared() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(|| {
        // In memory where that is to be had. The folder stays behind when the program ends; the next one takes it away.
        let memory = Path::new("/dev/shm");
        let above = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        sweep(&above);
        let folder = above.join(format!("{FOLDER}{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("cannot make {}: {e}", folder.display()));
        Postgres::start(&folder, &NOT_DURABLE).unwrap_or_else(|e| panic!("{e:#}"))
    })
}

/// A database of [`shared`] that goes, with what is connected to it, when this is dropped.
pub struct Database {
    /// Its address.
    pub url: String,
}

impl Database {
    /// Makes an empty one.
    ///
    /// # Errors
    /// When the server does not do it.
    pub fn new() -> Result<Self> {
        Ok(Self { url: shared().new_database()? })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = self.url.rsplit('/').next().unwrap_or_default();
        // What is left of it would only take up room.
        shared().run("postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).ok();
    }
}

const FOLDER: &str = "mostik-postgres-";

// Folders of programs that have ended.
fn sweep(above: &Path) {
    for entry in fs::read_dir(above).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.strip_prefix(FOLDER) else { continue };
        let runs = Path::new("/proc").join(pid).exists();
        let serves = entry.path().join("data/postmaster.pid").exists();
        if !runs && !serves {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

fn follow(child: &mut Child, mut log: File) -> Result<mpsc::Receiver<()>> {
    let errors = child.stderr.take().context("PostgreSQL has no output")?;
    let (tell, ready) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(errors).lines().map_while(Result::ok) {
            if line.contains("ready to accept") {
                tell.send(()).ok();
            }
            if writeln!(log, "{line}").is_err() {
                break;
            }
        }
    });
    Ok(ready)
}

fn tool(name: &str) -> Result<Command> {
    as_user(Command::new(program(name)?))
}

// The newest of Debian's, which are not on the path, or the one that is.
fn program(name: &str) -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin").join(name)))
        })
        .filter(|(_, path)| path.exists())
        .max();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let elsewhere = || std::env::split_paths(&path).map(|folder| folder.join(name)).find(|place| place.exists());
    debian
        .map(|(_, path)| path)
        .or_else(elsewhere)
        .with_context(|| format!("PostgreSQL's `{name}` is missing: `sudo apt-get install postgresql`"))
}

// PostgreSQL does not run as root; its package has made a user for it.
fn user() -> Result<Option<(u32, u32)>> {
    if !is_root() {
        return Ok(None);
    }
    let all = fs::read_to_string("/etc/passwd")?;
    let ids = |name: &str| {
        let line = all.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut words = line.split(':').skip(2);
        Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody")).map(Some).context("there is no user that PostgreSQL could run as")
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

#[cfg(unix)]
fn as_user(mut command: Command) -> Result<Command> {
    use std::os::unix::process::CommandExt;
    if let Some((user, group)) = user()? {
        command.uid(user).gid(group).current_dir("/");
    }
    // Ctrl-C in a terminal reaches this program alone, which ends it in order.
    command.process_group(0);
    Ok(command)
}

#[cfg(not(unix))]
fn as_user(command: Command) -> Result<Command> {
    Ok(command)
}

#[cfg(unix)]
fn give_away(folder: &Path) -> Result<()> {
    let Some((user, group)) = user()? else { return Ok(()) };
    std::os::unix::fs::chown(folder, Some(user), Some(group))?;
    // Whoever made the folder may have kept the way there to himself.
    for above in folder.ancestors().skip(1) {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(above)?.permissions().mode();
        if mode & 0o001 == 0 && above.parent().is_some() {
            fs::set_permissions(above, fs::Permissions::from_mode(mode | 0o011))?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn give_away(_: &Path) -> Result<()> {
    Ok(())
}

fn succeed(command: &mut Command) -> Result<Output> {
    let shown = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {shown}"))?;
    ensure!(output.status.success(), "{shown}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(output)
}
