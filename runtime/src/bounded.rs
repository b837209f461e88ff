//! An upper bound for durations in settings, so that adding one to a time does not overflow.

use std::time::Duration;

/// A year. It is longer than any call, and can be added to the time of any clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns `duration`, or a year if it is longer.
pub(crate) fn bounded(duration: Duration) -> Duration {
    duration.min(LONGEST)
}
