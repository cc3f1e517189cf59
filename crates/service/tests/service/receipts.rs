//! Receipts of centres as they are: each finds its own message, in whatever way it is written, and never another's.

use mostik_wire::{Delivery, Linking};
use serde_json::{Value, json};

use crate::{
    centres::behind,
    smsc::Smsc,
    world::{App, MINUTE, World},
};

const PHONE: &str = "+79000001242";
const DIGITS: &str = "79000001242";

/// A code that the centre has taken.
struct Sent {
    smsc: Smsc,
    world: World,
    app: App,
    linking: Linking,
    id: String,
}

async fn sent(ids: &str, settings: &str) -> Sent {
    let smsc = Smsc::start(ids).await;
    let world = behind(&[(&smsc, settings)]).await;
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    let id = smsc.accepted().await;
    let linking = world.until_delivery(&app, &linking, Delivery::Sent).await;
    Sent { smsc, world, app, linking, id }
}

impl Sent {
    async fn told(&self) {
        self.world.until_delivery(&self.app, &self.linking, Delivery::Delivered).await;
    }

    /// Nothing was told: what was written before this answer is in it.
    async fn not_told(&self) {
        let linking = self.world.linking(&self.app, &self.linking.id.0).await;
        assert_eq!(crate::centres::delivery(&linking), Some(Delivery::Sent));
    }
}

fn text(id: &str) -> String {
    format!("id:{id} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:")
}

fn decimal(hex: &str) -> String {
    u64::from_str_radix(hex, 16).unwrap().to_string()
}

fn hex(decimal: &str) -> String {
    format!("{:X}", decimal.parse::<u64>().unwrap())
}

#[tokio::test]
async fn somebody_elses_receipt_is_never_taken() {
    let mut sent = sent("decimal", "").await;
    let other = "79000002357";
    for fields in [
        // Another message's id; ours, about another number; ours in another base, about nobody or another.
        json!({ "source_addr": DIGITS, "text": text("99999") }),
        json!({ "source_addr": other, "text": text(&sent.id) }),
        json!({ "source_addr": "Mostik", "text": text(&hex(&sent.id)) }),
        json!({ "source_addr": other, "text": text(&hex(&sent.id)) }),
        // Quoted by the text of another message.
        json!({ "source_addr": DIGITS, "text": format!("id:99999 stat:DELIVRD text:id:{}", sent.id) }),
        json!({ "source_addr": other, "receipted_message_id": sent.id, "message_state": 2 }),
    ] {
        let mut fields = fields;
        fields["esm_class"] = 4.into();
        assert_eq!(sent.smsc.deliver(fields).await, 0, "acknowledged all the same");
        sent.not_told().await;
    }
    // A person writes to the number that our messages come from.
    let letter = json!({ "source_addr": DIGITS, "text": "Kto tam? id: 5" });
    assert_eq!(sent.smsc.deliver(letter).await, 0);
    sent.not_told().await;
    sent.smsc.receipt(&sent.id.clone(), PHONE, "DELIVRD").await;
    sent.told().await;
}

#[tokio::test]
async fn an_id_is_found_in_either_base_with_zeros_and_in_any_case() {
    for (ids, written) in [
        ("decimal", (|id| id.to_owned()) as fn(&str) -> String),
        ("decimal", |id| format!("0000{id}")),
        ("decimal", hex),
        ("decimal", |id| format!("0x{}", hex(id))),
        ("decimal", |id| format!("{:0>10}", hex(id).to_lowercase())),
        ("hex", |id| id.to_owned()),
        ("hex", str::to_lowercase),
        ("hex", |id| id.trim_start_matches('0').to_owned()),
        ("hex", decimal),
        ("hex", |id| format!("{:0>10}", decimal(id))),
    ] {
        let mut sent = sent(ids, "").await;
        let id = written(&sent.id);
        sent.smsc.receipt(&id, PHONE, "DELIVRD").await;
        sent.told().await;
    }
}

