//! SMS, letters and the bot's words on their way from a node to people, and people's words to the bot.

use anyhow::Result;
use mostik_service::{
    mail::{Letter, News},
    outbox::{Claimed, MaxButton, MaxMessage, delivery},
    sms::{
        delivery::{self as sms, No},
        receipt::{Outcome, Receipt},
        status::Retry,
    },
};
use mostik_store::outbox::{Kind, Share};
use serde_json::{Value, json};

use crate::{
    Town,
    family::{family_of_email, family_of_max, family_of_phone},
    history::About,
    node::{Asked, BOT_TOKEN, WEBHOOK_SECRET},
    phones::Received,
    time::{MINUTE, SECOND},
};

/// How an SMS centre takes a message.
enum Taking {
    Yes { lost: bool, late: i64, receipts: Vec<(i64, Outcome)> },
    No,
    CutBefore,
    CutAfter,
}

impl Town {
    /// The senders of a node look into the outbox: those of the kinds that anything waits in, which the town looks up for all of them at once.
    pub(crate) async fn senders_look(&mut self, node: usize) -> Result<()> {
        let moment = self.now();
        // Another look was meant.
        if self.looking.get(&node) != Some(&moment) {
            return Ok(());
        }
        self.looking.remove(&node);
        if self.nodes[node].running.is_none() {
            return Ok(());
        }
        // Clocks of nodes are apart.
        let asked = "SELECT DISTINCT kind FROM outbox WHERE state = 'queued' AND expires_at > $1";
        let waiting: Vec<String> = mostik_store::sql::query_scalar(asked)
            .bind(moment - MINUTE)
            .fetch_all(&mut *self.store.reader().await?)
            .await?;
        for kind in [Kind::Sms, Kind::Mail, Kind::Max] {
            if waiting.iter().any(|name| name == kind.name()) {
                self.send_messages(node, kind);
            }
        }
        Ok(())
    }

    fn send_messages(&mut self, node: usize, kind: Kind) {
        let Some((app, _)) = self.nodes[node].running.clone() else { return };
        let claiming = async move {
            match kind {
                Kind::Sms => sms::take(&app, "town", Share::All).await,
                Kind::Mail | Kind::Max => delivery::claim(&app, kind).await,
            }
        };
        self.begin(node, claiming, move |town, claimed| match claimed {
            Some(Ok(Some(message))) => {
                town.look_soon(node, 20);
                match kind {
                    Kind::Sms => town.give_to_centre(node, message),
                    Kind::Mail => town.give_to_mail_server(node, message),
                    Kind::Max => town.give_to_max(node, message),
                }
            }
            // What was put off, lent or refused becomes due by itself.
            Some(Ok(None)) => town.look_soon(node, 3 * SECOND),
            Some(Err(_)) => town.look_soon(node, 2 * SECOND),
            None => {}
        });
    }

    fn give_to_centre(&mut self, node: usize, message: Claimed) {
        self.ledger_given(&message);
        let faults = self.now_faults.clone();
        let draw = &mut self.draw_messages;
        let taking = if draw.happens(faults.sms_refused) {
            Taking::No
        } else if draw.happens(faults.sms_cut) {
            if draw.happens(500) { Taking::CutBefore } else { Taking::CutAfter }
        } else {
            let lost = draw.happens(faults.sms_lost);
            let late = if draw.happens(faults.sms_late) { draw.wait(4 * MINUTE) } else { draw.wait(3 * SECOND) };
            let odd = draw.happens(faults.receipt_odd);
            let outcome = if lost { Outcome::Undelivered } else { Outcome::Delivered };
            let mut receipts = vec![(late + draw.wait(SECOND), outcome)];
            if odd {
                // Before its own answer, and twice.
                receipts = vec![(0, outcome), (late + draw.wait(SECOND), outcome)];
            }
            Taking::Yes { lost, late, receipts }
        };
        if !matches!(taking, Taking::Yes { lost: false, .. }) {
            self.faults.messages += 1;
        }
        let digits = message.recipient.clone();
        match &taking {
            Taking::Yes { lost: false, late, .. } => self.sms_arrives(*late, &digits, &message.payload),
            Taking::CutAfter => {
                let late = self.draw_messages.wait(3 * SECOND);
                self.sms_arrives(late, &digits, &message.payload);
            }
            _ => {}
        }
        if let Taking::Yes { receipts, .. } = &taking {
            for (after, outcome) in receipts.clone() {
                let id = message.id.clone();
                self.later(after, move |town| town.bring_receipt(&id, outcome, 0));
            }
        }
        let Some((app, _)) = self.nodes[node].running.clone() else { return };
        let (id, again) = (message.id.clone(), matches!(taking, Taking::No | Taking::CutBefore));
        let noting = async move {
            match taking {
                Taking::Yes { .. } => {
                    let live = app.live();
                    sms::accepted(&app, &live.config.sms.centres[0], &message, &message.id).await
                }
                Taking::No => {
                    let no = No { centre: "town", retry: Retry::Later, status: "0x14" };
                    sms::note_refused(&app, &message, &no, 2 * SECOND).await
                }
                Taking::CutBefore => sms::not_given(&app, &message, "town").await,
                Taking::CutAfter => sms::unanswered(&app, &message, "town").await,
            }
            .is_ok()
        };
        let latency = self.draw_messages.wait(300);
        self.later(latency, move |town| {
            if again {
                town.ledger.may_be_given_again(&id);
            }
            town.note_fate(node, noting, |_| {});
        });
    }

