//! The counter of one rate limit, for one key or one address.
//!
//! A counter never reads a clock: its callers pass the time. So every rule here can be tested as a
//! pure function.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::closing::Refusals;
use super::instant::later;
use crate::operation::limit::Limit;

/// The number of end times that a counter keeps apart. If it has more, it merges places whose ends
/// are at most `window / PARTS` apart, so that its memory is bounded for every limit.
const PARTS: u32 = 1024;

/// The count of the used part of one rate limit.
///
/// A call takes a place before its request goes out. The place has no end while the request is in
/// flight, because the time at which the venue counts it is unknown. Once the response has begun,
/// the venue has counted the request. The place is then free one window later. Each window of the
/// venue then holds at most the limit, wherever that window starts.
#[derive(Debug)]
pub(super) struct Counter {
    limit: Limit,
    /// The weight of all places that have no end yet.
    open: u64,
    ends: PlaceEnds,
    others: Option<OtherUse>,
    closed_until: Option<Instant>,
    refusals: Refusals,
}

/// The weight that the venue counts beyond our own, when other programs use the same key or
/// address.
#[derive(Clone, Copy, Debug)]
struct OtherUse {
    weight: u64,
    learnt_at: Instant,
    until: Instant,
}

impl Counter {
    pub(super) fn new(limit: &Limit) -> Self {
        Self {
            limit: *limit,
            open: 0,
            ends: PlaceEnds::default(),
            others: None,
            closed_until: None,
            refusals: Refusals::default(),
        }
    }

    /// Returns the maximum per window. A limit of 0 counts as 1, so that no call waits for ever.
    pub(super) fn capacity(&self) -> u64 {
        self.limit.limit().max(1)
    }

    pub(super) fn window(&self) -> Duration {
        self.limit.window()
    }

    /// Returns the longest closing by a 429 that is accepted if the user sets none: the longest one
    /// that the spec states, or else the window.
    pub(super) fn longest_closing(&self) -> Duration {
        self.limit.longest_closing().unwrap_or(self.limit.window())
    }

    /// Removes all places that ended before `now`.
    pub(super) fn expire(&mut self, now: Instant) {
        self.ends.expire(now);
        self.others = self.others.filter(|others| others.until > now);
        self.closed_until = self.closed_until.filter(|until| *until > now);
    }

    /// Returns the weight in use: our own places, and the weight that the venue counts beyond them.
    pub(super) fn used(&self) -> u64 {
        self.own().saturating_add(self.others.map_or(0, |others| others.weight))
    }

    fn own(&self) -> u64 {
        self.open.saturating_add(self.ends.total)
    }

    /// Returns the time until which the limit is closed; `None` if it is open.
    pub(super) fn closed_until(&self) -> Option<Instant> {
        self.closed_until
    }

    /// Returns whether at `now` no place, no count of the venue and no closing is left.
    pub(super) fn is_idle_at(&mut self, now: Instant) -> bool {
        self.expire(now);
        self.used() == 0 && self.closed_until.is_none()
    }

    /// Returns whether `weight` fits now, in addition to `claimed` for calls that come first.
    pub(super) fn has_room(&self, weight: u64, claimed: u64) -> bool {
        self.closed_until.is_none() && self.used().saturating_add(claimed).saturating_add(weight) <= self.capacity()
    }

    /// Returns whether the places that are taken may still be used.
    ///
    /// A closing, or a header that counts other programs, can come after a place was taken.
    pub(super) fn is_sound(&self) -> bool {
        self.has_room(0, 0)
    }

    /// Returns the earliest time at which `weight` can fit after calls with the total weight
    /// `behind`.
    ///
    /// This is a lower bound. A place in flight is assumed to end one window from now, because it
    /// cannot end earlier. Only the place of a request that turns out not to be sent ends sooner.
    pub(super) fn opens_at(&self, now: Instant, weight: u64, behind: u64) -> Instant {
        let capacity = self.capacity();
        let demand = behind.saturating_add(weight);
        // Each full capacity in the demand takes one more window.
        let (rounds, rest) = match demand.checked_sub(1) {
            Some(last) => (last / capacity, last % capacity + 1),
            None => (0, 0),
        };
        let missing = self.used().saturating_add(rest).saturating_sub(capacity);
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        let at = later(self.released_at(now, missing), self.window().saturating_mul(rounds));
        self.closed_until.map_or(at, |until| until.max(at))
    }

