//! The clocks from which the times in requests are taken.
//!
//! - `learnt`: the venue's time, as far as a client has learnt it
//! - `format`: times in the formats of venues

pub(crate) mod format;
pub(crate) mod learnt;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A source of the time. The default is [`SystemClock`]; tests set their own.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Returns the time now.
    fn now(&self) -> SystemTime;
}

/// A clock that several clients share.
impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        self.as_ref().now()
    }
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The offset of a venue's clock from the local clock; negative if the venue's clock is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockOffset {
    micros: i64,
}

impl ClockOffset {
    /// Returns the offset from the local time `ours` to the venue's time `theirs`.
    pub fn between(ours: SystemTime, theirs: SystemTime) -> Self {
        let (sign, distance) = match theirs.duration_since(ours) {
            Ok(ahead) => (1, ahead),
            Err(error) => (-1, error.duration()),
        };
        Self { micros: sign * i64::try_from(distance.as_micros()).unwrap_or(i64::MAX) }
    }

    /// Returns the offset in microseconds.
    pub const fn as_micros(self) -> i64 {
        self.micros
    }

    /// Returns the offset without its sign.
    pub const fn abs(self) -> Duration {
        Duration::from_micros(self.micros.unsigned_abs())
    }

    /// Returns the venue's time at the local time `time`, or `time` itself if the result is not a
    /// valid time.
    pub fn apply(self, time: SystemTime) -> SystemTime {
        let distance = self.abs();
        let shifted = if self.micros < 0 { time.checked_sub(distance) } else { time.checked_add(distance) };
        shifted.unwrap_or(time)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn an_offset_is_applied_in_both_directions() {
        let (early, late) = (UNIX_EPOCH + Duration::from_secs(10), UNIX_EPOCH + Duration::from_secs(13));
        for (ours, theirs) in [(early, late), (late, early), (early, early)] {
            assert_eq!(ClockOffset::between(ours, theirs).apply(ours), theirs);
        }
        assert_eq!(ClockOffset::between(late, early).as_micros(), -3_000_000);
    }
}
