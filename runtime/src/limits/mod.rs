//! The venue's rate limits, tracked by the client: several windows at once, weighted.
//!
//! - `counter`: the used part of one limit, and the time at which there is room
//! - `closing`: the time for which a refusal by the venue closes a limit
//! - `ledger`: all counters of a venue, and the calls that wait for them
//! - `registry`: the ledgers of all venues
//! - `place`: the place that a request holds in its limits
//! - `scope`: the clients that share a counter
//! - `snapshot`: the state that users see
//!
//! The maintained limiter crates (`governor`, `leaky-bucket`) do not fit: they count one limit at a
//! steady rate. Venues count in windows, several at once, and the weight of a request differs from
//! one limit to another. A request waits until all of its limits have room, and the venue's headers
//! correct the counts.
//!
//! This file maps operations and headers to counters and weights.

pub(crate) mod closing;
mod counter;
mod instant;
mod ledger;
pub(crate) mod place;
mod registry;
pub(crate) mod scope;
pub(crate) mod snapshot;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use closing::Policy;
use ledger::{CounterId, Demand, Ledger, Refusal, Want};
use place::{Permit, Place};
use scope::Scope;
use snapshot::{LimitState, LimitsSnapshot};

use crate::operation::limit::Limit;
use crate::operation::operation::Operation;
use crate::operation::venue::Venue;

/// The behaviour of a client when a rate limit is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Throttle {
    /// Wait for room, as long as the call's timeout allows.
    #[default]
    Wait,
    /// Fail at once, with the time to wait in [`Error::retry_after`](crate::Error::retry_after).
    Fail,
    /// Send without regard to the limits, for programs in which another component enforces them.
    ///
    /// The requests are still counted, so that other clients which share the limits make room for
    /// them. A 429 or 418 does not close a limit.
    Off,
}

/// The reason why a call gets no place in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom {
    /// The limit that opens last.
    pub(crate) limit: &'static str,
    /// True if the venue closed it; false if it is used up.
    pub(crate) is_closed: bool,
    /// The shortest time until there is room, as far as is known.
    pub(crate) wait: Duration,
}

/// The rate limits of a client. Clones of the client share them; other clients may share them too.
#[derive(Debug)]
pub(crate) struct Limits {
    ledger: Arc<Ledger>,
    counters: Vec<(&'static Limit, CounterId)>,
    policy: Policy,
}

/// The parts of a response that concern limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observed<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    /// The time at which its request was sent.
    pub(crate) sent_at: Instant,
}

impl Limits {
    pub(crate) fn new(venue: &'static Venue, scope: &Scope<'_>, policy: Policy) -> Self {
        let ledger = registry::ledger(venue.name());
        let open = |limit: &'static Limit| (limit, ledger.open(scope.key_of(limit), limit));
        let counters = venue.limits().iter().map(open).collect();
        Self { ledger, counters, policy }
    }

    /// Reserves a place in each limit of an operation, and waits until `until` at the latest.
    ///
    /// Returns `None` if the operation counts against no limit.
    pub(crate) async fn reserve(
        &self,
        operation: &'static Operation,
        weight: u32,
        until: Instant,
    ) -> Result<Option<Permit>, NoRoom> {
        let Some(demand) = self.demand(operation, weight) else { return Ok(None) };
        match self.ledger.reserve(&demand, until).await {
            Ok(alarms) => Ok(Some(self.permit(demand, Some(alarms)))),
            Err(full) => {
                let limit = self.counters.iter().find(|(_, counter)| Some(*counter) == full.counter);
                let limit = limit.map_or("", |(limit, _)| limit.name());
                Err(NoRoom { limit, is_closed: full.is_closed, wait: full.wait })
            }
        }
    }

    /// Takes a place in each limit of an operation, without regard to room.
    pub(crate) fn take(&self, operation: &'static Operation, weight: u32) -> Option<Permit> {
        let demand = self.demand(operation, weight)?;
        self.ledger.take(&demand);
        Some(self.permit(demand, None))
    }

    fn permit(&self, demand: Demand, alarms: Option<u64>) -> Permit {
        Permit::new(Place::new(Arc::clone(&self.ledger), demand, self.policy.grace), alarms)
    }

    fn demand(&self, operation: &Operation, weight: u32) -> Option<Demand> {
        if operation.limits().is_empty() {
            return None;
        }
        let want = |(limit, counter): (&Limit, CounterId)| {
            let weight = if limit.is_weighted() { u64::from(weight) } else { 1 };
            // A request that weighs more than the whole limit is sent when all other places have
            // ended.
            Want { counter, weight: weight.min(limit.limit().max(1)) }
        };
        let demand: Demand = self.named(operation).map(want).collect();
        (!demand.is_empty()).then_some(demand)
    }

    fn named(&self, operation: &Operation) -> impl Iterator<Item = (&'static Limit, CounterId)> {
        let names = operation.limits();
        self.counters.iter().filter(move |(limit, _)| names.contains(&limit.name())).copied()
    }

