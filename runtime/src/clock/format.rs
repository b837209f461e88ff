//! Times in the formats of venues.
//!
//! `httpdate` and `humantime` read the calendar. The offset from UTC is read here, because a
//! calendar library with offsets (`jiff`, `time`) adds seconds to the compilation of each client.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;

use crate::operation::venue::TimeUnit;

/// Returns a time as text: a date, or milliseconds since 1970 for a time after the year 9999.
pub(crate) fn shown(time: SystemTime) -> String {
    /// The first second of the year 10000.
    const BEYOND: Duration = Duration::from_secs(253_402_300_800);

    match time.duration_since(UNIX_EPOCH) {
        Ok(since) if since < BEYOND => httpdate::fmt_http_date(time),
        Ok(since) => format!("{} ms after 1970", since.as_millis()),
        Err(before) => format!("{} ms before 1970", before.duration().as_millis()),
    }
}

/// Returns the time of the `Date` of a response. It has whole seconds, so half a second is added as
/// the best estimate.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let whole = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    whole.checked_add(Duration::from_millis(500))
}

/// Parses a time in a format of venues.
pub(crate) fn parse(text: &str, unit: TimeUnit) -> Option<SystemTime> {
    match unit {
        TimeUnit::Milliseconds => UNIX_EPOCH.checked_add(Duration::from_millis(text.parse().ok()?)),
        TimeUnit::Seconds => UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(text.parse().ok()?).ok()?),
        TimeUnit::DotnetTicks => {
            /// The ticks from the year 1 to 1970.
            const EPOCH: u64 = 621_355_968_000_000_000;
            let ticks = text.parse::<u64>().ok()?.checked_sub(EPOCH)?;
            UNIX_EPOCH.checked_add(Duration::from_micros(ticks / 10))
        }
        TimeUnit::Iso8601 => iso8601(text),
    }
}

/// Parses `2024-01-28T14:15:00.123Z`, also with a space for the `T`, without fractions, or with an
/// offset (`+08:00`).
fn iso8601(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let (_, time) = text.split_once(['T', ' '])?;
    let zone = time.find(['Z', 'z', '+', '-']).and_then(|at| time.get(at..)).unwrap_or_default();
    let local = text.strip_suffix(zone)?;
    // `2024-01-28T14:15`
    let seconds = if local.len() == 16 { ":00" } else { "" };
    let local = humantime::parse_rfc3339_weak(&format!("{local}{seconds}")).ok()?;
    let time = match zone.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => local,
        Some(("+", offset)) => local.checked_sub(utc_offset(offset)?)?,
        Some(("-", offset)) => local.checked_add(utc_offset(offset)?)?,
        Some(_) => return None,
    };
    (time >= UNIX_EPOCH).then_some(time)
}

/// Parses `08:00`, `0800` or `08`.
fn utc_offset(text: &str) -> Option<Duration> {
    let (hours, minutes) = text.split_at_checked(2)?;
    let number = |digits: &str, below: u64| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|number: &u64| is_number && *number < below)
    };
    let minutes = match minutes.strip_prefix(':').unwrap_or(minutes) {
        "" => 0,
        minutes => number(minutes, 60)?,
    };
    Some(Duration::from_secs(number(hours, 24)? * 3_600 + minutes * 60))
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
    fn text_that_is_not_a_time_is_none() {
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
                "99999999999999999999",
            ] {
                assert_eq!(ms(text, unit), None, "{text} {unit:?}");
            }
        }
    }
}
