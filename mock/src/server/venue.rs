//! The handles of a running mock.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::task::AbortHandle;
use venuekit::Clock;
use venuekit::meta::VenueMeta;

use crate::engine::Engine;
use crate::fault::{Fault, FaultError};
use crate::fault_set::FaultSet;
use crate::record::{Log, Received};
use crate::state::PlacedOrder;

/// A mock of a venue on its own port. It stops when its last clone is dropped.
#[derive(Clone)]
pub struct MockVenue {
    pub(super) engine: Arc<Engine>,
    pub(super) url: String,
    pub(super) key: String,
    pub(super) secret: String,
    pub(super) log: Arc<Log>,
    pub(super) faults: Arc<FaultSet>,
    pub(super) _task: Arc<Task>,
}

impl fmt::Debug for MockVenue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let venue = self.engine.meta.venue.name();
        f.debug_struct("MockVenue").field("venue", &venue).field("url", &self.url).finish_non_exhaustive()
    }
}

impl MockVenue {
    /// Returns the metadata of the venue.
    pub fn meta(&self) -> &'static VenueMeta {
        self.engine.meta
    }

    /// Returns whether the mock has a profile of the venue beyond its spec. A mock without a
    /// profile checks no signatures, only that a call carries credentials, and keeps no orders.
    pub fn has_profile(&self) -> bool {
        self.engine.has_profile()
    }

    /// Returns the base URL for a client, with the path of the venue's own base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns a key that the venue accepts.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the secret of [`key`](Self::key).
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Returns the requests that the mock received, the oldest first. Only the latest are kept.
    pub fn requests(&self) -> Vec<Received> {
        self.engine.record.all()
    }

    /// Returns the kept requests, the oldest first, and removes them from the record.
    pub fn take_requests(&self) -> Vec<Received> {
        self.engine.record.take()
    }

    /// Returns the latest lines of the log. Each request has a line. The line of a refused request
    /// has the reason and, if the signature was wrong, the expected string to sign. The venues of a
    /// server share the log.
    pub fn log(&self) -> Vec<String> {
        self.log.lines()
    }

    /// Returns the placed orders, in no particular order.
    pub fn orders(&self) -> Vec<PlacedOrder> {
        self.engine.orders()
    }

    /// Lets the counterparty ([`Builder::counterparty`]) take a step: it quotes anew around a price
    /// that moved, and trades at random. Does nothing without a counterparty.
    ///
    /// [`Builder::counterparty`]: crate::Builder::counterparty
    pub fn step(&self) {
        self.engine.step();
    }

    /// Applies a fault to the next request of an operation, named by its id. Faults that are added
    /// for one operation are applied one after the other, each to one request.
    ///
    /// # Errors
    ///
    /// If the venue has no such operation.
    pub fn fail_next(&self, operation: &str, fault: Fault) -> Result<(), FaultError> {
        let before = self.faults.waiting(Some(self.meta().venue.name()));
        let before = before.iter().filter(|other| other.operation() == Some(operation));
        let before = before.filter_map(Fault::times).fold(0, u64::saturating_add);
        self.add_fault(fault.on(operation).at_most(1).skipping(before))
    }

    /// Adds a fault. It is applied to the requests at which it is aimed, until it is used up or
    /// [`clear_faults`](Self::clear_faults) removes it.
    ///
    /// # Errors
    ///
    /// If the fault is aimed at an operation that the venue does not have, or is for a WebSocket
    /// that the venue does not have.
    pub fn add_fault(&self, fault: Fault) -> Result<(), FaultError> {
        if let Some(id) = fault.operation().filter(|id| !self.engine.has_operation(id)) {
            let venue = self.meta().venue.name();
            return Err(FaultError::new(format!("{venue} has no operation `{id}`")));
        }
        if fault.is_of_socket() && self.meta().venue.socket().is_none() {
            let venue = self.meta().venue.name();
            return Err(FaultError::new(format!("`{fault}` is for a WebSocket, and {venue} is called over HTTP")));
        }
        self.faults.add(fault, Some(self.meta().venue.name()));
        Ok(())
    }

    /// Returns the faults that may still be applied, as text ([`Fault::aimed`]).
    pub fn faults(&self) -> Vec<String> {
        self.faults.waiting(Some(self.meta().venue.name())).iter().map(Fault::aimed).collect()
    }

    /// Removes the faults of this venue, and those of all venues of its port.
    pub fn clear_faults(&self) {
        self.faults.clear(Some(self.meta().venue.name()));
    }

    /// Resets orders, balances, nonces and the counts of the rate limits. The record of requests
    /// stays.
    pub fn reset(&self) {
        self.engine.reset();
    }

    /// Returns the clock of the venue without the offset, for clients that share the clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.engine.clock()
    }

    /// Sets the number of milliseconds by which the venue is ahead of its clock; negative: behind.
    pub fn set_clock_offset(&self, millis: i64) {
        self.engine.set_offset(millis);
    }
}

/// Several venues on one port, each under its name: `http://127.0.0.1:PORT/btse-spot/spot`.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) address: SocketAddr,
    pub(super) venues: Vec<MockVenue>,
}

impl Server {
    /// Returns the address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the venues.
    pub fn venues(&self) -> &[MockVenue] {
        &self.venues
    }

    /// Returns the venue of this name; `None` if the server has no such venue.
    pub fn venue(&self, name: &str) -> Option<&MockVenue> {
        self.venues.iter().find(|venue| venue.meta().venue.name() == name)
    }
}

/// A task that ends when its last owner is dropped.
#[derive(Debug)]
pub(super) struct Task(pub(super) AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
