//! Dates and the wall clock in Europe/Moscow.

use mostik_wire::Millis;
use time::{OffsetDateTime, UtcOffset};

/// The calendar date in Europe/Moscow: UTC+3 all year since 2014-10-26.
pub(crate) fn moscow_date(at: Millis) -> String {
    moscow(at).date().to_string()
}

/// The wall clock in Europe/Moscow; moments no calendar knows read as the epoch.
pub(crate) fn moscow(at: Millis) -> OffsetDateTime {
    let moscow = UtcOffset::from_hms(3, 0, 0).unwrap_or(UtcOffset::UTC);
    OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(moscow)
}
