//! No token and no code outside the request, the keyring and the header that bear them.

use std::path::Path;

use mostik_flow::{CauseKind, Intent, Language, LinkRefusal, News, Strip, View};
use mostik_wire::{Code, PasswordStep, Secret, Step};

use crate::{
    sign_in::{CODE, sign_in},
    world::{ACCESS, Answer, LOG, REFRESH, World, linking, until},
};

const SET_PASSWORD: &str = "POST /v1/linkings/l1/password";
const PASSWORD: &str = "trolleybus by the quiet sea";
const SMS_CODE: &str = "135790";

#[tokio::test]
async fn no_secret_reaches_the_disk_the_log_or_a_screen() {
    let world = World::new();
    let engine = world.start().await;
    until(&engine, |s| matches!(s.view, View::SignIn { .. })).await;
    sign_in(&world, &engine).await;
    until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
    world.service.expire_access();
    drop(engine);
    let engine = world.drive_to_code().await;
    engine.send(Intent::SubmitCode { code: Secret::new(SMS_CODE) });
    until(&engine, |s| matches!(&s.view, View::Code { cause: Some(c), .. } if c.kind == CauseKind::CodeWrong)).await;
    let password_step = PasswordStep { contact_masked: "о•••@почта.рф".into(), shortest: 10 };
    world.service.script(SET_PASSWORD, [Answer::problem(Code::PasswordTooCommon)]);
    world.service.set_linking(linking(50, Step::Password(password_step)));
    until(&engine, |s| matches!(s.view, View::Password { .. })).await;
    engine.send(Intent::SetLanguage { language: Language::En });
    engine.send(Intent::WeighPassword { password: Secret::new(PASSWORD) });
    engine.send(Intent::SubmitPassword { password: Secret::new(PASSWORD) });
    world.service.until_seen(SET_PASSWORD, 1).await;
    assert_eq!(world.service.seen(SET_PASSWORD)[0].headers["accept-language"], "en");
    until(&engine, |s| matches!(&s.view, View::Password { busy: false, cause: Some(_), .. })).await;
    let screen = format!("{:?}", engine.snapshot());
    drop(engine);

    let requests = world.service.all();
    for marker in [SMS_CODE, PASSWORD] {
        assert!(requests.iter().any(|r| r.body.contains(marker)), "the marker must have been used");
    }
    assert!(world.keyring.holds().unwrap().contains(REFRESH), "the marker must have been used");
    let log = String::from_utf8_lossy(&LOG.lock().unwrap()).into_owned();
    assert!(log.contains("Call(code)"), "the log must have been captured");
    for marker in [ACCESS, REFRESH, CODE, SMS_CODE, PASSWORD] {
        assert!(!log.contains(marker), "{marker} is in the log");
        assert!(!screen.contains(marker), "{marker} is on the screen");
        assert_eq!(files_with(world.dir.path(), marker), 0, "{marker} is on the disk");
    }
    assert!(
        files_with(world.dir.path(), "Wizard") + files_with(world.dir.path(), "wizard") > 0,
        "the disk was searched"
    );
}

fn files_with(dir: &Path, marker: &str) -> usize {
    let has = |bytes: &[u8]| bytes.windows(marker.len()).any(|window| window == marker.as_bytes());
    std::fs::read_dir(dir).unwrap().filter(|entry| has(&std::fs::read(entry.as_ref().unwrap().path()).unwrap())).count()
}

#[tokio::test]
async fn the_token_of_another_device_is_in_the_two_requests_that_bear_it_and_nowhere_else() {
    const TOKEN: &str = "TokenOfAnotherDevice-_";
    const LOOK: &str = "POST /v1/hand-offs/look";
    const TAKE: &str = "POST /v1/hand-offs/take";
    let world = World::signed_in();
    let engine = world.drive_to_diary().await;
    let offer = r#"{"pupil_name":"Анна О.","expires_at":9000000000000,"server_time":1}"#;
    world.service.script(LOOK, [Answer::json(offer)]);
    // Its answer is lost: the same request is sent again, under the same key.
    world.service.script(TAKE, [Answer::Lost, Answer::problem(Code::HandOffUsed)]);
    engine.news(News::Link(format!("mostik://continue/{TOKEN}")));
    let used = Strip::LinkRefused { reason: LinkRefusal::HandOffUsed };
    until(&engine, |s| s.strips.contains(&used)).await;
    let screen = format!("{:?}", engine.snapshot());
    drop(engine);

    let (look, take) = (world.service.seen(LOOK), world.service.seen(TAKE));
    assert!(!look[0].headers.contains_key("authorization"), "who looks need not be signed in");
    assert!(take[0].headers.contains_key("authorization") && take[0].key() == take[1].key());
    for seen in world.service.all() {
        assert_eq!(seen.body.contains(TOKEN), seen.path.starts_with("/v1/hand-offs/"), "{}", seen.path);
        assert!(!seen.path.contains(TOKEN));
    }
    assert!(!String::from_utf8_lossy(&LOG.lock().unwrap()).contains(TOKEN), "it is in the log");
    assert!(!screen.contains(TOKEN), "it is on the screen");
    assert_eq!(files_with(world.dir.path(), TOKEN), 0, "it is on the disk");
}
