//! The counters of one venue behind one lock, and the calls that wait for room in them.
//!
//! This is the store of the limits. It reserves all places of a call in one step, and applies
//! responses, corrections, closings and reopenings. `state.rs` has the counters, and `queue.rs` the
//! calls that wait. Modules outside of `ledger` use neither.

mod demand;
mod queue;
mod state;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, timeout_at};

pub(super) use demand::{Closed, CounterId, Demand, Full, Reading, Refusal, Want};
use queue::{AskResult, Readiness};
use state::State;

use super::closing::{Policy, window_ends};
use super::instant::later;
use super::scope::CounterKey;
use crate::operation::limit::Limit;

/// The longest closing of a limit whose own longest closing is shorter, if a refusal that does not
/// show which limit is used up concerns a limit with a longer one.
const SHORT_CLOSING: Duration = Duration::from_secs(60);

/// The counters of one venue.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    state: Mutex<State>,
    /// The number of events so far that may have invalidated reserved places.
    alarms: AtomicU64,
    /// True once the venue refused a request.
    has_refused: AtomicBool,
}

impl Ledger {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while the lock is held, and the counts would still be correct if it did.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the counter of this key, and counts one more client that uses it. Creates the
    /// counter if there is none.
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
    /// Places that are free now are given even if `until` has passed. If the future is dropped,
    /// reserved places are given back. Returns the number of alarms before the places were given.
    pub(super) async fn reserve(&self, demand: &Demand, until: Instant) -> Result<u64, Full> {
        let alarms = self.alarms();
        let asked = self.lock().ask(demand, until, Instant::now());
        let (ticket, notify) = match asked {
            AskResult::Granted => return Ok(alarms),
            AskResult::Full(full) => return Err(full),
            AskResult::Queued(ticket, notify) => (ticket, notify),
        };
        let mut waiting = Waiting { ledger: self, demand, ticket, is_over: false };
        loop {
            let look = self.lock().look(demand, ticket, until, Instant::now());
            match look {
                Readiness::Granted => {
                    waiting.is_over = true;
                    return Ok(alarms);
                }
                Readiness::Full(full) => {
                    waiting.is_over = true;
                    return Err(full);
                }
                // A notification and an elapsed time both lead to the next check.
                Readiness::Later(at) => drop(timeout_at(at.min(until), notify.notified()).await),
            }
        }
    }

    /// Takes places without regard to room, because the request goes out in any case.
    pub(super) fn take(&self, demand: &[Want]) {
        self.lock().take(demand);
        self.alarm();
    }

    /// Takes places that a store has given, as a copy. No call reserves in these counters here.
    pub(super) fn take_quietly(&self, demand: &[Want]) {
        self.lock().take(demand);
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

    /// Forgets the refusals of these limits that came before the request was sent at `sent_at`,
    /// because the request passed the limits.
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

    /// Closes limits after a refusal. Returns the longest time of these closings, and whether the
    /// venue stated a longer time.
    ///
    /// A refusal often does not say which limit is used up, and other operations need some of its
    /// limits: a limit of orders per day must not keep the limits of a cancel closed for a day. So
    /// each limit is closed no longer than its own longest closing. But a limit with a shorter one
    /// is closed for up to a minute, if another limit of the refusal allows that: venues ask for
    /// more time than the window of a limit per second.
    pub(super) fn close(&self, refusal: Refusal<'_>, policy: &Policy) -> Closed {
        let mut state = self.lock();
        let now = Instant::now();
        let mut closed = Closed::default();
        let mut longest = Duration::ZERO;
        for id in refusal.counters {
            longest = longest.max(state.counter(*id, now).map_or(Duration::ZERO, |counter| counter.longest_closing()));
        }
        for id in refusal.counters {
            let Some(counter) = state.counter(*id, now) else { continue };
            let most = refusal.most.unwrap_or(counter.longest_closing().max(longest.min(SHORT_CLOSING)));
            let refusals = counter.refusals().add(now, refusal.sent_at);
            let wait = policy.closing(refusal.stated, most, refusals);
            counter.close(later(now, wait));
            closed.wait = closed.wait.max(wait);
        }
        self.has_refused.store(true, Ordering::Relaxed);
        self.alarm();
        closed.is_capped = refusal.stated.is_some_and(|stated| stated > closed.wait);
        // Calls that cannot go in time any more fail now, before their deadline.
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
