//! What must hold, whatever goes wrong. Safety is checked at everything that happens and by looks into the database; liveness at the end of
//! the days in which everything works.

use std::collections::{BTreeMap, BTreeSet};

use mostik_service::outbox::Claimed;
use mostik_store::{Error, outbox::Kind, sql};
use mostik_wire::Linking;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    Town,
    exchange::Exchange,
    family::{family_of_email, family_of_max, family_of_phone, family_of_student, family_of_vk},
    history::About,
    ledger::{LinkRow, Sent, Told, Violation},
    node::{Answer, Asked},
    person::End,
    time::{DAY, HOUR, MINUTE, SECOND},
};

/// Requests that move a linking on whenever they are answered with it.
const MOVE_ON: [&str; 5] = ["code", "resend", "confirm", "password", "details"];

impl Town {
    /// A rule does not hold. The first one ends the run.
    pub(crate) fn violation(&mut self, rule: &'static str, family: Option<u32>, what: &str) {
        self.note(family.map_or(About::All, About::Family), format!("VIOLATION of «{rule}»: {what}"));
        self.ledger.violation.get_or_insert(Violation { rule, family, what: what.to_owned() });
    }

    /// Whatever a node answers.
    pub(crate) fn check_answer(&mut self, node: usize, asked: &Asked, answer: &Answer) {
        let problem = || serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        if let Some(key) = &asked.key
            && ["stale_version", "wrong_step"].iter().any(|code| problem()["code"] == *code)
            && self.ledger.answers.contains_key(&format!("{key} {}", asked.path))
        {
            self.violation("one key, one answer", None, &format!("{key} at {}: done, and refused", asked.path));
        }
        if let Some(key) = asked.key.as_ref().filter(|_| answer.status.is_success()) {
            let digest: [u8; 32] = Sha256::digest(&answer.body).into();
            match self.ledger.answers.insert(format!("{key} {}", asked.path), digest) {
                Some(known) if known != digest => {
                    self.violation("one key, one answer", None, &format!("{key} at {}", asked.path));
                }
                Some(_) => self.ledger.looked.repeated += 1,
                None => {}
            }
        }
        self.check_move(asked, answer);
        let of_app = asked.key.as_ref().is_some_and(|key| key.starts_with("town-device"));
        if of_app && answer.status.as_u16() == 422 && problem()["code"] == "idempotency_key_reused" {
            self.violation("a key is one request's", None, &format!("{:?} at {}", asked.key, asked.path));
        }
        if answer.status.as_u16() == 500 {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            self.violation("no node breaks", None, &format!("node {node} answers 500: {body}"));
        }
    }

    // Of two requests that are based on one version, one at most moves the linking on.
    fn check_move(&mut self, asked: &Asked, answer: &Answer) {
        let Some(action) = asked.path.rsplit('/').next().filter(|_| answer.status.is_success()) else { return };
        if !MOVE_ON.contains(&action) || !asked.path.starts_with("/v1/linkings/") {
            return;
        }
        let body = asked.body.as_ref().map(|(_, body)| body.as_slice()).unwrap_or_default();
        let version = serde_json::from_slice::<Value>(body).ok().and_then(|body| body["version"].as_u64());
        let linking = serde_json::from_slice::<Linking>(&answer.body).ok();
        let (Some(version), Some(linking), Some(key)) = (version, linking, asked.key.clone()) else { return };
        let other = self.ledger.moves.entry((linking.id.0, version)).or_insert_with(|| key.clone());
        if *other != key {
            let what = format!("{other} and {key} at version {version}, {}", asked.path);
            self.violation("of two requests at one version one counts", None, &what);
        }
    }

    /// A good answer that reaches an app.
    pub(crate) fn check_good(&mut self, exchange: &Exchange, answer: &Answer) {
        let family = self.devices[exchange.device].family;
        let one: Option<Linking> = serde_json::from_slice(&answer.body).ok();
        let all: Vec<Linking> = match one {
            Some(linking) => vec![linking],
            None => serde_json::from_slice(&answer.body).unwrap_or_default(),
        };
        for linking in all {
            self.check_linking(exchange, family, &linking);
        }
    }

