//! Times in the formats of venues.
//!
//! `httpdate` reads and writes the dates of headers. The module `time` of this crate parses all
//! other formats.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;

use crate::operation::venue::TimeUnit;
use crate::time;

/// Returns a time as text: a date, or milliseconds for a time before 1970 or after the year 9999.
pub(crate) fn shown(time: SystemTime) -> String {
    /// The first second of the year 10000.
    const BEYOND: Duration = Duration::from_secs(253_402_300_800);

    match time.duration_since(UNIX_EPOCH) {
        Ok(since) if since < BEYOND => httpdate::fmt_http_date(time),
        Ok(since) => format!("{} ms after 1970", since.as_millis()),
        Err(before) => format!("{} ms before 1970", before.duration().as_millis()),
    }
}

/// Returns the time in the `Date` header of a response. The header has whole seconds, so half a
/// second is added as the best estimate.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let whole = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    whole.checked_add(Duration::from_millis(500))
}

/// Parses a time in a format of venues. A text without an offset is in UTC. Returns `None` for a
/// text that is not a time, or a time before 1970.
pub(crate) fn parse(text: &str, unit: TimeUnit) -> Option<SystemTime> {
    let nanos = time::parse::parse(text, unit, true).ok()?.floor_nanos();
    time::convert::system_time(nanos).filter(|time| *time >= UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str, unit: TimeUnit) -> Option<u128> {
        Some(parse(text, unit)?.duration_since(UNIX_EPOCH).unwrap().as_millis())
    }

    #[test]
    fn times_are_read_in_every_unit() {
        assert_eq!(ms("1551270414646", TimeUnit::Milliseconds), Some(1_551_270_414_646));
        assert_eq!(ms("1551270414646001", TimeUnit::Microseconds), Some(1_551_270_414_646));
        assert_eq!(ms("1551270414646001002", TimeUnit::Nanoseconds), Some(1_551_270_414_646));
        assert_eq!(ms("1515760692.8521471", TimeUnit::Seconds), Some(1_515_760_692_852));
        assert_eq!(ms("637140384000000000", TimeUnit::DotnetTicks), Some(1_578_441_600_000));
        for text in
            ["2020-01-08T00:00:00Z", "2020-01-08 00:00:00", "2020-01-08T08:00:00+08:00", "2020-01-07T19:00-0500"]
        {
            assert_eq!(ms(text, TimeUnit::Iso8601), Some(1_578_441_600_000), "{text}");
        }
        assert_eq!(ms("2020-01-08T05:30:00.0000000+0530", TimeUnit::Iso8601), Some(1_578_441_600_000));
        assert_eq!(ms("2024-02-29T23:59:59.250Z", TimeUnit::Iso8601), Some(1_709_251_199_250));
    }

    #[test]
    fn text_that_is_no_time_or_a_time_before_1970_is_none() {
        for unit in [TimeUnit::Milliseconds, TimeUnit::Seconds, TimeUnit::DotnetTicks, TimeUnit::Iso8601] {
            for text in [
                "",
                "soon",
                "-1",
                "2020-13-01T00:00:00Z",
                "2020-01-01T25:00:00Z",
                "2023-02-29T00:00:00Z",
                "1970-01-01T00:00:00+00:01",
                "2020-01-01T00:00:00+24:00",
                "2020-01-01T00:00:00.5+é",
                "2020-01-01T00:00:00ZZ",
                "2020-01-01T00:00:00+x",
                "é",
                "NaN",
                "9999999999999999999999999999999999999999",
            ] {
                assert_eq!(ms(text, unit), None, "{text} {unit:?}");
            }
        }
    }
}
