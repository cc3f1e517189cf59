//! `cargo xtask scale`: lets some families link at a real service on a real PostgreSQL, measures what that costs, makes as many rows of
//! theirs as a city has pupils, and measures the database and the service there. It prints tables.

mod costs;
mod families;
mod hashing;
mod rows;
mod sizes;
mod statements;

use std::{env, fs, time::Instant};

use anyhow::{Context, Result, bail};
use costs::Costs;
use families::Families;
use mostik_store::{
    Store,
    expiry::{self, Cutoffs},
};
use mostik_wire::Millis;
use mostik_world::{Settings, World, postgres::Postgres};

/// How many families link at first, and again among all the others.
const FAMILIES: u64 = 200;
/// How many of them at a time.
const AT_A_TIME: usize = 8;
/// The database.
const DATABASE: &str = "scale";
/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000;

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let pupils = match words.as_slice() {
        [] => 1_000_000,
        [count] => count
            .parse()
            .ok()
            .filter(|count| *count >= 2 * FAMILIES)
            .with_context(|| format!("a number of pupils is expected, from {} on, not {count:?}", 2 * FAMILIES))?,
        _ => bail!("one number is expected: of pupils"),
    };
    mostik_world::end_all_on_interrupt()?;
    let folder = tempfile::tempdir()?;
    let families = folder.path().join("families.json");
    fs::write(&families, families::world(2 * FAMILIES)?.to_string())?;
    // As it would be set up: everything durable.
    let settings =
        [("shared_buffers", "2GB"), ("max_wal_size", "4GB"), ("shared_preload_libraries", "pg_stat_statements")];
    let postgres = Postgres::start(&folder.path().join("postgres"), &settings)?;
    postgres.run("postgres", &format!("CREATE DATABASE {DATABASE}"))?;
    // A city in some minutes, from one address.
    let unlimited = || "1000000".to_owned();
    let service = vec![
        ("database", postgres.url(DATABASE)),
        ("limits.contacts_of_shared_network", unlimited()),
        ("limits.codes_of_service", unlimited()),
    ];
    let settings = Settings { service, people: Some(families), ..Settings::default() };
    let world = World::start(&folder.path().join("world"), &settings)?;
    let mut all = Families::of(&world, 2 * FAMILIES)?;

    println!("Processor for a password: {:.1} ms.\n", hashing::seconds().await? * 1e3);

    link(&world, &postgres, &mut all, "").await?;
    println!("## Rows on the day of the linking\n\n{}", sizes::table(&postgres, DATABASE, FAMILIES)?);

    sweep_as_of_next_month(&postgres).await?;
    let begun = Instant::now();
    rows::multiply(&postgres, DATABASE, pupils / FAMILIES)?;
    println!("Rows for {pupils} pupils made in {:.0} s.\n", begun.elapsed().as_secs_f64());
    println!("## Rows that stay\n\n{}", sizes::table(&postgres, DATABASE, pupils)?);

    link(&world, &postgres, &mut all, &format!(" among {pupils} pupils")).await?;
    let swept = sweep_as_of_next_month(&postgres).await?;
    println!("A sweep takes {:.2} s there.", swept.as_secs_f64());
    Ok(())
}

/// Lets the next families link, and tells what that cost.
async fn link(world: &World, postgres: &Postgres, all: &mut Families, among: &str) -> Result<()> {
    statements::count(postgres, DATABASE)?;
    let before = Costs::now(world, postgres, DATABASE)?;
    let linked = all.link(FAMILIES, AT_A_TIME).await?;
    let spent = before.until(&Costs::now(world, postgres, DATABASE)?);
    println!("## What a linking costs{among}\n\n{}", spent.table(FAMILIES, &linked));
    println!("### Where PostgreSQL's time goes\n\n{}", statements::table(postgres, DATABASE, FAMILIES)?);
    Ok(())
}

/// Takes away what time takes away, as the service's sweep does; answers how long that took.
async fn sweep_as_of_next_month(postgres: &Postgres) -> Result<std::time::Duration> {
    let store = Store::open(&postgres.url(DATABASE).parse().map_err(|e| anyhow::anyhow!("{e}"))?).await?;
    let begun = Instant::now();
    let mut tx = store.write().await?;
    let now = Millis(i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis())?)
        .plus(36 * DAY);
    let before = Cutoffs {
        over: now.plus(-DAY),
        now,
        history: now.plus(-366 * DAY),
        messages: now.plus(-35 * DAY),
        updates: now.plus(-7 * DAY),
    };
    expiry::delete(&mut tx, &before).await?;
    tx.commit().await?;
    let took = begun.elapsed();
    store.close().await;
    Ok(took)
}
