//! The counters of all venues in this process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::ledger::Ledger;

/// Returns the counters of a venue in this process.
pub(super) fn ledger(venue: &'static str) -> Arc<Ledger> {
    static LEDGERS: Mutex<BTreeMap<&'static str, Arc<Ledger>>> = Mutex::new(BTreeMap::new());

    let mut ledgers = LEDGERS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(ledgers.entry(venue).or_default())
}