    fn check_linking(&mut self, exchange: &Exchange, family: u32, linking: &Linking) {
        self.ledger.looked.acknowledged += 1;
        let now = self.now();
        // An answer that was made before another one may come after it.
        let made_after = exchange.arrived.unwrap_or(0);
        let is_repeated = exchange.asked.body.is_some();
        let told = self.ledger.told.entry(linking.id.0.clone());
        let told = &mut told.or_insert_with(|| Told { family, versions: Vec::new() }).versions;
        let known = told.iter().filter(|(at, _)| *at < made_after).map(|(_, version)| *version).max();
        if let Some(known) = known.filter(|known| *known > linking.version && !is_repeated) {
            let what = format!("version {} after {known} of linking {}", linking.version, linking.id.0);
            return self.violation("no acknowledged step is lost", Some(family), &what);
        }
        told.push((now, linking.version));
        let name = linking.step.name();
        let known = *self.ledger.states.entry((linking.id.0.clone(), linking.version)).or_insert(name);
        if known != name {
            let what = format!("version {} of linking {} is {known:?} and {name:?}", linking.version, linking.id.0);
            return self.violation("one version, one state", Some(family), &what);
        }
        let told = &mut self
            .ledger
            .told
            .entry(linking.id.0.clone())
            .or_insert_with(|| Told { family, versions: Vec::new() })
            .versions;
        if told.len() > 8 {
            let newest = told.iter().map(|(_, version)| *version).max().unwrap_or_default();
            told.retain(|(at, version)| *version == newest || now - at < 2 * MINUTE);
        }
        if exchange.asked.path.ends_with("/code") && !exchange.asked.path.ends_with("/profile/code") {
            self.check_code(exchange, family, linking);
        }
    }

    // The code of a request that got the linking on.
    fn check_code(&mut self, exchange: &Exchange, family: u32, linking: &Linking) {
        let body = exchange.asked.body.as_ref().map(|(_, body)| body.as_slice()).unwrap_or_default();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let Some(code) = body["code"].as_str() else { return };
        if matches!(linking.step, mostik_wire::Step::Code(_)) {
            return;
        }
        self.ledger.looked.codes += 1;
        let sent: Vec<&Sent> =
            self.ledger.codes.get(code).into_iter().flatten().filter(|s| s.linking == linking.id.0).collect();
        let Some(newest) = sent.iter().map(|sent| (sent.nth, sent.created_at)).max() else {
            return self.violation("only a code that was sent is accepted", Some(family), &format!("{code} of nobody"));
        };
        let arrived = exchange.arrived.unwrap_or_default();
        let age = exchange.begun_at() - newest.1;
        if age > 10 * MINUTE + 5 * SECOND + self.options.faults.clocks_apart_ms {
            self.violation("no code is valid past its life", Some(family), &format!("{code} after {age} ms"));
        }
        let later = self.ledger.codes.values().flatten().filter(|other| other.linking == linking.id.0);
        let superseded = later.filter(|other| other.nth > newest.0 && other.given_at < arrived).count();
        if superseded > 0 {
            self.violation(
                "a newer code replaces the older one",
                Some(family),
                &format!("{code} of linking {}", linking.id.0),
            );
        }
    }

