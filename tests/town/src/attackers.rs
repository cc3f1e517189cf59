//! People with a diary of their own who want others' profiles.

use std::net::SocketAddr;

use axum::http::Method;
use mostik_wire::{Linking, Me, Step};
use serde_json::{Value, json};

use crate::{
    Town,
    attacker::Attacker,
    device::Device,
    family::Child,
    history::About,
    node::{Answer, Asked},
    person::Person,
    random::Stream,
    time::{DAY, HOUR, SECOND},
};

/// Attacks in a row; then some days of rest.
const AT_ONCE: u32 = 200;

impl Town {
    pub(crate) fn attackers_come(&mut self) {
        for nth in 0..self.options.attackers {
            let mut draw = Stream::of(self.options.seed, "attacker", nth.into());
            let begins = draw.between(HOUR, i64::from(self.options.days.max(1)) * DAY / 2);
            let device = Device {
                family: u32::MAX - nth,
                account: format!("a{nth}"),
                from: SocketAddr::from(([203, 0, 113, u8::try_from(nth % 200).unwrap_or_default()], 40_000)),
                person: Person::new(Vec::new(), Default::default(), "отдай-мне-профиль".into()),
                state: None,
                stored: None,
                keyring: None,
                tokens: None,
                in_memory: false,
                renewing: None,
                run: 0,
                watched: None,
                sign_in: 0,
                off_by: 0,
                offset: 0,
                draw,
            };
            self.devices.push(device);
            let device = self.devices.len() - 1;
            self.ledger.note_stranger(attackers_max(nth));
            self.attackers.push(Attacker { device, ..Attacker::default() });
            self.look_after(device, begins);
        }
    }

    /// The attacker at this device, if one sits there and is signed in.
    pub(crate) fn attacker_at(&self, device: usize) -> Option<usize> {
        let signed_in = self.devices[device].tokens.is_some();
        self.attackers.iter().position(|attacker| attacker.device == device).filter(|_| signed_in)
    }

    /// One attack.
    pub(crate) fn attack(&mut self, nth: usize) {
        let device = self.attackers[nth].device;
        self.attackers[nth].count += 1;
        let rests = self.attackers[nth].count.is_multiple_of(AT_ONCE);
        let wait = self.devices[device].draw.wait(if rests { 4 * DAY } else { 20 * SECOND });
        self.look_after(device, wait);
        let victims: Vec<u32> = self.families.keys().copied().collect();
        if victims.is_empty() {
            return;
        }
        let draw = &mut self.devices[device].draw;
        let victim = self.families[draw.pick(&victims)].children[0].clone();
        let kind = draw.between(0, 99);
        let mine = self.attackers[nth].linking.clone();
        match (kind, mine) {
            (_, None) => self.begins_own_linking(nth),
            (0..15, Some((linking, version))) => {
                let body = json!({ "version": version, "contact": victim.phone });
                self.own_step(nth, &format!("/v1/linkings/{linking}/contact"), &body, Some(victim.phone));
            }
            (15..60, Some((linking, version))) => {
                let guess = format!("{:06}", self.devices[device].draw.between(0, 999_999));
                let body = json!({ "version": version, "code": guess });
                self.own_step(nth, &format!("/v1/linkings/{linking}/code"), &body, None);
            }
            (60..70, _) => self.touches_foreign_linking(nth),
            (70..76, Some((linking, version))) => self.proves_victims_number(nth, &linking, version, &victim),
            (76..80, _) => {
                let digits = format!("{:09}", self.devices[device].draw.between(0, 999_999_999));
                self.write_to_bot(attackers_max(u32::try_from(nth).unwrap_or_default()), &digits);
            }
            (80..88, _) => {
                // A card of the victim's number that MAX has not signed.
                let me = attackers_max(u32::try_from(nth).unwrap_or_default());
                self.share_card(me, me, &victim.phone, "not-the-bots-token");
            }
            (88..94, _) => {
                // The victim's own card, forwarded.
                let me = attackers_max(u32::try_from(nth).unwrap_or_default());
                self.share_card(me, victim.max_user, &victim.phone, crate::node::BOT_TOKEN);
            }
            _ => self.forges_webhook(nth, victim.max_user),
        }
    }

    fn as_attacker(&mut self, nth: usize, asked: Asked, then: impl FnOnce(&mut Self, &Answer) + 'static) {
        let bearer = self.devices[self.attackers[nth].device].tokens.as_ref().map(|tokens| tokens.access.clone());
        let Some(node) = self.some_node() else { return };
        self.ask(node, &Asked { bearer, ..asked }, move |town, answer| {
            town.look_if_woken(node);
            // Whether a code was sent is not known then.
            if answer.is_none() {
                town.ledger.note_new_code(nth);
            }
            if let Some(answer) = answer {
                // The app on the same device renews what is over.
                if answer.status.as_u16() == 401 {
                    let device = town.attackers[nth].device;
                    town.devices[device].tokens = None;
                    town.close_app(device);
                }
                then(town, &answer);
            }
        });
    }

    fn post_as_attacker(
        &mut self,
        nth: usize,
        path: &str,
        body: &Value,
        then: impl FnOnce(&mut Self, &Answer) + 'static,
    ) {
        self.attackers[nth].keys += 1;
        let key = Some(format!("attackers-key-{nth}-{:08}", self.attackers[nth].keys));
        let from = self.devices[self.attackers[nth].device].from;
        let asked = Asked { key, ..Asked::post(path, "application/json", body.to_string().into_bytes(), from) };
        self.as_attacker(nth, asked, then);
    }

