//! Requests of apps are sent, repeated, renewed and named as the engine does it.

use mostik_engine::{ContractCall, Failure, Timeouts};
use mostik_flow::{Attempt, Input, News, Reply, Watched};
use mostik_service::clock::Clock as _;
use mostik_wire::{Code, Linking, Me, Millis, Profile, Schedule, SecurityLog, Unlinked};
use serde::de::DeserializeOwned;

use crate::{
    Town,
    device::{Device, Tokens},
    exchange::{Exchange, ExchangeId, Reads},
    node::{Answer, Asked},
    time::SECOND,
    town::Event,
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// Who asks, as the service knows it.
const CLIENT: &str = "mostik-desktop";

impl Town {
    /// A GET of an app that is signed in.
    pub(crate) fn get(&mut self, device: usize, attempt: Attempt, path: String, reads: Reads) {
        let asked = Asked::get(path, self.devices[device].from);
        self.exchange(device, attempt, asked, reads, true);
    }

    /// A call of the contract.
    pub(crate) fn call(&mut self, device: usize, attempt: Attempt, call: ContractCall, reads: Reads) {
        let path = format!("/{}", call.path.join("/"));
        let from = self.devices[device].from;
        let asked = match call.body {
            None => Asked::get(path, from),
            Some(body) => {
                let key = Some(format!("{}-{}", Device::installation(device), attempt.0));
                Asked { key, ..Asked::post(path, JSON, body, from) }
            }
        };
        self.exchange(device, attempt, asked, reads, true);
    }

    pub(crate) fn poll(&mut self, device: usize, watched: &Watched) {
        let (path, reads) = match watched {
            Watched::Linking(linking) => (format!("/v1/linkings/{}", linking.0), Reads::News),
            Watched::Account => ("/v1/linkings".to_owned(), Reads::AllNews),
        };
        self.get(device, Attempt(0), path, reads);
    }

    /// The code of a sign-in, for tokens.
    pub(crate) fn exchange_code(
        &mut self,
        device: usize,
        attempt: Attempt,
        code: &str,
        redirect: &str,
        verifier: &str,
    ) {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("client_id", CLIENT),
            ("code_verifier", verifier),
        ];
        self.form(device, attempt, "/oauth/token", &fields, Reads::SignedIn);
    }

    /// Forgets the session here and ends it at the service.
    pub(crate) fn sign_out(&mut self, device: usize, attempt: Attempt) {
        let forgets = &mut self.devices[device];
        forgets.keyring = None;
        match forgets.tokens.take() {
            Some(tokens) => {
                let fields = [("token", tokens.refresh.as_str()), ("client_id", CLIENT)];
                self.form(device, attempt, "/oauth/revoke", &fields, Reads::Revoked);
            }
            None => {
                let run = forgets.run;
                self.later(10, move |town| town.reply(device, run, attempt, Reply::SignedOut));
            }
        }
    }

    fn form(&mut self, device: usize, attempt: Attempt, path: &str, fields: &[(&str, &str)], reads: Reads) {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let asked = Asked::post(path, FORM, body.into_bytes(), self.devices[device].from);
        self.exchange(device, attempt, asked, reads, false);
    }

    fn exchange(&mut self, device: usize, attempt: Attempt, asked: Asked, reads: Reads, bears_token: bool) {
        let id = self.events() + 1;
        let (run, begun) = (self.devices[device].run, self.now());
        let exchange = Exchange {
            device,
            run,
            attempt,
            asked,
            reads,
            bears_token,
            renewed: false,
            tries: 0,
            begun,
            arrived: None,
        };
        self.exchanges.insert(id, exchange);
        self.send(id);
    }

    fn send(&mut self, id: ExchangeId) {
        let Some(exchange) = self.exchanges.get_mut(&id) else { return };
        exchange.tries += 1;
        if exchange.bears_token {
            match &self.devices[exchange.device].tokens {
                Some(tokens) => exchange.asked.bearer = Some(tokens.access.clone()),
                None => return self.fail(id, Failure::NoSession, None),
            }
        }
        let faults = &self.now_faults;
        let latency = self.draw_network.wait(80);
        if self.draw_network.happens(faults.portal) {
            self.faults.network += 1;
            return self.later(latency, move |town| town.fail(id, Failure::NotTheService, None));
        }
        if self.draw_network.happens(faults.request_lost) {
            self.faults.network += 1;
            return self.later(15 * SECOND, move |town| town.fail(id, Failure::TimedOut, None));
        }
        if self.draw_network.happens(faults.request_doubled) {
            self.faults.network += 1;
            let again = latency + self.draw_network.wait(SECOND);
            let asked = exchange.asked.clone();
            self.later(again, move |town| {
                if let Some(node) = town.some_node() {
                    town.ask(node, &asked, move |town, _| town.look_if_woken(node));
                }
            });
        }
        self.after(latency, Event::Arrive(id));
    }

    pub(crate) fn arrive(&mut self, id: ExchangeId) {
        if !self.exchanges.contains_key(&id) {
            return;
        }
        let Some(node) = self.some_node() else { return self.fail(id, Failure::NotConnected, None) };
        let Some(exchange) = self.exchanges.get_mut(&id) else { return };
        let asked = exchange.asked.clone();
        exchange.arrived = Some(self.time.now());
        self.ask(node, &asked, move |town, answer| {
            town.look_if_woken(node);
            // As `Date` says it, in whole seconds.
            let date = town.nodes[node].clock.now().0 / SECOND * SECOND;
            let latency = town.draw_network.wait(80);
            match answer {
                None => town.later(latency, move |town| town.fail(id, Failure::BrokenOff, None)),
                Some(answer) => {
                    let rate = town.now_faults.answer_lost;
                    if town.draw_network.happens(rate) {
                        town.faults.network += 1;
                        town.later(15 * SECOND, move |town| town.fail(id, Failure::TimedOut, None));
                    } else {
                        town.later(latency, move |town| town.heard(id, &answer, date));
                    }
                }
            }
        });
    }

    fn heard(&mut self, id: ExchangeId, answer: &Answer, date: i64) {
        self.tell_clock(id, date);
        let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
        let html = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        if answer.status.is_success() && !html {
            return self.good(id, answer);
        }
        let wait = header("retry-after").and_then(|text| text.parse::<i64>().ok()).map(|seconds| seconds * SECOND);
        let retry_at = wait.map(|wait| Millis(self.now() + wait));
        self.fail(id, Failure::of_answer(answer.status, html, &answer.body, retry_at), wait);
    }

    // The engine tells the machine when it is off by more than two seconds.
    fn tell_clock(&mut self, id: ExchangeId, date: i64) {
        let Some(exchange) = self.exchanges.get(&id) else { return };
        let (device, run) = (exchange.device, exchange.run);
        let offset = date + 500 - self.device_now(device).0;
        let told = &mut self.devices[device];
        if told.run == run && told.offset.abs_diff(offset) > 2_000 {
            told.offset = offset;
            self.input(device, Input::News(News::ClockOffset(offset)));
        }
    }

    fn fail(&mut self, id: ExchangeId, failure: Failure, wait: Option<i64>) {
        let Some(exchange) = self.exchanges.get_mut(&id) else { return };
        let (device, attempt, run, reads) = (exchange.device, exchange.attempt, exchange.run, exchange.reads);
        let timeouts = Timeouts::default();
        // The code of a sign-in is good for one use, and who polls asks again anyway.
        let once = matches!(reads, Reads::News | Reads::AllNews | Reads::Revoked)
            || (reads == Reads::SignedIn && !matches!(failure, Failure::NotConnected));
        if !once && exchange.tries < failure.max_attempts(timeouts.attempts) {
            let pause = wait.unwrap_or_else(|| self.devices[device].draw.wait(500 << exchange.tries.min(4)));
            if self.time.now() - exchange.begun + pause < 30 * SECOND {
                return self.later(pause, move |town| town.send(id));
            }
        }
        if let Failure::Refused(problem) = &failure {
            match problem.code {
                Code::Unauthorized if exchange.bears_token && !exchange.renewed => {
                    exchange.renewed = true;
                    return self.renew(id);
                }
                Code::SessionEnded | Code::AccountBlocked if exchange.bears_token => {
                    self.end_session(device, (**problem).clone());
                }
                _ => {}
            }
        }
        self.exchanges.remove(&id);
        match reads {
            Reads::News | Reads::AllNews => {}
            Reads::Revoked => self.reply(device, run, attempt, Reply::SignedOut),
            Reads::Renewed => self.renewal_failed(device, failure),
            _ => self.reply(device, run, attempt, failure.into_reply()),
        }
    }

    fn end_session(&mut self, device: usize, problem: mostik_wire::Problem) {
        let ended = &mut self.devices[device];
        if ended.tokens.take().is_some() {
            ended.keyring = None;
            self.input(device, Input::News(News::SessionEnded(Box::new(problem))));
        }
    }

    // One renewal at a time; all others wait for it.
    fn renew(&mut self, id: ExchangeId) {
        let Some(exchange) = self.exchanges.get(&id) else { return };
        let device = exchange.device;
        let refused = exchange.asked.bearer.clone();
        let renews = &mut self.devices[device];
        if let Some(waiting) = &mut renews.renewing {
            waiting.push(id);
            return;
        }
        match &renews.tokens {
            // Somebody else has renewed them meanwhile.
            Some(tokens) if Some(&tokens.access) != refused.as_ref() => self.send(id),
            Some(tokens) => {
                let refresh = tokens.refresh.clone();
                renews.renewing = Some(vec![id]);
                let fields = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", CLIENT)];
                self.form(device, Attempt(0), "/oauth/token", &fields, Reads::Renewed);
            }
            None => self.fail(id, Failure::NoSession, None),
        }
    }

    fn renewal_failed(&mut self, device: usize, failure: Failure) {
        let waiting = self.devices[device].renewing.take().unwrap_or_default();
        let ended = match &failure {
            Failure::OAuth(mostik_engine::OAuthError::InvalidGrant) => {
                Some(mostik_wire::Problem::new(Code::SessionEnded))
            }
            Failure::Refused(problem)
                if matches!(problem.code, Code::SessionEnded | Code::AccountBlocked | Code::Unauthorized) =>
            {
                Some((**problem).clone())
            }
            _ => None,
        };
        if let Some(problem) = ended {
            self.end_session(device, problem);
        }
        for id in waiting {
            let again = match &failure {
                Failure::NotConnected => Failure::NotConnected,
                Failure::Refused(problem) => Failure::Refused(problem.clone()),
                _ => Failure::BrokenOff,
            };
            if let Some(exchange) = self.exchanges.get_mut(&id) {
                // No further try of a request that has no session.
                exchange.tries = u32::MAX / 2;
            }
            self.fail(id, again, None);
        }
    }

    fn good(&mut self, id: ExchangeId, answer: &Answer) {
        let Some(exchange) = self.exchanges.remove(&id) else { return };
        let Exchange { device, run, attempt, reads, .. } = exchange;
        self.check_good(&exchange, answer);
        let body = &answer.body;
        let reply = match reads {
            Reads::Me => read::<Me>(body).map(Reply::Me),
            Reads::Schedule => read::<Schedule>(body).map(Reply::Schedule),
            Reads::Linking => read::<Linking>(body).map(|linking| Reply::Linking(Box::new(linking))),
            Reads::Profile => read::<Profile>(body).map(|profile| Reply::Profile(Box::new(profile))),
            Reads::Unlinked => read::<Unlinked>(body).map(|_| Reply::Unlinked),
            Reads::Export => Some(Reply::Saved { file: "мостик.html".into() }),
            Reads::SecurityLog => read::<SecurityLog>(body).map(|log| Reply::SecurityLog(Box::new(log))),
            Reads::SignedIn => tokens(body).map(|tokens| {
                self.keep_tokens(device, tokens);
                Reply::SignedIn { not_kept: None }
            }),
            Reads::Renewed => {
                let renewed = tokens(body);
                // What an app asked for that was killed meanwhile is heard by nobody.
                if self.devices[device].run != run {
                    return;
                }
                match renewed {
                    Some(tokens) => {
                        self.keep_tokens(device, tokens);
                        for id in self.devices[device].renewing.take().unwrap_or_default() {
                            self.send(id);
                        }
                    }
                    None => self.renewal_failed(device, Failure::Unreadable),
                }
                return;
            }
            Reads::Revoked => Some(Reply::SignedOut),
            Reads::News => {
                if let Some(linking) = read::<Linking>(body)
                    && self.devices[device].run == run
                {
                    self.input(device, Input::News(News::Linking(Box::new(linking))));
                }
                return;
            }
            Reads::AllNews => {
                for linking in read::<Vec<Linking>>(body).unwrap_or_default() {
                    if self.devices[device].run == run {
                        self.input(device, Input::News(News::Linking(Box::new(linking))));
                    }
                }
                return;
            }
        };
        match reply {
            Some(reply) => self.reply(device, run, attempt, reply),
            None => {
                let family = self.devices[device].family;
                self.violation("an answer is what the contract says", Some(family), &format!("{reads:?}"));
            }
        }
    }

    fn keep_tokens(&mut self, device: usize, tokens: Tokens) {
        let keeps = &mut self.devices[device];
        if !keeps.in_memory {
            keeps.keyring = Some(tokens.clone());
        }
        keeps.tokens = Some(tokens);
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

fn tokens(body: &[u8]) -> Option<Tokens> {
    let value: serde_json::Value = read(body)?;
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    Some(Tokens { access: text("access_token")?, refresh: text("refresh_token")? })
}
