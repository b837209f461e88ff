//! Times in the forms that venues require. A time before 1970 counts as 1970.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last microsecond of the year 9999, the latest time that `humantime` writes. A later time
/// counts as this time.
const LAST_MICROS: u64 = 253_402_300_799_999_999;

/// Returns the milliseconds since 1970.
pub fn unix_millis(time: SystemTime) -> u64 {
    u64::try_from(time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

/// Returns the time in UTC, without a zone: `2019-12-12T01:01:01.000123`. The fraction of the
/// second has six digits, or is absent if it is zero, as in Python's `datetime.isoformat`.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use venuekit_auth::time::utc;
///
/// assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(1_576_112_461)), "2019-12-12T01:01:01");
/// assert_eq!(utc(UNIX_EPOCH + Duration::from_micros(1_576_112_461_000_123)), "2019-12-12T01:01:01.000123");
/// ```
pub fn utc(time: SystemTime) -> String {
    let micros = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    let micros = u64::try_from(micros).unwrap_or(LAST_MICROS).min(LAST_MICROS);
    // This does not panic: `humantime` writes all times from 1970 to 9999.
    let text = humantime::format_rfc3339_micros(UNIX_EPOCH + Duration::from_micros(micros)).to_string();
    let text = text.trim_end_matches('Z');
    text.strip_suffix(".000000").unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn leap_days_and_ends_of_years_are_correct() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00"),
            (951_782_399, "2000-02-28T23:59:59"),
            (951_782_400, "2000-02-29T00:00:00"),
            (951_868_800, "2000-03-01T00:00:00"),
            (1_735_689_599, "2024-12-31T23:59:59"),
            (1_735_689_600, "2025-01-01T00:00:00"),
            (4_107_542_400, "2100-03-01T00:00:00"),
        ] {
            assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn a_time_before_1970_counts_as_1970() {
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!((unix_millis(before), utc(before).as_str()), (0, "1970-01-01T00:00:00"));
    }

    #[test]
    fn a_time_after_the_year_9999_counts_as_its_end() {
        for seconds in [253_402_300_800, u64::MAX >> 2] {
            assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(seconds)), "9999-12-31T23:59:59.999999");
        }
    }

    proptest! {
        #[test]
        fn any_time_up_to_the_year_9999_agrees_with_another_library(seconds in 0_u64..253_402_300_800, micros in 0_u64..1_000_000) {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            // `Sun, 06 Nov 1994 08:49:37 GMT`
            let other = httpdate::fmt_http_date(time);
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let month = months.iter().position(|name| *name == &other[8..11]).unwrap() + 1;
            let expected = format!("{}-{month:02}-{}T{}", &other[12..16], &other[5..7], &other[17..25]);
            prop_assert_eq!(utc(time), expected.clone());

            let finer = time + Duration::from_micros(micros);
            let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
            prop_assert_eq!(utc(finer), format!("{expected}{fraction}"));
            prop_assert_eq!(unix_millis(finer), seconds * 1_000 + micros / 1_000);
        }
    }
}
