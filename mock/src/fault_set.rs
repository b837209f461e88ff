//! The faults of running mocks: they can be aimed at an operation, counted, set and cleared.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::fault::{Fault, FaultError, Kind};
use crate::seed::Rng;

/// The maximum number of different header texts whose faults are counted.
const MAX_COUNTED: usize = 1024;

/// The operation at which faults of notifications can be aimed.
pub(crate) const NOTIFICATIONS: &str = "notifications";

/// Returns the number of a round of notifications on a connection. `connection` is the number of
/// the request that opened it. Rounds take no numbers of requests, because they come by the clock.
pub(crate) fn round(connection: u64, count: u64) -> u64 {
    !(connection.wrapping_mul(1_000_003).wrapping_add(count))
}

/// The faults of the mocks on one port.
#[derive(Debug)]
pub(crate) struct FaultSet {
    seed: u64,
    requests: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    armed: Vec<Armed>,
    /// The counted faults that requests ask for, by the text of the header.
    asked: HashMap<String, Armed>,
}

/// A fault and its counts.
#[derive(Clone, Debug)]
struct Armed {
    fault: Fault,
    /// The venue; `None` for all venues of the port.
    venue: Option<&'static str>,
    /// The requests so far at which it is aimed.
    matched: u64,
    /// The requests so far to which it was applied.
    struck: u64,
}

/// A request to which faults may be applied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// The number of the request, from 0. The faults of a request depend on it and the seed. A
    /// round of notifications has a number of its own kind ([`round`]).
    pub(crate) number: u64,
    pub(crate) venue: &'static str,
    /// The texts of the header `x-mock-fault`.
    pub(crate) asked: &'a [String],
}

impl Armed {
    fn new(fault: Fault, venue: Option<&'static str>) -> Self {
        Self { fault, venue, matched: 0, struck: 0 }
    }

    /// Counts a request, and returns whether the fault is applied to it. `drawn` is a random number
    /// from 0 to 1.
    fn strikes(&mut self, venue: &str, operation: Option<&str>, drawn: f64) -> bool {
        let is_elsewhere = self.venue.is_some_and(|wanted| wanted != venue);
        if is_elsewhere || self.fault.operation().is_some_and(|wanted| operation != Some(wanted)) {
            return false;
        }
        self.matched += 1;
        let is_due = self.matched > self.fault.after() && self.fault.times().is_none_or(|times| self.struck < times);
        let strikes = is_due && drawn < self.fault.share();
        self.struck += u64::from(strikes);
        strikes
    }

    /// Returns whether the fault will not be applied any more.
    fn is_spent(&self) -> bool {
        self.fault.times().is_some_and(|times| self.struck >= times)
    }
}

