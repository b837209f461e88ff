//! Days of the calendar.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns today in UTC, as `2026-02-28`.
pub(super) fn today() -> String {
    // This cannot panic, because humantime writes all times from 1970 to 9999.
    humantime::format_rfc3339_seconds(SystemTime::now().max(UNIX_EPOCH)).to_string().chars().take(10).collect()
}

/// Checks that a text is a day in the format of the changelog, and returns the text.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let is_day = text.len() == 10 && humantime::parse_rfc3339(&format!("{text}T00:00:00Z")).is_ok();
    if is_day { Ok(text.to_owned()) } else { Err("not a day (expected YYYY-MM-DD)".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::{parse, today};

    #[test]
    fn today_is_a_valid_date() {
        assert_eq!(parse(&today()), Ok(today()));
    }

    #[test]
    fn only_a_date_of_the_calendar_is_valid() {
        for text in ["2026-11-26", "2024-02-29"] {
            assert_eq!(parse(text), Ok(text.to_owned()));
        }
        for text in [
            "",
            "today",
            "2026-13-01",
            "2026-00-01",
            "2026-01-32",
            "2026-02-29",
            "26-1-1",
            "2026-01-01-01",
            "2026-1a-01",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
