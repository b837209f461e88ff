//! The client that all generated ones wrap, and its builder.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use url::Url;

use crate::error::Error;
use crate::http_transport::{HttpSettings, HttpTransport};
use crate::operation::{Environment, Venue};
use crate::sign::{Signer, Stamp};
use crate::transport::Transport;

/// What a generated client is made of. Cheap to clone; clones share connections and counters.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    venue: &'static Venue,
    base_url: BaseUrl,
    transport: Arc<dyn Transport>,
    signer: Option<Arc<dyn Signer>>,
    user_agent: http::HeaderValue,
    timeout: Duration,
    response_limit: usize,
    next_rpc_id: AtomicU64,
    last_nonce: AtomicU64,
}

impl Client {
    /// The venue it speaks to.
    pub fn venue(&self) -> &'static Venue {
        self.inner.venue
    }

    /// The URL under which operations are called, without a trailing slash for HTTP venues.
    pub fn base_url(&self) -> &str {
        &self.inner.base_url.text
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.inner.base_url
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.inner.transport
    }

    pub(crate) fn signer(&self) -> Option<&dyn Signer> {
        self.inner.signer.as_deref()
    }

    pub(crate) fn user_agent(&self) -> &http::HeaderValue {
        &self.inner.user_agent
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.inner.timeout
    }

    pub(crate) fn response_limit(&self) -> usize {
        self.inner.response_limit
    }

    pub(crate) fn next_rpc_id(&self) -> u64 {
        self.inner.next_rpc_id.fetch_add(1, Ordering::Relaxed)
    }

    /// The time, and the milliseconds since 1970 or, where those are used up, the next number.
    pub(crate) fn stamp(&self) -> Stamp {
        let time = SystemTime::now();
        let now =
            time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        let mut nonce = now;
        let draw = |last: u64| {
            nonce = now.max(last.saturating_add(1));
            Some(nonce)
        };
        // The closure never answers `None`, so neither arm is lost.
        let _ = self.inner.last_nonce.fetch_update(Ordering::Relaxed, Ordering::Relaxed, draw);
        Stamp::new(time, nonce)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("venue", &self.inner.venue.name)
            .field("base_url", &self.inner.base_url.text)
            .field("credentials", &self.inner.signer.is_some())
            .finish_non_exhaustive()
    }
}

/// Where operations are called.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    /// As sent, without a trailing slash unless given.
    pub(crate) text: String,
    /// `https://host:port`.
    pub(crate) origin: String,
    /// The path without a trailing slash: `/spot`, or empty.
    pub(crate) prefix: String,
    /// The path as given: `/v3sign/`.
    pub(crate) path: String,
}

impl BaseUrl {
    fn parse(text: &str) -> Result<Self, Error> {
        let url = Url::parse(text).map_err(|error| Error::settings("the base URL is no URL").with_source(error))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(Error::settings("the base URL has to start with https:// or http:// and a host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::settings("the base URL must not have a user or a password in it"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Error::settings("the base URL must not have a query or a fragment"));
        }
        let origin = url.origin().ascii_serialization();
        let prefix = url.path().trim_end_matches('/').to_owned();
        Ok(Self { text: format!("{origin}{prefix}"), origin, prefix, path: url.path().to_owned() })
    }
}

/// A client that a generated crate offers: a name for [`Client`] with the operations of one venue.
pub trait VenueClient: From<Client> {
    /// The venue.
    const VENUE: &'static Venue;
}

/// Builds the client of a venue.
///
/// Settings that are not given: production host, 10 s for a whole call, 5 s to connect, answers up to 16 MiB, no proxy.
pub struct ClientBuilder<C> {
    venue: &'static Venue,
    base_url: Option<String>,
    environment: Environment,
    timeout: Duration,
    response_limit: usize,
    user_agent: Option<String>,
    http: Option<reqwest::ClientBuilder>,
    http_settings: HttpSettings,
    transport: Option<Arc<dyn Transport>>,
    signer: Option<Arc<dyn Signer>>,
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
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder with the defaults, for a venue that is known as data.
    pub fn for_venue(venue: &'static Venue) -> Self {
        Self {
            venue,
            base_url: None,
            environment: Environment::Production,
            timeout: Duration::from_secs(10),
            response_limit: 16 << 20,
            user_agent: None,
            http: None,
            http_settings: HttpSettings::default(),
            transport: None,
            signer: None,
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

    /// How long a whole call may take, from the first byte out to the last byte in. Each operation can say otherwise for one call.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take, TLS included.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http_settings.connect_timeout = timeout;
        self
    }

    /// How many bytes of an answer are read. What is longer is an error ([`TooLarge`](crate::ErrorKind::TooLarge)) that keeps that many.
    #[must_use]
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// The `User-Agent`, in place of the names and versions of the crates.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// A proxy for https. Plain http never goes through one.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.http_settings.proxy = Some(url.into());
        self
    }

    /// Starts from your reqwest builder (own roots, DNS, local address ..). Redirects, referers, reqwest's retries and proxies are off whatever it says.
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

    /// Signs with a signer of your own. Without one only public operations can be called.
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
        let user_agent = self.user_agent.unwrap_or_else(|| {
            format!("{}/{} venuekit/{}", venue.package, venue.package_version, env!("CARGO_PKG_VERSION"))
        });
        let user_agent = http::HeaderValue::try_from(user_agent)
            .map_err(|error| Error::settings("the user agent is no header value").with_source(error))?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(HttpTransport::new(self.http.unwrap_or_default(), self.http_settings)?),
        };
        let inner = Inner {
            venue,
            base_url,
            transport,
            signer: self.signer,
            user_agent,
            timeout: self.timeout,
            response_limit: self.response_limit,
            next_rpc_id: AtomicU64::new(1),
            last_nonce: AtomicU64::new(0),
        };
        Ok(C::from(Client { inner: Arc::new(inner) }))
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("venue", &self.venue.name)
            .field("base_url", &self.base_url)
            .field("environment", &self.environment)
            .field("timeout", &self.timeout)
            .field("credentials", &self.signer.is_some())
            .finish_non_exhaustive()
    }
}
