//! The client that all generated ones wrap, and its builder.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::{Semaphore, watch};
use url::Url;

use crate::clock::{self, Clock, ClockOffset, ImplausibleTime, Learnt, SystemClock};
use crate::draft::Draft;
use crate::error::{Error, ErrorKind, Outcome};
#[cfg(feature = "reqwest")]
use crate::http_transport::{HttpSettings, HttpTransport};
use crate::json_find;
use crate::limits::{Egress, KeyLimits, Limits, LimitsSnapshot, Policy, Scope, Throttle};
use crate::operation::{Environment, Operation, Venue};
use crate::retry::Retry;
use crate::sign::{self, Nonces, Signer, Stamp};
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
    settings: Settings,
    limits: Limits,
    in_flight: Option<Semaphore>,
    next_rpc_id: AtomicU64,
    nonces: Nonces,
    clock: Arc<dyn Clock>,
    offset: Learnt,
    /// Tells the calls under way to end.
    aborts: watch::Sender<()>,
}

/// What a client was told about its calls.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) response_limit: usize,
    pub(crate) retry: Retry,
    pub(crate) throttle: Throttle,
    pub(crate) one_at_a_time: bool,
    pub(crate) insecure: bool,
    pub(crate) explain: bool,
    pub(crate) clock_from_date: bool,
    pub(crate) max_clock_offset: Duration,
    pub(crate) recv_window: Option<Duration>,
    pub(crate) gzip: bool,
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

    /// How far the venue's clock is ahead of ours, as far as this client has learnt; requests state the time with it.
    pub fn clock_offset(&self) -> ClockOffset {
        self.inner.offset.get()
    }

    /// Asks the venue for its time, and states that in requests from now on.
    ///
    /// The operation is the one that the spec names. Where it has to be signed itself and the clock is so far off that the venue refuses it, the
    /// `Date` of that very answer is taken: it is right to a second.
    ///
    /// # Errors
    /// When the venue has no such operation, it fails, or its reply has no time where the spec says.
    pub async fn sync_clock(&self) -> Result<ClockOffset, Error> {
        self.learn_time(None).await
    }

    /// Returns how much of each rate limit of the venue is used, and until when it is closed.
    ///
    /// The counts are those of all clients that share the limits: see [`ClientBuilder::throttle`].
    pub async fn limits(&self) -> LimitsSnapshot {
        self.inner.limits.snapshot(self.inner.clock.now())
    }

    /// Opens a rate limit again that the venue closed by a 429 or 418, and forgets what its headers
    /// said is used by others. Our own requests still count. Returns whether the venue has a limit
    /// of this name.
    pub async fn reopen_limit(&self, name: &str) -> bool {
        self.inner.limits.reopen(Some(name))
    }

    /// Opens all rate limits again: see [`reopen_limit`](Self::reopen_limit).
    pub async fn reopen_limits(&self) {
        self.inner.limits.reopen(None);
    }

    /// [`sync_clock`](Self::sync_clock), in so much time where that is given.
    pub(crate) async fn learn_time(&self, allowed: Option<Duration>) -> Result<ClockOffset, Error> {
        let Some(server_time) = self.inner.venue.server_time else {
            return Err(Error::request("the venue has no operation that tells its time"));
        };
        let mut question = Draft::new(self, server_time.operation());
        if let Some(time) = allowed {
            question.set_timeout(time);
        }
        let reply = match question.send_raw().await {
            Ok(reply) => reply,
            Err(error) if error.headers().is_some_and(|headers| self.learn_from_date(headers).is_some()) => {
                return Ok(self.clock_offset());
            }
            Err(error) => return Err(error),
        };
        let fail = |error: Error| {
            let error = error.with_response(reply.response.clone()).with_attempts(reply.attempts);
            Err(error.redacted(&reply.secrets.blotter()).of(self.inner.venue, server_time.operation()))
        };
        let answered = self.inner.clock.now();
        let found = json_find::first(&reply.result, &[server_time.pointer()]).map(json_find::text);
        let Some(theirs) = found.as_deref().and_then(|text| clock::parse(text, server_time.unit())) else {
            let pointer = server_time.pointer();
            let message = format!("there is no time at {pointer}");
            return fail(Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(message));
        };
        // The venue looked at its clock about half way. What was waited before the request went out does not count.
        let ours = answered.checked_sub(reply.latency / 2).unwrap_or(answered);
        match self.plausible_offset(ours, theirs) {
            Ok(offset) => {
                self.inner.offset.set(offset);
                Ok(offset)
            }
            Err(implausible) => {
                let message = format!("{implausible}; help: set this machine's clock, or raise `max_clock_offset`");
                fail(Error::new(ErrorKind::Clock, Outcome::Unknown).with_message(message))
            }
        }
    }

    /// Takes the time from the `Date` of a response, which has whole seconds: an offset within them stays. Returns whether the
    /// offset changed, or `None` if there is no date, or none that can be believed.
    pub(crate) fn learn_from_date(&self, headers: &http::HeaderMap) -> Option<bool> {
        let theirs = clock::date(headers)?;
        let ours = self.inner.clock.now();
        let offset = match self.plausible_offset(ours, theirs) {
            Ok(offset) => offset,
            Err(implausible) => {
                tracing::warn!(venue = self.inner.venue.name, "the date of a response is not believed: {implausible}");
                return None;
            }
        };
        let is_off = ClockOffset::between(self.clock_offset().apply(ours), theirs).abs() > Duration::from_millis(1500);
        if is_off {
            self.inner.offset.set(offset);
        }
        Some(is_off)
    }

    /// Learns the time from a response that refuses the time of its request, or else has the next signed call ask for it.
    pub(crate) fn learn_from_refusal(&self, headers: Option<&http::HeaderMap>) {
        // A date that confirms our time to the second is not fine enough.
        if headers.and_then(|headers| self.learn_from_date(headers)) != Some(true) {
            self.inner.offset.doubt();
        }
    }

    /// Asks the venue for its time, if it refused ours and nobody asked since.
    pub(crate) async fn catch_up_with_time(&self, operation: &Operation, allowed: Duration) {
        let can_ask = self.inner.venue.server_time.is_some_and(|time| time.operation().id != operation.id);
        if can_ask && self.inner.offset.take_doubt() && Box::pin(self.learn_time(Some(allowed))).await.is_err() {
            // The call goes out all the same: the venue may take it.
            self.inner.offset.doubt();
        }
    }

    fn plausible_offset(&self, ours: SystemTime, theirs: SystemTime) -> Result<ClockOffset, ImplausibleTime> {
        let (offset, most) = (ClockOffset::between(ours, theirs), self.inner.settings.max_clock_offset);
        if offset.abs() <= most { Ok(offset) } else { Err(ImplausibleTime { ours, theirs, most }) }
    }

    /// An answer came: its `Date` tells the time, if the client is to listen.
    pub(crate) fn observe_date(&self, headers: &http::HeaderMap) {
        if self.inner.settings.clock_from_date {
            self.learn_from_date(headers);
        }
    }

    /// Ends all calls that were made by this client and its clones, and are not done yet.
    ///
    /// Each ends with an error of the kind [`Aborted`](ErrorKind::Aborted), whose outcome is as for any
    /// failure: not sent if nothing left, unknown if something may have left. Later calls are not
    /// concerned, so that a program that has to end can still cancel its orders.
    pub fn abort_calls(&self) {
        self.inner.aborts.send_replace(());
    }

    /// Returns whether requests stay on this machine: the host of the base URL is `localhost`, or a
    /// loopback address.
    pub fn is_on_this_machine(&self) -> bool {
        Url::parse(&self.inner.base_url.origin).is_ok_and(|url| sign::is_this_machine(&url))
    }

    pub(crate) fn aborts(&self) -> watch::Receiver<()> {
        self.inner.aborts.subscribe()
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.inner.base_url
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
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

    pub(crate) fn rate_limits(&self) -> &Limits {
        &self.inner.limits
    }

    pub(crate) fn in_flight(&self) -> Option<&Semaphore> {
        self.inner.in_flight.as_ref()
    }

    pub(crate) fn next_rpc_id(&self) -> u64 {
        self.inner.next_rpc_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Those of the key; without a key of which several clients know, our own.
    pub(crate) fn nonces(&self) -> &Nonces {
        self.signer().and_then(Signer::nonces).unwrap_or(&self.inner.nonces)
    }

    /// The venue's time, as far as it is known.
    pub(crate) fn time(&self) -> SystemTime {
        self.clock_offset().apply(self.inner.clock.now())
    }

    /// The venue's time, and a nonce of the key.
    pub(crate) fn stamp(&self) -> Result<Stamp, Error> {
        let time = self.time();
        let nonce = self.nonces().draw(time).ok_or_else(|| {
            Error::new(ErrorKind::Sign, Outcome::NotSent).with_message("the nonces of this key ran out")
        })?;
        Ok(Stamp::new(time, nonce))
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
    /// What its requests are signed with.
    type Credentials: Signer + 'static;

    /// The venue.
    const VENUE: &'static Venue;
}

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
        let settings = Settings {
            timeout: Duration::from_secs(10),
            attempt_timeout: None,
            response_limit: 16 << 20,
            retry: Retry::default(),
            throttle: Throttle::default(),
            one_at_a_time: false,
            insecure: false,
            explain: false,
            clock_from_date: false,
            max_clock_offset: Duration::from_secs(24 * 60 * 60),
            recv_window: None,
            gzip: false,
        };
        Self {
            venue,
            base_url: None,
            environment: Environment::Production,
            user_agent: None,
            settings,
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
    pub fn credentials_over_plain_http(mut self, yes: bool) -> Self {
        self.settings.insecure = yes;
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
    /// of a key beyond return. [`sync_clock`](Client::sync_clock) fails with [`ErrorKind::Clock`] at a time that is not believed.
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
    /// [`response_limit`](Self::response_limit) counts its decoded bytes. A transport of your own has to decode them.
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
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.settings.response_limit = bytes;
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
        let inner = Inner {
            venue,
            base_url,
            transport,
            signer: self.signer,
            user_agent,
            settings: self.settings,
            limits,
            in_flight: (self.max_in_flight > 0).then(|| Semaphore::new(self.max_in_flight.min(Semaphore::MAX_PERMITS))),
            next_rpc_id: AtomicU64::new(1),
            nonces: Nonces::new(),
            clock: self.clock,
            offset: Learnt::default(),
            aborts: watch::Sender::new(()),
        };
        Ok(C::from(Client { inner: Arc::new(inner) }))
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
