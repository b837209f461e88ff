//! The limits, nonces and turns of a client whose state is shared with other processes.
//!
//! The store decides whether there is room. This file decides which limits are in the store, who
//! asks, how long a call waits, and what happens while the store is away. The ledger keeps a copy
//! of this process's own places: for the length of closings, and to restore the count of a store
//! that forgot.

use std::future::Future;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::ledger::CounterId;
use super::not_reserved::NotReserved;
use crate::error::outcome::BoxError;
use crate::operation::limit::Limit;
use crate::state::{
    Grant, KeyDigest, Later, LaterReason, Notice, Reservation, ReservationId, Reserved, SharedLimit, SharedReadings,
    SharedState, StoredPlace, WantedPlace, WhenAway,
};

/// The longest time between two requests of a waiting call to the store, so that it learns soon of
/// places that ended early, and of limits that were opened again.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// The shortest time between two such requests.
const SHORTEST_PAUSE: Duration = Duration::from_millis(2);

/// The longest time between two requests of a call that waits for its turn.
const TURN_PAUSE: Duration = Duration::from_millis(10);

/// The time after which a place that was reserved and not used is reserved anew, because another
/// process may have closed the limit.
const SOUND_FOR: Duration = Duration::from_secs(1);

/// The part of a client's limits that is in a store.
#[derive(Debug)]
pub(crate) struct SharedLimits {
    state: SharedState,
    venue: &'static str,
    key: Option<KeyDigest>,
    /// An entry for each limit of the venue; `None` for a limit that is counted in this process.
    entries: Vec<Option<Entry>>,
    /// The number of closings that this client has seen.
    alarms: AtomicU64,
    /// A moment, and a time of the store's clock that had come by then.
    store_time: Mutex<Option<(Instant, SystemTime)>>,
    last_readings: Mutex<Option<SharedReadings>>,
}

/// A limit that is in the store.
#[derive(Debug)]
struct Entry {
    limit: Arc<SharedLimit>,
    /// The counter of the part that is withheld for this process, and its capacity.
    share: Option<(CounterId, u64)>,
    /// The epoch of the last grant.
    epoch: AtomicU64,
    queue: Queue,
    batch: Option<Batch>,
}

/// The calls of a client that wait for a limit. One of them at a time asks the store.
#[derive(Debug)]
struct Queue {
    turn: Semaphore,
    waiting: AtomicUsize,
}

/// Places that were leased before they are needed.
#[derive(Debug)]
struct Batch {
    size: u64,
    leases: Mutex<Vec<Lease>>,
}

#[derive(Debug)]
struct Lease {
    id: ReservationId,
    weight: u64,
    /// The places can be used until then.
    until: Instant,
    /// The store holds the places until then at least, if no notice comes.
    held_until: Instant,
}

/// The needs of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// The time until which the call waits.
    pub(super) until: Instant,
    /// The time at which the call ends.
    pub(super) deadline: Instant,
    pub(super) grace: Duration,
    /// The largest nonce so far, if the call needs a nonce.
    pub(super) nonce_above: Option<u64>,
    /// True if the call takes places without regard to room.
    pub(super) is_forced: bool,
}

/// A place that a call needs in the limit with this index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needed {
    pub(super) index: usize,
    pub(super) weight: u64,
    /// The weight of the places of this process.
    pub(super) own_use: u64,
}

/// Places that the store has reserved.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) places: Vec<StoredPlace>,
    pub(super) nonce: Option<u64>,
    pub(super) reserved_at: Instant,
    /// The number of closings before the reservation; `None` if closings do not matter.
    pub(super) alarms: Option<u64>,
}

impl Held {
    /// Returns whether so little time has passed that no closing by another process can have been
    /// missed for long.
    pub(super) fn is_recent(&self) -> bool {
        self.alarms.is_none() || self.reserved_at.elapsed() < SOUND_FOR
    }
}

/// The turn of a key among all processes. It ends when the value is dropped.
#[derive(Debug)]
pub(crate) struct TurnLease {
    state: SharedState,
    venue: &'static str,
    key: KeyDigest,
    id: ReservationId,
    pub(crate) nonce: Option<u64>,
    /// False if the store has not given the turn.
    may_be_held: bool,
}

impl Drop for TurnLease {
    fn drop(&mut self) {
        if !self.may_be_held {
            return;
        }
        self.state.store.notify(Notice::TurnEnded { venue: self.venue, key: self.key, id: self.id });
    }
}