    fn note_fate(
        &mut self,
        node: usize,
        noting: impl Future<Output = bool> + Send + 'static,
        then: impl FnOnce(&mut Self) + 'static,
    ) {
        if self.nodes[node].running.is_none() {
            return;
        }
        self.begin(node, noting, move |town, noted| {
            match noted {
                Some(true) => then(town),
                Some(false) => town.faults.not_noted += 1,
                None => {}
            }
            town.look_soon(node, 100);
        });
    }

    fn sms_arrives(&mut self, after: i64, digits: &str, text: &str) {
        let code: String =
            text.chars().skip_while(|sign| !sign.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let of_owner = text.contains("для действия");
        self.arrives(after, digits.to_owned(), code, of_owner, "an SMS");
    }

    fn arrives(&mut self, after: i64, to: String, code: String, of_owner: bool, what: &'static str) {
        self.later(after, move |town| {
            let about = family_of_phone(&to).or_else(|| family_of_email(&to)).map_or(About::All, About::Family);
            town.note(about, format!("{what} with {code}"));
            let at = town.now();
            let received = Received { at, code: Some(code), of_owner, used: false };
            town.phones.inboxes.entry(to).or_default().push(received);
        });
    }

    // The centre brings it again until somebody has noted it.
    fn bring_receipt(&mut self, id: &str, outcome: Outcome, tries: u32) {
        let receipt = Receipt { ids: vec![id.to_owned()], addresses: Vec::new(), outcome, said: None, marked: true };
        let id = id.to_owned();
        let again = move |town: &mut Self| {
            if tries < 5 {
                town.later(5 * SECOND, move |town| town.bring_receipt(&id, outcome, tries + 1));
            }
        };
        let node = self.some_node();
        let app = node.and_then(|node| self.nodes[node].running.clone());
        let (Some(node), Some((app, _))) = (node, app) else { return again(self) };
        let noting = async move {
            let live = app.live();
            sms::receipt(&app, &live.config.sms.centres[0], &receipt).await.is_ok()
        };
        self.begin(node, noting, move |town, noted| {
            if noted == Some(true) {
                town.look_soon(node, 100);
            } else {
                again(town);
            }
        });
    }

    fn give_to_mail_server(&mut self, node: usize, message: Claimed) {
        let faults = &self.now_faults;
        let (refused, cut) =
            (self.draw_messages.happens(faults.mail_refused), self.draw_messages.happens(faults.mail_cut));
        if refused || cut {
            self.faults.messages += 1;
        }
        if !refused {
            let code = code_of_letter(&message.payload);
            self.ledger_handed(&message, code.as_ref().map(|(code, _)| code.clone()));
            if let Some((code, of_owner)) = code {
                let late = self.draw_messages.wait(5 * SECOND);
                self.arrives(late, message.recipient.clone(), code, of_owner, "a letter");
            }
        }
        self.note_handing_over(node, message, refused || cut);
    }

    fn give_to_max(&mut self, node: usize, message: Claimed) {
        let faults = &self.now_faults;
        let (refused, cut) =
            (self.draw_messages.happens(faults.max_refused), self.draw_messages.happens(faults.max_cut));
        if refused || cut {
            self.faults.messages += 1;
        }
        if !refused {
            self.ledger_handed(&message, None);
            let user: i64 = message.recipient.parse().unwrap_or_default();
            if let Ok(said) = serde_json::from_str::<MaxMessage>(&message.payload) {
                let late = self.draw_messages.wait(SECOND);
                self.later(late, move |town| town.bot_says(user, &said));
            }
        }
        self.note_handing_over(node, message, refused || cut);
    }

    fn note_handing_over(&mut self, node: usize, message: Claimed, failed: bool) {
        let id = message.id.clone();
        let Some((app, _)) = self.nodes[node].running.clone() else { return };
        let noting = async move {
            let noted = if failed {
                delivery::postponed(&app, &message, "no answer").await
            } else {
                delivery::handed_over(&app, &message).await
            };
            noted.is_ok()
        };
        let latency = self.draw_messages.wait(300);
        self.later(latency, move |town| {
            town.note_fate(node, noting, move |town| {
                if failed {
                    town.ledger.note_not_handed(&id);
                } else {
                    town.ledger.note_handed(&id);
                }
            });
        });
    }

    fn bot_says(&mut self, user: i64, said: &MaxMessage) {
        let about = family_of_max(user).map_or(About::All, About::Family);
        self.note(about, format!("the bot says to {user}: {}", said.text.lines().next().unwrap_or_default()));
        if matches!(said.button, Some(MaxButton::ShareContact)) && self.phones.willing.contains_key(&user) {
            let thinks = self.draw_messages.wait(6 * SECOND);
            self.later(thinks, move |town| {
                // Once for each time that the person has opened the link.
                if let Some(digits) = town.phones.willing.remove(&user) {
                    town.share_contact(user, &digits);
                }
            });
        }
    }

    /// Somebody opens a link into MAX, and is willing to share the contact of that number there.
    pub(crate) fn open_in_max(&mut self, user: i64, digits: &str, url: &str) {
        let ticket = url.split_once("start=").map_or("", |(_, ticket)| ticket).to_owned();
        self.phones.willing.insert(user, digits.to_owned());
        let at = self.next_update();
        self.update(json!({ "update_type": "bot_started", "timestamp": at, "chat_id": user, "payload": ticket,
            "user": { "user_id": user, "first_name": "Зоя", "last_name": "Орлова" } }));
    }

    /// Somebody writes to the bot.
    pub(crate) fn write_to_bot(&mut self, user: i64, text: &str) {
        let at = self.next_update();
        let body = json!({ "mid": format!("mid.{user}.{at}"), "seq": 1, "text": text });
        self.update(json!({ "update_type": "message_created", "timestamp": at,
            "message": { "sender": { "user_id": user }, "body": body } }));
    }

    pub(crate) fn share_contact(&mut self, user: i64, digits: &str) {
        self.share_card(user, user, digits, BOT_TOKEN);
    }

    /// Somebody shares a card: of `of`, proven when `token` is the bot's.
    pub(crate) fn share_card(&mut self, user: i64, of: i64, digits: &str, token: &str) {
        use hmac::{Hmac, KeyInit, Mac};
        let card = format!("BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:{digits}\r\nEND:VCARD\r\n");
        let Ok(mac) = Hmac::<sha2::Sha256>::new_from_slice(token.as_bytes()) else { return };
        let hash = mac.chain_update(card.as_bytes()).finalize().into_bytes();
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let payload = json!({ "vcf_info": card, "hash": hash, "max_info": { "user_id": of } });
        let at = self.next_update();
        let body = json!({ "mid": format!("mid.{user}.{at}"), "seq": 1, "text": "",
            "attachments": [{ "type": "contact", "payload": payload }] });
        self.update(json!({ "update_type": "message_created", "timestamp": at,
            "message": { "sender": { "user_id": user, "first_name": "Зоя", "last_name": "Орлова" }, "body": body } }));
    }

    // MAX's clock goes on with each update.
    fn next_update(&mut self) -> i64 {
        self.phones.updates = (self.phones.updates + 1).max(self.now());
        self.phones.updates
    }

    fn update(&mut self, update: Value) {
        let faults = &self.now_faults;
        let (late, doubled) =
            (self.draw_messages.happens(faults.update_late), self.draw_messages.happens(faults.update_doubled));
        let after = self.draw_messages.wait(if late { 2 * MINUTE } else { 500 });
        if doubled {
            let (again, after) = (update.clone(), after + self.draw_messages.wait(20 * SECOND));
            self.later(after, move |town| town.bring_update(again, 0));
        }
        if late || doubled {
            self.faults.messages += 1;
        }
        self.later(after, move |town| town.bring_update(update, 0));
    }

    // MAX tries ten times, the first pause a minute, each 2.5 times as long.
    fn bring_update(&mut self, update: Value, tries: u32) {
        let asked = Asked {
            besides: Some(("x-max-bot-api-secret", WEBHOOK_SECRET)),
            ..Asked::post("/max/webhook", "application/json", update.to_string().into_bytes(), elsewhere())
        };
        let again = move |town: &mut Self| {
            if tries < 10 {
                let pause = MINUTE * i64::from(5_u32.pow(tries)) / i64::from(2_u32.pow(tries));
                town.later(pause, move |town| town.bring_update(update, tries + 1));
            }
        };
        let Some(node) = self.some_node() else { return again(self) };
        self.ask(node, &asked, move |town, answer| match answer {
            Some(answer) if answer.status.is_success() => town.look_if_woken(node),
            answer => {
                let told = answer.map(|answer| answer.status.as_u16());
                town.note(About::All, format!("an update of MAX comes again: {told:?}"));
                again(town);
            }
        });
    }
}

/// Where parties are, as the service sees them.
#[must_use]
pub fn elsewhere() -> std::net::SocketAddr {
    std::net::SocketAddr::from(([198, 51, 100, 7], 443))
}

fn code_of_letter(payload: &str) -> Option<(String, bool)> {
    match serde_json::from_str::<Letter>(payload).ok()?.news {
        News::Code { code } | News::RecoveryCode { code } => Some((code, false)),
        News::OwnerCode { code } => Some((code, true)),
        _ => None,
    }
}
