//! The client that all generated clients wrap.
//!
//! - `builder`: the builder of a client
//! - `config`: the settings from which a client is built
//! - `settings`: the settings of a client that concern its calls
//! - `base_url`: the URL under which operations are called
//! - `login`: the login of a connection over a WebSocket (feature `ws`)
//! - `hosts`: checks of the base URL and the credentials
//! - `state`: the state that the clones of a client share, and that the pipeline uses

pub(crate) mod base_url;
pub(crate) mod builder;
pub(crate) mod config;
mod hosts;
#[cfg(feature = "ws")]
mod login;
pub(crate) mod settings;
pub(crate) mod state;

use std::fmt;
use std::sync::Arc;

use crate::clock::ClockOffset;
use crate::error::Error;
use crate::limits::snapshot::LimitsSnapshot;
use crate::operation::venue::Venue;
use crate::pipeline;
use crate::request::signable::is_this_machine;
use state::ClientState;

/// The client of a venue, without the venue's operations. Generated clients wrap it.
///
/// It is cheap to clone; clones share connections and counters.
#[derive(Clone)]
pub struct Client {
    pub(crate) state: Arc<ClientState>,
}

impl Client {
    /// Returns the venue that this client calls.
    pub fn venue(&self) -> &'static Venue {
        self.state.venue
    }

    /// Returns the URL under which operations are called, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.state.base_url.text
    }

    /// Returns the offset of the venue's clock from the local clock, as far as this client knows
    /// it. The times in requests include this offset.
    pub fn clock_offset(&self) -> ClockOffset {
        self.state.clock.offset()
    }

    /// Asks the venue for its time, and uses it in requests from now on.
    ///
    /// The spec names the operation to call, which may need a signature. If the venue responds with
    /// an error, the `Date` header of that response is used, which is exact to a second. So an `Ok`
    /// does not prove that the venue accepts the key.
    ///
    /// # Errors
    ///
    /// When the venue has no such operation, when the call fails without a usable `Date`, when its
    /// response has no time at the place that the spec states, or when the time differs too much
    /// from the client's (see [`max_clock_offset`](crate::ClientBuilder::max_clock_offset)).
    pub async fn sync_clock(&self) -> Result<ClockOffset, Error> {
        pipeline::sync_clock(&self.state, None).await
    }

    /// Returns how much of each rate limit of the venue is used, and the time until which it is
    /// closed.
    ///
    /// The counts cover all clients that share the limits: see
    /// [`ClientBuilder::throttle`](crate::ClientBuilder::throttle). With a shared state
    /// ([`ClientBuilder::state`](crate::ClientBuilder::state)), they cover all processes, and
    /// [`LimitState::shared_at`](crate::LimitState::shared_at) is their date.
    pub async fn limits(&self) -> LimitsSnapshot {
        self.state.limits.snapshot(self.state.clock.own_time()).await
    }

    /// Reopens a rate limit that the venue closed by a 429 or 418. Forgets the additional use that
    /// the venue's headers reported. The requests of all clients that share the limit still count.
    /// Returns whether the venue has a limit of this name.
    ///
    /// Use it if you know more than the client: the venue has lifted a ban, or a cancel has to be
    /// tried now. Requests that wait for the limit go out at once. If the venue still refuses them,
    /// the limit closes again, and a venue may lengthen a ban for each request during it.
    pub async fn reopen_limit(&self, name: &str) -> bool {
        self.state.limits.reopen(Some(name)).await
    }

    /// Reopens all rate limits of this client, and of the clients that share them: see
    /// [`reopen_limit`](Self::reopen_limit).
    ///
    /// ```no_run
    /// # async fn example(client: venuekit::Client) {
    /// // The venue says that the ban is over.
    /// client.reopen_limits().await;
    /// # }
    /// ```
    pub async fn reopen_limits(&self) {
        self.state.limits.reopen(None).await;
    }

    /// Aborts all calls of this client and its clones that are not done yet.
    ///
    /// Each of them ends with an error of the kind [`Aborted`](crate::ErrorKind::Aborted). Its
    /// outcome is [`NotSent`](crate::Outcome::NotSent) if no attempt was sent, and
    /// [`Unknown`](crate::Outcome::Unknown) if an attempt may have been executed. If all attempts
    /// so far were refused, the outcome is the one of the last attempt. Later calls are not
    /// affected, so that a program that has to end can still cancel its orders.
    pub fn abort_calls(&self) {
        self.state.aborts.send_replace(());
    }

    /// Returns the state of each connection, if the venue is called over a WebSocket.
    #[cfg(feature = "ws")]
    pub fn connections(&self) -> Vec<crate::ws::ConnectionState> {
        self.state.socket.as_ref().map(crate::ws::SocketTransport::connections).unwrap_or_default()
    }

    /// Returns whether requests stay on this machine: the host of the base URL is `localhost`, or a
    /// loopback address.
    pub fn is_on_this_machine(&self) -> bool {
        is_this_machine(&self.state.base_url.origin_url)
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
