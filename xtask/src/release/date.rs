//! Days of the calendar.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns the day, in UTC, as `2026-02-28`.
pub(super) fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    from_days(seconds / 86_400)
}

/// Reads a day as it is written in a changelog.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_number = |part: &&str, digits| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = match parts.as_slice() {
        [year, month, day] if is_number(year, 4) && is_number(month, 2) && is_number(day, 2) => {
            ("01"..="12").contains(month) && ("01"..="31").contains(day)
        }
        _ => false,
    };
    if is_day { Ok(text.to_owned()) } else { Err("not a day (expected YYYY-MM-DD)".to_owned()) }
}

/// The day that begins this many days after 1970-01-01.
fn from_days(mut days: u64) -> String {
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::{from_days, parse};

    #[test]
    fn days_are_those_of_the_calendar() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (364, "1970-12-31"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (19_782, "2024-02-29"),
            (20_783, "2026-11-26"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(from_days(days), expected);
        }
    }

    #[test]
    fn only_a_day_is_read_as_one() {
        assert_eq!(parse("2026-11-26"), Ok("2026-11-26".to_owned()));
        for text in ["", "today", "2026-13-01", "2026-00-01", "2026-01-32", "26-1-1", "2026-01-01-01", "2026-1a-01"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
