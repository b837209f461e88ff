//! A store with the settings of the program that uses it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::store::StateStore;
use crate::error::outcome::BoxError;

/// What a call does if the store cannot be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenAway {
    /// It is not sent. Its error has the outcome [`NotSent`](crate::Outcome::NotSent), the kind
    /// [`State`](crate::ErrorKind::State), and the cause.
    #[default]
    Refuse,
    /// It takes its places from the part of the limits that is withheld for this process:
    /// [`SharedState::local_share`]. A call that needs a nonce or a turn from the store is refused
    /// all the same, because a nonce is never drawn locally.
    Local,
}

/// The part of each limit that the processes may use while the store is away.
///
/// The store never gives this part, so that the sum of all never exceeds the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalShare {
    percent: u8,
    processes: u32,
}

impl LocalShare {
    /// Withholds `percent` of each limit, in equal parts for `processes` processes. A limit that is
    /// too small for one part each has no local part, and nothing of it is withheld.
    ///
    /// All programs that share the limits need the same values, and there may be no more processes
    /// than the number says: nobody counts them while the store is away.
    pub const fn new(percent: u8, processes: u32) -> Self {
        Self { percent, processes }
    }

    /// Returns the part of one process, and the part that is withheld for all, of a limit.
    pub(crate) fn of(self, limit: u64) -> (u64, u64) {
        let processes = u64::from(self.processes.max(1));
        let withheld =
            limit / 100 * u64::from(self.percent.min(100)) + limit % 100 * u64::from(self.percent.min(100)) / 100;
        let part = withheld / processes;
        (part, part * processes)
    }
}

/// A store with settings. Clones share the store.
#[derive(Clone)]
pub struct SharedState {
    pub(crate) store: Arc<dyn StateStore>,
    pub(crate) settings: Arc<StateSettings>,
}

#[derive(Clone, Debug)]
pub(crate) struct StateSettings {
    pub(crate) timeout: Duration,
    pub(crate) signed: WhenAway,
    pub(crate) public: WhenAway,
    pub(crate) local_share: Option<LocalShare>,
    pub(crate) batches: BTreeMap<String, u64>,
    pub(crate) batch_lasts: Duration,
}

impl SharedState {
    /// Uses a store. By default, a request to the store may take a second, and no call is sent
    /// while the store is away.
    pub fn new(store: impl StateStore + 'static) -> Self {
        let settings = StateSettings {
            timeout: Duration::from_secs(1),
            signed: WhenAway::Refuse,
            public: WhenAway::Refuse,
            local_share: None,
            batches: BTreeMap::new(),
            batch_lasts: Duration::from_secs(1),
        };
        Self { store: Arc::new(store), settings: Arc::new(settings) }
    }

    /// Sets the longest time of one request to the store. After it, the store counts as away. The
    /// timeout of a call bounds it too.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).timeout = timeout;
        self
    }

    /// Sets what calls with credentials do while the store is away.
    #[must_use]
    pub fn when_away(mut self, signed: WhenAway) -> Self {
        Arc::make_mut(&mut self.settings).signed = signed;
        self
    }

    /// Sets what calls without credentials do while the store is away.
    #[must_use]
    pub fn public_when_away(mut self, public: WhenAway) -> Self {
        Arc::make_mut(&mut self.settings).public = public;
        self
    }

    /// Sets the part of each limit that is withheld from the store, for [`WhenAway::Local`].
    #[must_use]
    pub fn local_share(mut self, share: LocalShare) -> Self {
        Arc::make_mut(&mut self.settings).local_share = Some(share);
        self
    }

    /// Leases places of a limit in batches of this weight, so that most calls need no request to
    /// the store. The limit has this name in the spec.
    ///
    /// It holds for calls whose limits are all leased in batches, and that need no nonce. Places of
    /// a batch count in the store as soon as they are leased; those that are not used within a
    /// second ([`batch_lasts`](Self::batch_lasts)) are given back. A process learns of a closing by
    /// another process when it leases the next batch.
    #[must_use]
    pub fn batch(mut self, limit: impl Into<String>, weight: u64) -> Self {
        Arc::make_mut(&mut self.settings).batches.insert(limit.into(), weight);
        self
    }

    /// Sets how long the places of a batch can be used after they were leased.
    #[must_use]
    pub fn batch_lasts(mut self, time: Duration) -> Self {
        Arc::make_mut(&mut self.settings).batch_lasts = time;
        self
    }

    /// Waits until the store has all notices so far. A program that ends calls it; without it, the
    /// places of its last requests count until they end by themselves.
    ///
    /// # Errors
    ///
    /// When the store is away.
    pub async fn flush(&self) -> Result<(), BoxError> {
        match tokio::time::timeout(self.settings.timeout, self.store.flush()).await {
            Ok(flushed) => flushed,
            Err(_) => Err("the shared state did not respond in time".into()),
        }
    }
}

impl fmt::Debug for SharedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedState").field("store", &self.store).field("settings", &self.settings).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_all_processes_are_withheld_and_never_more_than_the_limit() {
        assert_eq!(LocalShare::new(20, 8).of(1_200), (30, 240));
        assert_eq!(LocalShare::new(20, 8).of(10), (0, 0), "too small for a part each");
        assert_eq!(LocalShare::new(255, 0).of(7), (7, 7));
        let (part, withheld) = LocalShare::new(100, 3).of(u64::MAX);
        assert!(withheld == part * 3 && part > 0);
    }
}
