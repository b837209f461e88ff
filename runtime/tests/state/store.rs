//! A store in memory, on tokio's clock, with faults.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::{Instant, sleep};
use venuekit::state::{
    Grant, Later, LaterReason, Notice, Reservation, ReservationId, Reserved, SharedLimit, SharedReading,
    SharedReadings, StateStore,
};
use venuekit::{BoxError, BoxFuture};

use crate::support::START_MS;

/// The furthest that a nonce may be ahead of the store's clock, in milliseconds.
pub(crate) const AHEAD: u64 = 1_000;

/// A store that several clients share, as processes would.
#[derive(Clone, Debug)]
pub(crate) struct TestStore {
    started: Instant,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    limits: BTreeMap<String, Count>,
    nonce: u64,
    turn: Option<(ReservationId, Instant)>,
    fault: Option<Fault>,
    reservations: usize,
}

/// The behaviour of a store that does not work.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Error,
    /// It makes the reservation, and does not respond.
    Silent,
}

#[derive(Debug, Default)]
struct Count {
    places: Vec<(ReservationId, u64, Instant)>,
    others: Option<(u64, Instant, SystemTime)>,
    closed: Option<Instant>,
}

impl Count {
    fn expire(&mut self, now: Instant) {
        self.places.retain(|(_, weight, end)| *weight > 0 && *end > now);
        self.others = self.others.filter(|(_, until, _)| *until > now);
        self.closed = self.closed.filter(|until| *until > now);
    }

    fn own(&self) -> u64 {
        self.places.iter().map(|(_, weight, _)| weight).sum()
    }

    fn used(&self) -> u64 {
        self.own() + self.others.map_or(0, |(weight, ..)| weight)
    }
}

impl TestStore {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), state: Arc::default() }
    }

    /// Returns a name that no other store has.
    pub(crate) fn name(&self) -> String {
        format!("{:p}", Arc::as_ptr(&self.state))
    }

    pub(crate) fn break_down(&self, fault: impl Into<Option<Fault>>) {
        self.state.lock().unwrap().fault = fault.into();
    }

    /// Returns the number of requests for a reservation so far.
    pub(crate) fn reservations(&self) -> usize {
        self.state.lock().unwrap().reservations
    }

    /// Returns the names of the limits that the store knows.
    pub(crate) fn names(&self) -> Vec<String> {
        self.state.lock().unwrap().limits.keys().cloned().collect()
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(START_MS) + self.started.elapsed()
    }

    fn make(&self, asked: &Reservation) -> Reserved {
        let (now, time) = (Instant::now(), self.now());
        let mut state = self.state.lock().unwrap();
        for (index, place) in asked.places().iter().enumerate().filter(|_| !asked.is_forced()) {
            let count = state.limits.entry(place.limit.name().to_owned()).or_default();
            count.expire(now);
            if let Some(until) = count.closed {
                return Reserved::Later(Later::new(LaterReason::Closed(index), until - now));
            }
            if count.used() + place.weight > place.limit.capacity() {
                let first = count.places.iter().map(|(.., end)| *end).chain(count.others.map(|(_, until, _)| until));
                let wait = first.min().map_or(place.limit.window(), |end| end - now).min(place.limit.window());
                return Reserved::Later(Later::new(LaterReason::Full(index), wait));
            }
        }
        if asked.has_turn() && state.turn.is_some_and(|(id, until)| id != asked.id() && until > now) {
            return Reserved::Later(Later::new(LaterReason::Turn, Duration::from_millis(10)));
        }
        let mut grant = Grant::new(time);
        if let Some(nonce) = asked.nonce() {
            let now_ms = u64::try_from(time.duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
            let next = now_ms.max(state.nonce + 1).max(nonce.floor + 1);
            if next > now_ms + AHEAD {
                let wait = Duration::from_millis(next - now_ms - AHEAD);
                return Reserved::Later(Later::new(LaterReason::Nonce, wait));
            }
            state.nonce = next;
            grant = grant.with_nonce(next);
        }
        for place in asked.places() {
            let end = now + asked.hold() + place.limit.window();
            let count = state.limits.entry(place.limit.name().to_owned()).or_default();
            count.places.push((asked.id(), place.weight, end));
        }
        if asked.has_turn() {
            state.turn = Some((asked.id(), now + asked.hold()));
        }
        Reserved::Granted(grant)
    }
}

impl StateStore for TestStore {
    fn reserve<'a>(&'a self, asked: &'a Reservation) -> BoxFuture<'a, Result<Reserved, BoxError>> {
        Box::pin(async move {
            // Longer than nothing, so that others can run meanwhile.
            sleep(Duration::from_millis(1)).await;
            let fault = {
                let mut state = self.state.lock().unwrap();
                state.reservations += 1;
                state.fault
            };
            match fault {
                Some(Fault::Error) => return Err("the store is out of order".into()),
                Some(Fault::Silent) => {
                    let _ = self.make(asked);
                    sleep(Duration::from_secs(86_400)).await;
                }
                None => {}
            }
            Ok(self.make(asked))
        })
    }

    fn notify(&self, notice: Notice) {
        let now = Instant::now();
        let mut guard = self.state.lock().unwrap();
        let state = &mut *guard;
        match notice {
            Notice::Ended { places, grace, .. } => {
                for place in places {
                    let count = state.limits.entry(place.limit.name().to_owned()).or_default();
                    let held = count.places.iter_mut().find(|(id, ..)| *id == place.id);
                    if let Some((_, weight, _)) = held {
                        *weight -= place.weight;
                        count.places.push((ReservationId::new(), place.weight, now + grace + place.limit.window()));
                    }
                }
            }
            Notice::GivenBack { places, .. } => {
                for place in places {
                    let count = state.limits.entry(place.limit.name().to_owned()).or_default();
                    if let Some((_, weight, _)) = count.places.iter_mut().find(|(id, ..)| *id == place.id) {
                        *weight -= place.weight;
                    }
                }
            }
            Notice::TurnEnded { id, .. } => {
                state.turn = state.turn.filter(|(holder, _)| *holder != id);
            }
            Notice::Stated { limit, used, sent_at, lasts, .. } => {
                let learnt = self.now();
                let count = state.limits.entry(limit.name().to_owned()).or_default();
                count.expire(now);
                let weight = used.saturating_sub(count.own());
                if count.others.is_none_or(|(other, _, learnt)| weight >= other || sent_at >= learnt) {
                    count.others = Some((weight, now + lasts, learnt));
                }
            }
            Notice::Closed { limit, wait, .. } => {
                let count = state.limits.entry(limit.name().to_owned()).or_default();
                count.closed = count.closed.max(Some(now + wait));
            }
            Notice::Reopened { limits, .. } => {
                for limit in limits {
                    let count = state.limits.entry(limit.name().to_owned()).or_default();
                    (count.closed, count.others) = (None, None);
                }
            }
            _ => {}
        }
    }

    fn read<'a>(&'a self, limits: &'a [Arc<SharedLimit>]) -> BoxFuture<'a, Result<SharedReadings, BoxError>> {
        Box::pin(async move {
            let now = Instant::now();
            let mut state = self.state.lock().unwrap();
            if state.fault.is_some() {
                return Err("the store is out of order".into());
            }
            let read = |limit: &Arc<SharedLimit>| {
                let count = state.limits.entry(limit.name().to_owned()).or_default();
                count.expire(now);
                SharedReading::new(count.used(), count.closed.map(|until| until - now))
            };
            Ok(SharedReadings::new(self.now(), limits.iter().map(read).collect()))
        })
    }

    fn flush(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async { Ok(()) })
    }
}
