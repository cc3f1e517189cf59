//! The browser of a person: the sign-in at the diary, and VK ID.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mostik_flow::{Attempt, CauseKind, Reply};
use sha2::{Digest, Sha256};
use url::form_urlencoded::Serializer;

use crate::{
    Town,
    history::About,
    node::{Answer, Asked, REDIRECT},
    time::{MINUTE, SECOND},
};

/// How often a person loads a page anew that did not come.
const RELOADS: u32 = 4;

/// What follows from a page; `None`: it did not come.
type Then = Box<dyn FnOnce(&mut Town, Option<Answer>)>;

/// A sign-in in the browser.
#[derive(Clone)]
struct SignIn {
    device: usize,
    attempt: Attempt,
    /// The one that counts has this number.
    nth: u64,
    run: u64,
    state: String,
    verifier: String,
}

impl Town {
    pub(crate) fn sign_in_in_browser(&mut self, device: usize, attempt: Attempt) {
        let signs_in = &mut self.devices[device];
        signs_in.sign_in += 1;
        let mut secret = [0; 32];
        signs_in.draw.fill(&mut secret);
        let verifier = URL_SAFE_NO_PAD.encode(secret);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let state = format!("state-{device}-{}", signs_in.sign_in);
        let (nth, run) = (signs_in.sign_in, signs_in.run);
        let path = address("/oauth/authorize")
            .append_pair("response_type", "code")
            .append_pair("client_id", "mostik-desktop")
            .append_pair("redirect_uri", REDIRECT)
            .append_pair("state", &state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        let sign_in = SignIn { device, attempt, nth, run, state, verifier };
        self.browse(device, path, None, 0, move |town, answer| {
            let at_diary = answer.and_then(|answer| query(answer.location()?, "state"));
            match at_diary {
                Some(state) => town.at_diary(sign_in, state),
                None => town.sign_in_ends(&sign_in, CauseKind::SignInAbandoned),
            }
        });
    }

    // The person signs in at the diary, or changes their mind there.
    fn at_diary(&mut self, sign_in: SignIn, state: String) {
        let rate = self.options.habits.leaves / 4;
        let person = &mut self.devices[sign_in.device];
        let refuses = person.draw.happens(rate);
        let thinks = 5 * SECOND + person.draw.wait(20 * SECOND);
        let account = person.account.clone();
        self.later(thinks, move |town| {
            let outcome = if refuses { ("error", "access_denied") } else { ("code", account.as_str()) };
            let path =
                address("/diary/callback").append_pair("state", &state).append_pair(outcome.0, outcome.1).finish();
            town.browse(sign_in.device, path, None, 0, move |town, answer| {
                town.back_in_app(&sign_in, answer.as_ref());
            });
        });
    }

    fn back_in_app(&mut self, sign_in: &SignIn, answer: Option<&Answer>) {
        let back = answer.and_then(Answer::location).filter(|location| location.starts_with(REDIRECT));
        let Some(back) = back else { return self.sign_in_ends(sign_in, CauseKind::SignInAbandoned) };
        let present = &self.devices[sign_in.device];
        if (present.sign_in, present.run) != (sign_in.nth, sign_in.run) {
            return;
        }
        let about_this = query(back, "state").as_ref() == Some(&sign_in.state);
        match query(back, "code").filter(|_| about_this) {
            Some(code) => self.exchange_code(sign_in.device, sign_in.attempt, &code, REDIRECT, &sign_in.verifier),
            None => self.sign_in_ends(sign_in, CauseKind::SignInRefused),
        }
    }

    fn sign_in_ends(&mut self, sign_in: &SignIn, why: CauseKind) {
        if self.devices[sign_in.device].sign_in == sign_in.nth {
            self.reply(sign_in.device, sign_in.run, sign_in.attempt, Reply::Failed(why.into()));
        }
    }

    /// Loads a page, and loads it anew when it does not come.
    fn browse(
        &mut self,
        device: usize,
        path: String,
        form: Option<String>,
        tries: u32,
        then: impl FnOnce(&mut Self, Option<Answer>) + 'static,
    ) {
        let from = self.devices[device].from;
        let asked = match &form {
            None => Asked::get(&path, from),
            Some(form) => Asked::post(&path, "application/x-www-form-urlencoded", form.clone().into_bytes(), from),
        };
        let lost = self.draw_network.happens(self.now_faults.request_lost);
        let latency = self.draw_network.wait(120);
        self.later(latency, move |town| {
            let again = move |town: &mut Self, then: Then| {
                if tries == RELOADS {
                    return then(town, None);
                }
                let waits = town.devices[device].draw.wait(5 * SECOND);
                town.later(waits, move |town| town.browse(device, path, form, tries + 1, then));
            };
            let then: Then = Box::new(then);
            let node = town.some_node().filter(|_| !lost);
            let Some(node) = node else { return again(town, then) };
            town.ask(node, &asked, move |town, answer| match answer {
                Some(answer) if !answer.status.is_server_error() => then(town, Some(answer)),
                _ => again(town, then),
            });
        });
    }

    /// VK ID in the browser: the person signs in there and is asked whose account it is.
    pub(crate) fn vk_in_browser(&mut self, device: usize, url: &str) {
        let Some(state) = query(url, "state") else { return };
        let Some(user) = self.vk_user_at(device) else { return };
        let thinks = 3 * SECOND + self.devices[device].draw.wait(20 * SECOND);
        self.later(thinks, move |town| {
            let path = address("/vk/callback")
                .append_pair("state", &state)
                .append_pair("code", &user.to_string())
                .append_pair("device_id", "town")
                .finish();
            town.browse(device, path, None, RELOADS, move |town, answer| {
                let page = answer.map(|answer| String::from_utf8_lossy(&answer.body).into_owned()).unwrap_or_default();
                let question = page.split_once("name=\"question\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
                let Some((question, _)) = question else {
                    let heading =
                        page.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>")).map_or("", |(h, _)| h);
                    let family = town.devices[device].family;
                    return town.note(About::Family(family), format!("VK ID: «{heading}»"));
                };
                let thinks = town.devices[device].draw.wait(MINUTE / 6);
                let form = Serializer::new(String::new())
                    .append_pair("question", question)
                    .append_pair("answer", "yes")
                    .finish();
                town.later(thinks, move |town| {
                    town.browse(device, "/vk/answer".into(), Some(form), RELOADS, |_, _| {});
                });
            });
        });
    }
}

/// An address whose parameters are still to come.
fn address(path: &str) -> Serializer<'static, String> {
    Serializer::for_suffix(format!("{path}?"), path.len() + 1)
}

/// A parameter of an address.
fn query(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}
