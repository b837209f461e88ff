//! The venue's limits, kept on our side: several windows at once, weighted.
//!
//! Each limit is a log of what was sent when, so that no window of its length, wherever it starts, ever holds more than the limit. Who
//! has to wait reserves a place in the future at once: nobody has to ask twice, and who asks later takes no place from it. A request that has room in its own
//! limits goes ahead of one that waits for another.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use tokio::time::{Instant, sleep_until};

use crate::operation::Limit;

/// What to do when a limit is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Throttle {
    /// Wait for a place, as long as the call's timeout allows.
    #[default]
    Wait,
    /// Fail at once, with the time to wait in [`Error::retry_after`](crate::Error::retry_after).
    Fail,
    /// Send all the same: something else keeps the limits.
    Off,
}

/// The limits of a client and its clones.
#[derive(Debug)]
pub(crate) struct Limits {
    windows: Mutex<Vec<Window>>,
}

#[derive(Debug)]
struct Window {
    limit: &'static Limit,
    /// Places by time; those in the future are of who waits.
    log: VecDeque<Place>,
    total: u64,
    closed_until: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    at: Instant,
    weight: u64,
    ticket: u64,
}

/// There is no place in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full {
    /// How long until there is one.
    pub(crate) wait: Duration,
}

/// A place in every limit that an operation counts against. Given back when dropped, unless it was used.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    limits: &'a Limits,
    names: &'a [&'a str],
    weight: u32,
    ticket: u64,
    at: Instant,
    used: bool,
}

impl Limits {
    pub(crate) fn new(limits: &'static [Limit]) -> Self {
        let windows =
            limits.iter().map(|limit| Window { limit, log: VecDeque::new(), total: 0, closed_until: None }).collect();
        Self { windows: Mutex::new(windows) }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Window>> {
        // Nothing panics while the lock is held, and the counts would still be sound if it did.
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place in each of the named limits; `until`: when waiting is of no use any more. A place that is free now is given even after that.
    pub(crate) async fn admit<'a>(
        &'a self,
        names: &'a [&'a str],
        weight: u32,
        until: Instant,
    ) -> Result<Permit<'a>, Full> {
        loop {
            let (permit, wait) = self.reserve(names, weight);
            if wait.is_zero() {
                return Ok(permit);
            }
            if permit.at > until {
                return Err(Full { wait });
            }
            sleep_until(permit.at).await;
            // A limit may have been closed while we slept, or used up by others: then the place is worth nothing.
            if permit.is_good(&mut self.lock(), Instant::now()) {
                return Ok(permit);
            }
        }
    }

    /// A place, and how long until then.
    fn reserve<'a>(&'a self, names: &'a [&'a str], weight: u32) -> (Permit<'a>, Duration) {
        use std::sync::atomic::{AtomicU64, Ordering};
        static TICKETS: AtomicU64 = AtomicU64::new(0);

        let ticket = TICKETS.fetch_add(1, Ordering::Relaxed);
        let mut windows = self.lock();
        let now = Instant::now();
        let mut permit = Permit { limits: self, names, weight, ticket, at: now, used: false };
        permit.named(&mut windows).for_each(|window| window.forget(now));
        // In each limit there is room once all that is in its log has left, so raising the time until all agree ends.
        loop {
            let earliest = |window: &mut Window| window.earliest(permit.at, window.weight(weight));
            let latest = permit.named(&mut windows).map(earliest).max().unwrap_or(now);
            if latest <= permit.at {
                break;
            }
            permit.at = latest;
        }
        permit.stand(&mut windows);
        let wait = permit.at - now;
        (permit, wait)
    }

    /// Takes over what the venue says is used up, where that is more than we know of: other clients count too.
    pub(crate) fn correct(&self, headers: &HeaderMap) {
        let mut windows = self.lock();
        let now = Instant::now();
        for window in windows.iter_mut() {
            let Some(used) = window.used_by(headers) else { continue };
            // Full is full: what is above says nothing about when there is room.
            let (used, known) = (used.min(window.limit.limit()), window.held(now));
            if used > known {
                window.push(Place { at: now, weight: used - known, ticket: u64::MAX });
            }
        }
    }

    /// Closes the limit that a reply 429 is about for `wait`: the one that its headers show as used up, or else those of the operation.
    pub(crate) fn close(&self, names: &[&str], headers: &HeaderMap, wait: Duration) {
        let until = Instant::now() + wait;
        let mut windows = self.lock();
        let is_full = |window: &Window| window.used_by(headers).is_some_and(|used| used >= window.limit.limit());
        let known = windows.iter().any(is_full);
        for window in windows.iter_mut() {
            if if known { is_full(window) } else { names.contains(&window.limit.name()) } {
                window.close(until);
            }
        }
    }

    /// Closes all limits for `wait`.
    pub(crate) fn close_all(&self, wait: Duration) {
        let until = Instant::now() + wait;
        self.lock().iter_mut().for_each(|window| window.close(until));
    }
}