#[tokio::test]
async fn a_receipt_is_read_wherever_it_stands() {
    let places: [fn(&str) -> Value; 10] = [
        |id| json!({ "unterminated_id": id, "message_state": 2 }),
        |id| json!({ "receipted_message_id": id, "message_state": 2 }),
        |id| json!({ "receipted_message_id": decimal(id), "text": text(id) }),
        |id| json!({ "receipted_message_id": id, "text": text(&decimal(id)) }),
        |id| json!({ "payload": text(id) }),
        |id| json!({ "payload": text(id), "ucs2": true }),
        |id| json!({ "text": text(id).replace(' ', "\r\n") }),
        |id| json!({ "text": format!("ID:{id};STAT:DELIVRD") }),
        |id| json!({ "text": text(id), "esm_class": 0 }),
        |id| json!({ "text": text(id), "source_addr": "Mostik", "destination_addr": "+79000001242" }),
    ];
    for place in places {
        let mut sent = sent("hex", "").await;
        let mut fields = json!({ "esm_class": 4, "source_addr": DIGITS, "destination_addr": "Mostik" });
        fields.as_object_mut().unwrap().extend(place(&sent.id).as_object().unwrap().clone());
        assert_eq!(sent.smsc.deliver(fields.clone()).await, 0, "{fields}");
        sent.told().await;
    }
}

#[tokio::test]
async fn a_receipt_before_the_answer_and_twice_is_taken_once() {
    let mut smsc = Smsc::start_from("hex", 0x1000).await;
    let world = behind(&[(&smsc, "")]).await;
    smsc.set(json!({ "hold": true }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    smsc.submitted().await;
    for _ in 0..2 {
        smsc.receipt(&0x1001.to_string(), PHONE, "DELIVRD").await;
    }
    smsc.tell(&json!({ "answer": 0 }));
    assert_eq!(smsc.accepted().await, "00001001");
    let told = world.until_delivery(&app, &linking, Delivery::Delivered).await;
    smsc.receipt("1001", PHONE, "DELIVRD").await;
    smsc.receipt("1001", PHONE, "UNDELIV").await;
    assert_eq!(world.linking(&app, &linking.id.0).await.version, told.version);
}

#[tokio::test]
async fn a_receipt_that_fits_two_messages_is_taken_for_neither_unless_a_setting_tells_them_apart() {
    for (setting, told) in [("", false), ("message_id = \"exact\"", true)] {
        // 16, and then 22, which is 16 in hexadecimal: either may be meant by either.
        let mut smsc = Smsc::start_from("decimal", 15).await;
        let world = behind(&[(&smsc, setting)]).await;
        let app = world.sign_in("misha").await;
        let linking = world.ask_for_code(&app, PHONE).await;
        assert_eq!(smsc.accepted().await, "16");
        let linking = world.until_delivery(&app, &linking, Delivery::Sent).await;
        smsc.tell(&json!({ "skip": 5 }));
        world.advance(MINUTE);
        let linking = world.act(&app, &linking, "resend", json!({})).await.linking();
        assert_eq!(smsc.accepted().await, "22");
        let sent = world.until_delivery(&app, &linking, Delivery::Sent).await;
        for id in ["16", "22"] {
            smsc.receipt(id, PHONE, "DELIVRD").await;
            let present = world.linking(&app, &linking.id.0).await;
            assert_eq!(present.version > sent.version, told && id == "22", "{setting} {id}");
        }
    }
}

#[tokio::test]
async fn a_setting_says_how_a_strange_centre_writes() {
    // Without a setting these name nobody that could be checked.
    let nameless = |id: String| json!({ "esm_class": 4, "source_addr": "", "destination_addr": "", "text": text(&id) });
    let mut strange = sent("decimal", "message_id = \"hex-in-receipt\"").await;
    let id = strange.id.clone();
    assert_eq!(strange.smsc.deliver(nameless(id.clone())).await, 0);
    strange.not_told().await;
    assert_eq!(strange.smsc.deliver(nameless(hex(&id))).await, 0);
    strange.told().await;

    let mut strange = sent("hex", "message_id = \"decimal-in-receipt\"").await;
    let id = decimal(&strange.id);
    assert_eq!(strange.smsc.deliver(nameless(id)).await, 0);
    strange.told().await;

    let mut exact = sent("decimal", "message_id = \"exact\"").await;
    let id = exact.id.clone();
    exact.smsc.receipt(&hex(&id), PHONE, "DELIVRD").await;
    exact.not_told().await;
    exact.smsc.receipt(&id, PHONE, "DELIVRD").await;
    exact.told().await;
}

#[tokio::test]
async fn one_centres_receipt_is_not_anothers() {
    let (first, mut second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
    let world = behind(&[(&first, ""), (&second, "")]).await;
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    let id = first.accepted().await;
    let sent = world.until_delivery(&app, &linking, Delivery::Sent).await;
    second.next("bound").await;
    second.receipt(&id, PHONE, "DELIVRD").await;
    assert_eq!(world.linking(&app, &linking.id.0).await.version, sent.version);
}
