//! Venues on a port.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, JoinSet};
use venuekit::meta::VenueMeta;
use venuekit::{Clock, SystemClock};

use crate::engine::{Engine, Setup};
use crate::fault::{FAULT_HEADER, Fault, Kind};
use crate::http::{Answer, Broken, Connection, Head, Request};
use crate::record::{Log, Received};
use crate::seed::Rng;
use crate::sign::{Keys, Secret};
use crate::state::PlacedOrder;

/// Beyond so many connections at once, more of them wait.
const MAX_CONNECTIONS: usize = 1024;
const DEFAULT_KEY: &str = "mock-key";
const DEFAULT_SECRET: &str = "mock-secret";

/// Sets up a [`MockVenue`] or a [`Server`].
pub struct Builder<T = MockVenue> {
    venues: Vec<String>,
    address: SocketAddr,
    seed: u64,
    keys: Vec<(String, String)>,
    rsa_keys: Vec<(String, String)>,
    faults: Vec<Fault>,
    clock: Arc<dyn Clock>,
    offset: i64,
    live_time: bool,
    limits: bool,
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
    fn new(venues: Vec<String>) -> Self {
        Self {
            venues,
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            seed: 0,
            keys: Vec::new(),
            rsa_keys: Vec::new(),
            faults: Vec::new(),
            clock: Arc::new(SystemClock),
            offset: 0,
            live_time: false,
            limits: true,
            capacity: 20_000,
            listener: None,
            of: PhantomData,
        }
    }

    /// The port, on 127.0.0.1; a free one when not set, or 0.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// What chance depends on: which requests a fault strikes, and replies that are made from a schema.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// A key that the venue knows, and its secret; may be said several times. When it is not, `mock-key` and `mock-secret`.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>, secret: impl Into<String>) -> Self {
        self.keys.push((key.into(), secret.into()));
        self
    }

    /// A key whose requests are signed with RSA, and the public half of the RSA key, as PEM; for Anboto. May be said several times.
    #[must_use]
    pub fn rsa_key(mut self, key: impl Into<String>, public_key_pem: impl Into<String>) -> Self {
        self.rsa_keys.push((key.into(), public_key_pem.into()));
        self
    }

    /// Faults that strike requests, each its share of them. A request can ask for more by the header `x-mock-fault`.
    #[must_use]
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Sets the clock by which the venue judges the time of requests and counts its limits, in place of the machine's.
    ///
    /// A client that shares it ([`MockVenue::clock`], `ClientBuilder::clock`) is never late, however slow the machine is.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How many ms the venue is ahead of its clock; negative: behind.
    #[must_use]
    pub fn clock_offset(mut self, millis: i64) -> Self {
        self.offset = millis;
        self
    }

    /// Whether the operation that tells the venue's time tells it as it is. When not, it answers as the example has it, until the clock is
    /// set off or a request was refused for its time.
    #[must_use]
    pub fn live_time(mut self, yes: bool) -> Self {
        self.live_time = yes;
        self
    }

    /// Whether the venue's limits are kept; they are when not set.
    #[must_use]
    pub fn limits(mut self, yes: bool) -> Self {
        self.limits = yes;
        self
    }

    /// How many requests are kept, the latest; 20,000 when not set. However many, no more than 64 MiB of them are.
    #[must_use]
    pub fn record(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// Is given each line of the log.
    #[must_use]
    pub fn on_log(mut self, listener: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
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
        let mut engines: Vec<Arc<Engine>> = Vec::new();
        for name in &self.venues {
            let meta = venuekit_venues::venue(name).ok_or_else(|| StartError::UnknownVenue(name.clone()))?;
            if engines.iter().any(|engine| std::ptr::eq(engine.meta, meta)) {
                continue;
            }
            let setup = Setup {
                prefix: if prefixed { format!("/{name}") } else { String::new() },
                keys: keys.clone(),
                seed: self.seed,
                clock: Arc::clone(&self.clock),
                offset: self.offset,
                live_time: self.live_time,
                limits: self.limits,
                capacity: self.capacity,
                log: Arc::clone(&log),
            };
            engines.push(Arc::new(Engine::new(meta, setup)));
        }
        let listener = TcpListener::bind(self.address).await.map_err(StartError::Port)?;
        let address = listener.local_addr().map_err(StartError::Port)?;
        let shared = Arc::new(Shared {
            engines: engines.clone(),
            faults: self.faults,
            seed: self.seed,
            count: AtomicU64::new(0),
            log: Arc::clone(&log),
        });
        let task = Arc::new(Task(tokio::spawn(accept(listener, shared)).abort_handle()));
        let (key, secret) = self.keys.into_iter().next().unwrap_or_default();
        let venues = engines.into_iter().map(|engine| MockVenue {
            url: format!("http://{address}{}", engine.base_path()),
            engine,
            key: key.clone(),
            secret: secret.clone(),
            log: Arc::clone(&log),
            _task: Arc::clone(&task),
        });
        Ok(Server { address, venues: venues.collect() })
    }
}

