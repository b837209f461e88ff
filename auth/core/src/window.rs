//! The recv window: the time for which a signed request is valid.

use std::time::Duration;

use crate::error::CredentialError;

/// Returns a recv window in milliseconds, rounded down.
///
/// # Errors
///
/// When the window is shorter than one millisecond, or longer than the venue's maximum.
///
/// ```
/// use std::time::Duration;
/// use venuekit_auth::recv_window_millis;
///
/// assert_eq!(recv_window_millis(Duration::from_secs(60), Some(60_000))?, 60_000);
/// assert!(recv_window_millis(Duration::from_millis(60_001), Some(60_000)).is_err());
/// # Ok::<(), venuekit_auth::CredentialError>(())
/// ```
pub fn recv_window_millis(window: Duration, max_millis: Option<u64>) -> Result<u64, CredentialError> {
    let refused = CredentialError::RecvWindow { max_millis };
    let longest = Duration::from_millis(max_millis.unwrap_or(u64::MAX));
    if window > longest {
        return Err(refused);
    }
    match u64::try_from(window.as_millis()) {
        Ok(millis) if millis > 0 => Ok(millis),
        _ => Err(refused),
    }
}
