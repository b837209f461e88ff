//! Reads and writes ISO 8601 dates with a time.

use super::calendar::{date_from_days, days_from_date};
use super::error::Reason;
use super::exact::Exact;

const NANOS: i128 = 1_000_000_000;
const DAY: i64 = 86_400;

/// A parsed text.
pub(super) struct Parsed {
    /// The time; a text without an offset is read as UTC.
    pub(super) time: Exact,
    /// True if the text has an offset, or a `Z`.
    pub(super) has_offset: bool,
}

/// Parses a date with a time, such as `2024-01-28T14:15:00.1234567Z`; `None` for any other text.
/// White space around the text is ignored, and a space may stand for the `T`. The seconds, the
/// decimals and the offset (`+08:00`, `+0800`, `+08`) may be left out.
pub(super) fn parse(text: &str) -> Option<Parsed> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let zone = time.find(['Z', 'z', '+', '-']).and_then(|at| time.get(at..)).unwrap_or_default();
    let (clock, fraction) = match time.strip_suffix(zone)?.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (time.strip_suffix(zone)?, None),
    };
    let offset = match zone.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => 0,
        Some(("+", offset)) => utc_offset(offset)?,
        Some(("-", offset)) => -utc_offset(offset)?,
        Some(_) => return None,
    };
    let [year, month, day] = parts(date, '-', [4, 2, 2])?;
    let [hours, minutes, seconds] = match parts(clock, ':', [2, 2, 2]) {
        Some(parts) => parts,
        None if fraction.is_none() => parts(clock, ':', [2, 2]).map(|[hours, minutes]| [hours, minutes, 0])?,
        None => return None,
    };
    // A leap second is the first second of the next minute, as in Unix time.
    if hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let seconds = days_from_date(year, month, day)? * DAY + hours * 3_600 + minutes * 60 + seconds - offset;
    let digits = fraction.unwrap_or("0").as_bytes();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let nanos = digits.iter().chain(std::iter::repeat(&b'0')).take(9);
    let nanos = nanos.fold(0, |nanos, digit| nanos * 10 + i128::from(digit - b'0'));
    let rest = digits.get(9..).unwrap_or_default().to_vec();
    Some(Parsed { time: Exact::new(i128::from(seconds) * NANOS + nanos, rest), has_offset: !zone.is_empty() })
}

/// Reads numbers with a separator between them, each with this many digits.
fn parts<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part =
            parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Parses `08:00`, `0800` or `08` into seconds.
fn utc_offset(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_at_checked(2)?;
    let minutes = match minutes.strip_prefix(':').unwrap_or(minutes) {
        "" => 0,
        minutes => parts(minutes, ':', [2]).map(|[minutes]| minutes)?,
    };
    let [hours] = parts(hours, ':', [2])?;
    (hours < 24 && minutes < 60).then_some(hours * 3_600 + minutes * 60)
}

/// Writes a time in UTC, with as many decimals as it needs: `2024-01-28T14:15:00.123Z`.
///
/// # Errors
/// When the year is before 0 or after 9999.
pub(super) fn write(nanos: i128) -> Result<String, Reason> {
    let seconds = i64::try_from(nanos.div_euclid(NANOS)).map_err(|_| Reason::Range)?;
    let (days, clock) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // These days contain all years from 0 to 9999, and `date_from_days` does not overflow for them.
    if !(-1_000_000..=3_000_000).contains(&days) {
        return Err(Reason::Range);
    }
    let (year, month, day) = date_from_days(days);
    if !(0..=9999).contains(&year) {
        return Err(Reason::Range);
    }
    let fraction = format!("{:09}", nanos.rem_euclid(NANOS));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let (hours, minutes, seconds) = (clock / 3_600, clock / 60 % 60, clock % 60);
    Ok(format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}{point}{fraction}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str) -> Option<i128> {
        parse(text).map(|parsed| parsed.time.floor_nanos())
    }

    #[test]
    fn every_form_of_a_time_is_read() {
        for text in [
            "2020-01-08T00:00:00Z",
            "2020-01-08T00:00Z",
            "2020-01-08 00:00:00",
            "2020-01-08T08:00:00+08:00",
            "2020-01-07T19:00-0500",
            "2020-01-08T05:30:00.0000000+0530",
            "2020-01-07T23:59:60Z",
        ] {
            assert_eq!(nanos(text), Some(1_578_441_600_000_000_000), "{text}");
        }
        assert_eq!(nanos("2020-06-04T09:48:43.8880912Z"), Some(1_591_264_123_888_091_200));
        assert_eq!(nanos("0001-01-01T00:00:00"), Some(-62_135_596_800_000_000_000));
        assert_eq!(nanos("1969-12-31T23:59:59.5Z"), Some(-500_000_000));
    }

    #[test]
    fn digits_after_the_nanoseconds_are_kept_apart() {
        let time = parse("2020-06-04T09:48:43.123456789012Z").unwrap().time;
        assert!(!time.is_whole_nanos());
        assert!(time > parse("2020-06-04T09:48:43.123456789Z").unwrap().time);
        assert_eq!(time, parse("2020-06-04T10:48:43.1234567890120+01:00").unwrap().time);
    }

    #[test]
    fn has_offset_is_true_only_for_a_text_with_an_offset_or_z() {
        for (text, has_offset) in
            [("2020-01-08 00:00:00", false), ("2020-01-08 00:00:00Z", true), ("2020-01-08 00:00:00-01", true)]
        {
            assert_eq!(parse(text).unwrap().has_offset, has_offset, "{text}");
        }
    }

    #[test]
    fn a_written_time_is_read_as_the_same_time() {
        for (time, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (1_571_027_094_623_000_000, "2019-10-14T04:24:54.623Z"),
            (-62_135_596_800_000_000_000, "0001-01-01T00:00:00Z"),
            (253_402_300_799_999_999_999, "9999-12-31T23:59:59.999999999Z"),
        ] {
            assert_eq!(write(time).as_deref(), Ok(text));
            assert_eq!(nanos(text), Some(time));
        }
        for time in [i128::MAX, i128::MIN, 253_402_300_800_000_000_000, -62_167_219_200_000_000_001] {
            assert_eq!(write(time), Err(Reason::Range));
        }
    }

    #[test]
    fn a_text_that_is_not_a_time_is_none() {
        for text in [
            "",
            "T",
            "soon",
            "yesterday",
            "2020-01-01",
            "2020-1-1T00:00:00Z",
            "2020-13-01T00:00:00Z",
            "2020-01-01T25:00:00Z",
            "2020-01-01T00:60:00Z",
            "2020-01-01T00:00:61Z",
            "2023-02-29T00:00:00Z",
            "2020-01-01T00:00:00+24:00",
            "2020-01-01T00:00:00+00:60",
            "2020-01-01T00:00:00.5+é",
            "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00.5Z",
            "2020-01-01T00:00:00ZZ",
            "2020-01-01T00:00:00+x",
            "2020-01-01T00:00:00:00Z",
            "+020-01-01T00:00:00Z",
            "é",
        ] {
            assert_eq!(nanos(text), None, "{text}");
        }
    }
}