impl Window {
    /// A weight above the whole limit goes once everything else has left.
    fn weight(&self, weight: u32) -> u64 {
        let weight = if self.limit.is_weighted() { u64::from(weight) } else { 1 };
        weight.min(self.limit.limit())
    }

    fn used_by(&self, headers: &HeaderMap) -> Option<u64> {
        headers.get(self.limit.header()?)?.to_str().ok()?.trim().parse().ok()
    }

    /// Drops what is in no window any more.
    fn forget(&mut self, now: Instant) {
        while let Some(place) = self.log.front().filter(|place| place.at + self.limit.window() <= now) {
            self.total -= place.weight;
            self.log.pop_front();
        }
    }

    /// The earliest time from `from` on at which `weight` more fits, without taking their place from those who wait already.
    fn earliest(&self, from: Instant, weight: u64) -> Instant {
        let (limit, length) = (self.limit.limit(), self.limit.window());
        let mut at = from.max(self.closed_until.unwrap_or(from));
        if self.total + weight <= limit {
            return at;
        }
        // It has to fit into each window that it would stand in: those that begin with a place of the log before it, and the one that begins with itself.
        let (mut held, mut ahead) = (0, self.log.iter().peekable());
        for first in &self.log {
            let begin = first.at.min(at);
            while let Some(place) = ahead.next_if(|place| place.at < begin + length) {
                held += place.weight;
            }
            if at < first.at + length {
                if held + weight > limit {
                    at = first.at + length;
                } else if at < first.at {
                    break;
                }
            }
            held -= first.weight;
        }
        at
    }

    /// What is in the window that ends now.
    fn held(&mut self, now: Instant) -> u64 {
        self.forget(now);
        let later: u64 = self.log.iter().rev().take_while(|place| place.at > now).map(|place| place.weight).sum();
        self.total - later
    }

    fn push(&mut self, place: Place) {
        self.total += place.weight;
        let behind = self.log.iter().rev().take_while(|other| other.at > place.at).count();
        self.log.insert(self.log.len() - behind, place);
    }

    fn remove(&mut self, ticket: u64) {
        let index = self.log.iter().rposition(|place| place.ticket == ticket);
        if let Some(place) = index.and_then(|index| self.log.remove(index)) {
            self.total -= place.weight;
        }
    }

    fn is_closed(&self, now: Instant) -> bool {
        self.closed_until.is_some_and(|until| until > now)
    }

    fn close(&mut self, until: Instant) {
        self.closed_until = Some(self.closed_until.map_or(until, |other| other.max(until)));
    }
}

