//! What a shared state costs: the time of a call without a network to the venue.

use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Limit, Method, Operation, Venue};
use venuekit::state::SharedState;
use venuekit::transport::{Transport, TransportError, TransportRequest, TransportResponse};
use venuekit::{BoxFuture, Client, ClientBuilder};
use venuekit_redis::RedisStore;

use crate::support::RedisServer;

static VENUE: Venue = Venue::new("latency", "venuekit-latency", "0.1.0")
    .with_limits(&[Limit::new("weight", 1_000_000_000, 1), Limit::new("more", 1_000_000_000, 1)]);
static TICKER: Operation = Operation::http("ticker", Method::Get, "/ticker").with_limits(&["weight", "more"]);

/// A timeout for a response that comes, on a machine that is busy.
const LONG: Duration = Duration::from_secs(120);

#[derive(Debug)]
struct AtOnce;

impl Transport for AtOnce {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        Box::pin(async move {
            request.response_signal.response_began();
            Ok(TransportResponse::new(http::StatusCode::OK, http::HeaderMap::new(), "1"))
        })
    }
}

fn client(state: Option<SharedState>) -> Client {
    let builder = ClientBuilder::for_venue(&VENUE).base_url("https://venue.test").transport(AtOnce).egress("nat-1");
    match state {
        Some(state) => builder.state(state),
        None => builder,
    }
    .build()
    .unwrap()
}

/// Prints the times of a call in memory, through the store, and through the store with batches,
/// beside those of a plain `INCR`.
pub(crate) async fn print(redis: &RedisServer) {
    const CALLS: usize = 2_000;

    let store = |batch: u64| {
        let store = RedisStore::builder(redis.url()).longest_hold(Duration::ZERO).timeout(LONG).build().unwrap();
        SharedState::new(store).timeout(LONG).batch("weight", batch).batch("more", batch)
    };
    let memory = client(None);
    let (single, batches) = (client(Some(store(0))), client(Some(store(100))));
    let mut connection = redis::Client::open(redis.url()).unwrap().get_multiplexed_async_connection().await.unwrap();
    // The server was just started, so it keeps limits closed, in case it has forgotten places.
    for client in [&single, &batches] {
        while call(client).await.is_err() {
            client.reopen_limits().await;
        }
    }
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..CALLS {
        for (times, client) in times.iter_mut().zip([&memory, &single, &batches]) {
            let began = Instant::now();
            call(client).await.unwrap();
            times.push(began.elapsed());
        }
        let began = Instant::now();
        increment(&mut connection).await;
        times[3].push(began.elapsed());
    }
    println!("| a call with two limits | median | 99 of 100 | ratio to INCR |");
    println!("|---|---|---|---|");
    times.iter_mut().for_each(|times| times.sort_unstable());
    let incr = times[3][CALLS / 2].as_secs_f64();
    for (name, times) in ["in memory", "through the store", "in batches of 100", "plain `INCR`"].iter().zip(&times) {
        let (median, late) = (times[CALLS / 2], times[CALLS * 99 / 100]);
        println!("| {name} | {median:.1?} | {late:.1?} | {:.2} |", median.as_secs_f64() / incr);
    }
}

async fn call(client: &Client) -> Result<i64, venuekit::Error> {
    RequestBuilder::new(client, &TICKER).send::<i64>().timeout(LONG).await
}

async fn increment(connection: &mut MultiplexedConnection) {
    let _: u64 = redis::cmd("INCR").arg("plain").query_async(connection).await.unwrap();
}
