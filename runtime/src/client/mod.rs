//! The client that all generated ones wrap.
//!
//! - `builder`: its builder
//! - `config`: the settings that it is built from
//! - `settings`: what it was told about its calls
//! - `base_url`: where operations are called
//! - `state`: what its clones share, and the pipeline works on

pub(crate) mod base_url;
pub(crate) mod builder;
pub(crate) mod config;
pub(crate) mod settings;
pub(crate) mod state;

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::clock::ClockOffset;
use crate::error::Error;
use crate::limits::snapshot::LimitsSnapshot;
use crate::operation::venue::Venue;
use crate::pipeline;
use crate::request::signable::is_this_machine;
use state::ClientState;

/// The client of a venue, without the venue's operations. Generated clients wrap it.
///
/// Cheap to clone; clones share connections and counters.
#[derive(Clone)]
pub struct Client {
    pub(crate) state: Arc<ClientState>,
}

impl Client {
    /// Returns the venue that this client calls.
    pub fn venue(&self) -> &'static Venue {
        self.state.venue
    }

    /// Returns the URL under which operations are called, without a trailing slash for HTTP venues.
    pub fn base_url(&self) -> &str {
        &self.state.base_url.text
    }

    /// Returns how far the venue's clock is ahead of ours, as far as this client has learnt.
    /// Requests state the time with it.
    pub fn clock_offset(&self) -> ClockOffset {
        self.state.clock.offset()
    }

    /// Asks the venue for its time, and states that in requests from now on.
    ///
    /// The operation is the one that the spec names. Where it has to be signed itself and the clock
    /// is so far off that the venue refuses it, the `Date` of that response is taken: it is right
    /// to a second.
    ///
    /// # Errors
    /// When the venue has no such operation, when it fails, or when its response has no time where
    /// the spec says.
    pub async fn sync_clock(&self) -> Result<ClockOffset, Error> {
        pipeline::sync_clock(&self.state, None).await
    }

    /// Returns how much of each rate limit of the venue is used, and until when it is closed.
    ///
    /// The counts are those of all clients that share the limits: see
    /// [`ClientBuilder::throttle`](crate::ClientBuilder::throttle).
    pub async fn limits(&self) -> LimitsSnapshot {
        self.state.limits.snapshot(self.state.clock.own_time())
    }

    /// Opens a rate limit again that the venue closed by a 429 or 418, and forgets what its headers
    /// said is used by others. Our own requests still count. Returns whether the venue has a limit
    /// of this name.
    pub async fn reopen_limit(&self, name: &str) -> bool {
        self.state.limits.reopen(Some(name))
    }

    /// Opens all rate limits again: see [`reopen_limit`](Self::reopen_limit).
    pub async fn reopen_limits(&self) {
        self.state.limits.reopen(None);
    }

    /// Ends all calls that were made by this client and its clones, and are not done yet.
    ///
    /// Each ends with an error of the kind [`Aborted`](crate::ErrorKind::Aborted), whose outcome is
    /// as for any failure: not sent if nothing left, unknown if something may have left. Later
    /// calls are not concerned, so that a program that has to end can still cancel its orders.
    pub fn abort_calls(&self) {
        self.state.aborts.send_replace(());
    }

    /// Returns whether requests stay on this machine: the host of the base URL is `localhost`, or a
    /// loopback address.
    pub fn is_on_this_machine(&self) -> bool {
        Url::parse(&self.state.base_url.origin).is_ok_and(|url| is_this_machine(&url))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("venue", &self.state.venue.name)
            .field("base_url", &self.state.base_url.text)
            .field("credentials", &self.state.signer.is_some())
            .finish_non_exhaustive()
    }
}
