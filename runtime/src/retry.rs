//! The policy by which a request is sent again, with the waits between the attempts.
//!
//! Crates such as `backon` do not fit, because they retry a future by its error alone. Here the
//! outcome of all attempts, the rate limits and the time left decide, and each attempt is signed
//! again.

use std::time::Duration;

use crate::bounded::bounded;

/// The maximum number of attempts of a request, and the waits between them.
///
/// A request is sent again only if that is safe: if it was not sent, or if it is idempotent. A
/// request that is not idempotent, such as most orders, is never sent again once it may have
/// reached the venue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    attempts: u32,
    first: Duration,
    most: Duration,
}

impl Default for Retry {
    /// Returns three attempts, with waits from 200 ms, doubled each time, up to 5 s.
    fn default() -> Self {
        Self { attempts: 3, first: Duration::from_millis(200), most: Duration::from_secs(5) }
    }
}

impl Retry {
    /// Returns a policy that sends each request once.
    pub const fn never() -> Self {
        Self { attempts: 1, first: Duration::ZERO, most: Duration::ZERO }
    }

    /// Sets the maximum number of attempts. 0 counts as 1.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Sets the wait before the second attempt, which doubles before each later one, and the
    /// longest wait. Half of each wait is random, so that clients that failed together do not retry
    /// together.
    #[must_use]
    pub const fn backoff(mut self, first: Duration, most: Duration) -> Self {
        self.first = first;
        self.most = most;
        self
    }

    /// Returns the maximum number of attempts.
    pub const fn max_attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the wait after this number of attempts. `chance` is a random number between 0 and 1.
    pub(crate) fn wait(&self, attempts: u32, chance: f64) -> Duration {
        let doubled = self.first.saturating_mul(1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX));
        bounded(doubled.min(self.most)).mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_maximum_and_half_of_each_is_random() {
        let retry = Retry::default().backoff(Duration::from_millis(100), Duration::from_millis(350));
        let waits = |chance| [1, 2, 3, 40, u32::MAX].map(|attempts| retry.wait(attempts, chance).as_millis());
        assert_eq!(waits(1.0), [100, 200, 350, 350, 350]);
        assert_eq!(waits(0.0), [50, 100, 175, 175, 175]);
        let longest = Retry::default().backoff(Duration::MAX, Duration::MAX);
        assert!(longest.wait(40, 1.0) <= bounded(Duration::MAX));
    }

    #[test]
    fn zero_attempts_means_one_attempt() {
        assert_eq!(Retry::default().attempts(0).max_attempts(), 1);
        assert_eq!(Retry::never().wait(0, 0.5), Duration::ZERO);
    }
}
