//! The venue's rate limits, tracked by the client: several windows at once, weighted.
//!
//! - `counter`: the used part of one limit, and the time at which there is room
//! - `closing`: the time for which a refusal by the venue closes a limit
//! - `ledger`: all counters of a venue, and the calls that wait for them
//! - `not_reserved`: the reasons why a call gets no place
//! - `registry`: the ledgers of all venues
//! - `place`: the place that a request holds in its limits
//! - `scope`: the clients that share a counter
//! - `shared`: the part of the limits that is in a store, for several processes
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
pub(crate) mod not_reserved;
pub(crate) mod place;
mod registry;
pub(crate) mod scope;
pub(crate) mod shared;
pub(crate) mod snapshot;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use closing::Policy;
use ledger::{CounterId, Demand, Ledger, Refusal, Want};
use not_reserved::{NoRoom, NotReserved};
use place::{InStore, Permit, Place};
use scope::Scope;
use shared::{Needed, Needs, SharedLimits};
use snapshot::{LimitState, LimitsSnapshot};

use crate::error::outcome::BoxError;
use crate::operation::limit::Limit;
use crate::operation::operation::{Operation, Security};
use crate::operation::venue::Venue;
use crate::state::{KeyDigest, SharedState, WhenAway};

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

/// The needs of a call, beside its places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) weight: u32,
    /// The call waits until then at the latest; `None` if it takes its places without regard to
    /// room.
    pub(crate) until: Option<Instant>,
    /// The time at which the call ends.
    pub(crate) deadline: Instant,
    /// The largest nonce of the key so far, if the call needs a nonce from the shared state.
    pub(crate) nonce_above: Option<u64>,
}

