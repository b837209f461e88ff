//! Times as venues want them written. What lies before 1970 counts as 1970.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns the milliseconds since 1970.
pub fn unix_millis(time: SystemTime) -> u64 {
    u64::try_from(time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

/// Returns `2019-12-12T01:01:01.000123`: the time in UTC, without a zone, six digits of a second's fraction,
/// and none when that is zero, which is what Python's `datetime.isoformat` writes.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use venuekit_auth::time::utc;
///
/// assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(1_576_112_461)), "2019-12-12T01:01:01");
/// assert_eq!(utc(UNIX_EPOCH + Duration::from_micros(1_576_112_461_000_123)), "2019-12-12T01:01:01.000123");
/// ```
pub fn utc(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (year, month, day) = date(since.as_secs() / 86_400);
    let second = since.as_secs() % 86_400;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let fraction = match since.subsec_micros() {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}")
}

/// Returns year, month and day of a day counted from 1970, by Howard Hinnant's `civil_from_days`:
/// years that begin in March put the leap day last, and 400 of them (an era) always have the same
/// length.
fn date(day_since_1970: u64) -> (u64, u64, u64) {
    let day_since_0 = day_since_1970 + 719_468;
    let (era, day_of_era) = (day_since_0 / 146_097, day_since_0 % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_since_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
    let (month, is_next_year) =
        if months_since_march < 10 { (months_since_march + 3, 0) } else { (months_since_march - 9, 1) };
    (era * 400 + year_of_era + is_next_year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn leap_days_and_the_turns_of_years_are_right() {
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
