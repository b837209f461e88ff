//! The counters of one venue behind one lock, and the calls that wait for room in them.
//!
//! This is the store of the limits. It reserves all places of a call in one step. It takes in the
//! response, corrections, closings and reopenings. Modules above it do not depend on how it does
//! that.
//!
//! Calls with the same demand wait in one queue, first come, first served. Only the first call of
//! each queue has to be checked. A call may overtake a call of another queue that waits for a
//! different counter. It may not do so if its place would still be held when the other call can go.
//! Thus light calls do not starve a heavy call.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::closing::{Policy, window_ends};
use super::counter::Counter;
use super::instant::{later, soon};
use super::scope::CounterKey;
use crate::operation::limit::Limit;

/// The counters of one venue.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    state: Mutex<State>,
    /// The number of events so far that may have invalidated reserved places.
    alarms: AtomicU64,
    /// True once the venue refused a request.
    has_refused: AtomicBool,
}

/// The id of a counter in a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CounterId(u64);

/// The counter and the weight that a call needs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Want {
    pub(super) counter: CounterId,
    pub(super) weight: u64,
}

/// All places that a call needs: one in each of its limits.
pub(super) type Demand = Arc<[Want]>;

/// The result for a call for which there is no room in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full {
    /// The earliest time until there is room, as far as is known.
    pub(super) wait: Duration,
    /// The counter that opens last.
    pub(super) counter: Option<CounterId>,
    /// True if the venue closed that limit; false if it is used up.
    pub(super) is_closed: bool,
}

/// The state of a counter as a snapshot shows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) used: u64,
    /// The time until it opens again; `None` if it is open.
    pub(super) closed: Option<Duration>,
}

/// A refusal by 429 or 418.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal<'a> {
    pub(super) counters: &'a [CounterId],
    /// The time at which the refused request was sent.
    pub(super) sent_at: Instant,
    /// The waiting time that the venue stated.
    pub(super) stated: Option<Duration>,
    /// The longest stated time that is accepted; `None`: the longest window of the counters.
    pub(super) most: Option<Duration>,
}

#[derive(Debug, Default)]
struct State {
    counters: BTreeMap<CounterId, Entry>,
    by_key: BTreeMap<CounterKey, CounterId>,
    queues: BTreeMap<Demand, Queue>,
    next_counter: u64,
    next_ticket: u64,
    /// The number of counters at which unused ones are purged.
    purge_at: usize,
}

#[derive(Debug)]
struct Entry {
    key: CounterKey,
    counter: Counter,
    /// The number of clients that use it.
    users: usize,
    /// The number of queues that wait for it.
    queues: usize,
}

/// The calls that wait for the same places, in the order in which they came.
#[derive(Debug, Default)]
struct Queue {
    waiting: BTreeMap<u64, Arc<Notify>>,
    /// The first call at the last check, and the time of its next check.
    first: Option<(u64, Instant)>,
}

/// The part of a counter that is kept for calls which came first.
#[derive(Clone, Copy, Debug)]
struct Claim {
    weight: u64,
    /// The time at which the last of these calls can go.
    at: Instant,
}

enum Asked {
    Granted,
    Queued(u64, Arc<Notify>),
    Full(Full),
}

enum Look {
    Granted,
    Full(Full),
    /// The call has to wait. It is checked again at this time at the latest.
    Later(Instant),
}

impl Ledger {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while the lock is held, and the counts would still be correct if it did.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the counter of this key, new or in use, and counts one more client of it.
    pub(super) fn open(&self, key: CounterKey, limit: &Limit) -> CounterId {
        self.lock().open(key, limit, Instant::now())
    }

    /// Releases counters that a client no longer uses.
    pub(super) fn release(&self, counters: impl IntoIterator<Item = CounterId>) {
        let mut state = self.lock();
        for id in counters {
            if let Some(entry) = state.counters.get_mut(&id) {
                entry.users = entry.users.saturating_sub(1);
            }
        }
    }

    /// Returns the number of events so far that may have invalidated reserved places: a closing, a
    /// header that counts other programs, or a request that goes out without regard to room.
    pub(super) fn alarms(&self) -> u64 {
        self.alarms.load(Ordering::Acquire)
    }

    fn alarm(&self) {
        self.alarms.fetch_add(1, Ordering::Release);
    }

    /// Reserves all places of a call, and waits for them until `until` at the latest.
    ///
    /// Places that are free now are given even after `until`. If the future is dropped, reserved
    /// places are given back. Returns the number of alarms before the places were given.
    pub(super) async fn reserve(&self, demand: &Demand, until: Instant) -> Result<u64, Full> {
        let alarms = self.alarms();
        let asked = self.lock().ask(demand, until, Instant::now());
        let (ticket, notify) = match asked {
            Asked::Granted => return Ok(alarms),
            Asked::Full(full) => return Err(full),
            Asked::Queued(ticket, notify) => (ticket, notify),
        };
        let mut waiting = Waiting { ledger: self, demand, ticket, is_over: false };
        loop {
            let look = self.lock().look(demand, ticket, until, Instant::now());
            match look {
                Look::Granted => {
                    waiting.is_over = true;
                    return Ok(alarms);
                }
                Look::Full(full) => {
                    waiting.is_over = true;
                    return Err(full);
                }
                // A notification and an elapsed time both lead to the next check.
                Look::Later(at) => drop(timeout_at(at.min(until), notify.notified()).await),
            }
        }
    }

