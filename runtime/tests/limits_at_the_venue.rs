//! Checks rate limits by the times at which requests arrive at the venue.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{Script, TestSigner, builder_of, call, http, reset, respond};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Limit, Method, Operation, Parameter, ParameterIn, Security, Venue, Weight};
use venuekit::reqwest::dns::{Addrs, Name, Resolve, Resolving};
use venuekit::{ClientBuilder, Retry};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A request that arrived at the venue.
#[derive(Clone, Debug)]
struct Arrival {
    at: Instant,
    path: String,
}

type Arrivals = Arc<Mutex<Vec<Arrival>>>;

/// Asserts that no window of the limit's length holds more than the limit.
fn assert_holds(limit: &Limit, mut arrivals: Vec<(Instant, u64)>, of: &str) {
    arrivals.sort_unstable();
    let (mut first, mut held) = (0, 0);
    for (at, weight) in &arrivals {
        held += weight;
        while *at - arrivals[first].0 >= limit.window() {
            held -= arrivals[first].1;
            first += 1;
        }
        assert!(held <= limit.limit(), "{of}: {held} of {limit:?}");
    }
}

/// Tests on the machine's clock, over local sockets. The limit must be kept at any speed.
mod over_sockets {
    use super::*;

    static LIMIT: Limit = Limit::new("orders", 10, 1).per_key();
    static VENUE: Venue = Venue::new("arrivals", "venuekit-arrivals", "0.1.0").with_limits(&[LIMIT]);
    static ORDER: Operation = Operation::http("order", Method::Post, "/order/{id}")
        .with_parameters(&[Parameter::required("id", ParameterIn::Path)])
        .with_security(Security::Signed)
        .with_limits(&["orders"]);

    /// The delays and failures of a run.
    #[derive(Clone, Copy, Debug, Default)]
    struct Trouble {
        connect: u64,
        sign: u64,
        /// The maximum of the random delays in ms, before the venue reads a request and before it
        /// responds.
        jitter: u64,
        /// Every call whose number is a multiple of this is dropped, after a random time.
        dropped: Option<usize>,
    }

