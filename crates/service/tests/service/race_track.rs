//! Two nodes on one database, without senders: what decides a race is one transaction on each side, thousands of times.

use std::sync::{Arc, Mutex};

use axum::Router;
use futures_util::future::join_all;
use mostik_linking::{Aim, AtMax, Link, Linked, Sealed, SentCode, Step, Ticket, Visitor};
use mostik_service::{
    Config,
    app::App,
    clock::{Clock, Entropy},
    keys::Keys,
    max, router, service,
};
use mostik_store::{
    Store,
    blocks::{self, Blockable},
    sql,
};
use mostik_wire::{Code, Contact, Delivery, Email, LinkingId, Millis, Phone};
use rand::{Rng, RngCore, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};

use crate::world::{Database, MORNING, SECRET_KEY};

pub const TOKEN: &str = "t0ken-of-the-races";
const CODE: &str = "123456";

struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis(MORNING)
    }
}

/// Randomness from a seed.
pub struct Seeded(pub Mutex<StdRng>);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}

/// What somebody does at the same time as the others.
#[derive(Clone, Debug)]
pub enum Act {
    /// MAX brings this.
    Hears(Value),
    /// The pupil's profile is unlinked.
    Unlinks(Pupil),
    /// The pupil's profile by mail is linked.
    Confirms(Pupil),
    /// The pupil, whose profile has no number, says whose MAX it is; too early where nobody has asked.
    SaysWhoseMax(Pupil),
    /// An operator blocks the pupil's profile. Who is linked to it by then is noted.
    Blocks(Pupil, Arc<Mutex<Option<String>>>),
}

/// A pupil with an account, a linking and a profile.
#[derive(Clone, Debug)]
pub struct Pupil {
    /// The id of each.
    pub id: String,
    /// The profile that the linking is about.
    pub profile: String,
    pub phone: String,
    pub user: i64,
    pub ticket: String,
}

/// How a pupil stands at the start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// By SMS, at MAX, the link opened there.
    Opened,
    /// By SMS, at MAX, with a ticket.
    AtMax,
    /// By SMS, linked.
    Linked,
    /// By mail, the yes is missing.
    MailAtProfile,
    /// By mail, linked, MAX is offered.
    MailAtMax,
}

impl Start {
    const fn is_by_mail(self) -> bool {
        matches!(self, Self::MailAtProfile | Self::MailAtMax)
    }

    const fn has_link(self) -> bool {
        matches!(self, Self::Linked | Self::MailAtMax)
    }
}

pub struct Track {
    nodes: Vec<(App, String)>,
    http: reqwest::Client,
    sealed: String,
    users: i64,
    _database: Database,
    _dir: tempfile::TempDir,
}

impl Track {
    pub async fn new() -> Self {
        // In memory where that is to be had: what is tried is the order of things, not the disk.
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let database = Database::new();
        let text = settings(&database.address(dir.path()), "http://127.0.0.1:9");
        let entropy = Arc::new(Seeded(Mutex::new(StdRng::seed_from_u64(42))));
        let mut nodes = Vec::new();
        for _ in 0..2 {
            nodes.push(node(&text, entropy.clone()).await);
        }
        let sealed = nodes[0].0.live().keys.seal(&*entropy, "a-handle");
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let track = Self { nodes, http, sealed, users: 1_000_000, _database: database, _dir: dir };
        // Whose MAX account goes with which linking by SMS, for the invariants.
        write(track.db(), "CREATE TABLE race_users (linking_id TEXT PRIMARY KEY, max_user BIGINT)").await;
        track
    }

    fn db(&self) -> &Store {
        &self.nodes[0].0.store
    }

    pub fn new_user(&mut self) -> i64 {
        self.users += 1;
        self.users
    }

    /// A pupil of a round; without `profile` the pupil has one of its own, of the start's kind.
    pub async fn pupil(&mut self, id: &str, start: Start, profile: Option<&Pupil>) -> Pupil {
        let user = self.new_user();
        let own = format!("+79{:09}", user % 1_000_000_000);
        let pupil = Pupil {
            id: id.to_owned(),
            profile: profile.map_or(id, |other| &other.profile).to_owned(),
            phone: profile.map_or(own, |other| other.phone.clone()),
            user,
            ticket: format!("{user:022}"),
        };
        write(self.db(), &self.rows_of(&pupil, start, profile.is_none())).await;
        pupil
    }

