//! Calendar dates and school hours in Moscow, which is UTC+3 all year.

use mostik_wire::Millis;
use time::{Date, Duration, Month, OffsetDateTime};

use crate::clock::MINUTE;

const MOSCOW: i64 = 3 * 60 * MINUTE;

/// Reads `YYYY-MM-DD`; nothing else.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
        return None;
    }
    let (y, m, d) = (&text[..4], &text[5..7], &text[8..]);
    if !(digits(y) && digits(m) && digits(d)) {
        return None;
    }
    let month = Month::try_from(m.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(y.parse().ok()?, month, d.parse().ok()?).ok()
}

/// A Moscow wall-clock time `HH:MM` (seconds allowed) on a date.
#[must_use]
pub fn moscow(date: Date, time: &str) -> Option<Millis> {
    let mut parts = time.splitn(3, ':').map(|p| p.parse::<i64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    if !(0..24).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    let midnight = date.midnight().assume_utc().unix_timestamp() * 1000 - MOSCOW;
    Some(Millis(midnight + (hours * 60 + minutes) * MINUTE))
}

fn moscow_clock(now: Millis) -> Option<OffsetDateTime> {
    OffsetDateTime::UNIX_EPOCH.checked_add(Duration::milliseconds(now.0.saturating_add(MOSCOW)))
}

/// Today's date in Moscow, `YYYY-MM-DD`.
#[must_use]
pub fn today(now: Millis) -> String {
    moscow_clock(now).map(|at| at.date().to_string()).unwrap_or_default()
}

/// A moment on the clocks of Moscow, `23.11.2026, 09:05`.
#[must_use]
pub fn in_moscow(at: Millis) -> String {
    let Some(at) = moscow_clock(at) else { return String::new() };
    let (day, month) = (at.day(), u8::from(at.month()));
    format!("{day:02}.{month:02}.{}, {:02}:{:02}", at.year(), at.hour(), at.minute())
}

/// A moment on the clocks of Moscow, `23.11.2026, 09:05:07`.
#[must_use]
pub fn to_the_second(at: Millis) -> String {
    let second = moscow_clock(at).map(OffsetDateTime::second).unwrap_or_default();
    format!("{}:{second:02}", in_moscow(at))
}

/// Whether somebody born on `birth` is younger than fourteen full years on today's Moscow date.
#[must_use]
pub fn under_14(birth: Date, now: Millis) -> bool {
    let Some(today) = moscow_clock(now).map(OffsetDateTime::date) else { return false };
    let had_birthday = (u8::from(today.month()), today.day()) >= (u8::from(birth.month()), birth.day());
    today.year() - birth.year() - i32::from(!had_birthday) < 14
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_dates_in_the_one_form_are_read() {
        for text in ["", "2026-13-01", "2026-02-30", "26-01-01", "2026-1-1", "2026-01-01 ", "+026-01-01", "２０２６-01"]
        {
            assert!(date(text).is_none(), "{text}");
        }
        assert!(date("2028-02-29").is_some());
    }

    #[test]
    fn fourteen_begins_on_the_birthday_in_moscow() {
        let birth = date("2012-11-22").unwrap();
        let midnight = moscow(date("2026-11-22").unwrap(), "00:00").unwrap();
        assert!(under_14(birth, midnight.plus(-1)));
        assert!(!under_14(birth, midnight));
        let leap = date("2012-02-29").unwrap();
        assert!(under_14(leap, moscow(date("2026-02-28").unwrap(), "23:59").unwrap()));
        assert!(!under_14(leap, moscow(date("2026-03-01").unwrap(), "00:00").unwrap()));
    }

    #[test]
    fn a_moment_is_told_by_the_clocks_of_moscow() {
        assert_eq!(in_moscow(Millis(1_795_413_600_000 - 1)), "23.11.2026, 08:59");
        assert_eq!(to_the_second(Millis(1_795_413_600_000 - 1)), "23.11.2026, 08:59:59");
        assert_eq!(today(Millis(1_795_381_200_000)), "2026-11-23");
        assert_eq!(today(Millis(1_795_381_200_000 - 1)), "2026-11-22");
    }

    #[test]
    fn half_past_eight_in_moscow_is_half_past_five_in_utc() {
        let day = date("1970-01-02").unwrap();
        assert_eq!(moscow(day, "08:30"), Some(Millis(86_400_000 + (5 * 60 + 30) * MINUTE)));
        assert_eq!(moscow(day, "8-30"), None);
        assert_eq!(moscow(day, "24:00"), None);
    }
}
