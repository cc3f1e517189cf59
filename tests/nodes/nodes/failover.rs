//! The database fails over to its standby.

use anyhow::{Context, Result, ensure};
use mostik_nodes::{Gateway, Load, Patience};
use mostik_world::{Settings, World, postgres::Postgres};

/// Steps that are acknowledged before the primary dies, and after.
const STEPS: u64 = 5_000;

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_acknowledged_steps_none_is_lost_and_none_doubled_when_the_primary_dies() -> Result<()> {
    mostik_world::end_all_on_interrupt().ok();
    let folder = tempfile::tempdir()?;
    let settings = [("synchronous_standby_names", "second"), ("synchronous_commit", "local")];
    let mut primary = Postgres::start(&folder.path().join("primary"), &settings)?;
    let standby = primary.standby(&folder.path().join("second"), "second")?;
    // From here on a commit is on both disks before it is acknowledged.
    let database = primary.new_database()?;
    let name = database.rsplit('/').next().context("no name")?.to_owned();
    primary.run("postgres", &format!("ALTER DATABASE {name} SET synchronous_commit = 'on'"))?;
    let gateway = Gateway::to(primary.port())?;
    let address = format!("postgres://mostik@127.0.0.1:{}/{name}", gateway.port());
    let service = vec![("database", address)];
    let world = World::start(&folder.path().join("world"), &Settings { nodes: 3, service, ..Settings::default() })?;

    let mut load = Load::start(&world, Patience::Repeats).await?;
    load.more(STEPS).await?;
    ensure!(primary.run("postgres", "SELECT sync_state FROM pg_stat_replication")? == "sync");
    primary.kill()?;
    gateway.lead_to(None);
    tokio::task::block_in_place(|| standby.promote())?;
    gateway.lead_to(Some(standby.port()));
    load.more(STEPS).await?;
    let all = load.end().await?;
    println!("{} acknowledged steps; {:?} without service", all.steps, all.longest_gap);
    all.hold_against(&standby, &name)
}