    /// Applies the counts that a response states. `venue_time`: the time at the venue.
    pub(crate) fn observe(&self, observed: &Observed<'_>, venue_time: SystemTime) {
        let stated = |(limit, counter): &(&'static Limit, CounterId)| Some((*counter, used(limit, observed.headers)?));
        let stated: Vec<_> = self.counters.iter().filter_map(stated).collect();
        if !stated.is_empty() {
            self.ledger.correct(&stated, observed.sent_at, venue_time);
        }
        if passes(observed.status) {
            self.passed(observed);
        }
    }

    fn passed(&self, observed: &Observed<'_>) {
        self.ledger.passed(self.named(observed.operation).map(|(_, counter)| counter), observed.sent_at);
    }

    /// Closes limits after a 429 or 418, and returns the time of the closing; `None` for any other
    /// response.
    ///
    /// A 418 closes all limits, for as long as it states. A 429 closes the limits that its headers
    /// show as used up, or else the limits of the operation, and each of them no longer than its
    /// own longest closing. `means_something_else`: the body has a code with another meaning for
    /// this operation, so the status does not concern limits, unless the venue states a time.
    pub(crate) fn refused(
        &self,
        observed: &Observed<'_>,
        retry_after: Option<Duration>,
        means_something_else: bool,
    ) -> Option<Duration> {
        // A stated time in the past is ignored.
        let stated = retry_after.filter(|wait| !wait.is_zero());
        if means_something_else && stated.is_none() {
            self.passed(observed);
            return None;
        }
        let counters = match observed.status {
            StatusCode::IM_A_TEAPOT => self.counters.iter().map(|(_, counter)| *counter).collect(),
            StatusCode::TOO_MANY_REQUESTS => self.concerned(observed),
            _ => return None,
        };
        let is_ban = observed.status == StatusCode::IM_A_TEAPOT;
        let refusal = Refusal {
            counters: &counters,
            sent_at: observed.sent_at,
            stated,
            most: if is_ban { Some(self.policy.max_ban) } else { self.policy.max_closing },
        };
        let closed = self.ledger.close(refusal, &self.policy);
        let (status, closed_s) = (observed.status.as_u16(), closed.wait.as_secs_f64());
        let stated_s = retry_after.map(|wait| wait.as_secs_f64());
        if closed.is_capped {
            tracing::warn!(status, stated_s, closed_s, "the venue closed a limit for longer than the client accepts");
        } else {
            tracing::debug!(status, stated_s, closed_s, "the venue closed a limit");
        }
        Some(closed.wait)
    }

    /// Returns the counters that a 429 refers to.
    fn concerned(&self, observed: &Observed<'_>) -> Vec<CounterId> {
        let is_full =
            |(limit, _): &&(&Limit, CounterId)| used(limit, observed.headers).is_some_and(|used| used >= limit.limit());
        let full: Vec<_> = self.counters.iter().filter(is_full).map(|(_, counter)| *counter).collect();
        if full.is_empty() { self.named(observed.operation).map(|(_, counter)| counter).collect() } else { full }
    }

    /// Reopens the limit of this name, or all limits for `None`. Returns whether there is any.
    pub(crate) fn reopen(&self, name: Option<&str>) -> bool {
        let is_meant = |(limit, _): &&(&Limit, CounterId)| name.is_none_or(|name| limit.name() == name);
        let counters: Vec<_> = self.counters.iter().filter(is_meant).map(|(_, counter)| *counter).collect();
        self.ledger.reopen(&counters);
        !counters.is_empty()
    }

    /// Returns the state of all limits; `now`: the time by the client's clock.
    pub(crate) fn snapshot(&self, now: SystemTime) -> LimitsSnapshot {
        let readings = self.ledger.read(self.counters.iter().map(|(_, counter)| *counter));
        let state = |((limit, _), reading): (&(&'static Limit, CounterId), Option<ledger::Reading>)| {
            let closed = reading.and_then(|reading| reading.closed);
            LimitState {
                name: limit.name(),
                limit: limit.limit(),
                window: limit.window(),
                used: reading.map_or(0, |reading| reading.used),
                closed_until: closed.map(|wait| now.checked_add(wait).unwrap_or(now)),
            }
        };
        LimitsSnapshot { taken_at: now, limits: self.counters.iter().zip(readings).map(state).collect() }
    }
}

impl Drop for Limits {
    fn drop(&mut self) {
        self.ledger.release(self.counters.iter().map(|(_, counter)| *counter));
    }
}

/// Reads the used part of a limit from the headers of a response.
fn used(limit: &Limit, headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(limit.header()?)?.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number too large for `u64` exceeds every limit as well.
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

/// Returns whether the status shows that the request passed the limits. A failing gateway may
/// return a 5xx before anything is counted.
fn passes(status: StatusCode) -> bool {
    !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::IM_A_TEAPOT) && !status.is_server_error()
}
