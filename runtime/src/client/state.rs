//! The state that a client shares with its clones, and that the pipeline uses.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::base_url::BaseUrl;
use super::settings::Settings;
use crate::clock::learnt::VenueClock;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::json_rpc;
use crate::limits::Limits;
use crate::nonce::{Nonces, Stamp};
use crate::operation::operation::{Operation, Security};
use crate::operation::venue::Venue;
use crate::request::build::Target;
use crate::signer::Signer;
use crate::transport::departure::Departure;
use crate::transport::transport::Transport;
#[cfg(feature = "ws")]
use crate::ws::SocketTransport;

/// The state of a client. Its clones share it.
pub(crate) struct ClientState {
    pub(crate) venue: &'static Venue,
    pub(crate) base_url: BaseUrl,
    pub(crate) transport: Arc<dyn Transport>,
    /// The connections of a venue that is called over a WebSocket.
    #[cfg(feature = "ws")]
    pub(crate) socket: Option<SocketTransport>,
    pub(crate) signer: Option<Arc<dyn Signer>>,
    pub(crate) user_agent: http::HeaderValue,
    pub(crate) settings: Settings,
    pub(crate) limits: Limits,
    /// The permits of requests in flight; `None` if their number is not limited.
    pub(crate) in_flight: Option<Semaphore>,
    pub(crate) rpc_ids: json_rpc::Ids,
    /// The nonces of this client, for a signer without its own.
    pub(crate) own_nonces: Nonces,
    pub(crate) clock: VenueClock,
    /// Sends aborts to the calls in progress.
    pub(crate) aborts: watch::Sender<()>,
}

impl ClientState {
    /// Returns the client settings that a request needs.
    pub(crate) fn target(&self) -> Target<'_> {
        Target {
            origin: &self.base_url.origin_url,
            path: &self.base_url.path,
            prefix: &self.base_url.prefix,
            user_agent: &self.user_agent,
            accepts_gzip: self.settings.gzip,
            checks_bounds: self.settings.check_bounds,
            rpc_ids: &self.rpc_ids,
        }
    }

    /// Returns the nonces shared by all clients of this key, or this client's own if the signer has
    /// none.
    pub(crate) fn nonces(&self) -> &Nonces {
        self.signer.as_deref().and_then(Signer::nonces).unwrap_or(&self.own_nonces)
    }

    /// Returns the venue's time and the next nonce of the key. `drawn`: the nonce, if the shared
    /// state drew it.
    pub(crate) fn stamp(&self, drawn: Option<u64>) -> Result<Stamp, Error> {
        let time = self.clock.venue_time();
        if let Some(nonce) = drawn {
            self.nonces().raise(nonce);
            return Ok(Stamp::new(time, nonce));
        }
        let nonce = self.nonces().draw(time).ok_or_else(|| {
            Error::new(ErrorKind::Sign, Outcome::NotSent).with_message("the nonces of this key ran out")
        })?;
        Ok(Stamp::new(time, nonce))
    }

    /// Returns the largest nonce so far, if a call of this operation needs a nonce from the shared
    /// state.
    pub(crate) fn nonce_above(&self, operation: &Operation) -> Option<u64> {
        let is_unsigned = matches!(operation.security, Security::Public | Security::Login);
        if is_unsigned || self.limits.shared().is_none() {
            return None;
        }
        self.signer.as_deref().filter(|signer| signer.uses_nonces()).map(|_| self.nonces().last())
    }

    /// Returns the state of a request that is about to be sent, and whose call ends at `deadline`.
    pub(crate) fn departure(&self, deadline: Instant) -> Departure {
        if self.limits.shared().is_some() { Departure::until(deadline) } else { Departure::default() }
    }
}

impl fmt::Debug for ClientState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientState").field("venue", &self.venue.name).finish_non_exhaustive()
    }
}
