//! News reach who follows them at whichever node.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mostik_nodes::Client;
use serde_json::json;

use crate::three_nodes;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_one_node_is_told_at_every_other_within_a_second_and_after_a_kill_nothing_is_missed() -> Result<()>
{
    let (mut world, _folder) = three_nodes()?;
    let client = Client::of(&world)?;
    let by = client.sign_in("misha").await?;
    let network = world.network.as_mut().context("there are no nodes")?;
    let at: Vec<Client> = network.nodes.iter().map(|node| client.at(&node.listens)).collect();
    let linking = at[0].begin(&by, &by.pupils[0]).await?;
    let id = linking["id"].as_str().context("no id")?.to_owned();
    let (mut second, mut third) = (at[1].events(&by, &id).await?, at[2].events(&by, &id).await?);
    let begun_at = second.next_version().await?.context("the stream ends")?;
    ensure!(third.next_version().await? == Some(begun_at));

    let changed = Instant::now();
    let body = json!({ "version": begun_at, "contact": "+79000001242" });
    let answer = at[0].post(&by, &format!("/v1/linkings/{id}/contact"), &Client::new_key(), &body).await?;
    ensure!(answer.status().is_success(), "{}", answer.text().await?);
    for events in [&mut second, &mut third] {
        let told = tokio::time::timeout(Duration::from_secs(5), events.next_version()).await??;
        ensure!(told > Some(begun_at), "{told:?} after {begun_at}");
        ensure!(changed.elapsed() < Duration::from_secs(1), "told after {:?}", changed.elapsed());
    }

    // Whoever followed at a node that dies is told by another one what has happened meanwhile.
    network.nodes[1].kill();
    while second.next_version().await?.is_some() {}
    let now = client.linking(&by, &id).await?["version"].as_u64().context("no version")?;
    let body = json!({ "version": now });
    let answer = at[0].post(&by, &format!("/v1/linkings/{id}/cancel"), &Client::new_key(), &body).await?;
    let ended = answer.json::<serde_json::Value>().await?["version"].as_u64();
    let mut elsewhere = client.events(&by, &id).await?;
    ensure!(elsewhere.next_version().await? == ended);
    Ok(())
}
