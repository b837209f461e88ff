//! `Retry-After` in all the forms that venues send.
//!
//! Venues also send fractions and timestamps, which a library for this header does not read.
//! `httpdate` reads the dates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::RETRY_AFTER;

/// Numbers from here on are timestamps: no venue requests a wait of thirty years.
const FIRST_TIMESTAMP: u64 = 1_000_000_000;
/// Timestamps from here on are in milliseconds.
const FIRST_MILLISECONDS: u64 = 100_000_000_000;

/// Returns how long `Retry-After` asks the client to wait from `now` on: zero for a time in the
/// past, `None` without the header or for a value that cannot be read.
pub(crate) fn from_headers(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let at = match text.split('.').next().and_then(|whole| whole.parse::<u64>().ok()) {
        Some(seconds) if seconds < FIRST_TIMESTAMP => {
            return Duration::try_from_secs_f64(text.parse().ok()?).ok();
        }
        Some(seconds) if seconds < FIRST_MILLISECONDS => UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?,
        Some(milliseconds) => UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))?,
        None => httpdate::parse_http_date(text).ok()?,
    };
    Some(at.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Duration> {
        let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, text.parse().unwrap());
        from_headers(&headers, now)
    }

    #[test]
    fn seconds_timestamps_and_dates_are_read() {
        assert_eq!(at("30"), Some(Duration::from_secs(30)));
        assert_eq!(at("0.5"), Some(Duration::from_millis(500)));
        assert_eq!(at("1700000012"), Some(Duration::from_secs(12)));
        assert_eq!(at("1700000012500"), Some(Duration::from_millis(12_500)));
        assert_eq!(at("Tue, 14 Nov 2023 22:13:30 GMT"), Some(Duration::from_secs(10)));
    }

    #[test]
    fn a_past_time_is_zero_and_unreadable_text_is_none() {
        assert_eq!(at("1600000000"), Some(Duration::ZERO));
        assert_eq!(at("soon"), None);
        assert_eq!(at("-3"), None);
        assert_eq!(at("99999999999999999999"), None);
        assert_eq!(at(""), None);
        assert_eq!(at("30, 30"), None);
        assert_eq!(at("1.5e300"), None);
    }

    #[test]
    fn a_time_in_the_far_future_is_read_without_overflow() {
        let years = |text| at(text).unwrap().as_secs() / (365 * 86_400);
        assert_eq!(years("Fri, 31 Dec 9999 23:59:59 GMT"), 7_981);
        assert!(years("18446744073709551615") > 500_000_000);
        assert!(years("99999999999") > 3_000);
    }
}
