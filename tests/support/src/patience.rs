//! Timeouts for tests that pass on a busy machine too.

use std::time::Duration;

/// A timeout for calls whose response arrives. It is long enough for a busy machine.
pub const LONG: Duration = Duration::from_secs(60);

/// The timeouts of [`patiently`] in milliseconds. Each is at most four times the one before.
const TIMEOUTS: [u64; 7] = [25, 100, 400, 1_600, 6_400, 25_600, 60_000];

/// Runs `scenario` with longer and longer timeouts until it returns a result; panics if none was
/// long enough.
///
/// This is for calls to which no response ever comes, so that a timeout has to end them. A short
/// timeout keeps the test quick. On a busy machine it may end before the request has arrived, and
/// then the outcome differs. A scenario returns `None` if the server shows that this happened.
///
/// # Panics
///
/// If the scenario returns `None` with a timeout of a minute.
pub async fn patiently<T, F: Future<Output = Option<T>>>(scenario: impl Fn(Duration) -> F) -> T {
    for timeout in TIMEOUTS {
        if let Some(result) = scenario(Duration::from_millis(timeout)).await {
            return result;
        }
    }
    panic!("the request did not arrive in time, with a timeout of a minute either");
}