/// The rate limits of a client. Clones of the client share them; other clients may share them too.
#[derive(Debug)]
pub(crate) struct Limits {
    ledger: Arc<Ledger>,
    counters: Vec<(&'static Limit, CounterId)>,
    policy: Policy,
    shared: Option<Arc<SharedLimits>>,
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
    /// Opens the limits of a venue, in this process or in a state that several processes share.
    pub(crate) fn new(
        venue: &'static Venue,
        scope: &Scope<'_>,
        policy: Policy,
        shared: Option<(SharedState, Option<KeyDigest>)>,
    ) -> Self {
        let ledger = registry::ledger(venue.name());
        let open = |limit: &'static Limit| (limit, ledger.open(scope.key_of(limit), limit));
        // A connection keeps its own limits.
        let limits = || venue.limits().iter().filter(|limit| !limit.is_per_connection());
        let counters = limits().map(open).collect();
        let shared = shared.map(|(state, key)| {
            let name = |limit: &'static Limit| (limit, scope.name_in_store(limit, key));
            let names = limits().map(name).collect();
            let open_share = |limit: &Limit, part| {
                let share = limit.with_limit(part);
                ledger.open(scope.key_of(&share), &share)
            };
            Arc::new(SharedLimits::new(state, venue.name(), key, names, open_share))
        });
        Self { ledger, counters, policy, shared }
    }

    /// Returns the part of the limits that several processes share; `None` if there is none.
    pub(crate) fn shared(&self) -> Option<&SharedLimits> {
        self.shared.as_deref()
    }

    /// Returns the time for which a request may still arrive after its attempt ended.
    pub(crate) fn grace(&self) -> Duration {
        self.policy.grace
    }

    /// Reserves a place in each limit of an operation, and a nonce if the call needs one.
    ///
    /// Returns `None` if the call needs nothing.
    pub(crate) async fn admit(&self, call: Call) -> Result<Option<Permit>, NotReserved> {
        match (&self.shared, call.until) {
            (Some(shared), _) => self.reserve_shared(shared, call).await,
            (None, None) => Ok(self.take(call.operation, call.weight)),
            (None, Some(until)) => self.reserve(call.operation, call.weight, until).await.map_err(NotReserved::NoRoom),
        }
    }

    /// Reserves places in this process and in the store.
    async fn reserve_shared(&self, shared: &Arc<SharedLimits>, call: Call) -> Result<Option<Permit>, NotReserved> {
        let Call { operation, weight, until, deadline, nonce_above } = call;
        let mut own: Vec<Want> = Vec::new();
        let mut copies: Vec<Want> = Vec::new();
        let mut needed: Vec<Needed> = Vec::new();
        for (index, (limit, counter)) in self.counters.iter().enumerate() {
            if !operation.limits().contains(&limit.name()) {
                continue;
            }
            let want = want(limit, *counter, weight);
            match shared.capacity(index) {
                Some(capacity) => {
                    let want = Want { weight: want.weight.min(capacity), ..want };
                    let own_use = self.ledger.read([*counter]).into_iter().flatten().map(|reading| reading.used).sum();
                    needed.push(Needed { index, weight: want.weight, own_use });
                    copies.push(want);
                }
                None => own.push(want),
            }
        }
        if own.is_empty() && needed.is_empty() && nonce_above.is_none() {
            return Ok(None);
        }
        let own: Demand = own.into();
        let mut permit = self.reserve_here(own, until).await.map_err(NotReserved::NoRoom)?;
        if needed.is_empty() && nonce_above.is_none() {
            return Ok(Some(permit));
        }
        let needs = Needs {
            until: until.unwrap_or(deadline),
            deadline,
            grace: self.policy.grace,
            nonce_above,
            is_forced: until.is_none(),
        };
        match shared.reserve(&needed, needs).await {
            Ok(held) => {
                let copies: Demand = copies.into();
                self.ledger.take_quietly(&copies);
                permit.hold_in_store(InStore::new(Arc::clone(shared), held, copies));
                Ok(Some(permit))
            }
            Err(NotReserved::NoPlace { index, is_closed, is_recovering, wait }) => {
                let limit = self.counters.get(index).map_or("", |(limit, _)| limit.name());
                Err(NotReserved::NoRoom(NoRoom { limit, is_closed, is_recovering, wait }))
            }
            Err(NotReserved::Away(cause)) => {
                let when_away = shared.when_away(operation.security() == Security::Public);
                // A nonce is never drawn without the store.
                if when_away != WhenAway::Local || nonce_above.is_some() {
                    return Err(NotReserved::Away(cause));
                }
                drop(permit);
                self.reserve_share(shared, call, cause, copies).await.map(Some)
            }
            Err(other) => Err(other),
        }
    }

    /// Reserves places of the part that is withheld for this process.
    async fn reserve_share(
        &self,
        shared: &Arc<SharedLimits>,
        call: Call,
        cause: BoxError,
        copies: Vec<Want>,
    ) -> Result<Permit, NotReserved> {
        let mut demand: Vec<Want> = Vec::new();
        for (index, (limit, counter)) in self.counters.iter().enumerate() {
            if !call.operation.limits().contains(&limit.name()) {
                continue;
            }
            let want = want(limit, *counter, call.weight);
            match (shared.has(index), shared.share(index)) {
                (false, _) => demand.push(want),
                (true, Some((counter, capacity))) if want.weight <= capacity => {
                    demand.push(Want { counter, weight: want.weight });
                }
                (true, _) => return Err(NotReserved::Away(cause)),
            }
        }
        let mut permit = self.reserve_here(demand.into(), call.until).await.map_err(|full| {
            // The counter of a share is not in the list of the venue's limits.
            let first = call.operation.limits().first().copied().unwrap_or_default();
            NotReserved::NoRoom(NoRoom { limit: if full.limit.is_empty() { first } else { full.limit }, ..full })
        })?;
        let copies: Demand = copies.into();
        self.ledger.take_quietly(&copies);
        permit.hold_in_store(InStore::new(Arc::clone(shared), shared.held_here(call.until.is_none()), copies));
        Ok(permit)
    }

    /// Reserves places in this process.
    async fn reserve_here(&self, demand: Demand, until: Option<Instant>) -> Result<Permit, NoRoom> {
        match until {
            _ if demand.is_empty() => Ok(self.permit(demand, None)),
            None => {
                self.ledger.take(&demand);
                Ok(self.permit(demand, None))
            }
            Some(until) => match self.ledger.reserve(&demand, until).await {
                Ok(alarms) => Ok(self.permit(demand, Some(alarms))),
                Err(full) => Err(self.no_room(full)),
            },
        }
    }

    fn no_room(&self, full: ledger::Full) -> NoRoom {
        let limit = self.counters.iter().find(|(_, counter)| Some(*counter) == full.counter);
        let limit = limit.map_or("", |(limit, _)| limit.name());
        NoRoom { limit, is_closed: full.is_closed, is_recovering: false, wait: full.wait }
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
            Err(full) => Err(self.no_room(full)),
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
        /// The number of limits that nearly no operation exceeds.
        const FEW: usize = 4;
        let mut wants = self.named(operation).map(|(limit, counter)| want(limit, counter, weight));
        let mut few = [wants.next()?; FEW];
        let mut count = 1;
        for want in wants {
            match few.get_mut(count) {
                Some(place) => *place = want,
                None => return Some(self.named(operation).map(|(limit, id)| self::want(limit, id, weight)).collect()),
            }
            count += 1;
        }
        few.get(..count).map(Demand::from)
    }

    fn named(&self, operation: &Operation) -> impl Iterator<Item = (&'static Limit, CounterId)> {
        let names = operation.limits();
        self.counters.iter().filter(move |(limit, _)| names.contains(&limit.name())).copied()
    }

    /// Applies the counts that a response states. `venue_time`: the time at the venue.
    pub(crate) fn observe(&self, observed: &Observed<'_>, venue_time: SystemTime) {
        let stated = |(limit, counter): &(&'static Limit, CounterId)| Some((*counter, used(limit, observed.headers)?));
        let mut stated: Vec<_> = self.counters.iter().filter_map(stated).collect();
        if let Some(shared) = &self.shared {
            self.pass_on_stated(shared, observed, venue_time);
            let here = |counter: CounterId| self.indexed().any(|(index, id)| id == counter && !shared.has(index));
            stated.retain(|(counter, _)| here(*counter));
        }
        if !stated.is_empty() {
            self.ledger.correct(&stated, observed.sent_at, venue_time);
        }
        if passes(observed.status) {
            self.passed(observed);
        }
    }

    /// Passes the counts that a response states on to the store.
    fn pass_on_stated(&self, shared: &SharedLimits, observed: &Observed<'_>, venue_time: SystemTime) {
        let now = Instant::now();
        for (index, (limit, _)) in self.counters.iter().enumerate().filter(|(index, _)| shared.has(*index)) {
            if let Some(used) = used(limit, observed.headers) {
                let lasts = closing::window_ends(now, venue_time, limit.window()).saturating_duration_since(now);
                shared.stated(index, used.min(limit.limit()), observed.sent_at, lasts);
            }
        }
    }

    fn indexed(&self) -> impl Iterator<Item = (usize, CounterId)> {
        self.counters.iter().enumerate().map(|(index, (_, counter))| (index, *counter))
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
        if let Some(shared) = &self.shared {
            for (index, counter) in self.indexed().filter(|(_, counter)| counters.contains(counter)) {
                let reading = self.ledger.read([counter]).into_iter().flatten().next();
                if let Some(wait) = reading.and_then(|reading| reading.closed) {
                    shared.closed(index, wait);
                }
            }
        }
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
    pub(crate) async fn reopen(&self, name: Option<&str>) -> bool {
        let is_meant = |limit: &Limit| name.is_none_or(|name| limit.name() == name);
        let meant = self.counters.iter().enumerate().filter(|(_, (limit, _))| is_meant(limit));
        let (indices, mut counters): (Vec<_>, Vec<_>) = meant.map(|(index, (_, counter))| (index, *counter)).unzip();
        let has_any = !counters.is_empty();
        if let Some(shared) = &self.shared {
            counters.extend(indices.iter().filter_map(|index| Some(shared.share(*index)?.0)));
        }
        self.ledger.reopen(&counters);
        if let Some(shared) = &self.shared {
            shared.reopen(indices.into_iter()).await;
        }
        has_any
    }

    /// Returns the state of all limits; `now`: the time by the client's clock.
    pub(crate) async fn snapshot(&self, now: SystemTime) -> LimitsSnapshot {
        let mut snapshot = self.snapshot_here(now);
        if let Some(shared) = &self.shared
            && let Some(readings) = shared.read().await
        {
            let states = snapshot.limits.iter_mut().enumerate().filter(|(index, _)| shared.has(*index));
            for ((_, state), reading) in states.zip(readings.limits) {
                state.used = reading.used;
                // The closing is a time from the moment of the reading.
                state.closed_until = reading.closed.and_then(|wait| now.checked_add(wait));
                state.shared_at = Some(readings.taken_at);
            }
        }
        snapshot
    }

    fn snapshot_here(&self, now: SystemTime) -> LimitsSnapshot {
        let readings = self.ledger.read(self.counters.iter().map(|(_, counter)| *counter));
        let state = |((limit, _), reading): (&(&'static Limit, CounterId), Option<ledger::Reading>)| {
            let closed = reading.and_then(|reading| reading.closed);
            LimitState {
                name: limit.name(),
                limit: limit.limit(),
                window: limit.window(),
                used: reading.map_or(0, |reading| reading.used),
                closed_until: closed.map(|wait| now.checked_add(wait).unwrap_or(now)),
                shared_at: None,
            }
        };
        LimitsSnapshot { taken_at: now, limits: self.counters.iter().zip(readings).map(state).collect() }
    }
}

impl Drop for Limits {
    fn drop(&mut self) {
        self.ledger.release(self.counters.iter().map(|(_, counter)| *counter));
        if let Some(shared) = &self.shared {
            self.ledger.release(shared.shares());
        }
    }
}

/// Returns the place that a call of this weight needs in a limit.
fn want(limit: &Limit, counter: CounterId, weight: u32) -> Want {
    let weight = if limit.is_weighted() { u64::from(weight) } else { 1 };
    // A request that weighs more than the whole limit is sent when all other places have ended.
    Want { counter, weight: weight.min(limit.limit().max(1)) }
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
