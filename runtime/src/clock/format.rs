//! Times as venues write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;

use crate::operation::venue::TimeUnit;

/// Returns a time as text: a date, or milliseconds since 1970 for a time beyond the calendar.
pub(crate) fn shown(time: SystemTime) -> String {
    /// The first second of the year 10000.
    const BEYOND: Duration = Duration::from_secs(253_402_300_800);

    match time.duration_since(UNIX_EPOCH) {
        Ok(since) if since < BEYOND => httpdate::fmt_http_date(time),
        Ok(since) => format!("{} ms after 1970", since.as_millis()),
        Err(before) => format!("{} ms before 1970", before.duration().as_millis()),
    }
}

/// Returns the time by the `Date` of a response. It has no fractions: half a second is the best
/// guess for them.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let whole = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    whole.checked_add(Duration::from_millis(500))
}

/// Reads a time as venues write it.
pub(crate) fn parse(text: &str, unit: TimeUnit) -> Option<SystemTime> {
    match unit {
        TimeUnit::Milliseconds => UNIX_EPOCH.checked_add(Duration::from_millis(text.parse().ok()?)),
        TimeUnit::Seconds => UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(text.parse().ok()?).ok()?),
        TimeUnit::DotnetTicks => {
            /// Ticks from the year 1 to 1970.
            const EPOCH: u64 = 621_355_968_000_000_000;
            let ticks = text.parse::<u64>().ok()?.checked_sub(EPOCH)?;
            UNIX_EPOCH.checked_add(Duration::from_micros(ticks / 10))
        }
        TimeUnit::Iso8601 => iso8601(text),
    }
}

/// Reads `2024-01-28T14:15:00.123Z`, also with a space, without fractions, or with an offset
/// (`+08:00`).
fn iso8601(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let (date, time) = text.split_once(['T', ' '])?;
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at_checked(zone_at)?;
    let east = match zone {
        "" | "Z" | "z" => 0,
        zone => {
            let (sign, zone) = zone.split_at_checked(1)?;
            let (hours, minutes) = zone.split_once(':').or_else(|| zone.split_at_checked(2))?;
            let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
            if sign == "-" { -seconds } else { seconds }
        }
    };
    let mut parts = time.splitn(3, ':');
    let (hour, minute) = (parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?);
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    if !(hour < 24 && minute < 60 && (0.0..61.0).contains(&seconds)) {
        return None;
    }
    let days = days_since_1970(year, month, day)?;
    let whole = days * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60 - east;
    UNIX_EPOCH
        .checked_add(Duration::from_secs(u64::try_from(whole).ok()?))?
        .checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

/// Returns the days from 1970-01-01 in the Gregorian calendar (after Howard Hinnant's
/// `days_from_civil`).
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    if !((1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year / 400, year % 400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468)
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
        assert_eq!(ms("2024-02-29T23:59:59.250Z", TimeUnit::Iso8601), Some(1_709_251_199_250));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for unit in [TimeUnit::Milliseconds, TimeUnit::Seconds, TimeUnit::DotnetTicks, TimeUnit::Iso8601] {
            for text in [
                "",
                "soon",
                "-1",
                "2020-13-01T00:00:00Z",
                "2020-01-01T25:00:00Z",
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
