//! An SMS centre that we did not write (node-smpp), as a process that does what a test tells it.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::mpsc;

const PATIENCE: Duration = Duration::from_secs(30);
const HINT: &str = "these tests need Node 20.19 or newer, and node-smpp in target/tools/smsc: `cargo xtask test` puts it there, or \
    copy package.json, package-lock.json and .npmrc from crates/service/tests/smsc there and run `npm ci`";

pub struct Smsc {
    child: Child,
    pub port: u16,
    said: tokio::sync::Mutex<mpsc::UnboundedReceiver<Value>>,
    unread: Mutex<VecDeque<Value>>,
}

impl Smsc {
    /// A centre whose ids are `decimal`, or `hex` with zeros before them.
    pub async fn start(ids: &str) -> Self {
        Self::start_from(ids, 100).await
    }

    /// The same, with the number before its first id.
    pub async fn start_from(ids: &str, first: u32) -> Self {
        Self::start_with(ids, first, None).await
    }

    /// One that speaks TLS, with the certificate that lies in this folder.
    pub async fn start_tls(folder: &Path) -> Self {
        Self::start_with("decimal", 100, Some(folder)).await
    }

    async fn start_with(ids: &str, first: u32, folder: Option<&Path>) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
        let packages = target.join("tools/smsc");
        assert!(packages.join("node_modules/smpp").exists(), "{HINT}");
        let mut child = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smsc/server.js"))
            .arg(packages)
            .args([ids, &first.to_string()])
            .args(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{HINT} ({error})"));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (say, said) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if say.send(serde_json::from_str::<Value>(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        let mut smsc = Self { child, port: 0, said: tokio::sync::Mutex::new(said), unread: Mutex::default() };
        smsc.port = u16::try_from(smsc.next("port").await.as_u64().unwrap()).unwrap();
        smsc
    }

    /// The centre, as the configuration names it; `more` are further lines.
    pub fn centre(&self, name: &str, more: &str) -> String {
        format!(
            "[[sms.centre]]\nname = {name:?}\nsmpp = \"127.0.0.1:{}\"\nsystem_id = \"mostik\"\npassword = \"pw\"\n{more}\n",
            self.port
        )
    }

    pub fn tell(&mut self, command: &Value) {
        let inlet = self.child.stdin.as_mut().expect("piped");
        writeln!(inlet, "{command}").expect("the centre reads");
    }

    pub fn set(&mut self, change: Value) {
        self.tell(&json!({ "set": change }));
    }

    /// The next thing of this name that it says and no test has read.
    pub async fn next(&self, name: &str) -> Value {
        loop {
            {
                let mut unread = self.unread.lock().unwrap();
                if let Some(at) = unread.iter().position(|said| said.get(name).is_some()) {
                    return unread.remove(at).unwrap()[name].take();
                }
            }
            let said = tokio::time::timeout(PATIENCE, async { self.said.lock().await.recv().await }).await;
            let said = said.unwrap_or_else(|_| panic!("the centre says {name:?} in time")).expect("the centre runs");
            self.unread.lock().unwrap().push_back(said);
        }
    }

    /// What it said of this name so far, and no test has read.
    pub async fn so_far(&self, name: &str) -> usize {
        let mut said = self.said.lock().await;
        let mut unread = self.unread.lock().unwrap();
        while let Ok(more) = said.try_recv() {
            unread.push_back(more);
        }
        unread.iter().filter(|said| said.get(name).is_some()).count()
    }

    /// The next message that it gets, and the code in it.
    pub async fn submitted(&self) -> (Value, String) {
        let submitted = self.next("submitted").await;
        let text = submitted["text"].as_str().unwrap();
        let code = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        (submitted, code)
    }

    /// The id that it gives to the next message.
    pub async fn accepted(&self) -> String {
        let answered = self.next("answered").await;
        assert_eq!(answered["status"], 0, "{answered}");
        answered["id"].as_str().unwrap().to_owned()
    }

    /// Sends a `deliver_sm`, and answers with the status that it was acknowledged with.
    pub async fn deliver(&mut self, fields: Value) -> u64 {
        self.tell(&json!({ "deliver": fields }));
        self.next("delivered").await["status"].as_u64().unwrap()
    }

    /// A receipt in the form of SMPP 3.4's appendix B.
    pub async fn receipt(&mut self, id: &str, phone: &str, stat: &str) {
        let text =
            format!("id:{id} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:{stat} err:000 text:");
        let phone: String = phone.chars().filter(char::is_ascii_digit).collect();
        let fields = json!({ "esm_class": 4, "source_addr": phone, "destination_addr": "Mostik", "text": text });
        assert_eq!(self.deliver(fields).await, 0);
    }
}

impl Drop for Smsc {
    fn drop(&mut self) {
        // The end of its input ends it; waiting leaves no zombie.
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}
