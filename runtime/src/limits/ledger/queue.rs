//! The calls that wait for places, and the order in which they get them.
//!
//! Calls with the same demand wait in one queue, first come, first served. Only the first call of
//! each queue has to be checked. A call may overtake a call of another queue that waits for a
//! different counter. It may not do so if its place would still be held when the other call can go.
//! Thus light calls do not starve a heavy call.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::demand::{CounterId, Demand, Full, Want};
use super::state::{Entry, Queue, State};
use crate::limits::instant::{later, soon};

/// The part of a counter that is kept for calls which came first.
#[derive(Clone, Copy, Debug)]
struct Claim {
    weight: u64,
    /// The time at which the last of these calls can go.
    at: Instant,
}

pub(super) enum AskResult {
    Granted,
    Queued(u64, Arc<Notify>),
    Full(Full),
}

pub(super) enum Readiness {
    Granted,
    Full(Full),
    /// The call has to wait. It is checked again at this time at the latest.
    Later(Instant),
}

impl State {
    pub(super) fn ask(&mut self, demand: &Demand, until: Instant, now: Instant) -> AskResult {
        let (mut fits, mut is_contended) = (true, false);
        for want in demand.iter() {
            let Some(entry) = self.counters.get_mut(&want.counter) else { continue };
            entry.counter.expire(now);
            fits &= entry.counter.has_room(want.weight, 0);
            is_contended |= entry.queues > 0;
        }
        if fits && !is_contended {
            self.take(demand);
            return AskResult::Granted;
        }
        let ahead = self.queues.get(demand).map_or(0, |queue| queue.waiting.len());
        if !fits {
            let (at, full) = self.opens_at(demand, ahead, now);
            if at > until {
                return AskResult::Full(full);
            }
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        let notify = Arc::new(Notify::new());
        if ahead == 0 {
            for want in demand.iter() {
                if let Some(entry) = self.counters.get_mut(&want.counter) {
                    entry.queues += 1;
                }
            }
        }
        let queue = self.queues.entry(Arc::clone(demand)).or_default();
        queue.waiting.insert(ticket, Arc::clone(&notify));
        if ahead == 0 {
            self.dispatch(demand.iter().map(|want| want.counter), now);
        }
        AskResult::Queued(ticket, notify)
    }

    pub(super) fn look(&mut self, demand: &Demand, ticket: u64, until: Instant, now: Instant) -> Readiness {
        // The first call of the queue may be slow to wake, so each call runs the check for it.
        if self.queues.get(demand).and_then(|queue| queue.first).is_some_and(|(_, at)| at <= now) {
            self.dispatch(demand.iter().map(|want| want.counter), now);
        }
        if !self.is_waiting(demand, ticket) {
            return Readiness::Granted;
        }
        let first = self.queues.get(demand).and_then(|queue| queue.first);
        let at = match first.filter(|first| first.0 == ticket) {
            Some((_, at)) => at,
            // The first call of the queue checks for all others. They only need to learn of a
            // closing.
            None => self.closed_until(demand, now).unwrap_or(until),
        };
        if at > until || now >= until {
            let (_, full) = self.opens_at(demand, 0, now);
            self.leave(demand, ticket, now);
            return Readiness::Full(full);
        }
        Readiness::Later(at)
    }

    /// Gives places to all calls that can go now, and sets the next check of each queue's first
    /// call.
    ///
    /// `touched`: the counters in which there may be room. Queues that share no counter with them,
    /// directly or through other queues, are skipped.
    pub(super) fn dispatch(&mut self, touched: impl IntoIterator<Item = CounterId>, now: Instant) {
        if self.queues.is_empty() {
            return;
        }
        let mut related: BTreeSet<CounterId> = touched.into_iter().collect();
        let is_waited_for = |id| self.counters.get(id).is_some_and(|entry: &Entry| entry.queues > 0);
        if !related.iter().any(is_waited_for) {
            return;
        }
        let demands = self.related_queues(&mut related);
        for id in &related {
            self.counter(*id, now);
        }
        let first = |demand: &Demand, queues: &BTreeMap<Demand, Queue>| {
            let ticket = *queues.get(demand)?.waiting.first_key_value()?.0;
            Some(Reverse((ticket, Arc::clone(demand))))
        };
        let mut firsts: BinaryHeap<_> = demands.iter().filter_map(|demand| first(demand, &self.queues)).collect();
        let mut claims: BTreeMap<CounterId, Claim> = BTreeMap::new();
        while let Some(Reverse((ticket, demand))) = firsts.pop() {
            match self.waits_until(&demand, &claims, now) {
                None => {
                    self.take(&demand);
                    self.remove(&demand, ticket).inspect(|call| call.notify_one());
                    firsts.extend(first(&demand, &self.queues));
                }
                Some(at) => {
                    self.arm(&demand, ticket, at);
                    self.claim(&demand, at, now, &mut claims);
                }
            }
        }
    }

    /// Returns the queues related to these counters, and adds their counters to the set.
    fn related_queues(&self, related: &mut BTreeSet<CounterId>) -> Vec<Demand> {
        let mut others: Vec<&Demand> = self.queues.keys().collect();
        let mut found = Vec::new();
        loop {
            let before = found.len();
            others.retain(|demand| {
                let is_related = demand.iter().any(|want| related.contains(&want.counter));
                if is_related {
                    related.extend(demand.iter().map(|want| want.counter));
                    found.push(Arc::clone(demand));
                }
                !is_related
            });
            if found.len() == before {
                return found;
            }
        }
    }

    /// Returns the time at which a call can go; `None` if it can go now.
    fn waits_until(&self, demand: &Demand, claims: &BTreeMap<CounterId, Claim>, now: Instant) -> Option<Instant> {
        let mut until = None;
        for want in demand.iter() {
            let Some(entry) = self.counters.get(&want.counter) else { continue };
            let claim = claims.get(&want.counter);
            if entry.counter.has_room(want.weight, claim.map_or(0, |claim| claim.weight)) {
                continue;
            }
            let at = entry.counter.opens_at(now, want.weight, 0).max(soon(now));
            until = until.max(Some(claim.map_or(at, |claim| claim.at.max(at))));
        }
        until
    }

    /// Reserves room for a waiting call in each counter in which another call could now delay it.
    fn claim(&self, demand: &Demand, at: Instant, now: Instant, claims: &mut BTreeMap<CounterId, Claim>) {
        for want in demand.iter() {
            let Some(entry) = self.counters.get(&want.counter) else { continue };
            if at <= later(now, entry.counter.window()) {
                let claim = claims.entry(want.counter).or_insert(Claim { weight: 0, at });
                claim.weight = claim.weight.saturating_add(want.weight);
                claim.at = claim.at.max(at);
            }
        }
    }

    /// Sets the time of the next check of a queue's first call, and wakes the call if that is
    /// sooner than the time it waits for.
    fn arm(&mut self, demand: &Demand, ticket: u64, at: Instant) {
        let Some(queue) = self.queues.get_mut(demand) else { return };
        let knows = queue.first.is_some_and(|(first, known)| first == ticket && known <= at);
        queue.first = Some((ticket, at));
        if !knows && let Some(call) = queue.waiting.get(&ticket) {
            call.notify_one();
        }
    }

    pub(super) fn is_waiting(&self, demand: &Demand, ticket: u64) -> bool {
        self.queues.get(demand).is_some_and(|queue| queue.waiting.contains_key(&ticket))
    }

    /// Removes a call from its queue.
    pub(super) fn leave(&mut self, demand: &Demand, ticket: u64, now: Instant) {
        let first = self.queues.get(demand).and_then(|queue| queue.waiting.first_key_value());
        let was_first = first.is_some_and(|(first, _)| *first == ticket);
        self.remove(demand, ticket);
        if was_first {
            self.dispatch(demand.iter().map(|want| want.counter), now);
        }
    }

    fn remove(&mut self, demand: &Demand, ticket: u64) -> Option<Arc<Notify>> {
        let queue = self.queues.get_mut(demand)?;
        let call = queue.waiting.remove(&ticket);
        if queue.waiting.is_empty() {
            self.queues.remove(demand);
            for want in demand.iter() {
                if let Some(entry) = self.counters.get_mut(&want.counter) {
                    entry.queues = entry.queues.saturating_sub(1);
                }
            }
        }
        call
    }

    /// Wakes all calls that wait for one of these counters.
    pub(super) fn wake_all(&self, counters: &[CounterId]) {
        for (demand, queue) in &self.queues {
            if demand.iter().any(|want| counters.contains(&want.counter)) {
                queue.waiting.values().for_each(|call| call.notify_one());
            }
        }
    }

    pub(super) fn give_back(&mut self, demand: &[Want], now: Instant) {
        for want in demand {
            if let Some(entry) = self.counters.get_mut(&want.counter) {
                entry.counter.give_back(want.weight);
            }
        }
        self.dispatch(demand.iter().map(|want| want.counter), now);
    }
}