impl Builder<MockVenue> {
    /// Starts it, in the tokio runtime that this is called in.
    ///
    /// # Errors
    /// When there is no such venue, or the port cannot be had.
    pub async fn start(self) -> Result<MockVenue, StartError> {
        let server = self.run(false).await?;
        server.venues.into_iter().next().ok_or_else(|| StartError::UnknownVenue(String::new()))
    }
}

impl Builder<Server> {
    /// Starts it, in the tokio runtime that this is called in.
    ///
    /// # Errors
    /// When there is no such venue, or the port cannot be had.
    pub async fn start(self) -> Result<Server, StartError> {
        self.run(true).await
    }
}

/// A stand-in for a venue, on a port of its own. It ends when the last of its clones is dropped.
#[derive(Clone)]
pub struct MockVenue {
    engine: Arc<Engine>,
    url: String,
    key: String,
    secret: String,
    log: Arc<Log>,
    _task: Arc<Task>,
}

impl fmt::Debug for MockVenue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let venue = self.engine.meta.venue.name();
        f.debug_struct("MockVenue").field("venue", &venue).field("url", &self.url).finish_non_exhaustive()
    }
}

impl MockVenue {
    /// Starts a venue on a free port, in the tokio runtime that this is called in.
    ///
    /// # Errors
    /// When there is no such venue.
    pub async fn start(venue: &str) -> Result<Self, StartError> {
        Self::builder(venue).start().await
    }

    /// Sets one up.
    pub fn builder(venue: &str) -> Builder<Self> {
        Builder::new(vec![venue.to_owned()])
    }

    /// What the venue is, as data.
    pub fn meta(&self) -> &'static VenueMeta {
        self.engine.meta
    }

    /// The base URL for a client: with the path that the venue's own has.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A key that it knows.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The secret of [`key`](Self::key).
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// What it received, the oldest first; only the latest are kept.
    pub fn requests(&self) -> Vec<Received> {
        self.engine.record.all()
    }

    /// What it received since the last time of asking.
    pub fn take_requests(&self) -> Vec<Received> {
        self.engine.record.take()
    }

    /// Its log, the latest lines: one a request, with why it was refused, and what should have been signed. A server's venues share it.
    pub fn log(&self) -> Vec<String> {
        self.log.lines()
    }

    /// The orders that were placed, in no particular order.
    pub fn orders(&self) -> Vec<PlacedOrder> {
        self.engine.orders()
    }

    /// Forgets orders, balances, nonces and what limits count. What it received stays.
    pub fn reset(&self) {
        self.engine.reset();
    }

    /// Returns the clock of the venue, for clients that are to share it.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.engine.clock()
    }

    /// Sets how many ms the venue is ahead of its clock; negative: behind.
    pub fn set_clock_offset(&self, millis: i64) {
        self.engine.set_offset(millis);
    }
}

/// Several venues on one port, each under its name: `http://127.0.0.1:PORT/btse-spot/spot`.
#[derive(Clone, Debug)]
pub struct Server {
    address: SocketAddr,
    venues: Vec<MockVenue>,
}

impl Server {
    /// Starts these venues on a port, in the tokio runtime that this is called in; port 0: a free one.
    ///
    /// # Errors
    /// When there is no such venue, or the port cannot be had.
    pub async fn start(venues: &[&str], port: u16) -> Result<Self, StartError> {
        Self::builder(venues).port(port).start().await
    }

    /// Sets one up.
    pub fn builder(venues: &[&str]) -> Builder<Self> {
        Builder::new(venues.iter().map(|venue| (*venue).to_owned()).collect())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its venues.
    pub fn venues(&self) -> &[MockVenue] {
        &self.venues
    }

    /// The venue of this name.
    pub fn venue(&self, name: &str) -> Option<&MockVenue> {
        self.venues.iter().find(|venue| venue.meta().venue.name() == name)
    }
}

/// Why a mock did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// There is no venue of this name.
    UnknownVenue(String),
    /// What was given for this key is no PEM of a public key.
    NoPublicKey(String),
    /// The port cannot be had.
    Port(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVenue(name) => write!(f, "there is no venue `{name}`"),
            Self::NoPublicKey(key) => write!(f, "what is given for the key `{key}` is no PEM of a public key"),
            Self::Port(_) => f.write_str("the port cannot be had"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::UnknownVenue(_) | Self::NoPublicKey(_) => None,
            Self::Port(error) => Some(error),
        }
    }
}

