//! Sums of times and durations that do not overflow.

use std::time::Duration;

use tokio::time::Instant;

/// The shortest wait that is worth a timer: tokio's timers have this resolution.
const TICK: Duration = Duration::from_millis(1);

/// Adds without overflow: if the clock cannot hold the sum, returns ten years from `at`.
pub(super) fn later(at: Instant, wait: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(10 * 365 * 86_400);
    at.checked_add(wait).or_else(|| at.checked_add(FAR)).unwrap_or(at)
}

/// Returns the first time after `now` that a timer can distinguish from it.
pub(super) fn soon(now: Instant) -> Instant {
    later(now, TICK)
}