    /// Starts a venue that records the arrival of requests.
    async fn venue(jitter: u64) -> (u16, Arrivals) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let arrivals = Arrivals::default();
        let log = Arc::clone(&arrivals);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, jitter, Arc::clone(&log)));
            }
        });
        (port, arrivals)
    }

    async fn serve(mut stream: TcpStream, jitter: u64, arrivals: Arrivals) {
        let pause = || sleep(ms(fastrand::u64(0..=jitter)));
        loop {
            pause().await;
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                if !matches!(stream.read_buf(&mut head).await, Ok(1..)) {
                    return;
                }
            }
            let path = String::from_utf8(head).unwrap().split(' ').nth(1).unwrap().to_owned();
            arrivals.lock().unwrap().push(Arrival { at: Instant::now(), path });
            pause().await;
            if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1").await.is_err() {
                return;
            }
        }
    }

    /// A resolver that waits, so that each connection takes a long time to open.
    struct SlowToConnect(Duration);

    impl Resolve for SlowToConnect {
        fn resolve(&self, _: Name) -> Resolving {
            let wait = self.0;
            Box::pin(async move {
                sleep(wait).await;
                Ok(Box::new(std::iter::once(SocketAddr::from(([127, 0, 0, 1], 0)))) as Addrs)
            })
        }
    }

    async fn check(trouble: Trouble) {
        let (port, arrivals) = venue(trouble.jitter).await;
        let http = http().dns_resolver(Arc::new(SlowToConnect(ms(trouble.connect)))).pool_max_idle_per_host(1);
        let client = ClientBuilder::for_venue(&VENUE)
            .base_url(format!("http://localhost:{port}"))
            .http(http)
            .signer(TestSigner::new().taking(ms(trouble.sign)))
            .timeout(Duration::from_secs(600))
            .retry(Retry::never())
            .limit_grace(ms(100))
            .build()
            .unwrap();
        let mut calls = JoinSet::new();
        for number in 0..30 {
            let request_builder = RequestBuilder::new(&client, &ORDER).set(0, &number);
            let dropped = trouble.dropped.is_some_and(|each| number % each == 0);
            let after = if dropped { ms(fastrand::u64(0..300)) } else { Duration::from_secs(600) };
            calls.spawn(async move {
                let got_response = timeout(after, call(request_builder)).await.is_ok_and(|response| response.is_ok());
                got_response.then(|| format!("/order/{number}"))
            });
        }
        let responded: Vec<String> = calls.join_all().await.into_iter().flatten().collect();
        assert!(responded.len() >= 20 && (trouble.dropped.is_some() || responded.len() == 30), "{trouble:?}");
        let arrivals = arrivals.lock().unwrap().clone();
        let counted = arrivals.into_iter().filter(|arrival| responded.contains(&arrival.path));
        assert_holds(&LIMIT, counted.map(|arrival| (arrival.at, 1)).collect(), &format!("{trouble:?}"));
    }

    #[tokio::test]
    async fn no_window_holds_more_than_the_limit_whichever_part_is_slow() {
        let none = Trouble::default();
        tokio::join!(
            check(none),
            check(Trouble { connect: 150, ..none }),
            check(Trouble { sign: 900, ..none }),
            check(Trouble { jitter: 80, ..none }),
            check(Trouble { jitter: 60, dropped: Some(3), ..none }),
            check(Trouble { connect: 40, sign: 50, jitter: 60, dropped: Some(4) }),
        );
    }

    #[tokio::test]
    async fn clients_with_the_same_key_share_a_limit_that_the_venue_counts_per_key() {
        let (port, arrivals) = venue(5).await;
        let signer = TestSigner::new();
        let mut calls = JoinSet::new();
        for number in 0..25 {
            let client = ClientBuilder::for_venue(&VENUE)
                .base_url(format!("http://localhost:{port}"))
                .http(http())
                .signer(signer.clone())
                .timeout(Duration::from_secs(600))
                .build()
                .unwrap();
            calls.spawn(call(RequestBuilder::new(&client, &ORDER).set(0, &number)));
        }
        assert!(calls.join_all().await.iter().all(Result::is_ok));
        let arrivals = arrivals.lock().unwrap().iter().map(|arrival| (arrival.at, 1)).collect();
        assert_holds(&LIMIT, arrivals, "25 clients");
    }

    #[tokio::test]
    async fn clients_to_the_same_origin_share_a_limit_that_the_venue_counts_per_address() {
        static LIMIT: Limit = Limit::new("requests", 4, 1);
        static VENUE: Venue = Venue::new("addresses", "venuekit-addresses", "0.1.0").with_limits(&[LIMIT]);
        static PING: Operation = Operation::http("ping", Method::Get, "/ping").with_limits(&["requests"]);
        let (port, arrivals) = venue(5).await;
        for _ in 0..10 {
            // Each client is dropped after its call, but the venue still counts its request.
            let client = ClientBuilder::for_venue(&VENUE)
                .base_url(format!("http://localhost:{port}"))
                .http(http())
                .timeout(Duration::from_secs(600))
                .build()
                .unwrap();
            call(RequestBuilder::new(&client, &PING)).await.unwrap();
        }
        let arrivals = arrivals.lock().unwrap().iter().map(|arrival| (arrival.at, 1)).collect();
        assert_holds(&LIMIT, arrivals, "10 clients");
    }
}

/// Tests on a paused clock. A request arrives at any time between its sending and its response.
mod on_a_paused_clock {
    use super::*;

