//! An SMS centre that takes one session of the account.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use mostik_nodes::{Client, Phone};
use mostik_world::{Settings, World, network::Network};
use serde_json::json;

/// So soon after a kill another node has the session.
const PASSES_ON_WITHIN: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn the_one_session_passes_on_from_a_killed_node_within_15_seconds_and_each_code_queued_meanwhile_is_sent_once()
-> Result<()> {
    mostik_world::end_all_on_interrupt().ok();
    let folder = tempfile::tempdir()?;
    let centre = vec![("sessions", "one".to_owned())];
    let mut world = World::start(folder.path(), &Settings { nodes: 3, centre, ..Settings::default() })?;
    let phone = Phone::of(&world)?;
    phone.faults(&json!({ "sms": { "one_session": true } })).await?;
    let client = Client::of(&world)?;
    let families = [("liza", "79000002357"), ("budi", "79000005511")];
    bound(&phone, 1).await?;
    for (sessions, (login, number)) in (1..).zip(families) {
        let network = world.network.as_mut().context("there are no nodes")?;
        let holder = holder(network)?;
        network.nodes[holder].kill();
        let since = Instant::now();
        let by = client.sign_in(login).await?;
        let linking = client.begin(&by, by.pupils.first().context("no pupil")?).await?;
        let id = linking["id"].as_str().context("no id")?;
        let body = json!({ "version": linking["version"], "contact": format!("+{number}") });
        let answer = client.post(&by, &format!("/v1/linkings/{id}/contact"), &Client::new_key(), &body).await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
        ensure!(phone.binds().await?.len() == sessions, "the session has passed on before the code was asked for");
        bound(&phone, sessions + 1).await?;
        println!("another node has the session after {:?}", since.elapsed());
        ensure!(since.elapsed() < PASSES_ON_WITHIN, "nobody had the session after {PASSES_ON_WITHIN:?}");
        phone.sms(number).await?;
        // It stands by; what it has sent before is not sent anew.
        let network = world.network.as_mut().context("there are no nodes")?;
        tokio::task::block_in_place(|| network.nodes[holder].start_again())?;
    }
    let network = world.network.as_ref().context("there are no nodes")?;
    let postgres = network.postgres.as_ref().context("there is no database")?;
    let queued = postgres.run("mostik", "SELECT COUNT(*) FROM outbox WHERE kind = 'sms' AND state = 'queued'")?;
    ensure!(queued == "0", "{queued} SMS are still to be sent");
    for (_, number) in families {
        ensure!(phone.count(number).await? == 1, "a code was sent more than once");
    }
    let binds = phone.binds().await?;
    ensure!(binds.iter().all(|status| status == "EsmeRok"), "two nodes wanted the session at once: {binds:?}");
    Ok(())
}

/// Waits until so many sessions have begun.
async fn bound(phone: &Phone, sessions: usize) -> Result<()> {
    let mut beat = tokio::time::interval(Duration::from_millis(100));
    let begun = Instant::now();
    while phone.binds().await?.len() < sessions {
        ensure!(begun.elapsed() < 2 * PASSES_ON_WITHIN, "there were no {sessions} sessions");
        beat.tick().await;
    }
    Ok(())
}

/// The node that runs and says that it has the session.
fn holder(network: &mut Network) -> Result<usize> {
    for (nth, node) in network.nodes.iter_mut().enumerate() {
        let log = std::fs::read_to_string(node.program.log())?;
        if node.program.ended().is_none() && log.contains("bound to the SMS centre") {
            return Ok(nth);
        }
    }
    bail!("no node says that it has the session")
}
