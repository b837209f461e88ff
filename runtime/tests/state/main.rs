//! Clients whose limits and nonces are in a store, as those of several processes are.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod store;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::time::{Duration, UNIX_EPOCH};

use store::{AHEAD, Fault, TestStore};
use support::{START_MS, Script, Sent, TestClock, TestSigner, builder_of, call, hang, no_connection, respond};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Limit, Method, Operation, Security, Venue};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::state::{LocalShare, SharedState, WhenAway};
use venuekit::{BoxError, BoxFuture, Client, ClientBuilder, Error, ErrorKind, Outcome, Retry, Throttle};

static LIMITS: [Limit; 2] =
    [Limit::new("weight", 20, 60).counts_weight().with_header("x-used-weight"), Limit::new("orders", 4, 1).per_key()];
static VENUE: Venue = Venue::new("state-tests", "venuekit-state-tests", "0.1.0").with_limits(&LIMITS);
static TICKER: Operation = Operation::http("ticker", Method::Get, "/ticker").with_limits(&["weight"]);
static ORDER: Operation =
    Operation::http("placeOrder", Method::Post, "/order").with_security(Security::Signed).with_limits(&["orders"]);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn content() -> Script {
    Script::new([respond(200, "1").after(ms(30))])
}

/// Returns the builder of a client as in a process of its own: its credentials are made anew.
fn process(script: &Script, store: &TestStore) -> ClientBuilder {
    with_state(script, store, SharedState::new(store.clone()))
}

fn with_state(script: &Script, store: &TestStore, state: SharedState) -> ClientBuilder {
    // The clients of another test have another clock, so they must not share anything.
    let builder = builder_of(&VENUE, script).signer(TestSigner::new()).state(state).egress(store.name());
    builder.timeout(Duration::from_secs(600)).retry(Retry::never())
}

fn order(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &ORDER)
}

fn ticker(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &TICKER)
}

async fn all(request_builders: impl IntoIterator<Item = RequestBuilder>) -> Vec<Result<serde_json::Value, Error>> {
    let mut calls = JoinSet::new();
    for request_builder in request_builders {
        calls.spawn(call(request_builder));
    }
    calls.join_all().await
}

