//! `[connections]`, checked.

use std::time::Duration;

use super::values::Values;

/// `[connections]`
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct ConnectionsConfig {
    pub most: usize,
    pub of_one_address: usize,
    pub head_within: Duration,
    pub body_within: Duration,
    pub idle: Duration,
    pub unread: Duration,
}

pub(super) fn check(values: &mut Values) -> Option<ConnectionsConfig> {
    let [most, of_one_address] =
        ["connections.most", "connections.of_one_address"].map(|key| values.number(key, 1..=1_000_000));
    let times = ["head_within", "body_within", "idle", "unread"];
    let [head_within, body_within, idle, unread] =
        times.map(|time| values.number(&format!("connections.{time}"), 1..=600));
    let number = |number: u32| usize::try_from(number).ok();
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    Some(ConnectionsConfig {
        most: most.and_then(number)?,
        of_one_address: of_one_address.and_then(number)?,
        head_within: head_within.map(seconds)?,
        body_within: body_within.map(seconds)?,
        idle: idle.map(seconds)?,
        unread: unread.map(seconds)?,
    })
}
