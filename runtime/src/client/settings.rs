//! The settings of a client that concern its calls.

use std::time::Duration;

use crate::limits::Throttle;
use crate::retry::Retry;

/// The settings of a client that concern its calls.
#[derive(Clone, Debug)]
#[doc(hidden)]
#[non_exhaustive]
pub struct Settings {
    pub timeout: Duration,
    pub attempt_timeout: Option<Duration>,
    pub max_response_bytes: usize,
    /// The longest time without data of a response that is streamed.
    pub idle_timeout: Option<Duration>,
    pub retry: Retry,
    pub throttle: Throttle,
    pub one_at_a_time: bool,
    pub allow_credentials_over_http: bool,
    pub explain: bool,
    pub check_bounds: bool,
    pub clock_from_date: bool,
    pub max_clock_offset: Duration,
    pub recv_window: Option<Duration>,
    pub gzip: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            attempt_timeout: None,
            max_response_bytes: 16 << 20,
            idle_timeout: None,
            retry: Retry::default(),
            throttle: Throttle::default(),
            one_at_a_time: false,
            allow_credentials_over_http: false,
            explain: false,
            check_bounds: false,
            clock_from_date: false,
            max_clock_offset: Duration::from_secs(24 * 60 * 60),
            recv_window: None,
            gzip: false,
        }
    }
}
