//! Calendar dates in Moscow, as the diary shows them: no time-zone database, because Moscow has been UTC+3 since 2014.

const DAY_MS: i64 = 86_400_000;
const MOSCOW_MS: i64 = 3 * 3_600_000;

/// A calendar date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    pub(crate) year: i64,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl Date {
    /// Reads `2026-11-23`; nothing else, and no date that does not exist.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        let date =
            Self { year: text[..4].parse().ok()?, month: text[5..7].parse().ok()?, day: text[8..].parse().ok()? };
        (date.year >= 1900 && Self::from_days(date.days()) == date).then_some(date)
    }

    /// The date in Moscow at this moment, and the minutes since midnight there.
    pub(crate) fn in_moscow(now_ms: i64) -> (Self, i64) {
        let local = now_ms + MOSCOW_MS;
        (Self::from_days(local.div_euclid(DAY_MS)), local.rem_euclid(DAY_MS) / 60_000)
    }

    /// 1 = Monday … 7 = Sunday.
    pub(crate) fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        u8::try_from((self.days() + 3).rem_euclid(7) + 1).unwrap_or(7)
    }

    /// `20261123`, which orders and names the date in ids.
    pub(crate) fn number(self) -> i64 {
        self.year * 10_000 + i64::from(self.month) * 100 + i64::from(self.day)
    }

    /// The inverse of [`Date::number`], for dates that exist.
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Self::parse(&format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100))
    }

    /// The day after.
    pub(crate) fn next(self) -> Self {
        Self::from_days(self.days() + 1)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    pub(crate) fn days(self) -> i64 {
        // March starts the year, so that the leap day is its last day.
        let month = i64::from(self.month);
        let year = if month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted = (month + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    fn from_days(days: i64) -> Self {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self { year, month: u8::try_from(month).unwrap_or(1), day: u8::try_from(day).unwrap_or(1) }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "20261101", "2026-11-3x", ""] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_round_trip_through_days_and_numbers() {
        for days in (-20_000..60_000).step_by(17) {
            let date = Date::from_days(days);
            assert_eq!(date.days(), days);
            if date.year >= 1970 {
                assert_eq!(Date::parse(&date.to_string()), Some(date));
                assert_eq!(Date::from_number(date.number()), Some(date));
            }
        }
    }

    #[test]
    fn the_evening_in_utc_is_already_tomorrow_in_moscow() {
        // 2026-11-22T21:30:00Z is a Sunday night; in Moscow it is half past midnight on Monday.
        let (date, minutes) = Date::in_moscow(1_795_383_000_000);
        assert_eq!((date.to_string().as_str(), date.weekday(), minutes), ("2026-11-23", 1, 30));
    }
}
