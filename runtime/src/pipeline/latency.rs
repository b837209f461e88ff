//! Latencies as logs have them.

use std::time::Duration;

/// Returns a duration in milliseconds, rounded to microseconds.
pub(super) fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
