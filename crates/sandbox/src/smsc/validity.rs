//! `validity_period` (SMPP 3.4, 7.1.1): until when a message is worth delivering.

use crate::calendar::Date;

const DAY: i64 = 86_400_000;

/// The moment in milliseconds; `None` when the sender leaves it to the centre.
///
/// # Errors
/// When it is no time.
pub(super) fn ends_at(text: &str, now: i64) -> Result<Option<i64>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() != 16 || !text.bytes().take(15).all(|octet| octet.is_ascii_digit()) {
        return Err(());
    }
    let two = |at: usize| text[at..at + 2].parse::<i64>().map_err(drop);
    let (year, month, day) = (two(0)?, two(2)?, two(4)?);
    let within_day = ((two(6)? * 60 + two(8)?) * 60 + two(10)?) * 1_000;
    let quarters = two(13)? * 15 * 60_000;
    let at = |date: Date| date.days() * DAY + within_day;
    let date = || Date::parse(&format!("20{year:02}-{month:02}-{day:02}")).ok_or(());
    match &text[15..] {
        // Months and years as a person counts them, roughly: no message waits so long.
        "R" => Ok(Some(now + (year * 365 + month * 30 + day) * DAY + within_day)),
        "+" => Ok(Some(at(date()?) - quarters)),
        "-" => Ok(Some(at(date()?) + quarters)),
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 23 November 2026, 06:00 UTC.
    const NOW: i64 = 1_795_413_600_000;

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["0", "000000001000000", "000000001000000X", "261323000000000+", "2611230000000 0+", "минуты16"]
        {
            assert_eq!(ends_at(text, NOW), Err(()), "{text}");
        }
    }

    #[test]
    fn times_are_read_from_now_on_and_by_the_clock() {
        assert_eq!(ends_at("", NOW), Ok(None));
        assert_eq!(ends_at("000000001000000R", NOW), Ok(Some(NOW + 600_000)));
        assert_eq!(ends_at("000001000001000R", NOW), Ok(Some(NOW + DAY + 1_000)));
        assert_eq!(ends_at("261123061000000+", NOW), Ok(Some(NOW + 600_000)));
        // Three hours ahead of UTC: twelve quarters.
        assert_eq!(ends_at("261123091000012+", NOW), Ok(Some(NOW + 600_000)));
        assert_eq!(ends_at("261123031000012-", NOW), Ok(Some(NOW + 600_000)));
    }
}