/// Ends with its last owner.
#[derive(Debug)]
struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Debug)]
struct Shared {
    engines: Vec<Arc<Engine>>,
    faults: Vec<Fault>,
    seed: u64,
    count: AtomicU64,
    log: Arc<Log>,
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // Its tasks end with it.
    let mut connections = JoinSet::new();
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    serve(stream, peer.ip(), &shared).await;
                    drop(permit);
                });
            }
            // Too many files are open, or the other side is gone already.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, peer: IpAddr, shared: &Shared) {
    // Without it answers are late, and right all the same.
    let _ = stream.set_nodelay(true);
    let mut connection = Connection::new(stream, peer);
    loop {
        let (head, length) = match connection.head().await {
            Ok(read) => read,
            Err(broken) => return refuse(connection, shared, broken).await,
        };
        let Some(engine) = shared.engines.iter().find(|engine| engine.has(&head.path)) else {
            let names: Vec<&str> = shared.engines.iter().map(|engine| engine.meta.venue.name()).collect();
            shared.log.write(format!("{} {}: 404, it is under no venue", head.method, head.path));
            let why = format!("each venue stands under its name, and here are {}\n", names.join(", "));
            return refuse_with(connection, Answer::new(404, "text/plain", why)).await;
        };
        let faults = match shared.faults(&head) {
            Ok(faults) => faults,
            Err(why) => {
                shared.log.write(format!("{} {}: {FAULT_HEADER}: {why}", head.method, head.path));
                let answer = Answer::new(400, "text/plain", format!("{FAULT_HEADER}: {why}\n"));
                return refuse_with(connection, answer).await;
            }
        };
        if faults.iter().any(|fault| fault.kind == Kind::ResetEarly) {
            engine.reset_early(&head, &faults);
            return connection.reset();
        }
        let body = match connection.body(&head, length).await {
            Ok(body) => body,
            Err(broken) => return refuse(connection, shared, broken).await,
        };
        let request = Request { head, body };
        let mut answer = engine.answer(&request, &faults);
        if !request.head.keeps_alive() {
            answer.set("Connection", "close");
        }
        let is = |kind: &Kind| faults.iter().any(|fault| fault.kind == *kind);
        for fault in &faults {
            if let Kind::Latency(latency) = fault.kind {
                tokio::time::sleep(latency).await;
            }
        }
        if is(&Kind::Hang) {
            return connection.closed().await;
        }
        if is(&Kind::Reset) {
            return connection.reset();
        }
        if is(&Kind::Close) {
            return;
        }
        if request.head.method == "HEAD" {
            answer.body.clear();
        }
        if send(&mut connection, &answer, &faults).await.is_err() {
            return;
        }
        if is(&Kind::Stall) {
            return connection.closed().await;
        }
        if is(&Kind::Cut) || !request.head.keeps_alive() {
            return;
        }
    }
}

async fn send(connection: &mut Connection, answer: &Answer, faults: &[Fault]) -> io::Result<()> {
    let half = faults.iter().any(|fault| matches!(fault.kind, Kind::Cut | Kind::Stall));
    let slow = faults.iter().find_map(|fault| if let Kind::Slow(pause) = fault.kind { Some(pause) } else { None });
    let spaces = faults.iter().find_map(|fault| if let Kind::Huge(bytes) = fault.kind { Some(bytes) } else { None });
    // An answer of which a part is missing has to be one that is not empty.
    let more = usize::from(half) * 64;
    let announced = answer.body.len() + more + usize::try_from(spaces.unwrap_or(0)).unwrap_or(usize::MAX / 2);
    let head = answer.head(announced);
    let body = if half { answer.body.get(..answer.body.len() / 2).unwrap_or_default() } else { &answer.body };
    let stream = &mut connection.stream;
    match slow {
        None => stream.write_all(&[head.as_slice(), body].concat()).await?,
        Some(pause) => {
            for byte in head {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(pause).await;
            }
            stream.write_all(body).await?;
        }
    }
    let mut left = if half { 0 } else { spaces.unwrap_or(0) };
    while left > 0 {
        const CHUNK: [u8; 16 * 1024] = [b' '; 16 * 1024];
        let size = usize::try_from(left).unwrap_or(CHUNK.len()).min(CHUNK.len());
        stream.write_all(CHUNK.get(..size).unwrap_or_default()).await?;
        left -= size as u64;
    }
    stream.flush().await
}

/// Says what is wrong with what came, if anybody is there to hear it.
async fn refuse(connection: Connection, shared: &Shared, broken: Broken) {
    if let Broken::Refused(status, why) = broken {
        shared.log.write(format!("{status}: {why}"));
        refuse_with(connection, Answer::new(status, "text/plain", format!("{why}\n"))).await;
    }
}

/// Answers, and closes; the request need not have been read to its end.
async fn refuse_with(mut connection: Connection, mut answer: Answer) {
    answer.set("Connection", "close");
    // The other side may be gone.
    if send(&mut connection, &answer, &[]).await.is_ok() {
        // What it still sends would otherwise reset the connection before it has read this.
        let _ = connection.stream.shutdown().await;
        let _ = tokio::time::timeout(Duration::from_secs(1), connection.closed()).await;
    }
}

impl Shared {
    /// The faults that strike a request: those it asks for, and of those that were set its share.
    fn faults(&self, head: &Head) -> Result<Vec<Fault>, String> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let asked = head.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(FAULT_HEADER));
        let asked: Vec<Fault> = asked
            .map(|(_, text)| text.parse())
            .collect::<Result<_, _>>()
            .map_err(|error: crate::FaultError| error.to_string())?;
        let mut rng = Rng::of(&[self.seed, number]);
        let mut struck = Vec::new();
        for fault in self.faults.iter().chain(&asked) {
            if rng.share() < fault.share() {
                struck.push(fault.clone());
            }
        }
        Ok(struck)
    }
}
