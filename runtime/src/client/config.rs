//! The settings from which a client is built.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use super::Client;
use super::base_url::BaseUrl;
use super::hosts;
use super::settings::Settings;
use super::state::ClientState;
use crate::clock::learnt::VenueClock;
use crate::clock::{Clock, SystemClock};
use crate::error::Error;
use crate::json_rpc;
use crate::limits::Limits;
use crate::limits::closing::Policy;
use crate::limits::scope::{Egress, KeyLimits, Scope};
use crate::nonce::Nonces;
use crate::operation::venue::{Environment, Venue};
use crate::signer::Signer;
use crate::state::{KeyDigest, SharedState};
#[cfg(feature = "reqwest")]
use crate::transport::http_transport::{HttpSettings, HttpTransport};
use crate::transport::transport::Transport;
#[cfg(feature = "ws")]
use crate::ws::{SocketSettings, SocketTransport};

/// The settings from which a client is built. The methods of builders set them.
#[doc(hidden)]
#[non_exhaustive]
pub struct ClientConfig {
    pub venue: &'static Venue,
    pub base_url: Option<String>,
    pub environment: Environment,
    pub user_agent: Option<String>,
    pub settings: Settings,
    pub max_in_flight: usize,
    #[cfg(feature = "reqwest")]
    pub http: Option<reqwest::ClientBuilder>,
    #[cfg(feature = "reqwest")]
    pub http_settings: HttpSettings,
    #[cfg(feature = "ws")]
    pub socket: SocketSettings,
    pub transport: Option<Arc<dyn Transport>>,
    pub signer: Option<Arc<dyn Signer>>,
    pub clock: Arc<dyn Clock>,
    pub limit_policy: Policy,
    pub egress: Option<String>,
    pub state: Option<SharedState>,
}

impl ClientConfig {
    /// Returns the defaults.
    pub fn new(venue: &'static Venue) -> Self {
        Self {
            venue,
            base_url: None,
            environment: Environment::Production,
            user_agent: None,
            settings: Settings::default(),
            max_in_flight: 100,
            #[cfg(feature = "reqwest")]
            http: None,
            #[cfg(feature = "reqwest")]
            http_settings: HttpSettings::default(),
            #[cfg(feature = "ws")]
            socket: SocketSettings::default(),
            transport: None,
            signer: None,
            clock: Arc::new(SystemClock),
            limit_policy: Policy::default(),
            egress: None,
            state: None,
        }
    }

