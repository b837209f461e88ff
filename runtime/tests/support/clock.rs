//! A clock that follows tokio's, which tests pause.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use venuekit::{Clock, ClockOffset};

/// 2024-01-28T14:15:00Z, when every test begins.
pub(crate) const START_MS: u64 = 1_706_451_300_000;

/// Tells the time since the test began, right or wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestClock {
    began: Instant,
    start: SystemTime,
}

impl TestClock {
    pub(crate) fn right() -> Self {
        Self { began: Instant::now(), start: UNIX_EPOCH + Duration::from_millis(START_MS) }
    }

    /// Behind the right time by so much.
    pub(crate) fn behind(by: Duration) -> Self {
        let right = Self::right();
        Self { start: right.start - by, ..right }
    }

    /// Ahead of the right time by so much.
    pub(crate) fn ahead(by: Duration) -> Self {
        let right = Self::right();
        Self { start: right.start + by, ..right }
    }

    pub(crate) fn now_ms(self) -> u64 {
        u64::try_from(self.now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        self.start + self.began.elapsed()
    }
}
