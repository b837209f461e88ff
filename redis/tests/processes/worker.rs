//! A process that makes calls. It is this test program, started anew with settings in its
//! environment.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Limit, Method, Operation, Security, Venue, Weight};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::state::{KeyDigest, SharedState};
use venuekit::{BoxError, BoxFuture, Client, ClientBuilder, Clock, ErrorKind, Outcome, Retry};
use venuekit_redis::RedisStore;

pub(crate) const TIMEOUT: Duration = Duration::from_secs(3);
pub(crate) const GRACE: Duration = Duration::from_millis(500);

/// The weight of a call of the ticker. An order weighs 1.
pub(crate) const TICKER_WEIGHT: u64 = 3;

/// The limits of the venue: orders in a second, and weight in two seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) orders: u64,
    pub(crate) weight: u64,
}

pub(crate) const SLOW: Rate = Rate { orders: 40, weight: 150 };
pub(crate) const FAST: Rate = Rate { orders: 400, weight: 1_500 };

static SLOW_VENUE: Venue = Venue::new("slow", "venuekit-slow", "0.1.0").with_limits(&limits(SLOW));
static FAST_VENUE: Venue = Venue::new("fast", "venuekit-fast", "0.1.0").with_limits(&limits(FAST));

const fn limits(rate: Rate) -> [Limit; 2] {
    [Limit::new("orders", rate.orders, 1).per_key(), Limit::new("weight", rate.weight, 2).counts_weight()]
}

static ORDER: Operation = Operation::http("placeOrder", Method::Post, "/order")
    .with_security(Security::Signed)
    .with_limits(&["orders", "weight"]);
static TICKER: Operation =
    Operation::http("ticker", Method::Get, "/ticker").with_weight(Weight::Fixed(3)).with_limits(&["weight"]);

/// The settings of a process.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) venue: String,
    pub(crate) store: String,
    pub(crate) calls: u64,
    /// The difference of the process's clock, in milliseconds.
    pub(crate) clock_off: i64,
    pub(crate) one_at_a_time: bool,
    /// The number of calls at the same time.
    pub(crate) at_once: u64,
    pub(crate) is_fast: bool,
}

const VARIABLE: &str = "VENUEKIT_WORKER";

impl Settings {
    /// Starts a process that prints `done` after its calls.
    pub(crate) fn spawn(&self) -> Child {
        let Self { venue, store, calls, clock_off, one_at_a_time, at_once, is_fast } = self;
        let text = format!("{venue} {store} {calls} {clock_off} {one_at_a_time} {at_once} {is_fast}");
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "worker_process", "--ignored", "--nocapture", "--test-threads=1"])
            .env(VARIABLE, text)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn read() -> Option<Self> {
        let text = std::env::var(VARIABLE).ok()?;
        let words: Vec<&str> = text.split(' ').collect();
        let [venue, store, calls, clock_off, one_at_a_time, at_once, is_fast] = words.as_slice() else { return None };
        Some(Self {
            venue: (*venue).to_owned(),
            store: (*store).to_owned(),
            calls: calls.parse().unwrap(),
            clock_off: clock_off.parse().unwrap(),
            one_at_a_time: one_at_a_time.parse().unwrap(),
            at_once: at_once.parse().unwrap(),
            is_fast: is_fast.parse().unwrap(),
        })
    }
}

#[derive(Debug)]
struct OffClock(i64);

impl Clock for OffClock {
    fn now(&self) -> SystemTime {
        let by = Duration::from_millis(self.0.unsigned_abs());
        if self.0 < 0 { SystemTime::now() - by } else { SystemTime::now() + by }
    }
}

/// A signer that writes its nonce into a header.
#[derive(Debug)]
struct NonceSigner;

impl Signer for NonceSigner {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move { request.set_header("x-nonce", &stamp.nonce.to_string()) })
    }

    fn key_digest(&self) -> Option<KeyDigest> {
        Some(KeyDigest::from_sha256([9; 32]))
    }
}

/// Makes the calls of a process. Returns false if the program is not such a process.
pub(crate) async fn run() -> bool {
    let Some(settings) = Settings::read() else { return false };
    let hold = TIMEOUT + GRACE;
    let store = RedisStore::builder(settings.store.clone()).longest_hold(hold).build().unwrap();
    let client = ClientBuilder::for_venue(if settings.is_fast { &FAST_VENUE } else { &SLOW_VENUE })
        .base_url(settings.venue.clone())
        .signer(NonceSigner)
        .clock(OffClock(settings.clock_off))
        .state(SharedState::new(store))
        .egress("nat-1")
        .timeout(TIMEOUT)
        .limit_grace(GRACE)
        .retry(Retry::never())
        .one_signed_request_at_a_time(settings.one_at_a_time)
        .build()
        .unwrap();
    let left = Arc::new(AtomicU64::new(settings.calls));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..settings.at_once {
        tasks.spawn(call_until_done(client.clone(), Arc::clone(&left), settings.one_at_a_time));
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    true
}

async fn call_until_done(client: Client, left: Arc<AtomicU64>, only_orders: bool) {
    let take = |left: u64| left.checked_sub(1);
    while let Ok(number) = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take) {
        let operation = if only_orders || number % 4 != 0 { &ORDER } else { &TICKER };
        loop {
            let called_at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros().to_string();
            let began = std::time::Instant::now();
            let call = RequestBuilder::new(&client, operation).send::<i64>().header("x-called-at", &called_at);
            let Err(error) = call.await else { break };
            // Two minutes more than allowed is a call that hangs, on any machine.
            assert!(began.elapsed() < TIMEOUT + Duration::from_secs(120), "{error}: {:?}", began.elapsed());
            let is_expected = matches!(
                (error.kind(), error.outcome()),
                (ErrorKind::State | ErrorKind::Throttled | ErrorKind::Timeout, Outcome::NotSent)
                    // On a busy machine, the venue may respond too late.
                    | (ErrorKind::Timeout, Outcome::Unknown)
                    | (ErrorKind::Connect, Outcome::NotSent)
            );
            assert!(is_expected, "{error}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
