//! The settings of a mock, and its start.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use venuekit::meta::VenueMeta;
use venuekit::{Clock, SystemClock};

use super::connection::accept;
use super::shared::Shared;
use super::venue::{MockVenue, Server, Task};
use crate::engine::{Engine, Setup};
use crate::fault::Fault;
use crate::fault_set::FaultSet;
use crate::record::Log;
use crate::sign::{Keys, Secret};
use crate::venues;

const DEFAULT_KEY: &str = "mock-key";
const DEFAULT_SECRET: &str = "mock-secret";

/// A venue to be served.
#[derive(Clone, Debug)]
enum Wanted {
    /// A venue of `venuekit-venues`, by its name.
    Named(String),
    /// Any venue, by its metadata.
    Of(&'static VenueMeta),
}

/// A builder of a [`MockVenue`] or a [`Server`].
pub struct Builder<T = MockVenue> {
    venues: Vec<Wanted>,
    address: SocketAddr,
    seed: u64,
    keys: Vec<(String, String)>,
    rsa_keys: Vec<(String, String)>,
    faults: Vec<Fault>,
    stream_interval: Duration,
    clock: Arc<dyn Clock>,
    offset: i64,
    live_time: bool,
    limits: bool,
    counterparty: Option<u64>,
    markets: Vec<String>,
    capacity: usize,
    listener: Option<Box<dyn Fn(&str) + Send + Sync>>,
    of: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for Builder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("venues", &self.venues).field("address", &self.address).finish_non_exhaustive()
    }
}

impl<T> Builder<T> {
    fn new(venues: Vec<Wanted>) -> Self {
        Self {
            venues,
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            seed: 0,
            keys: Vec::new(),
            rsa_keys: Vec::new(),
            faults: Vec::new(),
            stream_interval: Duration::from_millis(100),
            clock: Arc::new(SystemClock),
            offset: 0,
            live_time: false,
            limits: true,
            counterparty: None,
            markets: Vec::new(),
            capacity: 20_000,
            listener: None,
            of: PhantomData,
        }
    }

