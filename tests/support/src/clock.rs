//! A clock for tests, so that no outcome depends on the speed of the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use venuekit::Clock;

/// The time at which a test clock without an offset starts: 2024-01-28T14:15:00Z. It is a full
/// minute, so that the windows of rate limits begin at the same time.
pub const START_MS: u64 = 1_706_451_300_000;

/// A clock that starts at [`START_MS`], or at an offset from it. Clones share one time.
#[derive(Clone, Debug)]
pub struct TestClock {
    start: SystemTime,
    elapsed: Elapsed,
}

#[derive(Clone, Debug)]
enum Elapsed {
    Tokio(Instant),
    Reads(Arc<AtomicU64>),
}

impl TestClock {
    fn new(elapsed: Elapsed) -> Self {
        Self { start: UNIX_EPOCH + Duration::from_millis(START_MS), elapsed }
    }

    /// Returns a clock that follows tokio's clock, which a test may pause.
    #[must_use]
    pub fn right() -> Self {
        Self::new(Elapsed::Tokio(Instant::now()))
    }

    /// Returns a clock that is behind the [right](Self::right) clock.
    #[must_use]
    pub fn behind(by: Duration) -> Self {
        let right = Self::right();
        Self { start: right.start - by, ..right }
    }

    /// Returns a clock that is ahead of the [right](Self::right) clock.
    #[must_use]
    pub fn ahead(by: Duration) -> Self {
        let right = Self::right();
        Self { start: right.start + by, ..right }
    }

    /// Returns a clock that advances by one millisecond each time it is read, and not otherwise.
    ///
    /// A client and a mock venue that share this clock agree on the time, however late a request
    /// arrives.
    #[must_use]
    pub fn counting() -> Self {
        Self::new(Elapsed::Reads(Arc::default()))
    }

    /// Reads the clock. Returns the time in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        u64::try_from(self.now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        self.start
            + match &self.elapsed {
                Elapsed::Tokio(began) => began.elapsed(),
                Elapsed::Reads(count) => Duration::from_millis(count.fetch_add(1, Ordering::Relaxed)),
            }
    }
}
