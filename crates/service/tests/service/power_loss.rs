//! The power goes at any moment: of what the service has acknowledged nothing is lost, though the disk loses whatever was not synced.
//! `cargo xtask soak --only power` does it a thousand times, `cargo xtask test` some.

use std::{cell::RefCell, fs::OpenOptions, io::Write, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use rand::{Rng, rngs::StdRng};

use crate::{
    commands::{Serving, program},
    disk::{Disk, Lost},
    kills::{Outlived, outlive},
    world::World,
};

fn losses() -> u64 {
    std::env::var("MOSTIK_POWER_LOSSES").map_or(10, |number| number.parse().expect("a number of losses"))
}

/// What people were told, and what the disk lost, of so many losses on a disk that syncs, or lies about it.
async fn after(times: u64, lies: bool) -> (Outlived, Lost) {
    let mut world = World::new().await;
    world.stop().await;
    let disk = RefCell::new(Disk::below(world.dir.path(), lies));
    let mut all = Lost::default();
    let start = |config: &str| {
        let mut command = program();
        disk.borrow().under(&mut command);
        Serving::start_by(config, command)
    };
    let lose = |rng: &mut StdRng| {
        let lost = disk.borrow_mut().lose_power(rng);
        all.unsynced += lost.unsynced;
        all.lost += lost.lost;
        all.syncs += lost.syncs;
    };
    let outlived = outlive(times, 7, &mut world, start, lose).await;
    (outlived, all)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_disk_that_lies_about_its_syncs_what_was_acknowledged_is_lost_and_that_is_seen() {
    let ended = AssertUnwindSafe(after(5, true)).catch_unwind().await;
    assert!(ended.is_err(), "a disk that kept nothing lost nothing: {ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rubbish_at_the_end_of_the_log_takes_nothing_with_it() {
    let mut world = World::new().await;
    world.stop().await;
    let log = world.dir.path().join("mostik.sqlite-wal");
    let spoil = |rng: &mut StdRng| {
        let mut rubbish = vec![0; rng.random_range(1..20_000)];
        rng.fill(rubbish.as_mut_slice());
        OpenOptions::new().append(true).open(&log).unwrap().write_all(&rubbish).unwrap();
    };
    let outlived = outlive(4, 7, &mut world, Serving::start, spoil).await;
    assert!(outlived.acknowledged > 4, "{outlived:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_the_power_went_at_any_moment() {
    let (outlived, lost) = after(losses(), false).await;
    println!("{} losses: {outlived:?}, {lost:?}", losses());
    println!("soak: {} losses", losses());
    assert!(
        outlived.acknowledged > losses() && lost.syncs > losses(),
        "there was nothing to lose: {outlived:?}, {lost:?}"
    );
    assert!(lost.lost > 0, "the disk lost nothing: {lost:?}");
}