/// Returns the largest number of requests within any window.
fn most_within(sent: &[Sent], window: Duration) -> usize {
    let within = |from: &Sent| sent.iter().filter(|other| other.at >= from.at && other.at - from.at < window).count();
    sent.iter().map(within).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn processes_with_one_key_keep_its_limits_together() {
    let (script, store) = (content(), TestStore::new());
    let processes: Vec<_> = (0..3).map(|_| process(&script, &store).build().unwrap()).collect();
    let results = all((0..40).map(|at| order(&processes[at % 3]))).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!((script.count(), most_within(&script.sent(), Duration::from_secs(1))), (40, 4));
    let other = process(&script, &store).signer(TestSigner::of("other", "secret")).build().unwrap();
    let started = Instant::now();
    call(order(&other)).await.unwrap();
    assert!(started.elapsed() < ms(100), "another key does not wait");
    let names = store.names();
    assert!(names.iter().all(|name| !name.contains("test-key") && !name.contains("other")), "{names:?}");
}

#[tokio::test(start_paused = true)]
async fn limits_per_address_are_shared_by_processes_with_one_named_egress() {
    let (script, store) = (content(), TestStore::new());
    let [one, same, other] = ["nat-1", "nat-1", "nat-2"]
        .map(|name| process(&script, &store).egress(format!("{} {name}", store.name())).build().unwrap());
    let unnamed = builder_of(&VENUE, &script).state(SharedState::new(store.clone())).build().unwrap();
    all((0..20).map(|_| ticker(&one))).await;
    for client in [&other, &unnamed] {
        let started = Instant::now();
        call(ticker(client)).await.unwrap();
        assert!(started.elapsed() < ms(100));
    }
    let started = Instant::now();
    call(ticker(&same)).await.unwrap();
    assert!((59..=60).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn nonces_rise_over_all_processes_as_they_are_drawn_and_come_from_the_clock_of_the_store() {
    let (script, store) = (content(), TestStore::new());
    let clocks = [TestClock::behind(ms(5_000)), TestClock::right(), TestClock::ahead(ms(5_000))];
    let processes = clocks.map(|clock| process(&script, &store).clock(clock).build().unwrap());
    for _ in 0..4 {
        for client in &processes {
            call(order(client)).await.unwrap();
        }
    }
    let nonces: Vec<u64> = script.sent().iter().map(Sent::nonce).collect();
    assert!(nonces.windows(2).all(|pair| pair[0] < pair[1]), "{nonces:?}");
    assert!(nonces[0] >= START_MS && nonces[0] < START_MS + AHEAD, "{nonces:?}");
    let started = Instant::now();
    all((0..12).map(|at| order(&processes[at % 3]))).await;
    let nonces: BTreeSet<u64> = script.sent().iter().map(Sent::nonce).collect();
    assert_eq!(nonces.len(), 24);
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn one_signed_request_at_a_time_holds_over_all_processes_and_nonces_arrive_in_their_order() {
    let (script, store) = (content(), TestStore::new());
    let processes: Vec<_> =
        (0..3).map(|_| process(&script, &store).one_signed_request_at_a_time(true).build().unwrap()).collect();
    all((0..30).map(|at| order(&processes[at % 3]))).await;
    assert_eq!((script.count(), script.max_in_flight()), (30, 1));
    let nonces: Vec<u64> = script.sent().iter().map(Sent::nonce).collect();
    assert!(nonces.windows(2).all(|pair| pair[0] < pair[1]), "{nonces:?}");
}

#[tokio::test(start_paused = true)]
async fn a_turn_of_a_process_that_died_ends_by_itself_after_the_timeout_and_the_grace() {
    let store = TestStore::new();
    let (script, hanging) = (content(), Script::new([hang()]));
    let build = |script: &Script, secs| {
        let builder = process(script, &store).one_signed_request_at_a_time(true);
        builder.timeout(Duration::from_secs(secs)).build().unwrap()
    };
    let dying = build(&hanging, 7);
    // A process that dies runs no destructor.
    let mut call_of_the_dead = Box::pin(call(order(&dying)));
    tokio::select! { _ = &mut call_of_the_dead => unreachable!(), () = sleep(ms(100)) => {} }
    std::mem::forget(call_of_the_dead);
    let started = Instant::now();
    call(order(&build(&script, 60))).await.unwrap();
    let waited = started.elapsed().as_millis();
    assert!((11_800..12_100).contains(&waited), "7 s and 5 s of grace: {waited}");
}

#[tokio::test(start_paused = true)]
async fn closings_and_reopenings_by_one_process_hold_for_all() {
    let store = TestStore::new();
    let script = Script::from_fn(|_, before| match before {
        0 => respond(429, "{}").header("retry-after", 1_000),
        _ => respond(200, "1"),
    });
    let [one, other] = [(); 2].map(|()| process(&script, &store).max_limit_closing(ms(1_000_000)).build().unwrap());
    call(ticker(&one)).await.unwrap_err();
    let error = call(ticker(&other).send::<serde_json::Value>().timeout(ms(5_000))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Throttled, Outcome::NotSent));
    assert!(error.to_string().contains("the venue closed the rate limit `weight`"), "{error}");
    assert!(error.retry_after().unwrap() > Duration::from_secs(900));
    assert!(other.reopen_limit("weight").await);
    let started = Instant::now();
    call(ticker(&one)).await.unwrap();
    assert!(started.elapsed() < ms(100));
}

#[tokio::test(start_paused = true)]
async fn a_count_that_one_process_reads_in_a_header_holds_for_all() {
    let store = TestStore::new();
    let script = Script::new([respond(200, "1").header("x-used-weight", 20), respond(200, "1")]);
    let [one, other] = [(); 2].map(|()| process(&script, &store).build().unwrap());
    call(ticker(&one)).await.unwrap();
    let started = Instant::now();
    call(ticker(&other)).await.unwrap();
    assert_eq!(started.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_calls_are_not_sent_and_name_the_cause_within_their_timeout() {
    let (script, store) = (content(), TestStore::new());
    let client = process(&script, &store).build().unwrap();
    for (fault, cause, most) in [(Fault::Error, "the store is out of order", 10), (Fault::Silent, "in time", 1_100)] {
        store.break_down(fault);
        for request_builder in [order(&client), ticker(&client)] {
            let started = Instant::now();
            let error = call(request_builder).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::State, Outcome::NotSent), "{error}");
            assert!(error.to_string().contains(cause), "{error}");
            assert!(started.elapsed() < ms(most));
        }
    }
    let started = Instant::now();
    call(order(&client).send::<serde_json::Value>().timeout(ms(40))).await.unwrap_err();
    assert!(started.elapsed() < ms(50), "the timeout of the call holds too");
    store.break_down(None);
    // The places of the calls without a response were given back.
    all((0..4).map(|_| order(&client))).await;
    assert_eq!(script.count(), 4);
    assert!(most_within(&script.sent(), ms(500)) == 4);
}

#[tokio::test(start_paused = true)]
async fn local_shares_and_the_store_together_never_exceed_a_limit() {
    let (script, store) = (content(), TestStore::new());
    let state = SharedState::new(store.clone()).local_share(LocalShare::new(50, 2));
    let state = state.public_when_away(WhenAway::Local).when_away(WhenAway::Local);
    let processes: Vec<_> =
        (0..2).map(|_| with_state(&script, &store, state.clone()).throttle(Throttle::Fail).build().unwrap()).collect();
    let results = all((0..30).map(|at| ticker(&processes[at % 2]))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 10, "half of 20");
    store.break_down(Fault::Error);
    let results = all((0..30).map(|_| ticker(&processes[0]))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 5, "a quarter of 20");
    let error = call(order(&processes[0])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::State, "a nonce is never local");
    store.break_down(None);
    let error = call(ticker(&processes[1])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
}

#[tokio::test(start_paused = true)]
async fn signed_calls_without_nonces_can_take_a_local_share() {
    let (script, store) = (content(), TestStore::new());
    let state = SharedState::new(store.clone()).local_share(LocalShare::new(50, 2)).when_away(WhenAway::Local);
    let client = with_state(&script, &store, state).signer(Timed(TestSigner::new())).build().unwrap();
    store.break_down(Fault::Error);
    call(order(&client)).await.unwrap();
    assert_eq!(call(ticker(&client)).await.unwrap_err().kind(), ErrorKind::State, "calls without a key refuse");
}

/// A signer that uses no nonces.
#[derive(Clone, Debug)]
struct Timed(TestSigner);

impl Signer for Timed {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        self.0.sign(request, stamp)
    }

    fn uses_nonces(&self) -> bool {
        false
    }

    fn key_digest(&self) -> Option<venuekit::state::KeyDigest> {
        self.0.key_digest()
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_saves_requests_to_the_store_and_its_rest_is_given_back() {
    let (script, store) = (content(), TestStore::new());
    let state = SharedState::new(store.clone()).batch("weight", 7);
    let [one, other] = [(); 2].map(|()| with_state(&script, &store, state.clone()).build().unwrap());
    for _ in 0..8 {
        call(ticker(&one)).await.unwrap();
    }
    assert_eq!(store.reservations(), 1, "one for itself and seven more");
    call(ticker(&one)).await.unwrap();
    assert_eq!(store.reservations(), 2);
    // 16 places are leased, and 9 are used. A second later the others are given back.
    let started = Instant::now();
    all((0..11).map(|_| ticker(&other))).await;
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    sleep(ms(1_100)).await;
    call(ticker(&one).send::<serde_json::Value>().timeout(ms(10))).await.unwrap_err();
    sleep(ms(58_000)).await;
    all((0..20).map(|_| ticker(&other))).await;
    assert_eq!(most_within(&script.sent(), Duration::from_secs(60)), 20);
}

#[tokio::test(start_paused = true)]
async fn limits_show_the_state_of_the_store_with_its_date() {
    let (script, store) = (content(), TestStore::new());
    let clock = TestClock::behind(ms(5_000));
    let [one, other] = [(); 2].map(|()| process(&script, &store).clock(clock.clone()).build().unwrap());
    all((0..3).map(|_| ticker(&one))).await;
    let limits = other.limits().await;
    let weight = limits.get("weight").unwrap();
    let read_at = weight.shared_at().unwrap();
    assert_eq!((weight.used(), weight.left()), (3, 17));
    assert!(read_at >= UNIX_EPOCH + ms(START_MS), "the clock of the store, not that of the client");
    store.break_down(Fault::Error);
    sleep(ms(3_000)).await;
    let limits = other.limits().await;
    assert_eq!(limits.get("weight").unwrap().shared_at(), Some(read_at), "the last state, with its date");
    let alone = builder_of(&VENUE, &script).build().unwrap();
    assert_eq!(alone.limits().await.get("weight").unwrap().shared_at(), None);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_not_sent_gives_its_place_back_and_one_without_a_response_keeps_it_for_the_grace() {
    let store = TestStore::new();
    let failing = Script::new([no_connection()]);
    let client = process(&failing, &store).build().unwrap();
    all((0..9).map(|_| order(&client))).await;
    assert_eq!(client.limits().await.get("orders").unwrap().used(), 0);
    let hanging = Script::new([hang()]);
    let client = process(&hanging, &store).timeout(ms(500)).build().unwrap();
    call(order(&client)).await.unwrap_err();
    sleep(ms(5_900)).await;
    assert_eq!(client.limits().await.get("orders").unwrap().used(), 1);
    sleep(ms(200)).await;
    assert_eq!(client.limits().await.get("orders").unwrap().used(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_waits_for_the_store_leaves_nothing_reserved() {
    let (script, store) = (content(), TestStore::new());
    let client = process(&script, &store).build().unwrap();
    store.break_down(Fault::Silent);
    tokio::time::timeout(ms(100), call(order(&client))).await.unwrap_err();
    store.break_down(None);
    assert_eq!(client.limits().await.get("orders").unwrap().used(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_client_whose_key_cannot_be_told_from_others_is_not_built() {
    #[derive(Debug)]
    struct Nameless(TestSigner);

    impl Signer for Nameless {
        fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
            self.0.sign(request, stamp)
        }
    }

    let (script, store) = (content(), TestStore::new());
    let error = process(&script, &store).signer(Nameless(TestSigner::new())).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Settings);
    assert!(error.to_string().contains("Signer::key_digest"), "{error}");
}