    /// Builds the client.
    ///
    /// # Errors
    /// When a setting is not valid.
    pub fn build(self) -> Result<Client, Error> {
        let venue = self.venue;
        let base_url = match (&self.base_url, venue.server(self.environment)) {
            (Some(url), _) => {
                let base_url = BaseUrl::parse(url, venue.socket.is_some())?;
                hosts::check_path(venue, &base_url)?;
                base_url
            }
            (None, Some(url)) => BaseUrl::parse(url, venue.socket.is_some())?,
            (None, None) => {
                let (name, environment) = (venue.name, self.environment);
                return Err(Error::settings(format!(
                    "{name} has no public {environment} host: give its URL by base_url(..)"
                )));
            }
        };
        hosts::check_signing(venue, &base_url, self.signer.as_deref())?;
        if let Some(window) = self.settings.recv_window {
            venue.check_recv_window(window).map_err(Error::settings)?;
        }
        let user_agent = self.user_agent.unwrap_or_else(|| {
            format!("{}/{} venuekit/{}", venue.package, venue.package_version, env!("CARGO_PKG_VERSION"))
        });
        let user_agent = http::HeaderValue::try_from(user_agent)
            .map_err(|error| Error::settings("the user agent is not a valid header value").with_source(error))?;
        let egress = match (self.egress, &self.transport) {
            (Some(name), _) => Egress::Named(name),
            (None, Some(_)) => Egress::unknown(),
            #[cfg(feature = "reqwest")]
            (None, None) => Egress::through(self.http_settings.proxy.as_deref(), &base_url.origin),
            #[cfg(not(feature = "reqwest"))]
            (None, None) => Egress::unknown(),
        };
        #[cfg(feature = "ws")]
        let socket = match (&self.transport, venue.socket) {
            (None, Some(_)) => {
                let mut settings = self.socket;
                settings.user_agent = user_agent.to_str().ok().map(str::to_owned);
                settings.max_message_bytes = self.settings.max_response_bytes;
                let url = format!("{}{}", base_url.origin, base_url.path);
                Some(SocketTransport::for_venue(&url, settings, venue)?)
            }
            _ => None,
        };
        #[cfg(not(feature = "ws"))]
        if self.transport.is_none() && venue.socket.is_some() {
            let message = "the venue is called over a WebSocket; help: turn on the feature `ws`";
            return Err(Error::settings(message));
        }
        let transport: Arc<dyn Transport> = match self.transport {
            Some(transport) => transport,
            #[cfg(feature = "ws")]
            None if socket.is_some() => Arc::new(socket.clone().ok_or_else(|| Error::settings("no socket"))?),
            #[cfg(feature = "reqwest")]
            None => Arc::new(match self.http {
                Some(http) => HttpTransport::new(http, self.http_settings)?,
                None => HttpTransport::with_settings(self.http_settings)?,
            }),
            #[cfg(not(feature = "reqwest"))]
            None => {
                let message =
                    "the client has no transport; help: give a transport(..), or turn on the feature `reqwest`";
                return Err(Error::settings(message));
            }
        };
        // The rate limits of the key are this client's own if the signer has none.
        let own = KeyLimits::new();
        let key = self.signer.as_deref().map(|signer| signer.limits().unwrap_or(&own));
        let scope = Scope { key, origin: &base_url.origin, egress: &egress };
        let shared = match self.state {
            None => None,
            Some(state) => Some((state, key_digest(self.signer.as_deref())?)),
        };
        let limits = Limits::new(venue, &scope, self.limit_policy, shared);
        let clock = VenueClock::new(venue.name, self.clock, self.settings.max_clock_offset);
        let state = ClientState {
            venue,
            base_url,
            transport,
            #[cfg(feature = "ws")]
            socket,
            signer: self.signer,
            user_agent,
            settings: self.settings,
            limits,
            in_flight: (self.max_in_flight > 0).then(|| Semaphore::new(self.max_in_flight.min(Semaphore::MAX_PERMITS))),
            rpc_ids: json_rpc::Ids::default(),
            own_nonces: Nonces::new(),
            clock,
            aborts: watch::Sender::new(()),
        };
        let state = Arc::new(state);
        #[cfg(feature = "ws")]
        super::login::attach(&state);
        Ok(Client { state })
    }
}

/// Returns the hash of the key, by which the shared state tells keys apart.
fn key_digest(signer: Option<&dyn Signer>) -> Result<Option<KeyDigest>, Error> {
    let Some(signer) = signer else { return Ok(None) };
    let digest = signer.key_digest().ok_or_else(|| {
        let help = "implement `Signer::key_digest`";
        Error::settings(format!("the shared state cannot tell the key of these credentials from others; help: {help}"))
    })?;
    Ok(Some(digest))
}

impl fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `build` refuses a URL with a password, but a log may show this value before `build`.
        let shown = |url: &String| {
            BaseUrl::parse(url, self.venue.socket.is_some()).map_or_else(|_| "<unusable>".to_owned(), |base| base.text)
        };
        f.debug_struct("ClientConfig")
            .field("venue", &self.venue.name)
            .field("base_url", &self.base_url.as_ref().map(shown))
            .field("environment", &self.environment)
            .field("settings", &self.settings)
            .field("credentials", &self.signer.is_some())
            .finish_non_exhaustive()
    }
}