    /// Takes places without regard to room, because the request goes out in any case.
    pub(super) fn take(&self, demand: &[Want]) {
        self.lock().take(demand);
        self.alarm();
    }

    /// Returns whether places that were reserved at this number of alarms may still be used.
    pub(super) fn is_sound(&self, demand: &[Want], alarms: u64) -> bool {
        self.alarms() == alarms || self.lock().is_sound(demand, Instant::now())
    }

    /// Gives back places that were not used.
    pub(super) fn give_back(&self, demand: &[Want]) {
        self.lock().give_back(demand, Instant::now());
    }

    /// Ends places one window after `now + grace`, the latest time at which the venue counts the
    /// request.
    pub(super) fn end(&self, demand: &[Want], grace: Duration) {
        let mut state = self.lock();
        let now = Instant::now();
        for want in demand {
            if let Some(counter) = state.counter(want.counter, now) {
                counter.end(now, grace, want.weight);
            }
        }
    }

    /// Notes that a request sent at `sent_at` passed these limits.
    pub(super) fn passed(&self, counters: impl Iterator<Item = CounterId>, sent_at: Instant) {
        if !self.has_refused.load(Ordering::Relaxed) {
            return;
        }
        let mut state = self.lock();
        for id in counters {
            if let Some(entry) = state.counters.get_mut(&id) {
                entry.counter.refusals().passed(sent_at);
            }
        }
    }

    /// Applies the counts that a response states; its request was sent at `sent_at`.
    pub(super) fn correct(&self, stated: &[(CounterId, u64)], sent_at: Instant, venue_time: SystemTime) {
        let mut state = self.lock();
        let now = Instant::now();
        for (id, used) in stated {
            if let Some(counter) = state.counter(*id, now) {
                let until = window_ends(now, venue_time, counter.window());
                if counter.correct(now, sent_at, *used, until) {
                    self.alarm();
                }
            }
        }
        // A count that is lower than an earlier one makes room.
        state.dispatch(stated.iter().map(|(id, _)| *id), now);
    }

    /// Closes limits after a refusal, and returns the longest time of these closings.
    pub(super) fn close(&self, refusal: Refusal<'_>, policy: &Policy) -> Closed {
        let mut state = self.lock();
        let now = Instant::now();
        let windows = refusal.counters.iter().filter_map(|id| state.counters.get(id));
        let longest_window = windows.map(|entry| entry.counter.window()).max().unwrap_or_default();
        let most = refusal.most.unwrap_or(longest_window);
        let mut closed = Closed::default();
        for id in refusal.counters {
            let Some(counter) = state.counter(*id, now) else { continue };
            let refusals = counter.refusals().add(now, refusal.sent_at);
            let wait = policy.closing(refusal.stated, most, refusals);
            counter.close(later(now, wait));
            closed.wait = closed.wait.max(wait);
        }
        self.has_refused.store(true, Ordering::Relaxed);
        self.alarm();
        closed.is_capped = refusal.stated.is_some_and(|stated| stated > closed.wait);
        // Calls that can no longer go in time fail now, not at their deadline.
        state.dispatch(refusal.counters.iter().copied(), now);
        state.wake_all(refusal.counters);
        closed
    }

    /// Opens closed limits again, and forgets the counts of headers.
    pub(super) fn reopen(&self, counters: &[CounterId]) {
        let mut state = self.lock();
        let now = Instant::now();
        for id in counters {
            if let Some(counter) = state.counter(*id, now) {
                counter.reopen();
            }
        }
        state.dispatch(counters.iter().copied(), now);
    }

    /// Returns the number of counters.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.lock().counters.len()
    }

    /// Returns the state of these counters at one moment.
    pub(super) fn read(&self, counters: impl IntoIterator<Item = CounterId>) -> Vec<Option<Reading>> {
        let mut state = self.lock();
        let now = Instant::now();
        let mut read = |id| {
            let counter = state.counter(id, now)?;
            let closed = counter.closed_until().map(|until| until.saturating_duration_since(now));
            Some(Reading { used: counter.used(), closed })
        };
        counters.into_iter().map(&mut read).collect()
    }
}

/// The result of a closing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Closed {
    pub(super) wait: Duration,
    /// True if the venue stated a longer time than is accepted.
    pub(super) is_capped: bool,
}

