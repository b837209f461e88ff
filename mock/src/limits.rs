//! The venue's rate limits, counted in windows of the time at the venue: a new window begins with
//! each full second, minute or day.
//!
//! The code is independent of the rate limits of `venuekit`, so that the mock finds faults in them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use venuekit::operation::{Limit, Operation, Venue, Weight};

use crate::record::Refusal;
use crate::refuse::Rejection;

/// The number of refusals in one window after which an address is banned, at a venue that bans.
const BAN_AFTER: u64 = 20;
const BAN_MILLIS: i64 = 120_000;
/// The maximum number of counters. Above it, all counters start again at 0.
const MAX_COUNTERS: usize = 10_000;

/// The counters of a venue.
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    used: HashMap<(&'static str, String), WindowCount>,
    /// The end of the ban of each address.
    banned_until: HashMap<String, i64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct WindowCount {
    window: i64,
    used: u64,
    refused: u64,
}

/// A call, as the rate limits count it.
#[derive(Debug)]
pub(crate) struct Charge<'a> {
    pub(crate) venue: &'static Venue,
    pub(crate) operation: &'static Operation,
    /// The names of the given parameters.
    pub(crate) given: &'a [String],
    pub(crate) address: &'a str,
    pub(crate) key: Option<&'a str>,
    pub(crate) bans: bool,
}

impl Counters {
    /// Counts a call. Returns the headers with the used amount, and the refusal if a limit is used
    /// up. A call from a banned address gets no headers.
    pub(crate) fn charge(&self, charge: &Charge<'_>, now: i64) -> (Vec<(String, String)>, Result<(), Rejection>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut headers = Vec::new();
        if let Some(until) = state.banned_until.get(charge.address).copied() {
            if until > now {
                return (headers, Err(banned(until - now)));
            }
            state.banned_until.remove(charge.address);
        }
        if state.used.len() > MAX_COUNTERS {
            state.used.clear();
        }
        let mut verdict = Ok(());
        let mut ban = false;
        for limit in charge.limits() {
            let window = i64::try_from(limit.window().as_millis()).unwrap_or(i64::MAX).max(1);
            let number = now.div_euclid(window);
            let whose = charge.key.filter(|_| limit.is_per_key()).unwrap_or(charge.address).to_owned();
            let used = state.used.entry((limit.name(), whose)).or_default();
            if used.window != number {
                *used = WindowCount { window: number, ..WindowCount::default() };
            }
            let weight = if limit.is_weighted() { charge.weight() } else { 1 };
            if used.used + weight > limit.limit() {
                used.refused += 1;
                ban |= charge.bans && used.refused > BAN_AFTER;
                let left = (number + 1).saturating_mul(window).saturating_sub(now);
                let why = format!("the limit `{}` of {} is used up", limit.name(), limit.limit());
                verdict = Err(Rejection::new(Refusal::TooManyRequests, why).retry_after(seconds(left)));
            } else {
                used.used += weight;
            }
            if let Some(header) = limit.header() {
                headers.push((header.to_owned(), used.used.to_string()));
            }
        }
        if ban {
            state.banned_until.insert(charge.address.to_owned(), now + BAN_MILLIS);
            verdict = Err(banned(BAN_MILLIS));
        }
        (headers, verdict)
    }

    pub(crate) fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }
}

impl Charge<'_> {
    fn limits(&self) -> impl Iterator<Item = &'static Limit> {
        let names = self.operation.limits();
        self.venue.limits().iter().filter(move |limit| names.contains(&limit.name()))
    }

    fn weight(&self) -> u64 {
        let weight = match self.operation.weight() {
            Weight::Fixed(weight) => weight,
            Weight::ByParameter { when_present, otherwise, .. } => {
                let present = when_present.iter().filter(|(name, _)| self.given.iter().any(|given| given == name));
                present.map(|(_, weight)| *weight).max().unwrap_or(otherwise)
            }
            _ => 1,
        };
        u64::from(weight)
    }
}

fn banned(millis: i64) -> Rejection {
    Rejection::new(Refusal::Banned, "the address continued after the limit was used up").retry_after(seconds(millis))
}

/// Returns whole seconds, rounded up, at least one.
fn seconds(millis: i64) -> u64 {
    u64::try_from(millis).unwrap_or(0).div_ceil(1000).max(1)
}