impl FaultSet {
    pub(crate) fn new(seed: u64, faults: Vec<Fault>) -> Self {
        let armed = faults.into_iter().map(|fault| Armed::new(fault, None)).collect();
        let state = Mutex::new(State { armed, asked: HashMap::new() });
        Self { seed, requests: AtomicU64::new(0), state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault for a venue, or for all.
    pub(crate) fn add(&self, fault: Fault, venue: Option<&'static str>) {
        self.state().armed.push(Armed::new(fault, venue));
    }

    /// Removes the faults of a venue and the counts of its headers; all if `venue` is `None`.
    pub(crate) fn clear(&self, venue: Option<&'static str>) {
        let mut state = self.state();
        state.armed.retain(|armed| venue.is_some() && armed.venue.is_some() && armed.venue != venue);
        state.asked.clear();
    }

    /// Returns the faults that may still be applied, in the order in which they were added.
    pub(crate) fn waiting(&self, venue: Option<&'static str>) -> Vec<Fault> {
        let is_here = |armed: &&Armed| venue.is_none() || armed.venue.is_none() || armed.venue == venue;
        let state = self.state();
        let waiting = state.armed.iter().filter(is_here).filter(|armed| !armed.is_spent());
        waiting.map(|armed| armed.fault.clone()).collect()
    }

    /// Returns the number of the next request.
    pub(crate) fn number(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns the faults that are applied before the body of a request is read.
    pub(crate) fn early(&self, target: Target<'_>) -> Result<Vec<Fault>, FaultError> {
        self.strike(target, None, |fault| fault.kind == Kind::ResetEarly)
    }

    /// Returns the faults that are applied to a request whose operation is known.
    pub(crate) fn late(&self, target: Target<'_>, operation: Option<&str>) -> Result<Vec<Fault>, FaultError> {
        self.strike(target, operation, |fault| fault.kind != Kind::ResetEarly && !fault.is_of_socket())
    }

    /// Returns whether a fault refuses the login of a connection.
    pub(crate) fn refuses_login(&self, target: Target<'_>, operation: &str) -> Result<bool, FaultError> {
        let struck = self.strike(target, Some(operation), |fault| fault.kind == Kind::RefuseLogin)?;
        Ok(!struck.is_empty())
    }

    /// Returns the faults that are applied to a round of notifications.
    pub(crate) fn of_round(&self, target: Target<'_>) -> Result<Vec<Fault>, FaultError> {
        self.strike(target, Some(NOTIFICATIONS), |fault| fault.kind.is_of_rounds())
    }

    /// Returns the faults to apply. A random number is drawn for each fault, in the same order for
    /// both parts of a request, so that the same seed gives the same faults.
    fn strike(
        &self,
        target: Target<'_>,
        operation: Option<&str>,
        is_now: impl Fn(&Fault) -> bool,
    ) -> Result<Vec<Fault>, FaultError> {
        let mut rng = Rng::of(&[self.seed, target.number]);
        let mut struck = Vec::new();
        let mut state = self.state();
        for armed in &mut state.armed {
            let drawn = rng.share();
            if is_now(&armed.fault) && armed.strikes(target.venue, operation, drawn) {
                struck.push(armed.fault.clone());
            }
        }
        for text in target.asked {
            let fault: Fault = text.parse()?;
            let drawn = rng.share();
            if !is_now(&fault) {
                continue;
            }
            let is_counted = fault.times().is_some() || fault.after() > 0;
            let strikes = if is_counted {
                if state.asked.len() >= MAX_COUNTED && !state.asked.contains_key(text) {
                    return Err(FaultError::new("too many different faults with `times=` or `after=` were asked for"));
                }
                let armed = state.asked.entry(text.clone()).or_insert_with(|| Armed::new(fault.clone(), None));
                armed.strikes(target.venue, operation, drawn)
            } else {
                Armed::new(fault.clone(), None).strikes(target.venue, operation, drawn)
            };
            if strikes {
                struck.push(fault);
            }
        }
        Ok(struck)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the numbers of the requests to which a fault is applied. The operations alternate
    /// between `a` and `b`.
    fn struck(set: &FaultSet, asked: &[String]) -> Vec<u64> {
        let operation = |number: u64| if number.is_multiple_of(2) { "a" } else { "b" };
        let strikes = |number: &u64| {
            let target = Target { number: *number, venue: "v", asked };
            !set.late(target, Some(operation(*number))).unwrap().is_empty()
        };
        (0..12).filter(strikes).collect()
    }

    fn of(fault: &str) -> FaultSet {
        FaultSet::new(7, vec![fault.parse().unwrap()])
    }

    #[test]
    fn a_fault_is_aimed_at_an_operation_and_counted() {
        for (fault, expected) in [
            ("cut", (0..12).collect::<Vec<_>>()),
            ("cut,times=2", vec![0, 1]),
            ("cut,after=9", vec![9, 10, 11]),
            ("cut,on=b", vec![1, 3, 5, 7, 9, 11]),
            ("cut,on=b,after=2,times=2", vec![5, 7]),
            ("cut,on=c", vec![]),
            ("cut,share=0", vec![]),
        ] {
            assert_eq!(struck(&of(fault), &[]), expected, "{fault}");
            let asked = FaultSet::new(7, Vec::new());
            assert_eq!(struck(&asked, &[fault.to_owned()]), expected, "asked for {fault}");
        }
        // A share decides among the requests at which the fault is aimed.
        let some = struck(&of("cut,on=b,share=0.5,times=2"), &[]);
        let are_aimed = some.iter().all(|number| !number.is_multiple_of(2));
        assert!((1..=2).contains(&some.len()) && are_aimed, "{some:?}");
    }

    #[test]
    fn a_fault_of_one_venue_stays_there_and_is_listed_until_it_is_spent() {
        let set = of("hang,times=1");
        set.add("cut,times=1".parse().unwrap(), Some("v"));
        set.add("503".parse().unwrap(), Some("w"));
        let waiting = |venue| set.waiting(venue).iter().map(Fault::aimed).collect::<Vec<_>>();
        assert_eq!(waiting(Some("v")), ["hang,times=1", "cut,times=1"]);
        assert_eq!(waiting(None), ["hang,times=1", "cut,times=1", "503"]);
        assert_eq!(struck(&set, &[]), [0]);
        assert_eq!(waiting(None), ["503"]);
        set.clear(Some("v"));
        assert_eq!(waiting(None), ["503"]);
        set.clear(None);
        assert_eq!(waiting(None), [""; 0]);
    }

    #[test]
    fn the_number_of_counted_headers_is_bounded() {
        let set = FaultSet::new(0, Vec::new());
        let ask = |times: usize| {
            set.late(Target { number: 0, venue: "v", asked: &[format!("cut,times={times}")] }, None).is_ok()
        };
        assert!((1..=MAX_COUNTED).all(ask) && ask(1) && !ask(MAX_COUNTED + 1));
    }
}
