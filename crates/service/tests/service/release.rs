//! `GET /app/latest`: what the operator has signed goes out as it lies on the disk.

use std::{fs, path::Path};

use mostik_service::Config;
use mostik_wire::{Code, SignedRelease};

use crate::{responses::Answer, world::World};

const MANIFEST: &str = r#"{"version":"0.2.0","released":"2026-12-01","notes":{"ru":"Новое.","en":"News."},"more":1}"#;

async fn latest(world: &World) -> Answer {
    Answer::of(world.http.get(format!("{}/app/latest", world.url())).send().await.unwrap()).await
}

fn write(folder: &Path, manifest: &str, signature: &str) -> String {
    let file = folder.join("latest.json");
    fs::write(&file, manifest).unwrap();
    fs::write(folder.join("latest.json.minisig"), signature).unwrap();
    file.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_operator_who_names_no_release_offers_none() {
    latest(&World::new().await).await.problem(Code::NotFound);
}

#[tokio::test]
async fn what_no_app_would_read_is_named_before_the_start() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let faults = |file: &str| {
        let text = world.config_text();
        let env = |name: &str| (name == "MOSTIK_APP_LATEST").then(|| file.to_owned());
        let faults = Config::from_parts(&text, &env).err().unwrap_or_default();
        faults.into_iter().map(|fault| fault.to_string()).collect::<Vec<_>>()
    };
    let file = write(folder.path(), MANIFEST, "signature");
    assert!(faults(&file).is_empty());
    write(folder.path(), r#"{"version":"0.2.0"}"#, "signature");
    assert!(
        faults(&file)[0].starts_with("app.latest: ") && faults(&file)[0].contains("released"),
        "{:?}",
        faults(&file)
    );
    write(folder.path(), &" ".repeat(17 * 1024), "signature");
    assert!(faults(&file)[0].contains("larger than 16 KiB"), "{:?}", faults(&file));
    write(folder.path(), MANIFEST, "signature");
    fs::remove_file(folder.path().join("latest.json.minisig")).unwrap();
    assert!(faults(&file)[0].contains("latest.json.minisig"), "{:?}", faults(&file));
    assert!(faults("/nowhere/latest.json")[0].contains("/nowhere/latest.json"));
}

#[tokio::test]
async fn it_goes_out_word_for_word_and_a_new_one_needs_no_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), MANIFEST, "untrusted comment: one\n");
    let world = World::with(&[("MOSTIK_APP_LATEST", &file)]).await;
    let served = async || serde_json::from_str::<SignedRelease>(&latest(&world).await.text).unwrap();
    let signed =
        |manifest: &str, signature: &str| SignedRelease { manifest: manifest.into(), signature: signature.into() };
    assert_eq!(served().await, signed(MANIFEST, "untrusted comment: one\n"));
    let newer = MANIFEST.replace("0.2.0", "0.3.0");
    write(folder.path(), &newer, "untrusted comment: two\n");
    assert_eq!(served().await, signed(&newer, "untrusted comment: two\n"));
    fs::remove_file(&file).unwrap();
    latest(&world).await.problem(Code::Internal);
}
