//! `docs/operating.md`, command by command, on machines that are folders of this one.

mod machine;
mod page;

use std::{collections::BTreeMap, fs, net::TcpListener, path::Path, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use machine::Machine;
use mostik_world::{Program, postgres::Postgres, program};
use serde_json::{Value, json};

/// How long the sandbox may take.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// The settings of a node.
const SETTINGS: &str = "etc/mostik-service/mostik-service.toml";

/// The nodes of the page.
const NODES: [&str; 3] = ["node-1", "node-2", "node-3"];

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The sandbox, whose diary knows the public address, and what it says of itself.
fn parties(folder: &Path, public: u16) -> Result<(Program, Value)> {
    let mut world: Value =
        serde_json::from_slice(&fs::read(mostik_world::root().join("crates/sandbox/world/default.json"))?)?;
    world["diary_client"]["redirect_uris"] = json!([format!("https://127.0.0.1:{public}/diary/callback")]);
    let file = folder.join("world.json");
    fs::write(&file, world.to_string())?;
    let mut command = Command::new(program("mostik-sandbox")?);
    let mut sandbox = Program::start("the sandbox", command.arg("--world").arg(file), &folder.join("sandbox.log"))?;
    let line = sandbox.line(READY_WITHIN)?;
    Ok((sandbox, serde_json::from_str(&line)?))
}

/// Settings that the page leaves as they are, since their defaults are the real parties' addresses.
fn environment(says: &Value, folder: &Path) -> Result<Vec<(String, String)>> {
    let text =
        |path: &str| says.pointer(path).and_then(Value::as_str).map(str::to_owned).with_context(|| path.to_owned());
    let authority = folder.join("mail-ca.pem");
    fs::write(&authority, text("/smtp_ca")?)?;
    let (diary, vk) = (text("/diary")?, text("/vk")?);
    let values = [
        ("MOSTIK_DIARY_AUTHORIZE_URL", format!("{diary}/sps/oauth/ae")),
        ("MOSTIK_DIARY_TOKEN_URL", format!("{diary}/sps/oauth/te")),
        ("MOSTIK_DIARY_API_URL", format!("{diary}/api/family")),
        ("MOSTIK_DIARY_CALENDAR_URL", format!("{diary}/api/eventcalendar")),
        ("MOSTIK_MAIL_CA_FILE", authority.display().to_string()),
        ("MOSTIK_MAX_API_URL", text("/max_api")?),
        ("MOSTIK_MAX_LINK_BASE", text("/max_link")?),
        ("MOSTIK_VK_AUTHORIZE_URL", format!("{vk}/authorize")),
    ];
    Ok(values.map(|(name, value)| (name.to_owned(), value)).into())
}

/// What the page calls otherwise than it is here.
fn instead(says: &Value, database: u16, public: u16) -> Result<Vec<(String, String)>> {
    let text =
        |path: &str| says.pointer(path).and_then(Value::as_str).map(str::to_owned).with_context(|| path.to_owned());
    let mail = text("/smtp")?;
    let (mail_server, mail_port) = mail.rsplit_once(':').context("the mail server has no port")?;
    Ok([
        ("db.internal:5432", format!("127.0.0.1:{database}")),
        ("https://mostik.school.example", format!("https://127.0.0.1:{public}")),
        ("0.0.0.0:443", format!("127.0.0.1:{public}")),
        ("10.0.0.5", "127.0.0.1".to_owned()),
        ("drain = \"5\"", "drain = \"1\"".to_owned()),
        ("DIARY-CLIENT", text("/diary_client/id")?),
        ("DIARY-SECRET", text("/diary_client/secret")?),
        ("smpp.operator.example:2775", text("/smpp")?),
        ("SMPP-ACCOUNT", text("/smpp_account/system_id")?),
        ("SMPP-PW", text("/smpp_account/password")?),
        ("mail.school.example", mail_server.to_owned()),
        ("port = \"587\"", format!("port = {mail_port:?}")),
        ("MAIL-USER", text("/smtp_account/user")?),
        ("MAIL-PASSWORD", text("/smtp_account/password")?),
        ("BOT-NAME", text("/bot/username")?),
        ("BOT-TOKEN", text("/bot/token")?),
        // MAX calls nothing but port 443.
        ("mode = \"webhook\"", "mode = \"polling\"".to_owned()),
    ]
    .map(|(said, here)| (said.to_owned(), here))
    .into())
}

struct Site {
    machines: BTreeMap<String, Machine>,
    _database: Postgres,
    _sandbox: Program,
    _folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Result<Self> {
        mostik_world::end_all_on_interrupt().ok();
        let folder = tempfile::tempdir()?;
        let database = Postgres::start(&folder.path().join("postgres"), &[])?;
        let (public, prometheus) = (free_port()?, free_port()?);
        let (sandbox, says) = parties(folder.path(), public)?;
        let certificate = certificate(folder.path())?;
        let mut environment = environment(&says, folder.path())?;
        environment.extend([
            ("PGHOST".to_owned(), "127.0.0.1".to_owned()),
            ("PGPORT".to_owned(), database.port().to_string()),
            ("PGUSER".to_owned(), "mostik".to_owned()),
            ("PGDATABASE".to_owned(), "postgres".to_owned()),
            ("CURL_CA_BUNDLE".to_owned(), certificate.display().to_string()),
        ]);
        let shared = instead(&says, database.port(), public)?;
        let mut machines = BTreeMap::new();
        for name in ["db", "front", "old"].into_iter().chain(NODES) {
            let mut machine = Machine::new(folder.path().join(name), &environment)?;
            machine.instead.clone_from(&shared);
            machines.insert(name.to_owned(), machine);
        }
        let package = machine::package(folder.path(), &program("mostik-service")?)?;
        for machine in machines.values() {
            fs::copy(&package, machine.root.join("home/mostik-service_1.0_all.deb"))?;
        }
        let mut of_nodes = Vec::new();
        for name in NODES {
            let (listens, measures) = (free_port()?, free_port()?);
            let machine = machines.get_mut(name).context("no such node")?;
            for address in ["0.0.0.0", "127.0.0.1"] {
                machine.instead.push((format!("{address}:8080"), format!("127.0.0.1:{listens}")));
            }
            machine.instead.push(("0.0.0.0:9464".to_owned(), format!("127.0.0.1:{measures}")));
            of_nodes.push((format!("{name}.internal:8080"), format!("127.0.0.1:{listens}")));
            of_nodes.push((format!("{name}.internal:9464"), format!("127.0.0.1:{measures}")));
        }
        let first = machines["node-1"].root.display().to_string();
        let own = |nth: usize| &of_nodes[2 * nth..2 * nth + 2];
        for (name, nth) in NODES.into_iter().zip(0..) {
            let root = machines[name].root.display().to_string();
            // Three machines may listen at one port; here each has its own.
            let mut edits = format!("-e 's|{first}/|{root}/|g'");
            for ((_, theirs), (_, ours)) in own(0).iter().zip(own(nth)) {
                edits += &format!(" -e 's|{theirs}|{ours}|g'");
            }
            let script = format!(
                "for file; do case $file in root@node-1.internal:*)
                    path=${{file#*:{root}}}; sed {edits} \"{first}$path\" > \"{root}$path\" ;; esac; done"
            );
            machines[name].command("scp", &script)?;
        }
        let front = machines.get_mut("front").context("no front")?;
        front.instead.extend(of_nodes);
        front.instead.push(("127.0.0.1:9090".to_owned(), format!("127.0.0.1:{prometheus}")));
        front.unit("haproxy", "/usr/sbin/haproxy -db -f /etc/haproxy/haproxy.cfg")?;
        front.unit("prometheus", &format!("/usr/bin/prometheus --config.file=/etc/prometheus/prometheus.yml --storage.tsdb.path={}/prometheus --web.listen-address=127.0.0.1:{prometheus}", front.root.display()))?;
        for folder in ["etc/haproxy", "etc/prometheus"] {
            fs::create_dir_all(front.root.join(folder))?;
        }
        front.file("etc/ssl/mostik/fullchain.pem", 0o644, &fs::read_to_string(&certificate)?)?;
        front.file("etc/ssl/mostik/privkey.pem", 0o600, &fs::read_to_string(certificate.with_extension("key"))?)?;
        fs::copy(mostik_world::root().join("packaging/observability/alerts.yml"), front.root.join("home/alerts.yml"))?;
        Ok(Self { machines, _database: database, _sandbox: sandbox, _folder: folder })
    }

    /// The database's password is made on its machine; the page says where it lies.
    fn learn_password(&mut self) {
        let file = self.machines["db"].root.join("etc/postgresql/mostik_service.password");
        let Ok(password) = fs::read_to_string(file) else { return };
        for machine in self.machines.values_mut().filter(|machine| !machine.knows("PGPASSWORD=PASSWORD")) {
            let password = password.trim();
            machine.instead.push(("mostik_service:PASSWORD@".to_owned(), format!("mostik_service:{password}@")));
            machine.instead.push(("PGPASSWORD=PASSWORD".to_owned(), format!("PGPASSWORD={password}")));
        }
    }

    /// A node of long ago, on a file, with the settings that the page has made by now.
    fn make_old(&self) -> Result<()> {
        let (old, first) = (&self.machines["old"], &self.machines["node-1"]);
        let settings = fs::read_to_string(first.root.join(SETTINGS))?;
        let settings = settings.replace(&first.root.display().to_string(), &old.root.display().to_string());
        let file = old.root.join("var/lib/mostik-service/mostik.sqlite");
        let own = |line: &str| match line.split_once(" = ") {
            Some(("database", _)) => format!("database = {:?}", file.display().to_string()),
            Some(("previous_secret_key_file", _)) => String::new(),
            _ => line.to_owned(),
        };
        old.file("var/lib/mostik-service/README", 0o644, "")?;
        old.file(SETTINGS, 0o640, &settings.lines().map(own).collect::<Vec<_>>().join("\n"))?;
        old.file(
            "etc/mostik-service/secret_key",
            0o640,
            &fs::read_to_string(first.root.join("etc/mostik-service/secret_key"))?,
        )?;
        let profile =
            json!([{ "phone": "+79000001242", "first_name": "Михаил", "last_name": "Орлов", "role": "pupil" }]);
        old.file("etc/mostik-service/profiles.json", 0o640, &profile.to_string())
    }
}

/// A certificate for this machine by itself, with its key beside it.
fn certificate(folder: &Path) -> Result<std::path::PathBuf> {
    let path = folder.join("front.pem");
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"])
        .args(["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out"])
        .arg(&path)
        .arg("-keyout")
        .arg(path.with_extension("key"))
        .output()?;
    ensure!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
    Ok(path)
}

#[test]
fn every_command_of_the_page_does_what_it_says() -> Result<()> {
    let blocks = page::blocks()?;
    ensure!(blocks.len() > 10, "the page has {} blocks of commands", blocks.len());
    let mut site = Site::new()?;
    for block in blocks {
        site.learn_password();
        for name in &block.machines {
            if name == "old" && !site.machines["old"].root.join(SETTINGS).exists() {
                site.make_old()?;
            }
            let machine =
                site.machines.get(name).with_context(|| format!("line {}: no machine `{name}`", block.line))?;
            let printed = machine
                .run(&block.commands)
                .with_context(|| format!("docs/operating.md, line {}, on {name}", block.line))?;
            println!("docs/operating.md:{} on {name}\n{printed}", block.line);
        }
    }
    Ok(())
}
