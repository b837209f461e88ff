//! The state that all connections to a port share.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::Engine;
use crate::fault::{Fault, FaultError};
use crate::fault_set::FaultSet;
use crate::record::Log;

/// The venues on a port, and the faults of their connections.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) engines: Vec<Arc<Engine>>,
    pub(super) faults: Arc<FaultSet>,
    /// The time between two rounds of notifications.
    pub(super) stream_interval: Duration,
    pub(super) log: Arc<Log>,
}

impl Shared {
    /// Returns a fault by its text. Returns an error if it is aimed at an operation that no venue
    /// of the port has.
    pub(super) fn fault(&self, text: &str) -> Result<Fault, String> {
        let fault: Fault = text.parse().map_err(|error: FaultError| error.to_string())?;
        if fault.is_of_socket() && !self.engines.iter().any(|engine| engine.meta.venue.socket().is_some()) {
            return Err(format!("`{text}` is for a WebSocket, and no venue of this server has one"));
        }
        match fault.operation().filter(|id| !self.engines.iter().any(|engine| engine.has_operation(id))) {
            Some(id) => Err(format!("no venue of this server has an operation `{id}`")),
            None => Ok(fault),
        }
    }
}
