//! The place of a request in its limits, from the reservation to the end of its window.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::ledger::{Demand, Ledger};
use super::shared::{Held, SharedLimits};
use crate::state::Notice;

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

    /// Adds places in the store, and the nonce that came with them.
    pub(super) fn hold_in_store(&mut self, in_store: InStore) {
        // Nothing else has the place before the request goes out.
        if let Some(place) = Arc::get_mut(&mut self.place) {
            place.in_store = Some(Box::new(in_store));
        }
    }

    /// Returns the nonce that the shared state drew for this attempt.
    pub(crate) fn nonce(&self) -> Option<u64> {
        self.place.in_store.as_ref()?.held.nonce
    }

    /// Returns whether the request may still go out. Since the reservation, the venue may have
    /// closed a limit, or other programs may have used it up.
    pub(crate) fn is_sound(&self) -> bool {
        self.has_no_alarm() && self.place.in_store.as_ref().is_none_or(|places| places.held.is_recent())
    }

    fn has_no_alarm(&self) -> bool {
        self.alarms.is_none_or(|alarms| self.place.ledger.is_sound(&self.place.demand, alarms))
            && self.place.in_store.as_ref().is_none_or(|places| places.shared.is_sound(&places.held))
    }

    /// Marks the request as sent now. Its place counts until one window after the response.
    ///
    /// Returns `None`, and gives the place back, if the request may not be sent any more.
    pub(crate) fn depart(mut self) -> Option<InFlight> {
        // The age of a place in the store does not count here: a slow signer would never get ready.
        if !self.has_no_alarm() {
            return None;
        }
        self.has_departed = true;
        Some(InFlight(Arc::clone(&self.place)))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !self.has_departed {
            self.place.give_back();
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
            self.0.give_back();
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
    in_store: Option<Box<InStore>>,
}

/// Places in a store that several processes share.
#[derive(Debug)]
pub(super) struct InStore {
    shared: Arc<SharedLimits>,
    held: Held,
    /// The same places in the ledger of this process.
    copies: Demand,
}

impl InStore {
    pub(super) fn new(shared: Arc<SharedLimits>, held: Held, copies: Demand) -> Self {
        Self { shared, held, copies }
    }
}

impl Place {
    pub(super) fn new(ledger: Arc<Ledger>, demand: Demand, grace: Duration) -> Self {
        Self { ledger, demand, grace, is_over: AtomicBool::new(false), in_store: None }
    }

    fn end(&self, grace: Duration) {
        if !self.finish() {
            return;
        }
        self.ledger.end(&self.demand, grace);
        if let Some(InStore { shared, held, copies }) = self.in_store.as_deref() {
            self.ledger.end(copies, grace);
            if !held.places.is_empty() {
                shared.notify(Notice::Ended { places: held.places.clone(), grace });
            }
        }
    }

    /// Gives the places back, because they were not used.
    fn give_back(&self) {
        self.ledger.give_back(&self.demand);
        if let Some(InStore { shared, held, copies }) = self.in_store.as_deref() {
            self.ledger.give_back(copies);
            shared.give_back(held.places.clone());
        }
    }

    /// Marks the place as ended. Returns false if it had already ended.
    fn finish(&self) -> bool {
        !self.is_over.swap(true, Ordering::Relaxed)
    }
}
