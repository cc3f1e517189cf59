//! No token and no code outside the request, the keyring and the header that bear them.

use std::path::Path;

use mostik_flow::{CauseKind, Intent, View};
use mostik_wire::Secret;

use crate::{
    sign_in::{CODE, sign_in},
    world::{ACCESS, LOG, REFRESH, World, until},
};

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
    let screen = format!("{:?}", engine.snapshot());
    drop(engine);

    let requests = world.service.all();
    assert!(requests.iter().any(|r| r.body.contains(SMS_CODE)), "the marker must have been used");
    assert!(world.keyring.holds().unwrap().contains(REFRESH), "the marker must have been used");
    let log = String::from_utf8_lossy(&LOG.lock().unwrap()).into_owned();
    assert!(log.contains("Call(code)"), "the log must have been captured");
    for marker in [ACCESS, REFRESH, CODE, SMS_CODE] {
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