    static LIMITS: [Limit; 4] = [
        Limit::new("weight", 20, 10).counts_weight(),
        Limit::new("orders", 3, 1),
        Limit::new("burst", 7, 4),
        Limit::new("long", 60, 7_200),
    ];
    static VENUE: Venue = Venue::new("busy", "venuekit-busy", "0.1.0").with_limits(&LIMITS);
    static OPERATIONS: [Operation; 5] = [
        operation("/1", 1, &["weight"]),
        operation("/7", 7, &["weight"]),
        operation("/2", 2, &["weight", "orders", "long"]),
        operation("/3", 3, &["burst", "orders"]),
        operation("/30", 30, &["orders", "burst", "weight"]),
    ];
    const GRACE: u64 = 5_000;

    const fn operation(path: &'static str, weight: u32, limits: &'static [&'static str]) -> Operation {
        Operation::http(path, Method::Get, path)
            .with_security(Security::Signed)
            .with_weight(Weight::Fixed(weight))
            .with_limits(limits)
    }

    /// Makes random requests under random delays. Some fail and some are dropped.
    async fn run(seed: u64) {
        let mut random = fastrand::Rng::with_seed(seed);
        let (slowest, body) = (random.u64(1..3_000), random.u64(0..500));
        // Half of the runs have no failures, so all of their calls must succeed.
        let fails = random.bool();
        let arrivals = Arrivals::default();
        let (log, dice) = (Arc::clone(&arrivals), Mutex::new(random.fork()));
        let script = Script::from_fn(move |sent, _| {
            let mut dice = dice.lock().unwrap();
            let head = dice.u64(0..=slowest);
            let is_reset = fails && dice.u8(..) < 30;
            // A request without a response may still arrive within the grace period, even if its
            // call is dropped at once. The grace period is longer than any response takes here.
            let at = sent.at + ms(dice.u64(0..=if is_reset { GRACE } else { head }));
            log.lock().unwrap().push(Arrival { at, path: sent.url.path().to_owned() });
            if is_reset { reset().after(ms(head)) } else { respond(200, "1").after(ms(head)).body_after(ms(body)) }
        });
        let script = if random.bool() { script.silent() } else { script };
        let client = builder_of(&VENUE, &script)
            .signer(TestSigner::new().taking(ms(random.u64(0..900))))
            .timeout(ms(1_000 * 86_400 * 30))
            .retry(Retry::never())
            .max_in_flight(random.usize(1..12))
            .one_signed_request_at_a_time(random.u8(..) < 60)
            .limit_grace(ms(GRACE))
            .build()
            .unwrap();
        let (mut calls, pause) = (JoinSet::new(), random.u64(1..20_000));
        for _ in 0..150 {
            let (client, operation) = (client.clone(), random.choice(&OPERATIONS).unwrap());
            let after = ms(random.u64(0..pause));
            let patience = if fails && random.u8(..) < 60 { ms(random.u64(0..9_000)) } else { Duration::MAX };
            calls.spawn(async move {
                sleep(after).await;
                timeout(patience, call(RequestBuilder::new(&client, operation)))
                    .await
                    .is_ok_and(|response| response.is_ok())
            });
        }
        let got_through = calls.join_all().await;
        assert!(fails || got_through.into_iter().all(|got_response| got_response), "{seed}");
        let arrivals = arrivals.lock().unwrap();
        for limit in &LIMITS {
            let weight = |arrival: &Arrival| {
                let operation = OPERATIONS.iter().find(|operation| arrival.path.ends_with(operation.id()))?;
                let Weight::Fixed(weight) = operation.weight() else { return None };
                let weight = if limit.is_weighted() { u64::from(weight).min(limit.limit()) } else { 1 };
                operation.limits().contains(&limit.name()).then_some((arrival.at, weight))
            };
            assert_holds(limit, arrivals.iter().filter_map(weight).collect(), &seed.to_string());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn random_requests_never_exceed_a_limit_and_all_pass_if_nothing_fails() {
        for seed in 0..24 {
            run(seed).await;
        }
    }
}
