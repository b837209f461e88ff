//! The turn of a signed request, if the signed requests of a key are sent one after the other.

use tokio::sync::OwnedSemaphorePermit;

use crate::limits::shared::TurnLease;

/// The turn of a request among those of its key. It ends when the value is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    // The turn among all processes ends first. Otherwise the next request of this process would
    // find it taken.
    lease: Option<TurnLease>,
    _in_process: OwnedSemaphorePermit,
}

impl Turn {
    /// `lease`: the turn among all processes, if the state is shared.
    pub(crate) fn new(in_process: OwnedSemaphorePermit, lease: Option<TurnLease>) -> Self {
        Self { lease, _in_process: in_process }
    }

    /// Returns the nonce that the shared state drew for this turn.
    pub(crate) fn nonce(&self) -> Option<u64> {
        self.lease.as_ref()?.nonce
    }
}
