//! The mock's clock, and times in the formats of the venues.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use venuekit::Clock;
use venuekit::operation::TimeUnit;

/// .NET ticks (100 ns) from the year 1 to 1970.
const DOTNET_EPOCH: i128 = 621_355_968_000_000_000;

/// The form in which a venue writes a time.
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

    /// Returns a time, in milliseconds since 1970, as text without quotes.
    pub(crate) fn write(self, millis: i64) -> String {
        match self {
            Self::Millis => millis.to_string(),
            Self::Seconds => format!("{}.{:03}", millis.div_euclid(1000), millis.rem_euclid(1000)),
            Self::Ticks => (i128::from(millis) * 10_000 + DOTNET_EPOCH).to_string(),
            Self::Iso => humantime::format_rfc3339_millis(calendar_time(millis)).to_string(),
            Self::Spaced => {
                let text = humantime::format_rfc3339_seconds(calendar_time(millis)).to_string();
                text.trim_end_matches('Z').replace('T', " ")
            }
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

/// Returns a time in the format of the `Date` header.
pub(crate) fn http_date(millis: i64) -> String {
    httpdate::fmt_http_date(calendar_time(millis))
}

/// Returns the time, limited to the years 1970 to 9999, which both date formats can write.
fn calendar_time(millis: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(millis.clamp(0, 253_402_300_799_999).unsigned_abs())
}

/// Parses a UTC time such as `2019-12-12T01:01:01`, also with a fraction or a `Z`. Returns the
/// milliseconds since 1970; `None` for any other text, and for a time before 1970.
pub(crate) fn parse_utc(text: &str) -> Option<i64> {
    // humantime ignores everything after the digits of a fraction, such as an offset, and reads the
    // time as UTC. So the text after the date is checked here.
    let is_of_clock = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    let clock = text.get(11..)?;
    let is_utc = clock.strip_suffix('Z').unwrap_or(clock).chars().all(is_of_clock);
    let time = humantime::parse_rfc3339_weak(text).ok().filter(|_| is_utc)?;
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_survives_a_round_trip() {
        for millis in [0, 951_782_399_999, 1_571_027_094_623, 4_102_444_800_000] {
            assert_eq!(parse_utc(&TimeForm::Iso.write(millis)), Some(millis));
        }
        assert_eq!(TimeForm::Iso.write(1_571_027_094_623), "2019-10-14T04:24:54.623Z");
        assert_eq!(TimeForm::Spaced.write(1_571_027_094_623), "2019-10-14 04:24:54");
        assert_eq!(TimeForm::Ticks.write(1_578_441_600_000), "637140384000000000");
        assert_eq!(parse_utc("2019-12-12T01:01:01"), Some(1_576_112_461_000));
    }

    #[test]
    fn a_time_outside_the_calendar_is_written_as_the_end_of_the_calendar() {
        assert_eq!(TimeForm::Iso.write(i64::MIN), "1970-01-01T00:00:00.000Z");
        assert_eq!(TimeForm::Iso.write(i64::MAX), "9999-12-31T23:59:59.999Z");
        assert_eq!(http_date(i64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn text_that_is_not_a_time_is_none() {
        for text in [
            "",
            "T",
            "2019-12-12",
            "2019-1-1T00:00:00",
            "2019-12-12T25:00:00",
            "2019-12-12T01:01:01.é",
            "+019-12-12T01:01:01",
            "2019-02-29T00:00:00",
            "2019-12-12T01:01:01.5+08:00",
            "2019-12-12T01:01:01.5-08:00",
            "2019-12-12T01:01:01-08:00",
            "2019-12-12T01:01:01.5-0800",
            "2019-12-12T01:01:01.5 08",
            "2019-12-12T01:01:01.5ZZ",
            "2019-12-12T01:01:01.5Z+08:00",
        ] {
            assert_eq!(parse_utc(text), None, "{text}");
        }
    }
}