impl Permit<'_> {
    /// Takes the place as of now, after a wait for something else. Whether there still is one: a limit may have been closed meanwhile, or used up by
    /// those who came later and did not have to wait.
    pub(crate) fn renew(&mut self) -> bool {
        /// What is less is nothing on the way to a venue.
        const MOMENT: Duration = Duration::from_millis(1);

        let mut windows = self.limits.lock();
        let now = Instant::now();
        if now < self.at + MOMENT {
            return true;
        }
        self.leave(&mut windows);
        self.at = now;
        self.stand(&mut windows);
        self.is_good(&mut windows, now)
    }

    /// The request goes out now: it counts, whatever becomes of it.
    pub(crate) fn use_up(mut self) {
        self.used = true;
    }

    /// Whether the place is one, now that its time has come.
    fn is_good(&self, windows: &mut [Window], now: Instant) -> bool {
        self.named(windows).all(|window| !window.is_closed(now) && window.held(now) <= window.limit.limit())
    }

    fn stand(&self, windows: &mut [Window]) {
        for window in self.named(windows) {
            let weight = window.weight(self.weight);
            window.push(Place { at: self.at, weight, ticket: self.ticket });
        }
    }

    fn leave(&self, windows: &mut [Window]) {
        self.named(windows).for_each(|window| window.remove(self.ticket));
    }

    fn named<'w>(&self, windows: &'w mut [Window]) -> impl Iterator<Item = &'w mut Window> {
        windows.iter_mut().filter(|window| self.names.contains(&window.limit.name()))
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if !self.used {
            self.leave(&mut self.limits.lock());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static LIMITS: [Limit; 3] = [
        Limit::new("weight", 10, 60).counts_weight().with_header("x-used"),
        Limit::new("orders", 2, 1),
        Limit::new("daily", 3, 86_400).with_header("x-daily"),
    ];

    fn limits() -> Limits {
        Limits::new(&LIMITS)
    }

    fn in_seconds(seconds: u64) -> Instant {
        Instant::now() + Duration::from_secs(seconds)
    }

    async fn send(limits: &Limits, names: &[&str], weight: u32) -> Duration {
        let started = Instant::now();
        limits.admit(names, weight, in_seconds(1_000_000)).await.unwrap().use_up();
        started.elapsed()
    }

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), http::HeaderValue::from_static(value))])
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_ever_holds_more_than_its_limit() {
        let limits = limits();
        let started = Instant::now();
        let mut times = Vec::new();
        for _ in 0..7 {
            send(&limits, &["orders"], 1).await;
            times.push(started.elapsed().as_secs());
        }
        assert_eq!(times, [0, 0, 1, 1, 2, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn weights_add_up_and_several_windows_count_at_once() {
        let limits = limits();
        assert_eq!(send(&limits, &["weight", "orders"], 6).await.as_secs(), 0);
        assert_eq!(send(&limits, &["weight"], 4).await.as_secs(), 0);
        assert_eq!(send(&limits, &["weight", "orders"], 5).await.as_secs(), 60);
        assert_eq!(send(&limits, &["weight"], 99).await.as_secs(), 60, "what never fits goes alone");
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_side_by_side_gets_places_in_turn() {
        let limits = limits();
        let started = Instant::now();
        let ask = || async {
            limits.admit(&["orders"], 1, in_seconds(100)).await.unwrap().use_up();
            started.elapsed().as_secs()
        };
        assert_eq!(tokio::join!(ask(), ask(), ask(), ask(), ask()), (0, 0, 1, 1, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_comes_too_late_is_refused_at_once_and_given_back() {
        let limits = limits();
        send(&limits, &["orders"], 1).await;
        send(&limits, &["orders"], 1).await;
        for _ in 0..3 {
            let full = limits.admit(&["orders"], 1, Instant::now()).await.unwrap_err();
            assert_eq!(full.wait, Duration::from_secs(1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_earliest_time_is_the_first_at_which_no_window_overflows() {
        let (limit, length, start) = (10, LIMITS[0].window(), Instant::now());
        for seed in 0..2_000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut window = Window { limit: &LIMITS[0], log: VecDeque::new(), total: 0, closed_until: None };
            for ticket in 0..random.u64(0..12) {
                let at = start + Duration::from_secs(random.u64(0..200));
                window.push(Place { at, weight: random.u64(1..=4), ticket });
            }
            let (from, weight) = (start + Duration::from_secs(random.u64(0..200)), random.u64(1..=limit));
            let fits = |at: &Instant| {
                let begins = window.log.iter().map(|place| place.at).filter(|begin| begin <= at).chain([*at]);
                begins.filter(|begin| *at < *begin + length).all(|begin| {
                    let within = window.log.iter().filter(|place| place.at >= begin && place.at < begin + length);
                    within.map(|place| place.weight).sum::<u64>() + weight <= limit
                })
            };
            let times = window.log.iter().map(|place| place.at + length).filter(|at| *at > from).chain([from]);
            let first = times.filter(fits).min().unwrap();
            assert_eq!(window.earliest(from, weight) - start, first - start, "{seed}: {window:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_room_goes_ahead_of_who_waits_for_another_limit() {
        let limits = limits();
        send(&limits, &["orders"], 1).await;
        send(&limits, &["orders"], 1).await;
        let (waiting, passing) = tokio::join!(send(&limits, &["weight", "orders"], 1), send(&limits, &["weight"], 8));
        assert_eq!((waiting.as_secs(), passing.as_secs()), (1, 0));
        let (waiting, passing) = tokio::join!(send(&limits, &["weight"], 2), send(&limits, &["weight"], 1));
        assert_eq!((waiting.as_secs(), passing.as_secs()), (59, 0), "there was room for one more");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_leaves_its_place_to_others() {
        let limits = limits();
        send(&limits, &["orders"], 2).await;
        send(&limits, &["orders"], 1).await;
        let waiting = limits.admit(&["orders"], 1, in_seconds(100));
        assert!(tokio::time::timeout(Duration::from_millis(10), waiting).await.is_err());
        assert_eq!(limits.lock()[1].log.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_venue_says_is_used_up_counts() {
        let limits = limits();
        limits.correct(&headers("x-used", "9"));
        assert_eq!(send(&limits, &["weight"], 1).await.as_secs(), 0);
        limits.correct(&headers("x-used", "10"));
        assert_eq!(limits.lock()[0].total, 10, "nothing is counted twice");
        assert_eq!(send(&limits, &["weight"], 1).await.as_secs(), 60);
        limits.correct(&headers("x-used", "nonsense"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_limit_holds_back_its_own_also_those_who_wait_already() {
        let limits = limits();
        send(&limits, &["orders"], 1).await;
        send(&limits, &["orders"], 1).await;
        let started = Instant::now();
        let waiting = async {
            send(&limits, &["orders"], 1).await;
            started.elapsed().as_secs()
        };
        let closing = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            limits.close(&["orders"], &HeaderMap::new(), Duration::from_secs(30));
            send(&limits, &["weight"], 1).await.as_secs()
        };
        assert_eq!(tokio::join!(waiting, closing), (30, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn headers_tell_which_limit_a_429_is_about_and_a_ban_closes_all() {
        let limits = limits();
        limits.close(&["weight", "daily"], &headers("x-daily", "3"), Duration::from_secs(9));
        assert_eq!(send(&limits, &["weight"], 1).await.as_secs(), 0);
        assert_eq!(send(&limits, &["daily"], 1).await.as_secs(), 9);
        limits.close_all(Duration::from_secs(5));
        assert_eq!(send(&limits, &["weight"], 1).await.as_secs(), 5);
    }
}