impl SharedLimits {
    /// `names`: the name in the store of each limit; `None` for a limit that is not shared.
    /// `open_share` opens the counter of a part that is withheld for this process.
    pub(super) fn new(
        state: SharedState,
        venue: &'static str,
        key: Option<KeyDigest>,
        names: Vec<(&'static Limit, Option<String>)>,
        open_share: impl Fn(&'static Limit, u64) -> CounterId,
    ) -> Self {
        let entry = |(limit, name): (&'static Limit, Option<String>)| {
            let maximum = limit.limit().max(1);
            let (part, withheld) = state.settings.local_share.map_or((0, 0), |share| share.of(maximum));
            let capacity = maximum.saturating_sub(withheld).max(1);
            let size = state.settings.batches.get(limit.name()).copied().filter(|size| *size > 0);
            Some(Entry {
                limit: Arc::new(SharedLimit::new(venue, name?, capacity, limit.window())),
                share: (part > 0).then(|| (open_share(limit, part), part)),
                epoch: AtomicU64::new(0),
                queue: Queue { turn: Semaphore::new(1), waiting: AtomicUsize::new(0) },
                batch: size.map(|size| Batch { size, leases: Mutex::new(Vec::new()) }),
            })
        };
        let entries = names.into_iter().map(entry).collect();
        Self {
            state,
            venue,
            key,
            entries,
            alarms: AtomicU64::new(0),
            store_time: Mutex::new(None),
            last_readings: Mutex::new(None),
        }
    }

    /// Returns what a call does while the store is away.
    pub(super) fn when_away(&self, is_public: bool) -> WhenAway {
        if is_public { self.state.settings.public } else { self.state.settings.signed }
    }

    fn entry(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)?.as_ref()
    }

    /// Returns whether the limit with this index is in the store.
    pub(super) fn has(&self, index: usize) -> bool {
        self.entry(index).is_some()
    }

    /// Returns the maximum of the limit with this index that the store gives.
    pub(super) fn capacity(&self, index: usize) -> Option<u64> {
        Some(self.entry(index)?.limit.capacity())
    }

    /// Returns the counter of the part that is withheld for this process, and its capacity.
    pub(super) fn share(&self, index: usize) -> Option<(CounterId, u64)> {
        self.entry(index)?.share
    }

    /// Returns the counters of all parts that are withheld for this process.
    pub(super) fn shares(&self) -> impl Iterator<Item = CounterId> {
        self.entries.iter().flatten().filter_map(|entry| Some(entry.share?.0))
    }

    /// Reserves places and a nonce, and waits for them.
    pub(super) async fn reserve(&self, needed: &[Needed], needs: Needs) -> Result<Held, NotReserved> {
        let alarms = (!needs.is_forced).then(|| self.alarms.load(Ordering::Acquire));
        if let Some(places) = self.take_leased(needed, needs) {
            return Ok(Held { places, nonce: None, reserved_at: Instant::now(), alarms });
        }
        let mut is_batch = needs.nonce_above.is_none() && !needs.is_forced && self.leases_all(needed);
        let mut queued = self.queue_up(needed, needs).await?;
        loop {
            // While this call waited, another one may have leased a batch.
            if is_batch && let Some(places) = self.take_leased(needed, needs) {
                return Ok(Held { places, nonce: None, reserved_at: Instant::now(), alarms });
            }
            let later = match self.ask(needed, needs, is_batch).await? {
                Ok((places, grant)) => {
                    let reserved_at = Instant::now();
                    return Ok(Held { places, nonce: grant.nonce, reserved_at, alarms });
                }
                // There is no room for a batch, but there may be room for the call.
                Err(_) if std::mem::take(&mut is_batch) => continue,
                Err(later) => later,
            };
            self.pause(later, needed, needs.until).await?;
            if queued.is_none() {
                queued = self.join_queue(later, needed, needs.until).await?;
            }
        }
    }

    /// Waits for the turn of the key, and draws a nonce with it.
    pub(crate) async fn turn(
        &self,
        nonce_above: Option<u64>,
        deadline: Instant,
        grace: Duration,
    ) -> Result<Option<TurnLease>, NotReserved> {
        let Some(key) = self.key else { return Ok(None) };
        loop {
            let hold = deadline.saturating_duration_since(Instant::now()).saturating_add(grace);
            let mut asked = Reservation::new(self.venue, Some(key), hold).with_turn();
            if let Some(floor) = nonce_above {
                asked = asked.with_nonce(floor);
            }
            let state = self.state.clone();
            // It exists before the request, so that a request without a response is given back.
            let mut lease = TurnLease { state, venue: self.venue, key, id: asked.id(), nonce: None, may_be_held: true };
            match self.bounded(deadline, self.state.store.reserve(&asked)).await? {
                Reserved::Granted(grant) if nonce_above.is_some() && grant.nonce.is_none() => {
                    return Err(NotReserved::Away("the shared state returned no nonce".into()));
                }
                Reserved::Granted(grant) => {
                    lease.nonce = grant.nonce;
                    return Ok(Some(lease));
                }
                Reserved::Later(later) => {
                    lease.may_be_held = false;
                    self.pause(later, &[], deadline).await?;
                }
            }
        }
    }

    /// Asks the store once. The inner result is an error if something is not free now.
    async fn ask(
        &self,
        needed: &[Needed],
        needs: Needs,
        is_batch: bool,
    ) -> Result<Result<(Vec<StoredPlace>, Grant), Later>, NotReserved> {
        let asked_at = Instant::now();
        let lasts = if is_batch { self.state.settings.batch_lasts } else { Duration::ZERO };
        let left = needs.deadline.saturating_duration_since(asked_at);
        let hold = left.saturating_add(needs.grace).saturating_add(lasts);
        let mut asked = Reservation::new(self.venue, self.key, hold);
        if let Some(floor) = needs.nonce_above {
            asked = asked.with_nonce(floor);
        }
        if needs.is_forced {
            asked = asked.forced();
        }
        for need in needed {
            let Some(entry) = self.entry(need.index) else { continue };
            let extra = entry.batch.as_ref().filter(|_| is_batch).map_or(0, |batch| batch.size);
            let weight = need.weight.saturating_add(extra).min(entry.limit.capacity());
            let epoch = entry.epoch.load(Ordering::Relaxed);
            asked = asked.with_place(Arc::clone(&entry.limit), weight, epoch, need.own_use);
        }
        let mut pending = Pending { state: &self.state, asked: &asked, is_over: false };
        let reserved = self.bounded(needs.deadline, self.state.store.reserve(&asked)).await?;
        pending.is_over = true;
        let grant = match reserved {
            Reserved::Granted(grant) => grant,
            Reserved::Later(later) => return Ok(Err(later)),
        };
        if asked.nonce().is_some() && grant.nonce.is_none() {
            pending.is_over = false;
            return Err(NotReserved::Away("the shared state returned no nonce".into()));
        }
        *lock(&self.store_time) = Some((Instant::now(), grant.now));
        let mut places = Vec::with_capacity(needed.len());
        for (at, (need, place)) in needed.iter().zip(asked.places()).enumerate() {
            let Some(entry) = self.entry(need.index) else { continue };
            if let Some(epoch) = grant.epochs.get(at) {
                entry.epoch.store(*epoch, Ordering::Relaxed);
            }
            let weight = need.weight.min(place.weight);
            places.push(StoredPlace::new(asked.id(), Arc::clone(&entry.limit), weight));
            if let (Some(batch), Some(rest @ 1..)) = (&entry.batch, place.weight.checked_sub(weight)) {
                let (until, held_until) = (asked_at + lasts, asked_at + hold);
                lock(&batch.leases).push(Lease { id: asked.id(), weight: rest, until, held_until });
            }
        }
        Ok(Ok((places, grant)))
    }

    /// Waits for the store, no longer than its timeout.
    async fn bounded<T>(
        &self,
        deadline: Instant,
        request: impl Future<Output = Result<T, BoxError>>,
    ) -> Result<T, NotReserved> {
        let until = deadline.min(Instant::now() + self.state.settings.timeout);
        match timeout_at(until, request).await {
            Ok(result) => result.map_err(NotReserved::Away),
            Err(_) => Err(NotReserved::Away("the shared state did not respond in time".into())),
        }
    }

    /// Waits before the next request to the store.
    async fn pause(&self, later: Later, needed: &[Needed], until: Instant) -> Result<(), NotReserved> {
        let now = Instant::now();
        let (longest, is_turn) = match later.reason {
            LaterReason::Turn | LaterReason::Nonce => (TURN_PAUSE, true),
            _ => (LONGEST_PAUSE, false),
        };
        if now >= until || (!is_turn && now + later.wait > until) {
            let (index, is_closed) = match later.reason {
                LaterReason::Full(at) => (at, false),
                LaterReason::Closed(at) | LaterReason::Recovering(at) => (at, true),
                LaterReason::Turn | LaterReason::Nonce => return Err(NotReserved::TooLate),
            };
            let index = needed.get(index).map_or(0, |need| need.index);
            let is_recovering = matches!(later.reason, LaterReason::Recovering(_));
            return Err(NotReserved::NoPlace { index, is_closed, is_recovering, wait: later.wait });
        }
        let pause = later.wait.clamp(SHORTEST_PAUSE, longest);
        // Processes that wait for the same moment do not all ask at once.
        let jitter = pause.mul_f64(fastrand::f64() / 8.0);
        sleep_until((now + pause + jitter).min(until)).await;
        Ok(())
    }

    /// Waits behind the calls of this client that already wait for one of the limits.
    async fn queue_up(&self, needed: &[Needed], needs: Needs) -> Result<Option<Queued<'_>>, NotReserved> {
        for need in needed {
            let Some(entry) = self.entry(need.index) else { continue };
            if entry.queue.waiting.load(Ordering::Relaxed) > 0 {
                return self.wait_in(entry, need.index, needs.until).await.map(Some);
            }
        }
        Ok(None)
    }

