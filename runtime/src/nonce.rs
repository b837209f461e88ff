//! The nonces of a key, and the stamp of an attempt.
//!
//! A nonce is the time in milliseconds, raised if needed, so that no nonce of a key is used twice.
//! All clients of a key share its nonces. An atomic number is enough for this.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The nonces of one key. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Nonces {
    last: Arc<AtomicU64>,
    turn: Arc<Turn>,
}

/// The turn to send a signed request. One request at a time holds it; the others wait in their
/// order.
#[derive(Debug)]
struct Turn(Arc<Semaphore>);

impl Default for Turn {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Nonces {
    /// Creates the nonces of a key that was not used yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Draws the next nonce: the milliseconds from 1970 to `time`, or the number after the last
    /// nonce if that is larger. Each nonce is larger than all earlier ones.
    ///
    /// Returns `None` once the last possible nonce was drawn: no nonce is drawn twice.
    pub fn draw(&self, time: SystemTime) -> Option<u64> {
        let now =
            time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        let next = |last: u64| last.checked_add(1).map(|next| next.max(now));
        self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok().and_then(next)
    }

    /// Returns the largest nonce that was drawn so far; 0 if none was.
    pub(crate) fn last(&self) -> u64 {
        self.last.load(Ordering::Relaxed)
    }

    /// Takes a nonce into account that was drawn elsewhere.
    pub(crate) fn raise(&self, nonce: u64) {
        self.last.fetch_max(nonce, Ordering::Relaxed);
    }

    /// Waits for the turn to send a signed request of the key. The turn ends when the permit is
    /// dropped.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.turn.0).acquire_owned().await.ok()
    }
}

/// The time and the nonce of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp {
    /// The time of the request, by the venue's clock as far as it is known.
    pub time: SystemTime,
    /// The nonce. It is larger than the nonces of all earlier attempts of the key: the milliseconds
    /// since 1970, or the number after the last nonce if that is larger.
    pub nonce: u64,
    /// How long after `time` the venue may accept the request; `None` if neither the call nor the
    /// client sets it.
    pub recv_window: Option<Duration>,
}

impl Stamp {
    /// Creates a stamp of this time and nonce.
    pub const fn new(time: SystemTime, nonce: u64) -> Self {
        Self { time, nonce, recv_window: None }
    }

    /// Sets the recv window.
    #[must_use]
    pub const fn with_recv_window(mut self, window: Duration) -> Self {
        self.recv_window = Some(window);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_rise_strictly_also_within_a_millisecond_and_when_the_clock_goes_back() {
        let nonces = Nonces::new();
        let at = |ms| nonces.draw(UNIX_EPOCH + Duration::from_millis(ms));
        assert_eq!([at(5), at(5), nonces.clone().draw(UNIX_EPOCH), at(100), at(7)], [5, 6, 7, 100, 101].map(Some));
    }

    #[test]
    fn nonces_that_run_out_are_not_repeated() {
        let nonces = Nonces::new();
        let far = UNIX_EPOCH + Duration::from_millis(u64::MAX);
        assert_eq!(nonces.draw(far), Some(u64::MAX));
        assert_eq!((nonces.draw(far), nonces.draw(UNIX_EPOCH)), (None, None));
    }
}