    fn begins_own_linking(&mut self, nth: usize) {
        let from = self.devices[self.attackers[nth].device].from;
        match self.attackers[nth].pupil.clone() {
            None => self.as_attacker(nth, Asked::get("/v1/me", from), move |town, answer| {
                let me: Option<Me> = serde_json::from_slice(&answer.body).ok();
                town.attackers[nth].pupil = me.and_then(|me| me.pupils.first().map(|pupil| pupil.id.0.clone()));
            }),
            Some(pupil) => {
                self.post_as_attacker(nth, "/v1/linkings", &json!({ "pupil": pupil }), move |town, answer| {
                    town.attacker_read(nth, answer);
                })
            }
        }
    }

    // A code is guessed at, or sent to somebody.
    fn own_step(&mut self, nth: usize, path: &str, body: &Value, sent_to: Option<String>) {
        let guesses = sent_to.is_none();
        self.post_as_attacker(nth, path, body, move |town, answer| {
            if let Some(sent_to) = sent_to.filter(|_| answer.status.is_success()) {
                town.ledger_contact(nth, &sent_to);
                town.attackers[nth].victim = Some(sent_to);
                town.ledger.note_new_code(nth);
            }
            let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            if guesses && problem["code"] == "code_wrong" {
                town.ledger.looked.attacks += 1;
                if let Some(victim) = town.attackers[nth].victim.clone() {
                    town.ledger_guess(nth, &victim);
                }
            }
            town.attacker_read(nth, answer);
        });
    }

    fn attacker_read(&mut self, nth: usize, answer: &Answer) {
        let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let linking: Option<Linking> = serde_json::from_slice(&answer.body)
            .ok()
            .or_else(|| serde_json::from_value(problem["linking"].clone()).ok());
        let Some(linking) = linking else { return };
        // Over: the next one is another.
        self.attackers[nth].linking =
            (!matches!(linking.step, Step::Closed { .. } | Step::Linked(_))).then_some((linking.id.0, linking.version));
    }

    // Whatever somebody else's linking is asked for, it is not there.
    fn touches_foreign_linking(&mut self, nth: usize) {
        let victims: Vec<Asked> = self.exchanges.values().map(|exchange| exchange.asked.clone()).collect();
        let mut victims: Vec<Asked> =
            victims.into_iter().filter(|asked| asked.path.starts_with("/v1/linkings/")).collect();
        let device = self.attackers[nth].device;
        let from = self.devices[device].from;
        if victims.is_empty() {
            // Nobody is to be overheard at this moment; ids are no secrets.
            victims = self.ledger.told.keys().map(|id| Asked::get(format!("/v1/linkings/{id}"), from)).collect();
        }
        if victims.is_empty() {
            return;
        }
        let taken = self.devices[device].draw.pick(&victims).clone();
        let own = self.attackers[nth].linking.as_ref().is_some_and(|(id, _)| taken.path.contains(id.as_str()));
        if own {
            return;
        }
        // As it was overheard, under its own key; with the attacker's session.
        let asked = Asked { from, ..taken };
        self.as_attacker(nth, asked, move |town, answer| {
            let status = answer.status.as_u16();
            if status == 200 {
                town.violation("others' linkings are not there", None, "an attacker was let");
            } else if status == 404 {
                town.ledger.looked.attacks += 1;
            }
        });
    }

    // Has MAX prove the number, with a card of the victim's: forged, or forwarded. Then takes whatever profile that leads to.
    fn proves_victims_number(&mut self, nth: usize, linking: &str, version: u64, victim: &Child) {
        let me = attackers_max(u32::try_from(nth).unwrap_or_default());
        let (phone, of) = (victim.phone.clone(), victim.max_user);
        let confirm = format!("/v1/linkings/{linking}/confirm");
        let forged = self.devices[self.attackers[nth].device].draw.happens(500);
        self.post_as_attacker(
            nth,
            &format!("/v1/linkings/{linking}/max-proof"),
            &json!({ "version": version }),
            move |town, answer| {
                town.attacker_read(nth, answer);
                let linking: Option<Linking> = serde_json::from_slice(&answer.body).ok();
                let Some(Step::Max(max)) = linking.map(|linking| linking.step) else { return };
                town.open_in_max(me, &phone, &max.url);
                // Its own contact is not what it shares.
                town.phones.willing.remove(&me);
                town.later(40 * SECOND, move |town| {
                    if forged {
                        town.share_card(me, me, &phone, "not-the-bots-token");
                    } else {
                        town.share_card(me, of, &phone, crate::node::BOT_TOKEN);
                    }
                });
                town.later(90 * SECOND, move |town| {
                    let Some((_, version)) = town.attackers[nth].linking else { return };
                    let body = json!({ "version": version, "accept_other_name": true });
                    town.post_as_attacker(nth, &confirm, &body, move |town, answer| town.attacker_read(nth, answer));
                });
            },
        );
    }

    fn forges_webhook(&mut self, nth: usize, user: i64) {
        let at = self.now();
        let update =
            json!({ "update_type": "bot_stopped", "timestamp": at, "chat_id": user, "user": { "user_id": user } });
        let from = self.devices[self.attackers[nth].device].from;
        let asked = Asked {
            method: Method::POST,
            ..Asked::post("/max/webhook", "application/json", update.to_string().into_bytes(), from)
        };
        let Some(node) = self.some_node() else { return };
        self.ask(node, &asked, move |town, answer| match answer {
            Some(answer) if answer.status.is_success() => {
                town.violation("MAX alone brings updates", None, "a forged update was taken");
            }
            Some(_) => town.ledger.looked.attacks += 1,
            None => {}
        });
        self.note(About::All, format!("attacker {nth} forges an update"));
    }
}

/// The account in MAX of an attacker.
fn attackers_max(nth: u32) -> i64 {
    800_000_000 + i64::from(nth)
}
