//! Limits and nonces that several processes share.
//!
//! By default, a client keeps the venue's limits and the nonces of its key in the memory of its
//! process. Processes that use one key, or send from one address, count separately then. A
//! [`StateStore`] holds the state for all of them; the crate `venuekit-redis` has one for Redis and
//! Valkey. [`ClientBuilder::state`](crate::ClientBuilder::state) sets it.
//!
//! - Limits that the venue counts per key are shared by all clients of the key.
//! - Limits that the venue counts per address are shared by clients with the same named
//!   [`egress`](crate::ClientBuilder::egress). Without a name, they are counted per process.
//! - Nonces of a key rise strictly over all processes, in the order in which they are drawn.
//! - [`one_signed_request_at_a_time`](crate::ClientBuilder::one_signed_request_at_a_time) holds
//!   over all processes.
//!
//! Times are those of the store's clock, so the clocks of the processes need not agree.
//!
//! # A store of your own
//!
//! A store implements four methods. The runtime decides who waits, for how long, and what happens
//! if the store is away; the store only reserves, atomically, and remembers.
//!
//! ```
//! use std::sync::Mutex;
//! use std::sync::Arc;
//! use venuekit::state::{
//!     Later, Notice, Reservation, Reserved, Grant, SharedLimit, SharedReadings, SharedState,
//!     StateStore, LaterReason,
//! };
//! use venuekit::{BoxError, BoxFuture};
//!
//! /// A store that lets one request of all processes go at a time, whatever the limits.
//! #[derive(Debug, Default)]
//! struct OneAtATime {
//!     holder: Mutex<Option<venuekit::state::ReservationId>>,
//! }
//!
//! impl StateStore for OneAtATime {
//!     fn reserve<'a>(
//!         &'a self,
//!         asked: &'a Reservation,
//!     ) -> BoxFuture<'a, Result<Reserved, BoxError>> {
//!         Box::pin(async move {
//!             let mut holder = self.holder.lock().map_err(|_| "a thread panicked")?;
//!             let now = std::time::SystemTime::now();
//!             if holder.is_some_and(|other| other != asked.id()) {
//!                 let wait = std::time::Duration::from_millis(5);
//!                 return Ok(Reserved::Later(Later::new(LaterReason::Turn, wait)));
//!             }
//!             *holder = Some(asked.id());
//!             let mut grant = Grant::new(now);
//!             if asked.nonce().is_some() {
//!                 let since_1970 = now.duration_since(std::time::UNIX_EPOCH)?;
//!                 grant = grant.with_nonce(since_1970.as_millis() as u64);
//!             }
//!             Ok(Reserved::Granted(grant))
//!         })
//!     }
//!
//!     fn notify(&self, notice: Notice) {
//!         if let (Notice::Ended { .. } | Notice::GivenBack { .. }, Ok(mut holder)) =
//!             (notice, self.holder.lock())
//!         {
//!             *holder = None;
//!         }
//!     }
//!
//!     fn read<'a>(
//!         &'a self,
//!         limits: &'a [Arc<SharedLimit>],
//!     ) -> BoxFuture<'a, Result<SharedReadings, BoxError>> {
//!         let readings = limits.iter().map(|_| Default::default()).collect();
//!         Box::pin(async { Ok(SharedReadings::new(std::time::SystemTime::now(), readings)) })
//!     }
//!
//!     fn flush(&self) -> BoxFuture<'_, Result<(), BoxError>> {
//!         Box::pin(async { Ok(()) })
//!     }
//! }
//!
//! let state = SharedState::new(OneAtATime::default());
//! // let client = venuekit_btse_spot::Client::builder().state(state).build()?;
//! # drop(state);
//! ```

mod digest;
mod settings;
mod store;

pub use digest::KeyDigest;
pub use settings::{LocalShare, SharedState, WhenAway};
pub use store::{
    Grant, Later, LaterReason, Notice, Reservation, ReservationId, Reserved, SharedLimit, SharedReading,
    SharedReadings, StateStore, StoredPlace, WantedNonce, WantedPlace,
};