    fn rows_of(&self, pupil: &Pupil, start: Start, with_profile: bool) -> String {
        let Pupil { id, profile, phone, user, ticket } = pupil;
        let live = self.nodes[0].0.live();
        let keys = &*live.keys;
        let address = format!("{profile}@mail.test");
        let email = Email::parse(&address).unwrap().key();
        let (channel, contact, key) =
            if start.is_by_mail() { ("mail", &address, &email) } else { ("sms", phone, phone) };
        let mut rows = rows_of_account(keys, id, MORNING + 1);
        if with_profile {
            let linked = if start == Start::Linked { user.to_string() } else { "NULL".into() };
            let (phone, email) = if start.is_by_mail() {
                ("NULL".into(), format!("'{email}'"))
            } else {
                (format!("'{phone}'"), "NULL".into())
            };
            rows += &format!(
                "INSERT INTO profiles (id, phone, email, email_key, first_name, last_name, role, max_user, created_at)
                 VALUES ('{profile}', {phone}, {email}, {email}, 'Анна', 'Орлова', 'pupil', {linked}, 0);"
            );
        }
        let step = step_of(pupil, start, keys, &self.sealed);
        let state = serde_json::to_string(&step).unwrap();
        let ticket_hash = keys.token_hash("ticket", ticket);
        let ticket_hash = step.at_max().map_or("NULL".into(), |_| format!("'{ticket_hash}'"));
        let max_user = step.max_user().map_or("NULL".into(), |user| user.to_string());
        let name = if step.at_max().is_some() {
            "max"
        } else if start == Start::Linked {
            "linked"
        } else {
            "profile"
        };
        rows += &format!(
            "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, created_at, updated_at, contact, codes,
                 profile_id, ticket_hash, max_user, state)
             VALUES ('{id}', '{id}', 1, 1, '{name}', 0, {MORNING}, '{contact}', 1, '{profile}', {ticket_hash}, {max_user}, '{state}');
             INSERT INTO codes (linking_id, nth, purpose, code_hash, channel, contact, expires_at)
             VALUES ('{id}', 1, 'owner', '{}', '{channel}', '{contact}', {});
             INSERT INTO race_users (linking_id, max_user) VALUES ('{id}', {user});",
            keys.code_hash(&LinkingId(id.clone()), key, CODE),
            MORNING + 1,
        );
        if start.has_link() {
            rows += &format!(
                "INSERT INTO links (pupil_id, profile_id, linking_id, linked_at) VALUES ('{id}', '{profile}', '{id}', 0);"
            );
        }
        rows
    }

    /// All at once, in the seed's order, spread over the nodes.
    pub async fn run(&self, rng: &mut StdRng, mut acts: Vec<Act>) {
        acts.shuffle(rng);
        let all = acts.into_iter().map(|act| {
            let (app, url) = &self.nodes[rng.random_range(0..self.nodes.len())];
            let turns = rng.random_range(0..4);
            async move {
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
                self.do_one(app, url, act).await;
            }
        });
        join_all(all).await;
    }

    async fn do_one(&self, app: &App, url: &str, act: Act) {
        match act {
            Act::Hears(update) => {
                // MAX brings it again until it is taken.
                let body = update.to_string().into_bytes();
                let heard = || max::read(&body).ok().flatten().expect("an update of this file's making");
                while let Err(refusal) = max::handle(app, heard()).await {
                    assert_eq!(refusal.code(), Code::Overloaded);
                }
            }
            Act::Unlinks(pupil) => {
                let proof = json!({ "by": "code", "code": CODE });
                let body = json!({ "profile": pupil.profile, "proof": proof });
                self.post(&format!("{url}/v1/pupils/{}/profile/unlink", pupil.id), &pupil, body).await;
            }
            Act::Confirms(pupil) => {
                let body = json!({ "version": 1, "accept_other_name": true });
                self.post(&format!("{url}/v1/linkings/{}/confirm", pupil.id), &pupil, body).await;
            }
            Act::SaysWhoseMax(pupil) => {
                let body = json!({ "version": self.version_of(&pupil).await });
                self.post(&format!("{url}/v1/linkings/{}/max-number", pupil.id), &pupil, body).await;
            }
            Act::Blocks(pupil, linked) => {
                let mut tx = app.store.write().await.unwrap();
                assert!(blocks::set(&mut tx, Blockable::Profile(&pupil.profile), Some(Millis(MORNING))).await.unwrap());
                tx.commit().await.unwrap();
                *linked.lock().unwrap() = self.holds(&pupil.profile).await.1;
            }
        }
    }

    async fn post(&self, url: &str, pupil: &Pupil, body: Value) {
        loop {
            let request = self.http.post(url).bearer_auth(&pupil.id).header("idempotency-key", "the-only-key-of-each");
            let answer = request.json(&body).send().await.unwrap();
            let status = answer.status();
            // A busy database asks to come again.
            if status != 503 {
                let text = answer.text().await.unwrap();
                let refused = ["profile_blocked", "wrong_step"].iter().any(|code| text.contains(code));
                assert!(status == 200 || refused, "{text}");
                return;
            }
        }
    }

    async fn version_of(&self, pupil: &Pupil) -> i64 {
        let found = sql::query_scalar("SELECT version FROM linkings WHERE id = $1").bind(&pupil.id);
        found.fetch_one(&mut self.db().reader().await.unwrap()).await.unwrap()
    }

    /// The step of a linking, and its trouble.
    pub async fn stands(&self, pupil: &Pupil) -> (String, Option<String>) {
        let found = sql::query_as("SELECT step, state FROM linkings WHERE id = $1").bind(&pupil.id);
        let (step, state): (String, String) = found.fetch_one(&mut self.db().reader().await.unwrap()).await.unwrap();
        let state: Value = serde_json::from_str(&state).unwrap();
        (step, state["trouble"]["trouble"].as_str().map(ToOwned::to_owned))
    }

    /// The MAX account of a profile, and the pupil that it is linked to.
    pub async fn holds(&self, profile: &str) -> (Option<i64>, Option<String>) {
        let found = sql::query_as(
            "SELECT p.max_user, k.pupil_id FROM profiles p LEFT JOIN links k ON k.profile_id = p.id WHERE p.id = $1",
        );
        found.bind(profile).fetch_one(&mut self.db().reader().await.unwrap()).await.unwrap()
    }

    /// How many messages the bot owes a person.
    pub async fn owed(&self, user: i64) -> i64 {
        sql::query_scalar("SELECT COUNT(*) FROM outbox WHERE recipient = $1 AND kind = 'max' AND state = 'queued'")
            .bind(user.to_string())
            .fetch_one(&mut self.db().reader().await.unwrap())
            .await
            .unwrap()
    }

    /// What must hold in the database whatever happened, of the round whose ids begin so.
    pub async fn hold(&self, round: &str) {
        let broken: Vec<(String, String)> = sql::query_as(INVARIANTS)
            .bind(format!("{round}-"))
            .bind(format!("{round}."))
            .fetch_all(&mut self.db().reader().await.unwrap())
            .await
            .unwrap();
        assert!(broken.is_empty(), "{broken:?}");
    }
}

