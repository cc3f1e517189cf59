//! The real service, driven by a tool that we did not write and that knows nothing but `docs/openapi.json`: schemathesis.

use std::{env, fs, process::Command};

use anyhow::{Context, Result, ensure};
use mostik_nodes::Client;
use mostik_world::{Settings, World, root};
use serde_json::json;

/// Streams of events never end by themselves, and whoever ends sessions is not let any more.
const LEFT_OUT: &str = "/events$|^/v1/sessions/end$";

/// Shows B11.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_the_document_allows_breaks_the_service_and_no_answer_is_another_than_it_says() -> Result<()> {
    mostik_world::end_all_on_interrupt().ok();
    let folder = tempfile::tempdir()?;
    let world = World::start(folder.path(), &Settings::default())?;
    let client = Client::of(&world)?;
    let by = client.sign_in("olga").await?;
    let [first, second, ..] = by.pupils.as_slice() else { anyhow::bail!("a mother of one: {:?}", by.pupils) };
    let linkings = [client.begin(&by, first).await?, client.begin(&by, second).await?];
    let ids = linkings.each_ref().map(|linking| linking["id"].as_str().unwrap_or_default());
    let body = json!({ "version": linkings[1]["version"], "contact": "+79000001217" });
    let answer = client.post(&by, &format!("/v1/linkings/{}/contact", ids[1]), &Client::new_key(), &body).await?;
    ensure!(answer.status().is_success(), "{}", answer.text().await?);

    // By ids that nobody has it would see one refusal and no more.
    let known = |name: &str, values: &[&str]| {
        format!(
            "\n[dictionaries.{name}]\nvalues = {values:?}\n[[operations]]\ninclude-path-regex = \"^/v1/{name}/\"\n\
             [operations.parameters]\n\"path.id\" = {{ dictionary = \"{name}\", probability = 0.9 }}\n"
        )
    };
    let config = fs::read_to_string(root().join("tests/nodes/contract/schemathesis.toml"))?;
    let pupils: Vec<&str> = by.pupils.iter().map(String::as_str).collect();
    let config = config + &known("linkings", &ids) + &known("pupils", &pupils);
    fs::write(folder.path().join("schemathesis.toml"), config)?;

    let mut tool = Command::new(root().join("target/tools/schemathesis/bin/schemathesis"));
    tool.arg("run").arg(root().join("docs/openapi.json")).current_dir(folder.path());
    tool.args(["--url", &world.address("service")?, "--header", &format!("Authorization: Bearer {}", by.token())]);
    tool.args(["--exclude-path-regex", LEFT_OUT, "--no-color", "--workers", "2", "--request-timeout", "15"]);
    // A long run says for how long, and where its dice begin.
    match (env::var("MOSTIK_SOAK_SECONDS"), env::var("MOSTIK_SOAK_SEED")) {
        (Ok(seconds), Ok(seed)) => tool.args(["--max-time", &seconds, "--seed", &seed]),
        _ => tool.args(["--generation-deterministic", "--max-examples", "20"]),
    };
    let status =
        tool.status().context("schemathesis is not in target/tools: `cargo xtask test contract` installs it")?;
    ensure!(status.success(), "what schemathesis found is above");
    Ok(())
}
