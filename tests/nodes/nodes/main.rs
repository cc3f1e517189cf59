//! Three nodes on one PostgreSQL behind a balancer, as real programs, under load.

mod events;
mod failover;
mod leases;
mod operating;
mod sms;
mod upgrade;

use anyhow::Result;
use mostik_world::{Settings, World};
use tempfile::TempDir;

/// Three nodes with what is around them.
fn three_nodes() -> Result<(World, TempDir)> {
    mostik_world::end_all_on_interrupt().ok();
    let folder = tempfile::tempdir()?;
    let world = World::start(folder.path(), &Settings { nodes: 3, ..Settings::default() })?;
    Ok((world, folder))
}
