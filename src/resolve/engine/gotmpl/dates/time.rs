//! A point in time and its calendar.

use super::layout::format;

/// Names of months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Names of weekdays.
pub const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A point in time, shown at an offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds after that.
    pub nanos: u32,
    /// Seconds east of UTC.
    pub offset: i32,
}

/// What a calendar and a clock on the wall show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year.
    pub year: i64,
    /// Month, from 1.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
    /// Hour.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second.
    pub second: u32,
    /// Day of the week, Sunday being 0.
    pub weekday: u32,
    /// Day of the year, from 1.
    pub yearday: u32,
}

impl Time {
    /// The time nothing was parsed into: the first moment of year 1.
    pub const ZERO: Self = Self { seconds: -62_135_596_800, nanos: 0, offset: 0 };

    /// The time of a count of seconds since 1970.
    pub const fn unix(seconds: i64) -> Self {
        Self { seconds, nanos: 0, offset: 0 }
    }

    /// The time of a count of nanoseconds since 1970.
    pub fn unix_nanos(nanos: i64) -> Self {
        let below = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0);
        Self { seconds: nanos.div_euclid(1_000_000_000), nanos: below, offset: 0 }
    }

    /// A time from its calendar.
    pub fn of(civil: &Civil, nanos: u32, offset: i32) -> Self {
        let days = days_before(civil.year, civil.month) + i64::from(civil.day) - 1;
        let clock = i64::from(civil.hour * 3600 + civil.minute * 60 + civil.second);
        let seconds = days.saturating_mul(86_400).saturating_add(clock).saturating_sub(i64::from(offset));
        Self { seconds, nanos, offset }
    }

    /// This time so many nanoseconds later.
    pub fn plus(self, nanos: i64) -> Self {
        let below = i64::from(self.nanos) + nanos.rem_euclid(1_000_000_000);
        let carry = nanos.div_euclid(1_000_000_000) + below.div_euclid(1_000_000_000);
        Self {
            seconds: self.seconds.saturating_add(carry),
            nanos: u32::try_from(below.rem_euclid(1_000_000_000)).unwrap_or(0),
            offset: self.offset,
        }
    }

    /// Nanoseconds from another time to this one.
    pub fn since(self, other: Self) -> i64 {
        let seconds = self.seconds.saturating_sub(other.seconds);
        seconds.saturating_mul(1_000_000_000).saturating_add(i64::from(self.nanos) - i64::from(other.nanos))
    }

    /// The same moment in UTC.
    pub const fn utc(self) -> Self {
        Self { offset: 0, ..self }
    }

    /// Its calendar.
    pub fn civil(self) -> Civil {
        let local = self.seconds.saturating_add(i64::from(self.offset));
        let (days, clock) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = from_days(days);
        let small = |number: i64| u32::try_from(number).unwrap_or(0);
        Civil {
            year,
            month,
            day,
            hour: small(clock / 3600),
            minute: small(clock / 60 % 60),
            second: small(clock % 60),
            weekday: small((days + 4).rem_euclid(7)),
            yearday: small(days - days_before(year, 1) + 1),
        }
    }

    /// The time as Go prints it.
    pub fn shown(self) -> String {
        format(self, "2006-01-02 15:04:05.999999999 -0700 MST")
    }

    /// The time as JSON has it.
    pub fn rfc3339(self) -> String {
        format(self, "2006-01-02T15:04:05.999999999Z07:00")
    }
}

/// Whether the year has a 29th of February.
pub const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month has.
pub const fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970 to the first of a month.
fn days_before(year: i64, month: u32) -> i64 {
    let before = year - 1;
    let whole = before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let months: i64 = (1..month).map(|month| i64::from(days_in(year, month))).sum();
    whole + months - 719_162
}

fn from_days(days: i64) -> (i64, u32, u32) {
    // A first guess that is off by one year at most.
    let mut year = 1970 + days.div_euclid(366).max(days * 400 / 146_097 - 1);
    while days_before(year + 1, 1) <= days {
        year += 1;
    }
    while days_before(year, 1) > days {
        year -= 1;
    }
    let month = (2..=12).take_while(|month| days_before(year, *month) <= days).count();
    let month = u32::try_from(month).unwrap_or(0) + 1;
    (year, month, u32::try_from(days - days_before(year, month)).unwrap_or(0) + 1)
}
