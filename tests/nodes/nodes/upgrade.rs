//! Nodes that are exchanged one by one.

use anyhow::{Context, Result};
use mostik_nodes::{Load, Patience};
use mostik_world::{Settings, World, network::Node};
use serde_json::Value;

use crate::three_nodes;

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_exchanged_under_load_without_a_failed_request() -> Result<()> {
    mostik_world::end_all_on_interrupt().ok();
    let folder = tempfile::tempdir()?;
    // `cargo xtask upgrade` names the program of the version before; else the nodes are exchanged for their like.
    let first = std::env::var_os("MOSTIK_SERVICE_BEFORE").map(Into::into);
    let mut world = World::start(folder.path(), &Settings { nodes: 3, first, ..Settings::default() })?;
    let before = newest_change(&world)?;
    let mut load = Load::start(&world, Patience::None).await?;
    load.more(200).await?;
    for nth in 0..3 {
        let network = world.network.as_mut().context("there are no nodes")?;
        tokio::task::block_in_place(|| {
            network.nodes[nth].end()?;
            network.nodes[nth].start_again()
        })?;
        load.more(200).await?;
    }
    let all = load.end().await?;
    println!("{} steps while the tables went from change {before} to {}", all.steps, newest_change(&world)?);
    let network = world.network.as_ref().context("there are no nodes")?;
    all.hold_against(network.postgres.as_ref().context("there is no database")?, "mostik")
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_are_killed_lose_nothing_that_was_acknowledged() -> Result<()> {
    let (mut world, _folder) = three_nodes()?;
    let mut load = Load::start(&world, Patience::Repeats).await?;
    load.more(200).await?;
    for nth in 0..3 {
        let network = world.network.as_mut().context("there are no nodes")?;
        network.nodes[nth].kill();
        load.more(200).await?;
        let network = world.network.as_mut().context("there are no nodes")?;
        tokio::task::block_in_place(|| network.nodes[nth].start_again())?;
    }
    let all = load.end().await?;
    println!("{} steps, at the longest {:?} without any", all.steps, all.longest_gap);
    let network = world.network.as_mut().context("there are no nodes")?;
    all.hold_against(network.postgres.as_ref().context("there is no database")?, "mostik")?;
    // Without any node the app is told when to come again.
    network.nodes.iter_mut().for_each(Node::kill);
    let answer = reqwest::get(format!("{}/health/ready", world.address("service")?)).await?;
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str()?), (503, "5"));
    assert_eq!(answer.json::<Value>().await?["code"], "overloaded");
    Ok(())
}

/// The number of the newest change of the tables.
fn newest_change(world: &World) -> Result<String> {
    let network = world.network.as_ref().context("there are no nodes")?;
    let postgres = network.postgres.as_ref().context("there is no database")?;
    postgres.run("mostik", "SELECT MAX(version) FROM _sqlx_migrations WHERE success")
}