/// A call in a queue; it leaves the queue when dropped.
struct Waiting<'a> {
    ledger: &'a Ledger,
    demand: &'a Demand,
    ticket: u64,
    is_over: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let mut state = self.ledger.lock();
            let now = Instant::now();
            if state.is_waiting(self.demand, self.ticket) {
                state.leave(self.demand, self.ticket, now);
            } else {
                // The places were given, but the call was dropped before it learnt so.
                state.give_back(self.demand, now);
            }
        }
    }
}

impl State {
    fn open(&mut self, key: CounterKey, limit: &Limit, now: Instant) -> CounterId {
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

    /// Drops the counters that no client uses, once they hold nothing to remember.
    ///
    /// The venue does not forget when a client is dropped. So a counter stays until its counts have
    /// ended.
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
    fn counter(&mut self, id: CounterId, now: Instant) -> Option<&mut Counter> {
        let entry = self.counters.get_mut(&id)?;
        entry.counter.expire(now);
        Some(&mut entry.counter)
    }

    fn ask(&mut self, demand: &Demand, until: Instant, now: Instant) -> Asked {
        let (mut fits, mut is_contended) = (true, false);
        for want in demand.iter() {
            let Some(entry) = self.counters.get_mut(&want.counter) else { continue };
            entry.counter.expire(now);
            fits &= entry.counter.has_room(want.weight, 0);
            is_contended |= entry.queues > 0;
        }
        if fits && !is_contended {
            self.take(demand);
            return Asked::Granted;
        }
        let ahead = self.queues.get(demand).map_or(0, |queue| queue.waiting.len());
        if !fits {
            let (at, full) = self.opens_at(demand, ahead, now);
            if at > until {
                return Asked::Full(full);
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
        Asked::Queued(ticket, notify)
    }

    fn look(&mut self, demand: &Demand, ticket: u64, until: Instant, now: Instant) -> Look {
        // The first call of the queue may be slow to wake, so each call runs the check for it.
        if self.queues.get(demand).and_then(|queue| queue.first).is_some_and(|(_, at)| at <= now) {
            self.dispatch(demand.iter().map(|want| want.counter), now);
        }
        if !self.is_waiting(demand, ticket) {
            return Look::Granted;
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
            return Look::Full(full);
        }
        Look::Later(at)
    }

    /// Gives places to all calls that can go now, and sets the next check of each queue's first
    /// call.
    ///
    /// `touched`: the counters in which there may be room. Queues that share no counter with them,
    /// directly or through other queues, are skipped.
    fn dispatch(&mut self, touched: impl IntoIterator<Item = CounterId>, now: Instant) {
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

    /// Keeps room for a waiting call in each counter in which a place taken now would delay it.
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

    fn is_waiting(&self, demand: &Demand, ticket: u64) -> bool {
        self.queues.get(demand).is_some_and(|queue| queue.waiting.contains_key(&ticket))
    }

    /// Removes a call from its queue.
    fn leave(&mut self, demand: &Demand, ticket: u64, now: Instant) {
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
    fn wake_all(&self, counters: &[CounterId]) {
        for (demand, queue) in &self.queues {
            if demand.iter().any(|want| counters.contains(&want.counter)) {
                queue.waiting.values().for_each(|call| call.notify_one());
            }
        }
    }

    /// Returns the earliest time at which a call can go behind `ahead` calls with the same demand,
    /// and the result for a call that cannot wait so long.
    fn opens_at(&self, demand: &[Want], ahead: usize, now: Instant) -> (Instant, Full) {
        let ahead = u64::try_from(ahead).unwrap_or(u64::MAX);
        let opens = |want: &Want| {
            let counter = &self.counters.get(&want.counter)?.counter;
            let at = counter.opens_at(now, want.weight, ahead.saturating_mul(want.weight));
            Some((at, want.counter, counter.closed_until() == Some(at)))
        };
        let last = demand.iter().filter_map(opens).max();
        let at = last.map_or(now, |(at, ..)| at);
        // A call may have to wait for calls that came first, even when there is room.
        let wait = at.max(soon(now)).saturating_duration_since(now);
        let is_closed = last.is_some_and(|(.., is_closed)| is_closed);
        (at, Full { wait, counter: last.map(|(_, counter, _)| counter), is_closed })
    }

    fn closed_until(&mut self, demand: &[Want], now: Instant) -> Option<Instant> {
        demand.iter().filter_map(|want| self.counter(want.counter, now)?.closed_until()).max()
    }

    fn take(&mut self, demand: &[Want]) {
        for want in demand {
            if let Some(entry) = self.counters.get_mut(&want.counter) {
                entry.counter.take(want.weight);
            }
        }
    }

    fn is_sound(&mut self, demand: &[Want], now: Instant) -> bool {
        demand.iter().all(|want| self.counter(want.counter, now).is_none_or(|counter| counter.is_sound()))
    }

    fn give_back(&mut self, demand: &[Want], now: Instant) {
        for want in demand {
            if let Some(entry) = self.counters.get_mut(&want.counter) {
                entry.counter.give_back(want.weight);
            }
        }
        self.dispatch(demand.iter().map(|want| want.counter), now);
    }
}
