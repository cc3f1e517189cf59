//! The scripted service: plain blocking sockets on threads, so that it can break off anywhere and knows no runtime.

use std::{
    collections::{HashMap, VecDeque},
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use mostik_wire::{
    Account, Channel, ClassChat, Code, CodeStep, Delivery, LinkSummary, Linking, LinkingId, Me, Messengers, Millis,
    Pages, Problem, Pupil, PupilId, Role, Schedule, SchoolDay, Step,
};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

/// How one request is answered, in the place of the usual answer.
#[derive(Clone)]
pub enum Answer {
    /// A status with headers and a body.
    With(u16, Vec<(&'static str, String)>, String),
    /// Fewer bytes than announced.
    Truncated,
    /// The first bytes of an answer, its head included; then the connection ends.
    Cut(Box<Self>, usize),
    /// A byte now and then.
    Slowly(Box<Self>, Duration),
    /// The connection is reset when the request was read.
    Reset,
    /// Nothing ever comes.
    Hang,
    /// The request has its effect, but its answer is lost.
    Lost,
    /// A stream of events that then stays open.
    Stream(Vec<String>),
    /// A stream of events that then ends.
    StreamThatEnds(Vec<String>),
}

impl Answer {
    pub fn problem(code: Code) -> Self {
        Self::refused(&Problem::new(code))
    }

    pub fn request_refused(code: Code, request: &str) -> Self {
        Self::refused(&Problem { request_id: Some(request.into()), ..Problem::new(code) })
    }

    fn refused(problem: &Problem) -> Self {
        let (code, problem) = (problem.code, serde_json::to_string(problem).unwrap());
        Self::With(code.status(), vec![("Content-Type", "application/problem+json".into())], problem)
    }

    pub fn html(status: u16) -> Self {
        let page = "<!doctype html><title>Wi-Fi</title>".into();
        Self::With(status, vec![("Content-Type", "text/html; charset=utf-8".into())], page)
    }

    pub fn status(status: u16) -> Self {
        Self::With(status, vec![], String::new())
    }

    pub fn retry_after(status: u16, value: String) -> Self {
        Self::With(status, vec![("Retry-After", value)], String::new())
    }

    pub fn json(text: &str) -> Self {
        Self::With(200, vec![("Content-Type", "application/json".into())], text.into())
    }

    /// As it goes over the network.
    pub fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes, &[]).expect("memory takes everything");
        bytes
    }
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
    /// When it was read.
    pub at: Instant,
}

impl Seen {
    pub fn key(&self) -> Option<&str> {
        self.headers.get("idempotency-key").map(String::as_str)
    }
}

/// The handle of a running service.
pub struct Service {
    pub url: String,
    inside: Arc<Inside>,
}

struct Inside {
    model: Mutex<Model>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct Model {
    seen: Vec<Seen>,
    scripts: HashMap<String, VecDeque<Answer>>,
    always: HashMap<String, Answer>,
    headers: Vec<(&'static str, String)>,
    tokens: u32,
    expired: bool,
    ended: bool,
    linking: Option<Linking>,
    challenge: Option<String>,
    held: Vec<TcpStream>,
    out_of_reach: bool,
}

impl Service {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inside = Arc::new(Inside { model: Mutex::default(), count: watch::Sender::new(0) });
        let shared = Arc::clone(&inside);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        Self { url, inside }
    }

    fn model(&self) -> MutexGuard<'_, Model> {
        self.inside.model.lock().unwrap()
    }

    /// The next answers to `GET /path`, in order; then the usual ones.
    pub fn script(&self, request: &str, answers: impl IntoIterator<Item = Answer>) {
        self.model().scripts.entry(request.to_owned()).or_default().extend(answers);
    }

    /// Every answer to `GET /path` from now on, unless scripted.
    pub fn always(&self, request: &str, answer: Answer) {
        self.model().always.insert(request.to_owned(), answer);
    }

    /// The usual answers again.
    pub fn as_usual(&self) {
        let mut model = self.model();
        model.always.clear();
        model.scripts.clear();
        model.out_of_reach = false;
    }

    /// Every connection is reset from now on.
    pub fn out_of_reach(&self) {
        self.model().out_of_reach = true;
    }

    /// Headers of every usual answer.
    pub fn headers(&self, headers: Vec<(&'static str, String)>) {
        self.model().headers = headers;
    }

    pub fn set_linking(&self, linking: Linking) {
        self.model().linking = Some(linking);
    }

    /// Expects this PKCE challenge with the next code.
    pub fn expect_challenge(&self, challenge: &str) {
        self.model().challenge = Some(challenge.to_owned());
    }

    /// New tokens; the ones before are expired.
    pub fn give_tokens(&self) -> (String, String) {
        self.model().give()
    }

    /// The present access token's ten minutes are over.
    pub fn expire_access(&self) {
        self.model().expired = true;
    }

    pub fn end_session(&self) {
        self.model().ended = true;
    }

    /// The requests `GET /path` so far.
    pub fn seen(&self, request: &str) -> Vec<Seen> {
        self.all().into_iter().filter(|s| format!("{} {}", s.method, s.path) == request).collect()
    }

    pub fn all(&self) -> Vec<Seen> {
        self.model().seen.clone()
    }

    /// Waits until `GET /path` came this often.
    pub async fn until_seen(&self, request: &str, times: usize) {
        let mut count = self.inside.count.subscribe();
        let came = count.wait_for(|_| self.seen(request).len() >= times);
        super::soon::soon(came).await.unwrap();
    }
}

pub const PHONE: &str = "8 900 000-12-42";

pub const ACCESS: &str = "ACCESS-MARKER-";
pub const REFRESH: &str = "REFRESH-MARKER-";

impl Model {
    fn give(&mut self) -> (String, String) {
        self.tokens += 1;
        self.expired = false;
        (format!("{ACCESS}{}", self.tokens), format!("{REFRESH}{}", self.tokens))
    }

    fn usual(&mut self, seen: &Seen) -> Answer {
        match (seen.method.as_str(), seen.path.as_str()) {
            ("GET", "/health/live" | "/health/ready") => Answer::json(r#"{"status":"ok"}"#),
            ("POST", "/oauth/token") => self.token(seen),
            ("POST", "/oauth/revoke") => {
                self.ended = true;
                Answer::status(200)
            }
            _ if self.ended && !self.expired => Answer::problem(Code::SessionEnded),
            _ if self.expired
                || seen.headers.get("authorization") != Some(&format!("Bearer {ACCESS}{}", self.tokens)) =>
            {
                Answer::problem(Code::Unauthorized)
            }
            ("POST", _) if seen.key().is_none() => Answer::problem(Code::IdempotencyKeyMissing),
            ("GET", "/v1/me") => json(&me()),
            ("GET", path) if path.starts_with("/v1/pupils/p1/schedule?date=") => {
                let date = path.rsplit('=').next().unwrap_or_default().to_owned();
                json(&Schedule { days: vec![SchoolDay { date, lessons: vec![] }] })
            }
            ("POST", "/v1/linkings") => self.moved(Step::Contact { former: None }),
            ("POST", "/v1/linkings/l1/contact") => self.moved(step_code()),
            ("POST", _) => Answer::problem(Code::CodeWrong),
            ("GET", "/v1/linkings/l1") => self.linking.as_ref().map_or_else(|| Answer::status(500), json),
            ("GET", "/v1/linkings") => json(&self.linking.iter().collect::<Vec<_>>()),
            ("GET", "/v1/linkings/l1/events" | "/v1/events") => {
                let linking = self.linking.as_ref().map(event);
                Answer::Stream([": here\n\n".into()].into_iter().chain(linking).collect())
            }
            _ => Answer::problem(Code::NotFound),
        }
    }

    fn moved(&mut self, step: Step) -> Answer {
        let version = self.linking.as_ref().map_or(0, |l| l.version) + 1;
        json(self.linking.insert(linking(version, step)))
    }

    fn token(&mut self, seen: &Seen) -> Answer {
        let fields: HashMap<String, String> = url::form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect();
        let good = match fields["grant_type"].as_str() {
            "refresh_token" => !self.ended && fields["refresh_token"] == format!("{REFRESH}{}", self.tokens),
            _ => {
                let verifier = BASE64URL.encode(Sha256::digest(&fields["code_verifier"]));
                self.ended = false;
                self.challenge.take() == Some(verifier)
            }
        };
        if !good {
            let body = r#"{"error":"invalid_grant","error_description":"?"}"#.into();
            return Answer::With(400, vec![("Content-Type", "application/json".into())], body);
        }
        let (access, refresh) = self.give();
        let tokens = serde_json::json!({
            "access_token": access, "token_type": "Bearer", "expires_in": 600, "refresh_token": refresh,
        });
        json(&tokens)
    }
}

impl Inside {
    fn serve(&self, mut stream: TcpStream) {
        let Some(seen) = read(&stream) else { return };
        let request = format!("{} {}", seen.method, seen.path);
        let mut model = self.model.lock().unwrap();
        model.seen.push(seen.clone());
        let scripted = model.scripts.get_mut(&request).and_then(VecDeque::pop_front);
        let scripted = if model.out_of_reach { Some(Answer::Reset) } else { scripted };
        let scripted = scripted.or_else(|| model.always.get(&request).cloned());
        let lost = matches!(scripted, Some(Answer::Lost));
        let mut answer = match scripted {
            Some(answer) if !lost => answer,
            _ => model.usual(&seen),
        };
        if lost {
            answer = Answer::Reset;
        }
        let extra = model.headers.clone();
        let kept = match answer {
            Answer::Hang | Answer::Stream(_) => stream.try_clone().ok(),
            _ => None,
        };
        model.held.extend(kept);
        drop(model);
        self.count.send_modify(|count| *count += 1);
        if matches!(answer, Answer::Reset) {
            drop(stream.shutdown(Shutdown::Both));
        }
        // A client that went away is one of the things that are tested.
        drop(answer.write(&mut stream, &extra));
    }
}

impl Answer {
    fn write(self, stream: &mut impl Write, extra: &[(&'static str, String)]) -> std::io::Result<()> {
        match self {
            Self::With(status, headers, body) => {
                write!(stream, "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n", body.len())?;
                for (name, value) in headers.iter().chain(extra) {
                    write!(stream, "{name}: {value}\r\n")?;
                }
                write!(stream, "\r\n{body}")
            }
            Self::Truncated => {
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{{\"acc"
                )
            }
            Self::Cut(whole, at) => stream.write_all(&whole.bytes()[..at]),
            Self::Slowly(whole, pause) => whole.bytes().chunks(1).try_for_each(|byte| {
                std::thread::sleep(pause);
                stream.write_all(byte)
            }),
            Self::Hang | Self::Reset | Self::Lost => Ok(()),
            Self::Stream(ref events) | Self::StreamThatEnds(ref events) => {
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")?;
                events.iter().try_for_each(|event| stream.write_all(event.as_bytes()))
            }
        }
    }
}

fn read(stream: &TcpStream) -> Option<Seen> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").map_or(0, |l| l.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Seen { method, path, headers, body: String::from_utf8(body).ok()?, at: Instant::now() })
}

fn json(body: &impl serde::Serialize) -> Answer {
    Answer::json(&serde_json::to_string(body).unwrap())
}

/// A linking as an event of the stream.
pub fn event(linking: &Linking) -> String {
    let json = serde_json::to_string(linking).unwrap();
    format!("event: linking\nid: {}\ndata: {json}\n\n", linking.version)
}

pub fn linking(version: u64, step: Step) -> Linking {
    let (id, pupil) = (LinkingId("l1".into()), PupilId("p1".into()));
    Linking { id, pupil, version, step, server_time: Millis(0) }
}

pub fn step_code() -> Step {
    Step::Code(CodeStep {
        channel: Channel::Sms,
        contact: PHONE.into(),
        expires_at: Millis(i64::MAX / 2),
        resend_at: Millis(0),
        tries_left: 5,
        nth: 1,
        delivery: Delivery::Sent,
    })
}

pub fn me() -> Me {
    let page = || "https://school.example/".to_owned();
    Me {
        account: Account { first_name: "Миша".into(), last_name: "Орлов".into(), role: Role::Pupil },
        pupils: vec![Pupil {
            id: PupilId("p1".into()),
            first_name: "Миша".into(),
            last_name: "Орлов".into(),
            class_name: "8-Б".into(),
            school: None,
            under_14: false,
            link: LinkSummary::NotLinked,
            chats: vec![ClassChat { title: "8 «Б»".into(), url: None }],
        }],
        pages: Pages { library: page(), portfolio: page(), support: page(), get_max: page() },
        messengers: Messengers::default(),
    }
}
