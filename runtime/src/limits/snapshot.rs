//! The state of a client's rate limits, as shown to its user.

use std::time::{Duration, SystemTime};

/// The state of a client's rate limits at one moment: see
/// [`Client::limits`](crate::Client::limits).
#[derive(Clone, Debug)]
pub struct LimitsSnapshot {
    pub(crate) taken_at: SystemTime,
    pub(crate) limits: Vec<LimitState>,
}

impl LimitsSnapshot {
    /// Returns when the snapshot was taken, by the client's clock.
    pub fn taken_at(&self) -> SystemTime {
        self.taken_at
    }

    /// Returns the limits in the order of the spec.
    pub fn limits(&self) -> &[LimitState] {
        &self.limits
    }

    /// Returns the limit of this name, as the spec names it.
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
}

impl LimitState {
    /// Returns the name of the limit in the spec.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns how much fits into a window: weight or requests, as the venue counts.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Returns the length of a window.
    pub fn window(&self) -> Duration {
        self.window
    }

    /// Returns how much is used.
    ///
    /// That is the requests of all clients that share the limit, those in flight included, and what
    /// the venue's headers count beyond them. It exceeds the limit where clients were built with
    /// [`Throttle::Off`](crate::Throttle::Off).
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Returns how much is left. Nothing can be sent while the limit is closed, whatever is left.
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// Returns until when the venue closed the limit by a 429 or 418, by the client's clock; `None`
    /// if it is open.
    pub fn closed_until(&self) -> Option<SystemTime> {
        self.closed_until
    }
}
