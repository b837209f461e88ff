//! The state of a ledger: its counters and queues. `queue.rs` has the operations on the queues.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::demand::{CounterId, Demand, Full, Want};
use crate::limits::counter::Counter;
use crate::limits::instant::soon;
use crate::limits::scope::CounterKey;
use crate::operation::limit::Limit;

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) counters: BTreeMap<CounterId, Entry>,
    by_key: BTreeMap<CounterKey, CounterId>,
    pub(super) queues: BTreeMap<Demand, Queue>,
    next_counter: u64,
    pub(super) next_ticket: u64,
    /// The number of counters at which the next purge runs.
    purge_at: usize,
}

#[derive(Debug)]
pub(super) struct Entry {
    key: CounterKey,
    pub(super) counter: Counter,
    /// The number of clients that use the counter.
    pub(super) users: usize,
    /// The number of queues that wait for the counter.
    pub(super) queues: usize,
}

/// The waiting calls with the same demand, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Queue {
    pub(super) waiting: BTreeMap<u64, Arc<Notify>>,
    /// The ticket of the first call at the last check, and the time of its next check.
    pub(super) first: Option<(u64, Instant)>,
}

impl State {
    pub(super) fn open(&mut self, key: CounterKey, limit: &Limit, now: Instant) -> CounterId {
        if self.counters.len() >= self.purge_at {
            self.purge(now);
        }
        let id = *self.by_key.entry(key.clone()).or_insert_with(|| {
            self.next_counter += 1;
            CounterId(self.next_counter)
        });
        let new = || Entry { key, counter: Counter::new(limit), users: 0, queues: 0 };
        let entry = self.counters.entry(id).or_insert_with(new);
        entry.users = entry.users.saturating_add(1);
        id
    }

    /// Drops the counters that no client uses and whose counts have ended.
    ///
    /// The venue keeps its counts when a client is dropped. So a counter stays until its counts
    /// have ended.
    fn purge(&mut self, now: Instant) {
        const FEW: usize = 64;

        let by_key = &mut self.by_key;
        self.counters.retain(|_, entry| {
            // Counters in use may run on another clock than this one: tests pause their clocks.
            let stays = entry.users > 0 || !entry.counter.is_idle_at(now);
            if !stays {
                by_key.remove(&entry.key);
            }
            stays
        });
        self.purge_at = FEW.max(self.counters.len().saturating_mul(2));
    }

    /// Returns a counter, updated to `now`.
    pub(super) fn counter(&mut self, id: CounterId, now: Instant) -> Option<&mut Counter> {
        let entry = self.counters.get_mut(&id)?;
        entry.counter.expire(now);
        Some(&mut entry.counter)
    }

    /// Returns the earliest time at which a call can start, if `ahead` calls with the same demand
    /// start before it. Also returns the result for a call that cannot wait so long.
    pub(super) fn opens_at(&self, demand: &[Want], ahead: usize, now: Instant) -> (Instant, Full) {
        let ahead = u64::try_from(ahead).unwrap_or(u64::MAX);
        let opens = |want: &Want| {
            let counter = &self.counters.get(&want.counter)?.counter;
            let at = counter.opens_at(now, want.weight, ahead.saturating_mul(want.weight));
            Some((at, want.counter, counter.closed_until() == Some(at)))
        };
        let last = demand.iter().filter_map(opens).max();
        let at = last.map_or(now, |(at, ..)| at);
        // A call may have to wait for calls that came first, even when the limits are open.
        let wait = at.max(soon(now)).saturating_duration_since(now);
        let is_closed = last.is_some_and(|(.., is_closed)| is_closed);
        (at, Full { wait, counter: last.map(|(_, counter, _)| counter), is_closed })
    }

    pub(super) fn closed_until(&mut self, demand: &[Want], now: Instant) -> Option<Instant> {
        demand.iter().filter_map(|want| self.counter(want.counter, now)?.closed_until()).max()
    }

    pub(super) fn take(&mut self, demand: &[Want]) {
        for want in demand {
            if let Some(entry) = self.counters.get_mut(&want.counter) {
                entry.counter.take(want.weight);
            }
        }
    }

    pub(super) fn is_sound(&mut self, demand: &[Want], now: Instant) -> bool {
        demand.iter().all(|want| self.counter(want.counter, now).is_none_or(|counter| counter.is_sound()))
    }
}
