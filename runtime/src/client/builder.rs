//! The builder of a client.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use super::base_url::BaseUrl;
use super::settings::Settings;
use super::state::ClientState;
use super::{Client, VenueClient};
use crate::clock::learnt::VenueClock;
use crate::clock::{Clock, SystemClock};
use crate::error::Error;
use crate::json_rpc;
use crate::limits::closing::Policy;
use crate::limits::scope::{Egress, KeyLimits, Scope};
use crate::limits::{Limits, Throttle};
use crate::nonce::Nonces;
use crate::operation::venue::{Environment, Venue};
use crate::retry::Retry;
use crate::signer::Signer;
#[cfg(feature = "reqwest")]
use crate::transport::http_transport::{HttpSettings, HttpTransport};
use crate::transport::transport::Transport;

/// Builds the client of a venue.
///
/// Settings that are not given: production host, 10 s for a whole call, 5 s to connect, three attempts, answers up to 16 MiB, waiting where a limit
/// is used up, 100 requests in flight, no proxy.
pub struct ClientBuilder<C> {
    venue: &'static Venue,
    base_url: Option<String>,
    environment: Environment,
    user_agent: Option<String>,
    settings: Settings,
    max_in_flight: usize,
    #[cfg(feature = "reqwest")]
    http: Option<reqwest::ClientBuilder>,
    #[cfg(feature = "reqwest")]
    http_settings: HttpSettings,
    transport: Option<Arc<dyn Transport>>,
    signer: Option<Arc<dyn Signer>>,
    clock: Arc<dyn Clock>,
    limit_policy: Policy,
    egress: Option<String>,
    client: PhantomData<fn() -> C>,
}

impl<C: VenueClient> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: VenueClient> ClientBuilder<C> {
    /// A builder with the defaults.
    pub fn new() -> Self {
        Self::for_venue(C::VENUE)
    }

