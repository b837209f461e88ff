//! Requests per second over loopback, against plain reqwest.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use venuekit::{Retry, Throttle};

use crate::calls::runtime;

const BODY: &str = r#"{"iso":"2024-01-28T14:15:00.123Z","epoch":1706451300.123}"#;

#[derive(serde::Deserialize)]
#[expect(dead_code, reason = "the values are read only")]
struct Time {
    iso: String,
    epoch: f64,
}

/// Serves the same response to each request, on a thread of its own.
fn serve() -> u16 {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime().block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap().port()).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(respond(stream));
            }
        });
    });
    receiver.recv().unwrap()
}

/// Responds to the requests of a connection. They have no body.
async fn respond(mut stream: TcpStream) {
    stream.set_nodelay(true).unwrap();
    let response =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}", BODY.len());
    let mut text = Vec::new();
    while matches!(stream.read_buf(&mut text).await, Ok(1..)) {
        if text.ends_with(b"\r\n\r\n") {
            text.clear();
            if stream.write_all(response.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// Makes `count` requests, with `in_flight` of them at a time, and returns the time that they took.
fn time<F: Future<Output = ()> + 'static>(
    runtime: &tokio::runtime::Runtime,
    (count, in_flight): (usize, usize),
    request: impl Fn() -> F + 'static,
) -> Duration {
    let tasks = tokio::task::LocalSet::new();
    let request = std::rc::Rc::new(request);
    let started = Instant::now();
    tasks.block_on(runtime, async {
        let mut running = Vec::new();
        for _ in 0..in_flight {
            let request = std::rc::Rc::clone(&request);
            running.push(tokio::task::spawn_local(async move {
                for _ in 0..count / in_flight {
                    request().await;
                }
            }));
        }
        for task in running {
            task.await.unwrap();
        }
    });
    started.elapsed()
}

/// The requests per second with a number of requests in flight.
pub struct Rate {
    pub in_flight: usize,
    pub reqwest: f64,
    pub venuekit: f64,
}

pub fn measure(is_quick: bool) {
    let (rounds, count) = if is_quick { (2, 256) } else { (15, 4_096) };
    print(&rates(rounds, count, &[1, 4, 16, 64, 256]));
}

pub fn print(rates: &[Rate]) {
    println!("requests per second over loopback (the best round of each, in turns)");
    for Rate { in_flight, reqwest, venuekit } in rates {
        let ratio = venuekit / reqwest;
        println!("  {in_flight:>3} in flight: reqwest {reqwest:>8.0}, venuekit {venuekit:>8.0}, ratio {ratio:.2}");
    }
}

/// Measures `count` requests for each number in flight. The rounds take turns.
pub fn rates(rounds: usize, count: usize, in_flight: &[usize]) -> Vec<Rate> {
    let url = format!("http://127.0.0.1:{}/spot", serve());
    let runtime = runtime();
    let plain = Arc::new(reqwest::Client::builder().no_proxy().build().unwrap());
    let builder = venuekit_btse_spot::Client::builder().base_url(&url).retry(Retry::never());
    let client = builder.throttle(Throttle::Off).build().unwrap();
    let url: Arc<str> = format!("{url}/v2/time").into();
    let rate = |in_flight: &usize| {
        let in_flight = *in_flight;
        let (mut fastest_plain, mut fastest_ours) = (Duration::MAX, Duration::MAX);
        for _ in 0..rounds {
            let (plain, url, client) = (Arc::clone(&plain), Arc::clone(&url), client.clone());
            let by_hand = move || {
                let request = plain.get(&*url).header("accept", "application/json");
                async move {
                    let body = request.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
                    drop(std::hint::black_box(serde_json::from_slice::<Time>(&body).unwrap()));
                }
            };
            fastest_plain = fastest_plain.min(time(&runtime, (count, in_flight), by_hand));
            let ours = move || {
                let call = client.get_server_time().send();
                async move { drop(std::hint::black_box(call.await.unwrap())) }
            };
            fastest_ours = fastest_ours.min(time(&runtime, (count, in_flight), ours));
        }
        let per_second = |time: Duration| count as f64 / time.as_secs_f64();
        Rate { in_flight, reqwest: per_second(fastest_plain), venuekit: per_second(fastest_ours) }
    };
    in_flight.iter().map(rate).collect()
}