    async fn join_queue(
        &self,
        later: Later,
        needed: &[Needed],
        until: Instant,
    ) -> Result<Option<Queued<'_>>, NotReserved> {
        let (LaterReason::Full(at) | LaterReason::Closed(at) | LaterReason::Recovering(at)) = later.reason else {
            return Ok(None);
        };
        let Some(index) = needed.get(at).map(|need| need.index) else { return Ok(None) };
        let Some(entry) = self.entry(index) else { return Ok(None) };
        self.wait_in(entry, index, until).await.map(Some)
    }

    async fn wait_in<'a>(&self, entry: &'a Entry, index: usize, until: Instant) -> Result<Queued<'a>, NotReserved> {
        let queued = Count::new(&entry.queue);
        match timeout_at(until, entry.queue.turn.acquire()).await {
            Ok(permit) => Ok(Queued { _permit: permit.ok(), _count: queued }),
            Err(_) => Err(NotReserved::NoPlace { index, is_closed: false, is_recovering: false, wait: SHORTEST_PAUSE }),
        }
    }

    fn leases_all(&self, needed: &[Needed]) -> bool {
        let is_leased = |need: &Needed| self.entry(need.index).is_some_and(|entry| entry.batch.is_some());
        !needed.is_empty() && needed.iter().all(is_leased)
    }

    /// Takes places from batches; `None` if they do not suffice.
    fn take_leased(&self, needed: &[Needed], needs: Needs) -> Option<Vec<StoredPlace>> {
        if needs.nonce_above.is_some() || needs.is_forced || !self.leases_all(needed) {
            return None;
        }
        let now = Instant::now();
        let held_until = needs.deadline.checked_add(needs.grace)?;
        let mut taken = Vec::new();
        for need in needed {
            let entry = self.entry(need.index)?;
            let batch = entry.batch.as_ref()?;
            let mut leases = lock(&batch.leases);
            let mut ended = Vec::new();
            leases.retain(|lease| {
                let stays = lease.until > now;
                if !stays {
                    ended.push(StoredPlace::new(lease.id, Arc::clone(&entry.limit), lease.weight));
                }
                stays
            });
            let mut missing = need.weight;
            for lease in leases.iter_mut().filter(|lease| lease.held_until >= held_until) {
                let weight = missing.min(lease.weight);
                if weight > 0 {
                    lease.weight -= weight;
                    missing -= weight;
                    taken.push(StoredPlace::new(lease.id, Arc::clone(&entry.limit), weight));
                }
            }
            leases.retain(|lease| lease.weight > 0);
            drop(leases);
            self.give_back(ended);
            if missing > 0 {
                // The call reserves all of its places anew.
                self.give_back(taken);
                return None;
            }
        }
        Some(taken)
    }

    pub(super) fn give_back(&self, places: Vec<StoredPlace>) {
        if !places.is_empty() {
            self.state.store.notify(Notice::GivenBack { places });
        }
    }

    /// Returns the record of a call that has no place in the store.
    pub(super) fn held_here(&self, is_forced: bool) -> Held {
        let alarms = (!is_forced).then(|| self.alarms.load(Ordering::Acquire));
        Held { places: Vec::new(), nonce: None, reserved_at: Instant::now(), alarms }
    }

    pub(super) fn notify(&self, notice: Notice) {
        self.state.store.notify(notice);
    }

    /// Returns whether this client has seen no closing since the places were reserved.
    pub(super) fn is_sound(&self, held: &Held) -> bool {
        held.alarms.is_none_or(|alarms| alarms == self.alarms.load(Ordering::Acquire))
    }

    /// Passes on the count that a response states. `lasts`: the time until the venue's window ends.
    pub(super) fn stated(&self, index: usize, used: u64, sent_at: Instant, lasts: Duration) {
        let Some(entry) = self.entry(index) else { return };
        let anchor = *lock(&self.store_time);
        // An early time is safe: a lower count then changes nothing.
        let sent_at = anchor.map_or(SystemTime::UNIX_EPOCH, |(at, time)| {
            let ahead = sent_at.saturating_duration_since(at);
            let behind = at.saturating_duration_since(sent_at);
            time.checked_add(ahead).and_then(|time| time.checked_sub(behind)).unwrap_or(time)
        });
        let limit = Arc::clone(&entry.limit);
        self.state.store.notify(Notice::Stated { limit, used, sent_at, lasts });
    }

    /// Passes on a closing.
    pub(super) fn closed(&self, index: usize, wait: Duration) {
        if let Some(entry) = self.entry(index) {
            self.state.store.notify(Notice::Closed { limit: Arc::clone(&entry.limit), wait });
            self.alarms.fetch_add(1, Ordering::Release);
        }
    }

    /// Opens limits again, and waits until the store knows.
    pub(super) async fn reopen(&self, indices: impl Iterator<Item = usize>) {
        let limits: Vec<_> = indices.filter_map(|index| Some(Arc::clone(&self.entry(index)?.limit))).collect();
        if limits.is_empty() {
            return;
        }
        self.state.store.notify(Notice::Reopened { limits });
        if let Err(error) = self.state.flush().await {
            tracing::warn!(venue = self.venue, %error, "the shared state did not confirm that limits were reopened");
        }
    }

    /// Reads the limits that are in the store. If the store is away, returns the last readings, if
    /// there are any. The result has an element for each index that [`has`](Self::has) holds for.
    pub(super) async fn read(&self) -> Option<SharedReadings> {
        let limits: Vec<_> = self.entries.iter().flatten().map(|entry| Arc::clone(&entry.limit)).collect();
        if limits.is_empty() {
            return None;
        }
        let deadline = Instant::now() + self.state.settings.timeout;
        match self.bounded(deadline, self.state.store.read(&limits)).await {
            Ok(readings) if readings.limits.len() == limits.len() => {
                *lock(&self.last_readings) = Some(readings.clone());
                Some(readings)
            }
            _ => lock(&self.last_readings).clone(),
        }
    }
}

