//! The place of a request in its limits, from the reservation to the end of its window.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::ledger::{Demand, Ledger};

/// A place in every limit that an operation counts against, for a request that was not yet sent.
///
/// The place is given back when the permit is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    place: Arc<Place>,
    /// The number of alarms of the ledger when the place was reserved; `None` if it was taken
    /// without a check for room.
    alarms: Option<u64>,
    has_departed: bool,
}

impl Permit {
    pub(super) fn new(place: Place, alarms: Option<u64>) -> Self {
        Self { place: Arc::new(place), alarms, has_departed: false }
    }

    /// Returns whether the request may still go out. Since the reservation, the venue may have
    /// closed a limit, or other programs may have used it up.
    pub(crate) fn is_sound(&self) -> bool {
        self.alarms.is_none_or(|alarms| self.place.ledger.is_sound(&self.place.demand, alarms))
    }

    /// Marks the request as sent now. Its place counts until one window after the response.
    ///
    /// Returns `None`, and gives the place back, if the request may not be sent any more.
    pub(crate) fn depart(mut self) -> Option<InFlight> {
        if !self.is_sound() {
            return None;
        }
        self.has_departed = true;
        Some(InFlight(Arc::clone(&self.place)))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !self.has_departed {
            self.place.ledger.give_back(&self.place.demand);
        }
    }
}

/// The place of a request in flight. If it is dropped, no response has come: the request may still
/// arrive within the grace period.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Place>);

impl InFlight {
    /// Returns the notice by which the transport reports that the response has begun.
    pub(crate) fn notice(&self) -> ResponseNotice {
        ResponseNotice(Arc::clone(&self.0))
    }

    /// Ends the place one window from now, because a response came.
    pub(crate) fn got_response(self) {
        self.0.end(Duration::ZERO);
    }

    /// Gives the place back, because nothing was sent.
    pub(crate) fn not_sent(self) {
        if self.0.finish() {
            self.0.ledger.give_back(&self.0.demand);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.end(self.0.grace);
    }
}

/// Reports to the limits that the response has begun, as soon as the transport knows.
#[derive(Debug)]
pub(crate) struct ResponseNotice(Arc<Place>);

impl ResponseNotice {
    pub(crate) fn response_began(self) {
        self.0.end(Duration::ZERO);
    }
}

/// Places that were taken together, and end together exactly once.
#[derive(Debug)]
pub(super) struct Place {
    ledger: Arc<Ledger>,
    demand: Demand,
    grace: Duration,
    is_over: AtomicBool,
}

impl Place {
    pub(super) fn new(ledger: Arc<Ledger>, demand: Demand, grace: Duration) -> Self {
        Self { ledger, demand, grace, is_over: AtomicBool::new(false) }
    }

    fn end(&self, grace: Duration) {
        if self.finish() {
            self.ledger.end(&self.demand, grace);
        }
    }

    /// Marks the place as ended. Returns false if it had already ended.
    fn finish(&self) -> bool {
        !self.is_over.swap(true, Ordering::Relaxed)
    }
}
