//! TLS by the service itself: real handshakes, before and after its certificate changes.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use futures_util::future::join_all;
use mostik_service::{Config, tls::State};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
    sync::watch,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, ServerName},
    },
};

use crate::{
    connections::{SHORT, allow_many_files, rest},
    world::{DAY, World},
};

/// The first of January 2100: further ahead than any machine's clock that runs this.
const END: i64 = 4_102_444_800_000;

/// A certificate for 127.0.0.1, and its key.
struct Pair {
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    key_pem: String,
}

impl Pair {
    fn new() -> Self {
        let mut wanted = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        wanted.not_after = date_time_ymd(2100, 1, 1);
        let key = KeyPair::generate().unwrap();
        let made = wanted.self_signed(&key).unwrap();
        Self { certificate: made.der().clone(), certificate_pem: made.pem(), key_pem: key.serialize_pem() }
    }

    /// Puts both in place, each in one step.
    fn put(&self, dir: &Path) {
        replace(&dir.join("key.pem"), &self.key_pem);
        replace(&dir.join("certificate.pem"), &self.certificate_pem);
    }
}

fn replace(file: &Path, text: &str) {
    let new = file.with_extension("new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(new, file).unwrap();
}

fn settings(dir: &Path) -> [(&'static str, String); 2] {
    let path = |name: &str| dir.join(name).display().to_string();
    [("MOSTIK_TLS_CERTIFICATE", path("certificate.pem")), ("MOSTIK_TLS_KEY", path("key.pem"))]
}

async fn world(first: &Pair) -> World {
    world_with(first, &[]).await
}

async fn world_with(first: &Pair, extra: &[(&str, &str)]) -> World {
    let dir = tempfile::tempdir().unwrap();
    first.put(dir.path());
    let settings = settings(dir.path());
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    World::in_dir(dir, &[&settings, extra].concat()).await
}

fn certificate(world: &World) -> watch::Receiver<State> {
    world.service.as_ref().unwrap().certificate.clone().unwrap()
}

/// An open connection.
struct Connection(BufStream<TlsStream<TcpStream>>);

impl Connection {
    /// Shakes hands and verifies: `None` where another certificate than this is presented.
    async fn open(world: &World, trusted: &Pair) -> Option<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.certificate.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let address: SocketAddr = world.url().strip_prefix("https://").unwrap().parse().unwrap();
        let tcp = TcpStream::connect(address).await.unwrap();
        let name = ServerName::from(address.ip());
        let tls = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.ok()?;
        assert_eq!(tls.get_ref().1.peer_certificates().unwrap(), std::slice::from_ref(&trusted.certificate));
        Some(Self(BufStream::new(tls)))
    }

    async fn get(&mut self, path: &str) -> Value {
        self.0.write_all(format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
        let (mut length, mut line) = (0, String::new());
        self.0.read_line(&mut line).await.unwrap();
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
        while line != "\r\n" {
            line.clear();
            self.0.read_line(&mut line).await.unwrap();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

#[tokio::test]
async fn a_broken_pair_is_named_before_the_start() {
    let (one, other) = (Pair::new(), Pair::new());
    let world = world(&one).await;
    let dir = world.dir.path();
    let fault = || {
        let settings = settings(dir);
        let env = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        Config::from_parts(&world.config_text(), &env).err().map(|faults| faults[0].to_string())
    };
    assert_eq!(fault(), None);
    for (certificate, key, said) in [
        (&one.certificate_pem, &other.key_pem, "tls.key: "),
        (&one.certificate_pem, &one.certificate_pem, "key.pem holds no private key. Name a PEM file"),
        (&one.key_pem, &one.key_pem, "certificate.pem holds no certificate. Name a PEM file"),
        (
            &one.certificate_pem.replace("MII", "MIJ"),
            &one.key_pem,
            "certificate.pem holds a damaged certificate. Have it issued anew",
        ),
    ] {
        replace(&dir.join("certificate.pem"), certificate);
        replace(&dir.join("key.pem"), key);
        let told = fault().unwrap();
        assert!(told.contains(said), "{told}");
    }
    std::fs::remove_file(dir.join("key.pem")).unwrap();
    assert!(fault().unwrap().contains("key.pem cannot be read"));
}

#[tokio::test]
async fn a_new_certificate_is_taken_up_and_a_broken_one_refused_while_connections_go_on() {
    let pairs = [Pair::new(), Pair::new(), Pair::new()];
    let world = world(&pairs[0]).await;
    let dir = world.dir.path();
    let mut changes = certificate(&world);
    assert!(Connection::open(&world, &pairs[1]).await.is_none(), "another's certificate would be taken");
    let mut open = Connection::open(&world, &pairs[0]).await.unwrap();
    let health = open.get("/health/ready").await;
    assert_eq!(health["tls"], serde_json::json!({ "state": "ok", "valid_until": END, "refused": false }));

    pairs[1].put(dir);
    changes.wait_for(|state| state.taken == 2).await.unwrap();
    assert!(Connection::open(&world, &pairs[0]).await.is_none());
    Connection::open(&world, &pairs[1]).await.unwrap().get("/health/live").await;
    assert_eq!(open.get("/health/ready").await["tls"]["refused"], false);

    for break_it in [|| None, || Some(Pair::new().key_pem), || Some("no key".to_owned())] {
        match break_it() {
            None => std::fs::remove_file(dir.join("key.pem")).unwrap(),
            Some(text) => replace(&dir.join("key.pem"), &text),
        }
        changes.wait_for(|state| state.refused).await.unwrap();
        let mut new = Connection::open(&world, &pairs[1]).await.unwrap();
        assert_eq!(new.get("/health/ready").await["tls"]["refused"], true);
        pairs[2].put(dir);
        let taken = changes.wait_for(|state| !state.refused).await.unwrap().taken;
        assert!(Connection::open(&world, &pairs[2]).await.is_some());
        pairs[1].put(dir);
        changes.wait_for(|state| state.taken > taken && !state.refused).await.unwrap();
    }
    open.get("/health/live").await;
}

#[tokio::test]
async fn readiness_warns_a_fortnight_before_the_end() {
    let pair = Pair::new();
    let world = world(&pair).await;
    let mut open = Connection::open(&world, &pair).await.unwrap();
    for (at, state) in
        [(END - 14 * DAY - 1, "ok"), (END - 14 * DAY, "expiring"), (END - 1, "expiring"), (END, "expired")]
    {
        world.set_clock(at);
        assert_eq!(open.get("/health/ready").await["tls"]["state"], state, "{at}");
    }
    // One that has run out as well is no remedy.
    Pair::new().put(world.dir.path());
    certificate(&world).wait_for(|state| state.refused).await.unwrap();
    assert!(Connection::open(&world, &pair).await.is_some());
}

#[tokio::test]
async fn plain_http_is_not_answered_and_keeps_nobody_waiting() {
    let pair = Pair::new();
    let world = world(&pair).await;
    let address = world.url().strip_prefix("https://").unwrap();
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    plain.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    Connection::open(&world, &pair).await.unwrap().get("/health/live").await;
    silent.shutdown().await.unwrap();
}

#[tokio::test]
async fn half_done_handshakes_are_ended_and_others_are_served_meanwhile() {
    allow_many_files();
    let pair = Pair::new();
    let world = world_with(&pair, &[&SHORT[..], &[("MOSTIK_CONNECTIONS_OF_ONE_ADDRESS", "900")]].concat()).await;
    let address = world.url().strip_prefix("https://").unwrap();
    let opened = join_all((0..800).map(async |nth| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The beginning of a ClientHello, or nothing.
        stream.write_all(if nth % 2 == 0 { b"\x16\x03\x01\x02\x00\x01" } else { b"" }).await.unwrap();
        stream
    }))
    .await;
    let mut well = Connection::open(&world, &pair).await.unwrap();
    well.get("/health/ready").await;
    for said in join_all(opened.into_iter().map(async |mut stream| rest(&mut stream).await)).await {
        assert_eq!(said, "");
    }
    // Who has shaken hands has the time of a connection without a request.
    assert_eq!(well.0.read(&mut [0; 16]).await.unwrap(), 0);
}

#[tokio::test]
async fn the_log_says_why_a_pair_is_refused_and_what_to_do() {
    let pair = Pair::new();
    let mut world = world(&pair).await;
    world.stop().await;
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, world.config_text()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mostik-service"));
    command.env_clear().envs(settings(world.dir.path())).args(["serve", "--config"]).arg(&file);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    assert!(ready.contains("https://127.0.0.1:"), "{ready}");
    replace(&world.dir.path().join("key.pem"), &Pair::new().key_pem);
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let told = log.find(|line| line.contains("certificate is refused")).unwrap();
    assert!(told.contains("ERROR") && told.contains("the former one goes on"), "{told}");
    assert!(told.contains("tls.key: ") && told.contains("Put the key there"), "{told}");
    child.kill().unwrap();
    child.wait().unwrap();
}
