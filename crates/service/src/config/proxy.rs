//! `[proxy]`, checked.

use super::{networks::Networks, values::Values};

const KEY: &str = "proxy.trusted";

pub(super) fn check(values: &mut Values) -> Networks {
    Networks::read(&values.get(KEY).unwrap_or_default()).unwrap_or_else(|word| {
        let next = "Give addresses or networks of your proxies, such as 10.0.0.0/8 or fd00::1; not of everybody";
        values.fault(KEY, &format!("found {word:?}"), next);
        Networks::default()
    })
}
