//! The mock's clock, and times as venues write them.

use std::time::{Duration, UNIX_EPOCH};

use venuekit::Clock;
use venuekit::operation::TimeUnit;

/// .NET ticks (100 ns) from the year 1 to 1970.
const DOTNET_EPOCH: i128 = 621_355_968_000_000_000;

/// How venues write a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimeForm {
    /// Milliseconds since 1970, a number.
    Millis,
    /// Seconds since 1970 with a fraction, a number.
    Seconds,
    /// `2024-01-28T14:15:22.123Z`
    Iso,
    /// `2024-01-28 14:15:22`
    Spaced,
    /// Ticks of 100 ns since the year 1, a number.
    Ticks,
}

impl TimeForm {
    pub(crate) fn of(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::Seconds => Self::Seconds,
            TimeUnit::Iso8601 => Self::Iso,
            TimeUnit::DotnetTicks => Self::Ticks,
            _ => Self::Millis,
        }
    }

    /// The moment as it is written, without quotes.
    pub(crate) fn write(self, millis: i64) -> String {
        match self {
            Self::Millis => millis.to_string(),
            Self::Seconds => format!("{}.{:03}", millis.div_euclid(1000), millis.rem_euclid(1000)),
            Self::Ticks => (i128::from(millis) * 10_000 + DOTNET_EPOCH).to_string(),
            Self::Iso => format!("{}.{:03}Z", date_time(millis, 'T'), millis.rem_euclid(1000)),
            Self::Spaced => date_time(millis, ' '),
        }
    }

    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Iso | Self::Spaced)
    }
}

/// Returns the time of a clock in milliseconds since 1970.
pub(crate) fn millis(clock: &dyn Clock) -> i64 {
    let since = clock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A `Date` header.
pub(crate) fn http_date(millis: i64) -> String {
    // The years that the format has.
    let millis = millis.clamp(0, 253_402_300_799_000);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(millis.unsigned_abs()))
}

fn date_time(millis: i64, between: char) -> String {
    let seconds = millis.div_euclid(1000);
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}")
}

/// Year, month and day of a number of days since 1970 (after Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Milliseconds since 1970 of `2019-12-12T01:01:01`, with or without a fraction, a `Z` at its end or none.
pub(crate) fn parse_utc(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = text.split_once(['T', ' '])?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let number = |digits: &str, length: usize, range: std::ops::RangeInclusive<i64>| {
        let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|number| plain && range.contains(number))
    };
    let mut date = date.splitn(3, '-');
    let (year, month, day) =
        (number(date.next()?, 4, 1970..=9999)?, number(date.next()?, 2, 1..=12)?, number(date.next()?, 2, 1..=31)?);
    let mut time = time.splitn(3, ':');
    let (hour, minute, second) =
        (number(time.next()?, 2, 0..=23)?, number(time.next()?, 2, 0..=59)?, number(time.next()?, 2, 0..=60)?);
    if fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let (year, shifted) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_and_read_alike() {
        for millis in [0, 951_782_399_999, 1_571_027_094_623, 4_102_444_800_000] {
            assert_eq!(parse_utc(&TimeForm::Iso.write(millis)), Some(millis));
        }
        assert_eq!(TimeForm::Iso.write(1_571_027_094_623), "2019-10-14T04:24:54.623Z");
        assert_eq!(TimeForm::Spaced.write(1_571_027_094_623), "2019-10-14 04:24:54");
        assert_eq!(TimeForm::Ticks.write(1_578_441_600_000), "637140384000000000");
        assert_eq!(parse_utc("2019-12-12T01:01:01"), Some(1_576_112_461_000));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "T",
            "2019-12-12",
            "2019-1-1T00:00:00",
            "2019-12-12T25:00:00",
            "2019-12-12T01:01:01.é",
            "+019-12-12T01:01:01",
        ] {
            assert_eq!(parse_utc(text), None, "{text}");
        }
    }
}