    /// Signs requests with these credentials. Without any, only public operations can be called.
    ///
    /// Clients that share credentials (clones of one value) share their nonces, and the rate limits
    /// that the venue counts per key.
    #[must_use]
    pub fn credentials(self, credentials: C::Credentials) -> Self {
        self.signer(credentials)
    }
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder with the defaults, for a venue that is known as data.
    pub fn for_venue(venue: &'static Venue) -> Self {
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
            transport: None,
            signer: None,
            clock: Arc::new(SystemClock),
            limit_policy: Policy::default(),
            egress: None,
            client: PhantomData,
        }
    }

    /// Calls operations under this URL, in place of the spec's server with its path: for a stand-in, a private host or a relay.
    ///
    /// An HTTP venue's paths follow it (`https://api.btse.com/spot` + `/v2/order`); a JSON-RPC venue's calls go to just this URL.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Calls the venue's public host of this kind, as its spec names it. A base URL that is given wins.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// How long a whole call may take, all attempts and waits included. Each operation can say otherwise for one call.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How long one attempt may take, so that there is time for another; as long as the call, when left out.
    ///
    /// An order is not sent again after it: its outcome is then unknown.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = Some(timeout);
        self
    }

    /// How long the venue may be silent once it began to answer.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.http_settings.read_timeout = Some(timeout);
        self
    }

    /// How often to send what can be sent again, and how long to wait in between.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.settings.retry = retry;
        self
    }

    /// Sets what to do when a rate limit of the venue is used up.
    ///
    /// Limits that the venue counts per key are shared by all clients with the same credentials
    /// (clones of one value). Limits that it counts per address are shared by all clients of this
    /// process that call the same origin from the same [`egress`](Self::egress).
    #[must_use]
    pub fn throttle(mut self, throttle: Throttle) -> Self {
        self.settings.throttle = throttle;
        self
    }

    /// Names the address from which the requests of this client go out. Clients with the same name
    /// share the rate limits that the venue counts per address; others do not.
    ///
    /// Without a name it is the machine, or the [`proxy`](Self::proxy), known by host and port.
    /// Nobody knows where a [`transport`](Self::transport) of your own goes out: without a name, a
    /// client that has one shares these limits with its clones only. Name the egress where this is
    /// wrong: a second local address, a proxy that leaves by several addresses, or several clients
    /// over a transport of your own.
    #[must_use]
    pub fn egress(mut self, name: impl Into<String>) -> Self {
        self.egress = Some(name.into());
        self
    }

    /// Sets how long a request may still arrive at the venue after its attempt ended without a
    /// response: it timed out, its connection broke, or its call was dropped. 5 s by default.
    ///
    /// The request counts against its rate limits for this time and one window.
    #[must_use]
    pub fn limit_grace(mut self, grace: Duration) -> Self {
        self.limit_policy.grace = grace;
        self
    }

    /// Sets for how long a 429 or 418 without a readable `Retry-After` closes its rate limits.
    ///
    /// The first one does for `first`, each further one for twice as long as the one before, up to
    /// `longest`, until a request passes. By default from 1 s to 5 min.
    #[must_use]
    pub fn limit_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.limit_policy.first = first;
        self.limit_policy.longest = longest;
        self
    }

    /// Sets the longest time for which a 429 closes a rate limit, whatever its `Retry-After` says.
    ///
    /// By default it is the longest window of the limits concerned. It grows as set by
    /// [`limit_backoff`](Self::limit_backoff) while the venue refuses again and again.
    #[must_use]
    pub fn max_limit_closing(mut self, longest: Duration) -> Self {
        self.limit_policy.max_closing = Some(longest);
        self
    }

    /// Sets the longest time for which a 418 closes all rate limits, whatever its `Retry-After`
    /// says. 3 days by default: venues do ban for so long.
    #[must_use]
    pub fn max_ban_closing(mut self, longest: Duration) -> Self {
        self.limit_policy.max_ban = longest;
        self
    }

    /// At most so many requests on their way at once, over all clones; others wait. None is no limit at all.
    #[must_use]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sends signed requests of one key one at a time, the next stamped once the headers of the answer are in: for venues that refuse a nonce
    /// which arrives after a later one. Slower, and it holds for all clients that share the credentials and are built so.
    #[must_use]
    pub fn one_signed_request_at_a_time(mut self, yes: bool) -> Self {
        self.settings.one_at_a_time = yes;
        self
    }

    /// Sends credentials over plain http to other machines too. Anyone on the way can read the key, and replay what is signed.
    #[must_use]
    pub fn allow_credentials_over_http(mut self, yes: bool) -> Self {
        self.settings.allow_credentials_over_http = yes;
        self
    }

    /// Keeps the string that was signed with the reply or the error: see
    /// [`Response::explanation`](crate::Response::explanation) and [`Error::explanation`].
    #[must_use]
    pub fn explain(mut self, yes: bool) -> Self {
        self.settings.explain = yes;
        self
    }

    /// Tells the time in place of the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the time that requests state by the `Date` of the venue's answers, where it is more than a second off. It has whole seconds;
    /// [`sync_clock`](Client::sync_clock) asks the venue for a finer one.
    #[must_use]
    pub fn clock_from_date(mut self, yes: bool) -> Self {
        self.settings.clock_from_date = yes;
        self
    }

    /// Believes a time of the venue only if it is no further than this from the machine's clock; a day if not set.
    ///
    /// Requests state the believed time, and nonces follow it, so that a single wrong time of a server could otherwise push the nonces
    /// of a key beyond return. [`sync_clock`](Client::sync_clock) fails with [`ErrorKind::Clock`](crate::ErrorKind::Clock) at a time that is not believed.
    #[must_use]
    pub fn max_clock_offset(mut self, offset: Duration) -> Self {
        self.settings.max_clock_offset = offset;
        self
    }

    /// Sets how long after its time the venue may accept a signed request; overrides the setting of the
    /// credentials. Each operation can say otherwise for one call.
    ///
    /// Only for venues whose requests can state it: [`Venue::recv_window`].
    #[must_use]
    pub fn recv_window(mut self, window: Duration) -> Self {
        self.settings.recv_window = Some(window);
        self
    }

    /// Asks for replies in gzip, for large market data. The text of a reply is exact all the same, and
    /// [`max_response_bytes`](Self::max_response_bytes) counts its decoded bytes. A transport of your own has to decode them.
    #[cfg(feature = "gzip")]
    #[must_use]
    pub fn gzip(mut self, yes: bool) -> Self {
        self.settings.gzip = yes;
        self.http_settings.gzip = yes;
        self
    }

    /// How long connecting may take, TLS included.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http_settings.connect_timeout = timeout;
        self
    }

    /// How many bytes of an answer are read. What is longer is an error ([`TooLarge`](crate::ErrorKind::TooLarge)) that keeps that many.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_response_bytes = bytes;
        self
    }

    /// The `User-Agent`, in place of the names and versions of the crates.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// A proxy for https. Plain http never goes through one.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.http_settings.proxy = Some(url.into());
        self
    }

    /// Starts from your reqwest builder (own roots, DNS, local address ..). Redirects, referers, reqwest's retries, proxies and content
    /// codings are off whatever it says, and its timeouts are replaced by those of this builder.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn http(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.http = Some(builder);
        self
    }

    /// Sends through a transport of your own, such as a scripted one in tests. Settings of the HTTP transport then have no effect.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Signs with a signer of your own, such as one that asks a hardware module, in place of the venue's credentials.
    #[must_use]
    pub fn signer(mut self, signer: impl Signer + 'static) -> Self {
        self.signer = Some(Arc::new(signer));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// When a setting cannot be used: no URL, a user agent that is no header value, or what reqwest refuses.
    pub fn build(self) -> Result<C, Error> {
        let venue = self.venue;
        let base_url = match (&self.base_url, venue.server(self.environment)) {
            (Some(url), _) => BaseUrl::parse(url)?,
            (None, Some(url)) => BaseUrl::parse(url)?,
            (None, None) => {
                let (name, environment) = (venue.name, self.environment);
                return Err(Error::settings(format!(
                    "{name} has no public {environment} host: give its URL by base_url(..)"
                )));
            }
        };
        if let Some(window) = self.settings.recv_window {
            venue.check_recv_window(window).map_err(Error::settings)?;
        }
        let user_agent = self.user_agent.unwrap_or_else(|| {
            format!("{}/{} venuekit/{}", venue.package, venue.package_version, env!("CARGO_PKG_VERSION"))
        });
        let user_agent = http::HeaderValue::try_from(user_agent)
            .map_err(|error| Error::settings("the user agent is no header value").with_source(error))?;
        let egress = match (self.egress, &self.transport) {
            (Some(name), _) => Egress::Named(name),
            (None, Some(_)) => Egress::unknown(),
            #[cfg(feature = "reqwest")]
            (None, None) => Egress::through(self.http_settings.proxy.as_deref(), &base_url.origin),
            #[cfg(not(feature = "reqwest"))]
            (None, None) => Egress::unknown(),
        };
        let transport: Arc<dyn Transport> = match self.transport {
            Some(transport) => transport,
            #[cfg(feature = "reqwest")]
            None => Arc::new(HttpTransport::new(self.http.unwrap_or_default(), self.http_settings)?),
            #[cfg(not(feature = "reqwest"))]
            None => {
                let message = "there is nothing to send with: give a transport(..), or turn on the feature `reqwest`";
                return Err(Error::settings(message));
            }
        };
        // A signer without limits of its own has those of this client.
        let own = KeyLimits::new();
        let key = self.signer.as_deref().map(|signer| signer.limits().unwrap_or(&own));
        let scope = Scope { key, origin: &base_url.origin, egress: &egress };
        let limits = Limits::new(venue, &scope, self.limit_policy);
        let clock = VenueClock::new(venue.name, self.clock, self.settings.max_clock_offset);
        let state = ClientState {
            venue,
            base_url,
            transport,
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
        Ok(C::from(Client { state: Arc::new(state) }))
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever writes a password into the URL is told so by `build`, not by a log.
        let shown = |url: &String| BaseUrl::parse(url).map_or_else(|_| "<unusable>".to_owned(), |base| base.text);
        f.debug_struct("ClientBuilder")
            .field("venue", &self.venue.name)
            .field("base_url", &self.base_url.as_ref().map(shown))
            .field("environment", &self.environment)
            .field("settings", &self.settings)
            .field("credentials", &self.signer.is_some())
            .finish_non_exhaustive()
    }
}
