//! The state of a client's rate limits, as shown to its user.

use std::time::{Duration, SystemTime};

/// The state of a client's rate limits at one moment; see
/// [`Client::limits`](crate::Client::limits).
#[derive(Clone, Debug)]
pub struct LimitsSnapshot {
    pub(crate) taken_at: SystemTime,
    pub(crate) limits: Vec<LimitState>,
}

impl LimitsSnapshot {
    /// Returns the time by the client's clock at which the snapshot was taken.
    pub fn taken_at(&self) -> SystemTime {
        self.taken_at
    }

    /// Returns the limits in the order of the spec.
    pub fn limits(&self) -> &[LimitState] {
        &self.limits
    }

    /// Returns the limit with this name in the spec; `None` if there is none.
    pub fn get(&self, name: &str) -> Option<&LimitState> {
        self.limits.iter().find(|limit| limit.name == name)
    }
}

/// The state of one rate limit.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LimitState {
    pub(crate) name: &'static str,
    pub(crate) limit: u64,
    pub(crate) window: Duration,
    pub(crate) used: u64,
    pub(crate) closed_until: Option<SystemTime>,
    pub(crate) shared_at: Option<SystemTime>,
}

impl LimitState {
    /// Returns the name of the limit in the spec.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the maximum per window, in requests or in weight as the venue counts.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Returns the length of a window.
    pub fn window(&self) -> Duration {
        self.window
    }

    /// Returns the used part of the limit.
    ///
    /// This counts the requests of all clients that share the limit, also the requests in flight,
    /// and the additional use that the venue's headers report. It may exceed the limit if a client
    /// was built with [`Throttle::Off`](crate::Throttle::Off).
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Returns the part of the limit that is left. While the limit is closed, nothing can be sent,
    /// even if some of it is left.
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// Returns the time until which the venue closed the limit by a 429 or 418, by the client's
    /// clock; `None` if the limit is open.
    pub fn closed_until(&self) -> Option<SystemTime> {
        self.closed_until
    }

    /// Returns the time by the store's clock at which this state was read, if the limit is shared
    /// by several processes ([`ClientBuilder::state`](crate::ClientBuilder::state)). It is an
    /// earlier time if the store is away: the state is the last one that was read then.
    ///
    /// Returns `None` if this process alone counts, or if the store was never read.
    pub fn shared_at(&self) -> Option<SystemTime> {
        self.shared_at
    }
}