fn step_of(pupil: &Pupil, start: Start, keys: &Keys, sealed: &str) -> Step {
    let address = || Email::parse(&format!("{}@mail.test", pupil.profile)).unwrap();
    let contact = if start.is_by_mail() {
        Contact::Mail { email: address() }
    } else {
        Contact::Sms { phone: Phone::parse(&pupil.phone).unwrap() }
    };
    let (profile, sealed) = (pupil.profile.clone(), Sealed(sealed.to_owned()));
    let sent = SentCode {
        nth: 1,
        place: 1,
        expires_at: Millis(MORNING + 1),
        resend_at: Millis(MORNING),
        tries: 0,
        delivery: Delivery::Sent,
    };
    let link = || Link {
        contact: contact.clone(),
        profile: profile.clone(),
        linked_at: Millis(0),
        owner_code: Some(sent.clone()),
        vk_trouble: None,
    };
    let aim = match start {
        Start::MailAtProfile => return Step::Profile { contact, profile: Some(profile), proven_in_max: None },
        Start::Linked => return Step::Linked(Linked { link: link(), return_handle: Some(sealed) }),
        Start::Opened | Start::AtMax => Aim::Join { contact, profile, vk_trouble: None },
        Start::MailAtMax => Aim::Offer { link: link() },
    };
    Step::Max(AtMax {
        aim,
        ticket: Ticket {
            hash: keys.token_hash("ticket", &pupil.ticket),
            sealed: sealed.clone(),
            digits_hash: pupil.id.clone(),
            sealed_digits: sealed.clone(),
            expires_at: Millis(MORNING + 1),
        },
        visitor: (start == Start::Opened).then_some(Visitor { user: pupil.user, at: Millis(1) }),
        trouble: None,
        return_handle: sealed,
    })
}

const INVARIANTS: &str = r#"
    SELECT 'two links of a profile' AS what, profile_id AS id FROM links
    WHERE pupil_id BETWEEN $1 AND $2 GROUP BY profile_id HAVING COUNT(*) > 1
UNION ALL
    SELECT 'a MAX account of two profiles', MIN(id) FROM profiles
    WHERE id BETWEEN $1 AND $2 AND max_user IS NOT NULL GROUP BY max_user HAVING COUNT(*) > 1