impl Drop for SharedLimits {
    fn drop(&mut self) {
        for entry in self.entries.iter().flatten() {
            let Some(batch) = &entry.batch else { continue };
            let place = |lease: Lease| StoredPlace::new(lease.id, Arc::clone(&entry.limit), lease.weight);
            let places = lock(&batch.leases).drain(..).map(place).collect();
            self.give_back(places);
        }
    }
}

/// A request to the store without a response so far. If it is dropped, its places are given back,
/// because the store may have reserved them.
struct Pending<'a> {
    state: &'a SharedState,
    asked: &'a Reservation,
    is_over: bool,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        if !self.is_over && !self.asked.places().is_empty() {
            let place = |place: &WantedPlace| StoredPlace::new(self.asked.id(), Arc::clone(&place.limit), place.weight);
            let places = self.asked.places().iter().map(place).collect();
            self.state.store.notify(Notice::GivenBack { places });
        }
    }
}

/// A call in the queue of a limit. It leaves the queue when dropped.
struct Queued<'a> {
    _count: Count<'a>,
    _permit: Option<SemaphorePermit<'a>>,
}

/// A call that is counted as waiting, until it is dropped.
struct Count<'a>(&'a Queue);

impl<'a> Count<'a> {
    fn new(queue: &'a Queue) -> Self {
        queue.waiting.fetch_add(1, Ordering::Relaxed);
        Self(queue)
    }
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code panics while a lock is held.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
