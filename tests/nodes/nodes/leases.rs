//! What one node does at a time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::three_nodes;

#[tokio::test(flavor = "multi_thread")]
async fn when_the_node_that_polls_is_killed_another_one_polls_within_15_seconds() -> Result<()> {
    let (mut world, _folder) = three_nodes()?;
    let network = world.network.as_mut().context("there are no nodes")?;
    let holder = |network: &mostik_world::network::Network| {
        network.postgres.as_ref().context("there is no database")?.run(
            "mostik",
            "SELECT holder FROM leases WHERE name LIKE 'polling%'
                 AND expires_at > (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
        )
    };
    let mut beat = tokio::time::interval(Duration::from_millis(50));
    let first = loop {
        beat.tick().await;
        let holder = holder(network)?;
        if !holder.is_empty() {
            break holder;
        }
    };
    // Which node that is, its log says.
    let nodes = network.nodes.iter().enumerate();
    let polls = |log: &std::path::Path| {
        std::fs::read_to_string(log).is_ok_and(|log| log.contains("this node does it now") && log.contains("polling"))
    };
    let nth = nodes.filter(|(_, node)| polls(node.program.log())).map(|(nth, _)| nth).next();
    network.nodes[nth.context("no node says that it polls")?].kill();
    let killed = Instant::now();
    loop {
        beat.tick().await;
        let now = holder(network)?;
        if !now.is_empty() && now != first {
            break;
        }
        ensure!(killed.elapsed() < Duration::from_secs(15), "nobody polls after {:?}", killed.elapsed());
    }
    println!("another node polls after {:?}", killed.elapsed());
    Ok(())
}