    /// Returns the earliest time at which places with a total of `weight` will have ended.
    fn released_at(&self, now: Instant, mut weight: u64) -> Instant {
        let in_flight = (later(now, self.window()), self.open);
        let mut rest = [self.others.map(|others| (others.until, others.weight)), Some(in_flight)];
        rest.sort_unstable();
        let mut rest = rest.into_iter().flatten().peekable();
        let mut ends = self.ends.iter().peekable();
        let mut at = now;
        while weight > 0 {
            let next = match (ends.peek(), rest.peek()) {
                (Some(end), Some(other)) if other.0 < end.0 => rest.next(),
                (Some(_), _) => ends.next(),
                (None, _) => rest.next(),
            };
            let Some((end, ended)) = next else { break };
            at = end;
            weight = weight.saturating_sub(ended);
        }
        at
    }

    /// Takes a place that has no end yet.
    pub(super) fn take(&mut self, weight: u64) {
        self.open = self.open.saturating_add(weight);
    }

    /// Gives back a place that was not used.
    pub(super) fn give_back(&mut self, weight: u64) {
        self.open = self.open.saturating_sub(weight);
    }

    /// Ends a place one window after `now + grace`, the latest time at which the venue counts it.
    pub(super) fn end(&mut self, now: Instant, grace: Duration, weight: u64) {
        self.give_back(weight);
        let window = self.window();
        self.ends.add(later(now, window.saturating_add(grace)), weight, window / PARTS);
    }

    /// Applies the count that the venue states, if it exceeds our own places.
    ///
    /// A later response replaces the count of an earlier one. It may lower the count only if its
    /// request was sent after the earlier response came: responses to requests that were in flight
    /// together can arrive in another order than the venue counted them.
    ///
    /// Returns whether more is used than was known.
    pub(super) fn correct(&mut self, now: Instant, sent_at: Instant, stated: u64, until: Instant) -> bool {
        // A count above the limit does not tell when the window opens.
        let weight = stated.min(self.capacity()).saturating_sub(self.own());
        let is_older = |others: &OtherUse| weight < others.weight && sent_at < others.learnt_at;
        if self.others.as_ref().is_some_and(is_older) {
            return false;
        }
        let is_more = weight > self.others.map_or(0, |others| others.weight);
        self.others = (weight > 0).then_some(OtherUse { weight, learnt_at: now, until });
        is_more
    }

    /// Closes the limit. An earlier closing that lasts longer stays.
    pub(super) fn close(&mut self, until: Instant) {
        self.closed_until = Some(self.closed_until.map_or(until, |other| other.max(until)));
    }

    /// Opens the limit again, and forgets the counts and refusals of the venue. Our own places
    /// stay.
    pub(super) fn reopen(&mut self) {
        self.closed_until = None;
        self.others = None;
        self.refusals = Refusals::default();
    }

    pub(super) fn refusals(&mut self) -> &mut Refusals {
        &mut self.refusals
    }
}

/// The times at which places become free, soonest first.
///
/// When there are many, places that end within a small part of the window are merged into one
/// group. The group ends with its last place, so a place may be freed later than necessary, but
/// never earlier. Nearly all places are added at the back, in the order of their responses. Only
/// places that end after a grace period are added elsewhere.
#[derive(Debug, Default)]
struct PlaceEnds {
    groups: VecDeque<Group>,
    total: u64,
}

/// Places that are merged and end together.
#[derive(Clone, Copy, Debug)]
struct Group {
    /// The time at which the first of them would end on its own.
    first: Instant,
    end: Instant,
    weight: u64,
}

