//! Reads durations of the command line and of the config file.

use std::time::Duration;

/// Reads a number of seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|seconds| !seconds.is_zero())
        .ok_or_else(|| "expected a number of seconds above 0, such as 0.5".to_owned())
}

/// Reads a number of milliseconds.
pub(crate) fn milliseconds(text: &str) -> Result<Duration, String> {
    let millis = text.parse().ok().filter(|millis| *millis > 0);
    millis.map(Duration::from_millis).ok_or_else(|| "expected a number of milliseconds, such as 5000".to_owned())
}

/// Reads a duration with its unit, such as `500ms`, `2s` or `1m`. Without a unit, it is in seconds.
pub(crate) fn with_unit(text: &str) -> Result<Duration, String> {
    let expected = || "expected a duration above 0, such as 2s, 500ms or 1m; a number alone is in seconds".to_owned();
    let duration = match text.strip_suffix("ms") {
        Some(number) => milliseconds(number),
        None => match text.strip_suffix('m') {
            Some(minutes) => seconds(minutes).map(|minutes| minutes.saturating_mul(60)),
            None => seconds(text.strip_suffix('s').unwrap_or(text)),
        },
    };
    duration.map_err(|_| expected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recv_window_is_a_number_of_milliseconds() {
        assert_eq!(milliseconds("5000"), Ok(Duration::from_secs(5)));
        for text in ["0", "-1", "0.5", "5s", "", "99999999999999999999"] {
            assert!(milliseconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_may_have_a_fraction_and_are_never_zero() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for text in ["0", "-1", "NaN", "inf", "1e40", "5s", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_may_have_a_unit() {
        for (text, millis) in [("2s", 2_000), ("0.5s", 500), ("500ms", 500), ("1m", 60_000), ("3", 3_000)] {
            assert_eq!(with_unit(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["0s", "0", "-1s", "s", "ms", "2h", "", "1.5ms"] {
            assert!(with_unit(text).is_err(), "{text}");
        }
    }
}