UNION ALL
    SELECT 'linked without a link', l.id FROM linkings l LEFT JOIN links k ON k.linking_id = l.id
    WHERE l.id BETWEEN $1 AND $2 AND l.step = 'linked'
      AND (k.pupil_id IS NULL OR k.pupil_id <> l.pupil_id OR k.profile_id <> l.profile_id)
UNION ALL
    SELECT 'a link without a linked linking', k.pupil_id FROM links k JOIN linkings l ON l.id = k.linking_id
    WHERE k.pupil_id BETWEEN $1 AND $2 AND NOT (l.step = 'linked' OR (l.step = 'max' AND l.state LIKE '%"aim":"offer"%"channel":"mail"%'))
UNION ALL
    SELECT 'linked by SMS, and the profile has another MAX account', l.id FROM linkings l JOIN profiles p ON p.id = l.profile_id
    JOIN race_users u ON u.linking_id = l.id WHERE l.id BETWEEN $1 AND $2 AND l.step = 'linked'
      AND l.state LIKE '%"channel":"sms"%' AND (p.max_user IS NULL OR p.max_user <> u.max_user)
UNION ALL
    SELECT 'a MAX account without a link', p.id FROM profiles p
    WHERE p.id BETWEEN $1 AND $2 AND p.max_user IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM links k JOIN linkings l ON l.id = k.linking_id
        WHERE k.profile_id = p.id AND l.step = 'linked')
UNION ALL
    SELECT 'closed, and something is left', id FROM linkings
    WHERE id BETWEEN $1 AND $2 AND step = 'closed'
      AND (contact IS NOT NULL OR profile_id IS NOT NULL OR max_user IS NOT NULL OR ticket_hash IS NOT NULL)
UNION ALL
    SELECT 'a version before its move', id FROM linkings WHERE id BETWEEN $1 AND $2 AND version < moved_at_version"#;

async fn node(text: &str, entropy: Arc<Seeded>) -> (App, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (app, router) = idle(text, Arc::new(Still), entropy).await;
    tokio::spawn(async move { axum::serve(listener, router).await });
    (app, url)
}

/// A node that sends nothing, and its routes.
pub async fn idle(text: &str, clock: Arc<dyn Clock>, entropy: Arc<Seeded>) -> (App, Router) {
    let config = Config::from_parts(text, &|_| None).unwrap_or_else(|faults| panic!("{faults:?}"));
    let keys = Arc::new(Keys::new(&config.secret_key));
    let store = Store::open(&config.database).await.unwrap();
    let app = service::idle(config, keys, store, clock, entropy).unwrap();
    (app.clone(), router::router(app))
}

/// The settings of a node whose outside parties are not there, but for MAX perhaps.
pub fn settings(database: &str, max: &str) -> String {
    format!(
        "listen = \"127.0.0.1:0\"\ndatabase = {database:?}\nsecret_key = \"{SECRET_KEY}\"\n\
         [diary]\nclient_id = \"x\"\nclient_secret = \"x\"\n[[sms.centre]]\nname = \"none\"\nsmpp = \"127.0.0.1:9\"\nsystem_id = \"x\"\n\
         password = \"x\"\n[mail]\nserver = \"127.0.0.1\"\nsecurity = \"none\"\nfrom = \"no-reply@school.test\"\n\
         [max]\napi_url = {max:?}\ntoken = \"{TOKEN}\"\nbot = \"bot\"\n"
    )
}

/// An account of the diary with a pupil, and a session whose access token is the id of them all, as statements.
pub fn rows_of_account(keys: &Keys, id: &str, expires_at: i64) -> String {
    let token = keys.token_hash("access", id);
    format!(
        "INSERT INTO accounts (id, diary_user, first_name, last_name, role) VALUES ('{id}', '{id}', 'О', 'О', 'parent');
         INSERT INTO pupils (id, diary_student, first_name, last_name, class_name) VALUES ('{id}', '{id}', 'Анна', 'Орлова', '5-А');
         INSERT INTO account_pupils (account_id, pupil_id, place) VALUES ('{id}', '{id}', 0);
         INSERT INTO sessions (id, account_id, client_id, created_at, generation, confirmed) VALUES ('{id}', '{id}', 'x', 0, 1, 1);
         INSERT INTO access_tokens (token_hash, session_id, generation, expires_at) VALUES ('{token}', '{id}', 1, {expires_at});"
    )
}

/// Carries statements out, all or none.
pub async fn write(store: &Store, rows: &str) {
    let mut tx = store.write().await.unwrap();
    for row in rows.split(';').filter(|row| !row.trim().is_empty()) {
        sql::query(sqlx::AssertSqlSafe(row.to_owned())).execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}