impl PlaceEnds {
    fn add(&mut self, at: Instant, weight: u64, span: Duration) {
        if weight == 0 {
            return;
        }
        self.total = self.total.saturating_add(weight);
        let span = if self.groups.len() < PARTS as usize { Duration::ZERO } else { span };
        let behind = self.groups.iter().rev().take_while(|group| group.end >= at).count();
        let index = self.groups.len().saturating_sub(behind);
        if let Some(after) = self.groups.get_mut(index)
            && after.end.saturating_duration_since(after.first.min(at)) <= span
        {
            after.first = after.first.min(at);
            after.weight = after.weight.saturating_add(weight);
            return;
        }
        let before = index.checked_sub(1).and_then(|index| self.groups.get_mut(index));
        match before.filter(|before| at.saturating_duration_since(before.first) <= span) {
            Some(before) => {
                before.end = at;
                before.weight = before.weight.saturating_add(weight);
            }
            None => self.groups.insert(index, Group { first: at, end: at, weight }),
        }
    }

    fn expire(&mut self, now: Instant) {
        while let Some(group) = self.groups.front().filter(|group| group.end <= now) {
            self.total = self.total.saturating_sub(group.weight);
            self.groups.pop_front();
        }
    }

    fn iter(&self) -> impl Iterator<Item = (Instant, u64)> {
        self.groups.iter().map(|group| (group.end, group.weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn counter(limit: u64, seconds: u64) -> Counter {
        Counter::new(&Limit::new("limit", limit, seconds).counts_weight())
    }

    #[test]
    fn a_place_is_free_one_window_after_its_response_and_not_before() {
        let (mut counter, start) = (counter(1, 10), Instant::now());
        counter.take(1);
        counter.expire(start + s(100));
        assert!(!counter.has_room(1, 0), "a place in flight has no end");
        counter.end(start + s(100), Duration::ZERO, 1);
        counter.expire(start + s(110) - Duration::from_nanos(1));
        assert!(!counter.has_room(1, 0));
        counter.expire(start + s(110));
        assert!(counter.has_room(1, 0) && counter.is_idle_at(start + s(110)));
    }

    #[test]
    fn a_place_without_a_response_ends_one_window_after_the_grace() {
        let (mut counter, start) = (counter(1, 10), Instant::now());
        counter.take(1);
        counter.end(start, s(5), 1);
        assert_eq!(counter.opens_at(start, 1, 0), start + s(15));
        counter.end(start, Duration::MAX, 0);
    }

    /// Returns the time that `opens_at` has to return: the first of all end times at which there is
    /// room.
    fn first_fit(ends: &[(u64, u64)], in_flight: u64, (limit, window): (u64, u64), weight: u64) -> u64 {
        let held_at = |at: u64| {
            let ended: u64 = ends.iter().filter(|(end, _)| *end > at).map(|(_, weight)| weight).sum();
            ended + if window > at { in_flight } else { 0 }
        };
        let mut times: Vec<u64> = ends.iter().map(|(end, _)| *end).chain([0, window]).collect();
        times.sort_unstable();
        times.into_iter().find(|at| held_at(*at) + weight <= limit).unwrap()
    }

    #[test]
    fn the_wait_ends_at_the_first_time_with_room() {
        let start = Instant::now();
        for seed in 0..2_000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (limit, window) = (random.u64(1..20), random.u64(1..50));
            let mut counter = counter(limit, window);
            let ends: Vec<(u64, u64)> =
                (0..random.usize(0..12)).map(|_| (window + random.u64(0..30), random.u64(1..4))).collect();
            for (end, weight) in &ends {
                counter.take(*weight);
                counter.end(start, s(end - window), *weight);
            }
            let in_flight = random.u64(0..6);
            counter.take(in_flight);
            let weight = random.u64(1..=limit);
            let expected = first_fit(&ends, in_flight, (limit, window), weight);
            assert_eq!((counter.opens_at(start, weight, 0) - start).as_secs(), expected, "{seed}: {counter:?}");
        }
    }

    #[test]
    fn calls_in_front_count_and_their_places_are_free_one_window_later() {
        let (mut counter, start) = (counter(4, 10), Instant::now());
        let opens = |counter: &Counter, weight, behind| (counter.opens_at(start, weight, behind) - start).as_secs();
        assert_eq!([0, 3, 4, 7, 8, 400].map(|behind| opens(&counter, 1, behind)), [0, 0, 10, 10, 20, 1_000]);
        counter.take(2);
        counter.end(start - s(4), Duration::ZERO, 2);
        assert_eq!([0, 1, 2, 4, 6].map(|behind| opens(&counter, 1, behind)), [0, 0, 6, 10, 16]);
        assert_eq!(opens(&counter, 4, 0), 6);
        counter.opens_at(start, u64::MAX, u64::MAX);
    }

    #[test]
    fn a_long_window_with_many_requests_has_few_groups_and_frees_no_place_early() {
        const DAY: u64 = 86_400;
        let (mut counter, start) = (counter(100_000, DAY), Instant::now());
        let mut random = fastrand::Rng::with_seed(7);
        let mut sent: Vec<Instant> = Vec::new();
        let mut now = start;
        for _ in 0..200_000 {
            now += Duration::from_millis(random.u64(0..2_000));
            counter.expire(now);
            counter.take(1);
            let grace = if random.u8(..) < 10 { s(5) } else { Duration::ZERO };
            counter.end(now, grace, 1);
            sent.push(now + grace);
        }
        assert!(counter.ends.groups.len() <= 3 * PARTS as usize, "{} groups", counter.ends.groups.len());
        sent.sort_unstable();
        for hours in [0, 1, 7, 13, 23] {
            let at = now + s(hours * 3_600);
            counter.expire(at);
            let held = |slack| sent.iter().filter(|sent| **sent + s(DAY) + slack > at).count() as u64;
            let exact = held(Duration::ZERO);
            assert!((exact..=held(s(DAY) / PARTS)).contains(&counter.used()), "{hours}: {}", counter.used());
        }
        assert!(counter.is_idle_at(now + s(DAY + 5 + 85)));
    }

    #[test]
    fn a_count_of_the_venue_adds_the_use_of_others_and_a_later_count_replaces_it() {
        let (mut counter, start) = (counter(20, 60), Instant::now());
        let until = start + s(60);
        counter.take(5);
        counter.correct(start, start, 15, until);
        assert_eq!(counter.used(), 15);
        counter.take(5);
        assert_eq!(counter.used(), 20, "a place that is taken later counts in addition");
        counter.correct(start + s(2), start - s(1), 11, until);
        assert_eq!(counter.used(), 20, "a request sent before the other response came does not lower the count");
        counter.correct(start + s(3), start + s(1), 11, until);
        assert_eq!(counter.used(), 11);
        counter.correct(start + s(4), start + s(4), 3, until);
        assert_eq!(counter.used(), 10, "our own places exceed the count of the venue");
        counter.correct(start + s(5), start + s(5), u64::MAX, until);
        assert_eq!(counter.used(), 20);
        counter.expire(until);
        assert_eq!(counter.used(), 10);
    }

    #[test]
    fn reopening_forgets_the_counts_of_the_venue_and_keeps_the_places_of_this_client() {
        let (mut counter, start) = (counter(20, 60), Instant::now());
        counter.take(5);
        counter.correct(start, start, 20, start + s(60));
        counter.close(start + s(9));
        counter.close(start + s(3));
        assert_eq!(counter.closed_until(), Some(start + s(9)));
        assert!(!counter.is_sound());
        counter.reopen();
        assert_eq!((counter.used(), counter.closed_until(), counter.is_sound()), (5, None, true));
    }

    #[test]
    fn a_limit_of_zero_and_a_window_of_zero_do_not_panic() {
        let (mut counter, start) = (counter(0, 0), Instant::now());
        counter.take(1);
        assert_eq!(counter.opens_at(start, 1, 7), start);
        counter.end(start, Duration::ZERO, 1);
        counter.expire(start);
        assert!(counter.has_room(1, 0));
        assert!(later(start, Duration::MAX) > start);
    }
}