    /// Sets the port on 127.0.0.1. By default, and for 0, a free port is used.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Sets the seed of random choices: the requests to which a fault is applied, and responses
    /// that are made from a schema.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Adds a key that the venue accepts, and its secret. If no key is added, the venue accepts
    /// `mock-key` with `mock-secret`.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>, secret: impl Into<String>) -> Self {
        self.keys.push((key.into(), secret.into()));
        self
    }

    /// Adds a key whose requests are signed with RSA, and the public half of the RSA key as PEM.
    /// Only Anboto uses such keys.
    #[must_use]
    pub fn rsa_key(mut self, key: impl Into<String>, public_key_pem: impl Into<String>) -> Self {
        self.rsa_keys.push((key.into(), public_key_pem.into()));
        self
    }

    /// Adds faults. Each fault is applied to the requests at which it is aimed, or to its fraction
    /// of them ([`Fault`]). A request can ask for more faults with the header `x-mock-fault`.
    #[must_use]
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Sets the clock that the venue compares with the time of requests, and uses for its rate
    /// limits. The default is the clock of the machine.
    ///
    /// A client that uses the same clock ([`MockVenue::clock`], `ClientBuilder::clock`) is never
    /// late, however slow the machine is.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the number of milliseconds by which the venue is ahead of its clock; negative: behind.
    #[must_use]
    pub fn clock_offset(mut self, millis: i64) -> Self {
        self.offset = millis;
        self
    }

    /// Sets whether the operation for the venue's time returns the current time. By default it
    /// returns the time of the example, until a clock offset is set or a request is refused for its
    /// time.
    #[must_use]
    pub fn live_time(mut self, yes: bool) -> Self {
        self.live_time = yes;
        self
    }

    /// Sets whether the venue enforces its rate limits. By default it does.
    #[must_use]
    pub fn limits(mut self, yes: bool) -> Self {
        self.limits = yes;
        self
    }

    /// Adds a simulated trader, which quotes and trades, so that books and prices move. It takes a
    /// step before each request that passes the checks of keys and limits, and at each
    /// [`MockVenue::step`]. The same seed and the same requests give the same orders.
    #[must_use]
    pub fn counterparty(mut self, seed: u64) -> Self {
        self.counterparty = Some(seed);
        self
    }

    /// Adds a market that the venue has beside those of its document. It has no steps, minima and
    /// maxima. Can be repeated; the venues of a server share these markets.
    #[must_use]
    pub fn market(mut self, name: impl Into<String>) -> Self {
        self.markets.push(name.into());
        self
    }

    /// Sets the number of requests that are kept: the latest 20,000 by default, and at most 64 MiB
    /// of them.
    #[must_use]
    pub fn record(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// Sets a function that receives each line of the log.
    #[must_use]
    pub fn on_log(mut self, listener: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Sets the time between two rounds of notifications, 100 ms by default.
    #[must_use]
    pub fn stream_interval(mut self, interval: Duration) -> Self {
        self.stream_interval = interval;
        self
    }

    async fn run(mut self, prefixed: bool) -> Result<Server, StartError> {
        if self.keys.is_empty() {
            self.keys.push((DEFAULT_KEY.to_owned(), DEFAULT_SECRET.to_owned()));
        }
        let mut keys: Keys =
            self.keys.iter().map(|(key, secret)| (key.clone(), Secret::Text(secret.clone()))).collect();
        for (key, pem) in &self.rsa_keys {
            let public_key = Secret::rsa(pem).ok_or_else(|| StartError::NoPublicKey(key.clone()))?;
            keys.insert(key.clone(), public_key);
        }
        let log = Arc::new(Log::new(self.listener.take()));
        let mut metas: Vec<&'static VenueMeta> = Vec::new();
        for wanted in &self.venues {
            let meta = match wanted {
                Wanted::Of(meta) => *meta,
                Wanted::Named(name) => {
                    check_built(name, venues::VENUES)?;
                    venuekit_venues::venue(name).ok_or_else(|| StartError::UnknownVenue(name.clone()))?
                }
            };
            if !metas.iter().any(|other| std::ptr::eq(*other, meta)) {
                metas.push(meta);
            }
        }
        // A venue that shows the state of another one is made after it.
        let mut in_order = metas.clone();
        in_order.sort_by_key(|meta: &&'static VenueMeta| Engine::shares_with(meta).is_some());
        let mut engines: Vec<Arc<Engine>> = Vec::new();
        for meta in in_order {
            let shares_with = Engine::shares_with(meta);
            let shares = engines.iter().find(|engine| Some(engine.meta.venue.name()) == shares_with).cloned();
            let name = meta.venue.name();
            let sockets = metas.iter().copied().filter(|other| Engine::shares_with(other) == Some(name));
            let setup = Setup {
                sockets: sockets.collect(),
                prefix: if prefixed { format!("/{name}") } else { String::new() },
                keys: keys.clone(),
                seed: self.seed,
                clock: Arc::clone(&self.clock),
                offset: self.offset,
                live_time: self.live_time,
                limits: self.limits,
                counterparty: self.counterparty,
                shares: shares.filter(|engine| engine.has_profile()),
                markets: self.markets.clone(),
                capacity: self.capacity,
                log: Arc::clone(&log),
            };
            let engine = Engine::new(meta, setup);
            if !engine.has_profile() {
                log.write(format!(
                    "{}: no profile of this venue: responses are the examples of its document, a call needs \
                     credentials but no signature is checked, and no orders are kept",
                    meta.venue.name()
                ));
            }
            engines.push(Arc::new(engine));
        }
        let place = |engine: &Arc<Engine>| metas.iter().position(|meta| std::ptr::eq(*meta, engine.meta));
        engines.sort_by_key(place);
        for operation in self.faults.iter().filter_map(Fault::operation) {
            if !engines.iter().any(|engine| engine.has_operation(operation)) {
                return Err(StartError::UnknownOperation(operation.to_owned()));
            }
        }
        let has_socket = engines.iter().any(|engine| engine.meta.venue.socket().is_some());
        if let Some(fault) = self.faults.iter().find(|fault| fault.is_of_socket() && !has_socket) {
            return Err(StartError::NoSocket(fault.to_string()));
        }
        let faults = Arc::new(FaultSet::new(self.seed, self.faults));
        let listener = TcpListener::bind(self.address).await.map_err(StartError::Port)?;
        let address = listener.local_addr().map_err(StartError::Port)?;
        let shared = Arc::new(Shared {
            engines: engines.clone(),
            faults: Arc::clone(&faults),
            stream_interval: self.stream_interval,
            log: Arc::clone(&log),
        });
        let task = Arc::new(Task(tokio::spawn(accept(listener, shared)).abort_handle()));
        let (key, secret) = self.keys.into_iter().next().unwrap_or_default();
        let venues = engines.into_iter().map(|engine| MockVenue {
            url: engine.url(&address),
            engine,
            key: key.clone(),
            secret: secret.clone(),
            log: Arc::clone(&log),
            faults: Arc::clone(&faults),
            _task: Arc::clone(&task),
        });
        Ok(Server { address, venues: venues.collect() })
    }
}

impl Builder<MockVenue> {
    /// Starts the mock in the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If there is no such venue, the text of an RSA key is not the PEM of a public key, or the
    /// port cannot be bound.
    pub async fn start(self) -> Result<MockVenue, StartError> {
        let server = self.run(false).await?;
        server.venues.into_iter().next().ok_or_else(|| StartError::UnknownVenue(String::new()))
    }
}

impl Builder<Server> {
    /// Starts the server in the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If there is no such venue, the text of an RSA key is not the PEM of a public key, or the
    /// port cannot be bound.
    pub async fn start(self) -> Result<Server, StartError> {
        self.run(true).await
    }
}

impl MockVenue {
    /// Starts a venue on a free port in the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If there is no such venue, or no port can be bound.
    pub async fn start(venue: &str) -> Result<Self, StartError> {
        Self::builder(venue).start().await
    }

    /// Returns a builder of a mock of a venue of `venuekit-venues`, by its name.
    pub fn builder(venue: &str) -> Builder<Self> {
        Builder::new(vec![Wanted::Named(venue.to_owned())])
    }

    /// Returns a builder of a mock of any venue, such as one whose crate you generated in your own
    /// repository: pass its `meta::META` (feature `meta`).
    ///
    /// A venue that is not in `venuekit-venues` has no profile. Its mock responds with the examples
    /// of the document, and checks requests against the document only. **It checks no signatures
    /// and keeps no orders.** A call of an operation that needs credentials is refused if it
    /// carries none. The first line of the log says so.
    pub fn builder_for(venue: &'static VenueMeta) -> Builder<Self> {
        Builder::new(vec![Wanted::Of(venue)])
    }
}

impl Server {
    /// Starts these venues on a port in the current tokio runtime. For port 0, a free port is used.
    ///
    /// # Errors
    ///
    /// If there is no such venue, or the port cannot be bound.
    pub async fn start(venues: &[&str], port: u16) -> Result<Self, StartError> {
        Self::builder(venues).port(port).start().await
    }

    /// Returns a builder of a server with these venues of `venuekit-venues`, by their names.
    pub fn builder(venues: &[&str]) -> Builder<Self> {
        Builder::new(venues.iter().map(|venue| Wanted::Named((*venue).to_owned())).collect())
    }
}

/// Returns an error if no venue has this name, or if its feature is off. `venues` has all venues,
/// and whether the feature of each is on.
fn check_built(name: &str, venues: &[(&str, bool)]) -> Result<(), StartError> {
    match venues.iter().find(|(venue, _)| *venue == name) {
        Some((_, true)) => Ok(()),
        Some((_, false)) => Err(StartError::NotBuilt(name.to_owned())),
        None => Err(StartError::UnknownVenue(name.to_owned())),
    }
}

/// The reason why a mock did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// No venue has this name.
    UnknownVenue(String),
    /// The venue is not built, because the feature of its name is off.
    NotBuilt(String),
    /// A fault is aimed at an operation that no venue has.
    UnknownOperation(String),
    /// A fault is for connections over a WebSocket, and no venue has them.
    NoSocket(String),
    /// The text for this key is not the PEM of a public key.
    NoPublicKey(String),
    /// The port cannot be bound.
    Port(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVenue(name) => write!(f, "unknown venue `{name}`"),
            Self::NotBuilt(name) => {
                write!(f, "the venue `{name}` is not built (help: turn on the feature `{name}` of venuekit-mock)")
            }
            Self::UnknownOperation(id) => write!(f, "a fault is aimed at the unknown operation `{id}`"),
            Self::NoSocket(fault) => {
                write!(f, "the fault `{fault}` is for a WebSocket (help: start a venue that is called over one)")
            }
            Self::NoPublicKey(key) => write!(f, "the text for the key `{key}` is not the PEM of a public key"),
            Self::Port(_) => f.write_str("the port cannot be bound"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::UnknownVenue(_)
            | Self::NotBuilt(_)
            | Self::UnknownOperation(_)
            | Self::NoSocket(_)
            | Self::NoPublicKey(_) => None,
            Self::Port(error) => Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_that_is_not_built_is_refused_with_the_name_of_its_feature() {
        let venues = [("built", true), ("other-spot", false)];
        assert!(check_built("built", &venues).is_ok());
        let said = |name: &str| check_built(name, &venues).unwrap_err().to_string();
        let expected = "the venue `other-spot` is not built (help: turn on the feature `other-spot` of venuekit-mock)";
        assert_eq!((said("other-spot"), said("nowhere")), (expected.to_owned(), "unknown venue `nowhere`".to_owned()));
    }

    /// Each venue that is built starts, and each other one is refused. With
    /// `--no-default-features --features NAME`, one venue is built.
    #[tokio::test]
    async fn the_venues_whose_features_are_on_start() {
        for (name, is_built) in venues::VENUES {
            match MockVenue::start(name).await {
                Ok(_) => assert!(is_built, "{name}"),
                Err(error) => assert!(!is_built && error.to_string().contains("turn on the feature"), "{error}"),
            }
        }
    }
}
