use std::{fmt, str::FromStr as _};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month, format_description::FormatItem, macros::format_description};
use ts_rs::TS;

const DATE: &[FormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// Who the diary account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A pupil, who sees only himself.
    Pupil,
    /// A parent or another legal representative.
    Parent,
    /// Neither: a teacher or a worker of the school. Such an account links nothing here.
    Other,
}

/// Gender, as the diary and the profile know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// «Девочка»
    Female,
    /// «Мальчик»
    Male,
}

/// A calendar date of birth, `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BirthDate(Date);

impl BirthDate {
    /// Reads `YYYY-MM-DD`; `None` for what is no date of the calendar.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Date::parse(text, DATE).ok().map(Self)
    }

    /// Full years on a date (`YYYY-MM-DD`, Europe/Moscow); `None` when that is no date or lies before the birth.
    ///
    /// The birthday itself counts: on the 14th birthday one is fourteen. Who was born on 29 February has the birthday on
    /// 1 March in other years, so that nobody counts as older than they are.
    #[must_use]
    pub fn full_years_on(self, date: &str) -> Option<i32> {
        let on = Date::parse(date, DATE).ok().filter(|on| *on >= self.0)?;
        let birthday = Date::from_calendar_date(on.year(), self.0.month(), self.0.day())
            .or_else(|_| Date::from_calendar_date(on.year(), Month::March, 1))
            .ok()?;
        Some(on.year() - self.0.year() - i32::from(on < birthday))
    }

    /// Under fourteen on a date: the rule of the e-mail route.
    #[must_use]
    pub fn is_under_14_on(self, date: &str) -> bool {
        self.full_years_on(date).is_some_and(|years| years < 14)
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(date) = self;
        write!(f, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
    }
}

impl fmt::Debug for BirthDate {
    // A birth date is personal: the year is enough in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-••-••", self.0.year())
    }
}

impl std::str::FromStr for BirthDate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or("a date of the calendar, YYYY-MM-DD, is expected")
    }
}

impl Serialize for BirthDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BirthDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_str(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for BirthDate {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for BirthDate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_begins_on_the_birthday() {
        let born = BirthDate::parse("2012-11-24").unwrap();
        assert_eq!(born.full_years_on("2026-11-23"), Some(13));
        assert_eq!(born.full_years_on("2026-11-24"), Some(14));
        assert!(born.is_under_14_on("2026-11-23") && !born.is_under_14_on("2026-11-24"));
        assert_eq!(born.full_years_on("2012-11-23"), None);
    }

    #[test]
    fn who_was_born_on_the_29th_of_february_is_fourteen_on_the_first_of_march() {
        let born = BirthDate::parse("2012-02-29").unwrap();
        assert!(born.is_under_14_on("2026-02-28") && !born.is_under_14_on("2026-03-01"));
        assert_eq!(born.full_years_on("2028-02-29"), Some(16));
    }

    #[test]
    fn what_the_calendar_does_not_know_is_no_birth_date() {
        for text in ["2013-02-29", "2012-13-01", "24.11.2012", "", "2012-11-24T00:00:00Z"] {
            assert!(BirthDate::parse(text).is_none(), "{text:?}");
        }
    }
}
