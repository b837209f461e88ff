//! A clock for tests, so that no outcome depends on how long the machine takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use venuekit::Clock;

/// A clock that goes on by a millisecond whenever it is read, and by nothing else. Clones are one clock.
///
/// A client and a mock venue that share it agree on the time, however late a request arrives.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicU64>);

impl TestClock {
    /// 2024-01-28T14:15:00Z: a full minute, so that the windows of limits begin here.
    pub const START_MS: u64 = 1_706_451_300_000;

    /// Returns a clock that shows [`START_MS`](Self::START_MS).
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(Self::START_MS)))
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.0.fetch_add(1, Ordering::Relaxed))
    }
}