    /// An SMS is given to the centre.
    pub(crate) fn ledger_given(&mut self, message: &Claimed) {
        self.ledger.looked.sms += 1;
        let family = family_of_phone(&message.recipient);
        if !self.ledger.given.insert(message.id.clone()) {
            return self.violation("an SMS goes out at most once", family, &format!("message {}", message.id));
        }
        if !self.ledger.ever_given.insert(message.id.clone()) {
            return;
        }
        let of_owner = message.payload.contains("для действия");
        let code: String = message
            .payload
            .chars()
            .skip_while(|sign| !sign.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        let sends = self.ledger.sends.entry((message.recipient.clone(), of_owner)).or_default();
        sends.push(message.created_at.0);
        // A little less than a day: nodes' clocks are apart.
        let since = message.created_at.0 - DAY + MINUTE;
        sends.retain(|at| *at > since - MINUTE);
        let count = sends.iter().filter(|at| **at > since).count();
        if count > 5 {
            self.violation(
                "at most five codes a contact and day",
                family,
                &format!("{count} to {}", message.recipient),
            );
        }
        self.note_code(message, code);
    }

    fn note_code(&mut self, message: &Claimed, code: String) {
        if let Some(about) = &message.about {
            let (linking, created_at) = (about.linking.clone(), message.created_at.0);
            let sent = Sent { linking, nth: about.nth, created_at, given_at: self.time.now() };
            self.ledger.codes.entry(code).or_default().push(sent);
        }
    }

    /// A letter, or a message in MAX, is handed over.
    pub(crate) fn ledger_handed(&mut self, message: &Claimed, code: Option<String>) {
        self.ledger.looked.others += 1;
        if self.ledger.handed.contains(&message.id) {
            let family = match message.kind {
                Kind::Max => message.recipient.parse().ok().and_then(family_of_max),
                _ => family_of_email(&message.recipient),
            };
            self.violation(
                "what was noted as handed over goes out no more",
                family,
                &format!("message {}", message.id),
            );
        }
        let now = self.now();
        // A lease is a minute long.
        if self.ledger.under_way.insert(message.id.clone(), now).is_some_and(|at| now - at < 50 * SECOND) {
            self.violation("a message has one sender at a time", None, &format!("message {}", message.id));
        }
        if let Some(code) = code {
            self.note_code(message, code);
        }
    }

    /// A code was sent to a contact that an attacker has given.
    pub(crate) fn ledger_contact(&mut self, attacker: usize, digits: &str) {
        let now = self.now();
        let given = self.ledger.contacts.entry(attacker).or_default();
        if !given.iter().any(|(_, known)| known == digits) {
            given.push((now, digits.to_owned()));
        }
        let count = given.iter().filter(|(at, _)| *at > now - HOUR + MINUTE).count();
        if count > 3 {
            self.violation(
                "at most three new contacts an hour from an address",
                None,
                &format!("{count} of attacker {attacker}"),
            );
        }
    }

    /// An attacker was told that a code is wrong.
    pub(crate) fn ledger_guess(&mut self, attacker: usize, digits: &str) {
        let now = self.now();
        let tries = self.ledger.tries.entry(attacker).or_default();
        *tries += 1;
        if *tries > 5 {
            let what = format!("{tries} tries at one code of {digits}");
            self.violation("at most five tries a code", family_of_phone(digits), &what);
        }
        let guesses = self.ledger.guesses.entry(digits.to_owned()).or_default();
        guesses.push(now);
        let count = guesses.iter().filter(|at| **at > now - DAY + MINUTE).count();
        if count > 25 {
            self.violation(
                "at most 25 guesses a contact and day",
                family_of_phone(digits),
                &format!("{count} at {digits}"),
            );
        }
    }

    /// Looks through the database.
    pub(crate) async fn check_database(&mut self) {
        match self.links().await {
            Ok(links) => self.check_links(&links),
            Err(error) => self.violation("the database can be read", None, &error.to_string()),
        }
        match self.versions().await {
            Ok(versions) => {
                let deletes = |family| {
                    let mut devices = self.devices.iter().filter(|device| device.family == family);
                    devices.any(|device| !device.person.undid.is_empty())
                };
                let lost = self.ledger.told.iter().find_map(|(id, told)| {
                    let known = told.versions.iter().map(|(_, version)| *version).max()?;
                    let kept = versions.get(id).copied();
                    // With a profile that is deleted its linkings go.
                    (kept.map_or(!deletes(told.family), |kept| kept < known))
                        .then(|| format!("linking {id}: {known} was told, {kept:?} is there"))
                });
                if let Some(what) = lost {
                    self.violation("no acknowledged step is lost", None, &what);
                }
            }
            Err(error) => self.violation("the database can be read", None, &error.to_string()),
        }
        match self.waiting_messages().await {
            Ok(waiting) => {
                if let Some(id) = waiting.first() {
                    self.violation("no message waits for hours", None, &format!("message {id}"));
                }
            }
            Err(error) => self.violation("the database can be read", None, &error.to_string()),
        }
    }

    // Each party takes most of what it is given, and a node that has ended starts again within minutes.
    async fn waiting_messages(&self) -> Result<Vec<String>, Error> {
        let asked = "SELECT id FROM outbox WHERE state = 'queued' AND created_at < $1 AND expires_at > $2";
        let now = self.now();
        let query = sql::query_scalar(asked).bind(now - 6 * HOUR).bind(now);
        Ok(query.fetch_all(&mut *self.store.reader().await?).await?)
    }

    async fn versions(&self) -> Result<BTreeMap<String, u64>, Error> {
        let rows: Vec<(String, i64)> =
            sql::query_as("SELECT id, version FROM linkings").fetch_all(&mut *self.store.reader().await?).await?;
        Ok(rows.into_iter().map(|(id, version)| (id, u64::try_from(version).unwrap_or_default())).collect())
    }

    pub(crate) async fn links(&self) -> Result<Vec<LinkRow>, Error> {
        type Row = (String, String, Option<String>, Option<String>, Option<i64>, Option<i64>);
        let rows: Vec<Row> = sql::query_as(
            "SELECT p.diary_student, f.id, f.phone, f.email, f.max_user, f.vk_user
             FROM links l JOIN pupils p ON p.id = l.pupil_id JOIN profiles f ON f.id = l.profile_id ORDER BY p.diary_student",
        )
        .fetch_all(&mut *self.store.reader().await?)
        .await?;
        let link = |(student, profile, phone, email, max_user, vk_user)| LinkRow {
            student,
            profile,
            phone,
            email,
            max_user,
            vk_user,
        };
        Ok(rows.into_iter().map(link).collect())
    }

    fn check_links(&mut self, links: &[LinkRow]) {
        self.ledger.looked.links += links.len() as u64;
        let (mut students, mut profiles, mut users) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for link in links {
            let family = family_of_student(&link.student).map(|(family, _)| family);
            let digits = link.phone.as_deref().map(|phone| phone.trim_start_matches('+'));
            let others = [
                digits.map(family_of_phone),
                link.email.as_deref().map(family_of_email),
                link.max_user.map(family_of_max),
                link.vk_user.map(family_of_vk),
            ];
            if others.into_iter().flatten().any(|other| other.is_none() || other != family) {
                self.violation("nobody is linked to a stranger", family, &format!("{link:?}"));
            }
            if link.max_user.is_some_and(|user| self.ledger.strangers.contains(&user)) {
                self.violation("nobody is linked to a stranger", family, &format!("{link:?}"));
            }
            let doubled = !students.insert(&link.student)
                || !profiles.insert(&link.profile)
                || link.max_user.is_some_and(|user| !users.insert(user));
            if doubled {
                self.violation("no link, profile or account is there twice", family, &format!("{link:?}"));
            }
        }
    }

    /// Whoever has kept trying while everything worked has come to an end, and to a true one.
    pub(crate) async fn check_ends(&mut self) {
        let links = match self.links().await {
            Ok(links) => links,
            Err(error) => return self.violation("the database can be read", None, &error.to_string()),
        };
        let linked: BTreeSet<&str> = links.iter().map(|link| link.student.as_str()).collect();
        let mut found = Vec::new();
        for (nth, device) in self.devices.iter().enumerate() {
            for child in &device.person.children {
                let student = format!("s{}x{child}", device.family);
                let name =
                    self.screen(nth).map_or("closed", |_| device.state.as_ref().map_or("", |state| state.name()));
                let told = device.person.ends.get(child);
                let mut others = self.devices.iter().filter(|other| other.family == device.family);
                let undone = others.any(|other| other.person.undid.contains(child));
                match told {
                    None => found.push((
                        "whoever keeps trying ends linked, or reads why not",
                        device.family,
                        format!("device {nth}, child {child}: {name}"),
                    )),
                    Some(End::Unlinked) if linked.contains(student.as_str()) => {
                        found.push((
                            "who is told that it is unlinked is",
                            device.family,
                            format!("device {nth}, {student}"),
                        ));
                    }
                    Some(End::Linked) if !linked.contains(student.as_str()) && !undone => {
                        found.push((
                            "who is told of a link has one",
                            device.family,
                            format!("device {nth}, {student}"),
                        ));
                    }
                    Some(_) => {}
                }
            }
        }
        for (rule, family, what) in found {
            self.violation(rule, Some(family), &what);
        }
    }
}
