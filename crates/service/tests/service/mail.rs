//! A mail server that we did not write (aiosmtpd), as a process, with certificates made here.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::MessageParser;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::Value;
use tokio::sync::mpsc;

const PATIENCE: Duration = Duration::from_secs(30);

pub const USER: &str = "mostik";
pub const PASSWORD: &str = "a-password-of-the-mail-server";

/// What the server says: a letter it took, or a recipient it turned away.
pub struct Mail {
    child: Child,
    pub port: u16,
    pub dir: tempfile::TempDir,
    said: tokio::sync::Mutex<mpsc::UnboundedReceiver<Value>>,
    unread: Mutex<VecDeque<Value>>,
}

/// A letter as it arrived.
#[derive(Debug)]
pub struct Arrived {
    pub envelope: Value,
    pub raw: Vec<u8>,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Arrived {
    /// The first run of digits in the subject.
    pub fn code(&self) -> String {
        self.subject.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.raw).into_owned();
        let start = format!("{}:", name.to_lowercase());
        let line = text.lines().take_while(|l| !l.is_empty()).find(|l| l.to_lowercase().starts_with(&start))?;
        Some(line[start.len()..].trim().to_owned())
    }
}

// Where `xtask` puts it, or what the system has.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let own = target.join("tools/mail/bin/python");
    if own.exists() { own } else { "python3".into() }
}

impl Mail {
    /// Starts the server; `security` as in the settings.
    pub async fn start(security: &str) -> Self {
        Self::start_at(security, 0).await
    }

    pub async fn start_at(security: &str, port: u16) -> Self {
        let dir = tempfile::tempdir().unwrap();
        write_certificates(dir.path());
        let mut command = Command::new(python());
        command
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mail/server.py"))
            .args(["--security", security, "--port", &port.to_string()])
            .arg("--cert")
            .arg(dir.path().join("server.pem"))
            .arg("--key")
            .arg(dir.path().join("server.key"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if security != "none" {
            command.args(["--user", USER, "--password", PASSWORD]);
        }
        const HINT: &str = "the mail tests need Python 3 with aiosmtpd: \
            python3 -m venv target/tools/mail && target/tools/mail/bin/pip install aiosmtpd==1.4.6";
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{HINT} ({e})"));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (say, mut said) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if say.send(serde_json::from_str::<Value>(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        let ready =
            tokio::time::timeout(PATIENCE, said.recv()).await.ok().flatten().unwrap_or_else(|| panic!("{HINT}"));
        let port = u16::try_from(ready["port"].as_u64().unwrap()).unwrap();
        Self { child, port, dir, said: tokio::sync::Mutex::new(said), unread: Mutex::default() }
    }

    /// The settings that lead the service here.
    pub fn settings(&self, security: &str) -> Vec<(String, String)> {
        let mut settings = vec![("MAIL_PORT", self.port.to_string()), ("MAIL_SECURITY", security.to_owned())];
        if security != "none" {
            settings.push(("MAIL_USER", USER.to_owned()));
            settings.push(("MAIL_PASSWORD", PASSWORD.to_owned()));
            settings.push(("MAIL_CA_FILE", self.dir.path().join("ca.pem").display().to_string()));
        }
        settings.into_iter().map(|(name, value)| (format!("MOSTIK_{name}"), value)).collect()
    }

    /// The next thing said that fits and that no test has read yet.
    pub async fn next(&self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            {
                let mut unread = self.unread.lock().unwrap();
                if let Some(at) = unread.iter().position(&fits) {
                    return unread.remove(at).unwrap();
                }
            }
            let said = tokio::time::timeout(PATIENCE, async { self.said.lock().await.recv().await }).await;
            let said = said.expect("the mail server says something in time").expect("the mail server runs");
            self.unread.lock().unwrap().push_back(said);
        }
    }

    /// The next letter to an address (as SMTP names it).
    pub async fn letter(&self, to: &str) -> Arrived {
        let envelope = self.next(|said| said["to"][0] == to).await;
        let raw = STANDARD.decode(envelope["data"].as_str().unwrap()).unwrap();
        let message = MessageParser::default().parse(&raw).unwrap();
        let subject = message.subject().unwrap_or_default().to_owned();
        let text = message.body_text(0).unwrap_or_default().into_owned();
        let html = message.body_html(0).unwrap_or_default().into_owned();
        Arrived { raw: raw.clone(), envelope, subject, text, html }
    }

    /// What was said and nobody read, so far.
    pub async fn left_unread(&self) -> Vec<Value> {
        let mut said = self.said.lock().await;
        let mut unread = self.unread.lock().unwrap();
        while let Ok(more) = said.try_recv() {
            unread.push_back(more);
        }
        unread.iter().cloned().collect()
    }
}

impl Drop for Mail {
    fn drop(&mut self) {
        // The end of its input ends it; waiting leaves no zombie.
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}

/// An authority of its own, and a certificate of it for 127.0.0.1.
pub fn write_certificates(dir: &Path) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "An authority of the tests");
    let ca_key = KeyPair::generate().unwrap();
    let ca = params.self_signed(&ca_key).unwrap();
    let issuer = Issuer::new(params, ca_key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["127.0.0.1".into()]).unwrap().signed_by(&key, &issuer).unwrap();
    std::fs::write(dir.join("ca.pem"), ca.pem()).unwrap();
    std::fs::write(dir.join("server.pem"), server.pem()).unwrap();
    std::fs::write(dir.join("server.key"), key.serialize_pem()).unwrap();
}
