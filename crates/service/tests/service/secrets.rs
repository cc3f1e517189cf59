//! What a stolen database tells.

use mostik_service::keys::Keys;
use mostik_wire::{LinkingId, Phone, Step};
use mostik_world::postgres;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::world::{App, SECRET_KEY, World, on_postgres};

const PHONE: &str = "+79000001242";

pub fn bytes_of(world: &World) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(world.dir.path()).unwrap() {
        all.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    if on_postgres() {
        let database = world.database.rsplit('/').next().unwrap();
        all.extend(postgres::shared().dump(database).unwrap());
    }
    all
}

pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[tokio::test]
async fn no_code_token_or_ticket_lies_open_in_the_files() {
    let mut world = World::new().await;
    let one_time = world.one_time_code("misha").await;
    let app: App = crate::sign_in::app_of(&world.exchange(&one_time).await);
    // One code is handed over, another waits in the outbox.
    let (linking, sent) = world.to_code(&app, PHONE).await;
    world.try_code(&app, &linking, "000001").await;
    let before = bytes_of(&world);
    assert!(holds(&before, PHONE), "the search finds what is there");
    let linking = world.act(&app, &linking, "code", json!({ "code": sent })).await.linking();
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": false })).await.linking();
    let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
    let ticket = max.url.rsplit_once("start=").unwrap().1.to_owned();
    world.faults(json!({ "sms": { "down": true } })).await;
    let waiting = world.act(&app, &linking, "contact", json!({ "contact": "+79000000007" })).await.linking();
    world
        .until(&app, &waiting, |l| matches!(&l.step, Step::Code(c) if c.delivery == mostik_wire::Delivery::Delayed))
        .await;
    let mut all = before;
    all.extend(bytes_of(&world));
    for (what, secret) in [
        ("code", sent.as_str()),
        ("code in its sentence", &format!("код {sent}")),
        ("any code's sentence", "Никому не сообщайте"),
        ("access token", &app.access),
        ("refresh token", &app.refresh),
        ("one-time code", &one_time),
        ("ticket", &ticket),
        ("return handle", &max.return_handle),
        ("secret key", SECRET_KEY),
        ("bot's token", world.sandbox.get("bot/token")),
    ] {
        assert!(!holds(&all, secret), "{what} lies open");
    }
    world.stop().await;
}

#[tokio::test]
async fn codes_cannot_be_searched_for_without_the_key() {
    let mut world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, code) = world.to_code(&app, PHONE).await;
    world.stop().await;
    let all = bytes_of(&world);
    let (id, phone) = (LinkingId(linking.id.0.clone()), Phone::parse(PHONE).unwrap());
    // With the key the one million is searched through at once: this is what the key is for.
    assert!(holds(&all, &Keys::new(SECRET_KEY.as_bytes()).code_hash(&id, phone.e164(), &code)));
    assert!(!holds(&all, &Keys::new(b"another key of the same length 0").code_hash(&id, phone.e164(), &code)));
    for unkeyed in [
        code.clone(),
        format!("{}\0{}\0{code}", id.0, phone.e164()),
        format!("{}{code}", id.0),
        format!("{}{code}", phone.e164()),
    ] {
        assert!(!holds(&all, &hex(&Sha256::digest(unkeyed.as_bytes()))));
    }
}
