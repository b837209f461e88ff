//! Upper bounds of settings, so that no value makes a clock overflow.

use std::time::Duration;

/// A year: longer than any call, and short enough for every clock that durations are added to.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns `duration`, or a year if it is longer.
pub(crate) fn bounded(duration: Duration) -> Duration {
    duration.min(LONGEST)
}
