//! Updates of an order book over a WebSocket: venuekit beside bare tokio-tungstenite with
//! serde_json.
//!
//! A server on a thread of its own sends the same frames to both. Both decode each update into
//! exact decimals and merge it into the same book, on one thread.

use std::net::{SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::Message;
use venuekit::book::{Book, Level};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Content, Operation, Parameter, ParameterIn, Socket, SubscriptionFamily, Venue};
use venuekit::wire::{As, DecimalString};
use venuekit::ws::Event;
use venuekit::{ClientBuilder, Decimal};

static VENUE: Venue = Venue::new("bench", "venuekit-bench", "0.1.0").with_socket(&SOCKET);
static SOCKET: Socket = Socket::new().with_families(&[&DEPTH]);
static SUBSCRIBE: Operation = Operation::rpc("depth.subscribe", "depth.subscribe")
    .with_parameters(&[Parameter::required("market", ParameterIn::Position)]);
static UNSUBSCRIBE: Operation = Operation::rpc("depth.unsubscribe", "depth.unsubscribe");
static DEPTH: SubscriptionFamily = SubscriptionFamily::new("depth", &SUBSCRIBE, &UNSUBSCRIBE, &["depth.update"])
    .with_content(Content::Deltas { snapshot_flag: Some("/0") })
    .with_topic_at("/2");

/// The beginning of the times in messages.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The `params` of an update, as a generated crate has them.
#[derive(Deserialize)]
struct Update(#[allow(dead_code)] bool, Sides, #[allow(dead_code)] String);

#[derive(Deserialize)]
struct Sides {
    #[serde(default, with = "As::<Option<Vec<(DecimalString, DecimalString)>>>")]
    asks: Option<Vec<Level>>,
    #[serde(default, with = "As::<Option<Vec<(DecimalString, DecimalString)>>>")]
    bids: Option<Vec<Level>>,
}

/// The same by hand.
#[derive(Deserialize)]
struct HandMessage<'a> {
    #[serde(borrow)]
    params: Option<(bool, HandSides<'a>, &'a str)>,
}

#[derive(Deserialize)]
struct HandSides<'a> {
    #[serde(borrow, default)]
    asks: Vec<(&'a str, &'a str)>,
    #[serde(borrow, default)]
    bids: Vec<(&'a str, &'a str)>,
}

/// The pause between two messages, and their number.
#[derive(Clone, Copy)]
struct Load {
    pause: Option<Duration>,
    messages: u64,
}

fn update(count: u64, has_time: bool) -> String {
    // The amount of one level is the time at which the message is sent, in nanoseconds.
    let amount = if has_time { START.elapsed().as_nanos() + 1 } else { u128::from(count % 977 + 1) };
    let (ask, bid) = (8205 + count % 20, 8200 - count % 20);
    format!(
        r#"{{"method":"depth.update","params":[{},{{"asks":[["{}.{:02}","{amount}"]],"bids":[["{}.{:02}","1.5"],["70","{}"]]}},"LTC_USDT"],"id":null}}"#,
        count == 0,
        ask / 100,
        ask % 100,
        bid / 100,
        bid % 100,
        count % 3 + 1,
    )
}

/// Serves one connection, and sends the messages once the client has sent something.
fn serve(load: Load) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let (stream, _) = listener.accept().unwrap();
            stream.set_nonblocking(true).unwrap();
            stream.set_nodelay(true).unwrap();
            let stream = tokio::net::TcpStream::from_std(stream).unwrap();
            let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
            let request = socket.next().await.unwrap().unwrap().into_text().unwrap();
            let request: serde_json::Value = serde_json::from_str(&request).unwrap();
            let response = format!(r#"{{"error":null,"result":true,"id":{}}}"#, request["id"]);
            socket.send(Message::text(response)).await.unwrap();
            let texts: Vec<Message> = match load.pause {
                None => (0..load.messages).map(|count| Message::text(update(count, false))).collect(),
                Some(_) => Vec::new(),
            };
            for text in texts {
                socket.feed(text).await.unwrap();
            }
            for count in 0..load.messages {
                let Some(pause) = load.pause else { break };
                // A timer of the runtime is too coarse.
                let next = Instant::now() + pause;
                while Instant::now() < next {
                    thread::yield_now();
                }
                socket.send(Message::text(update(count, true))).await.unwrap();
            }
            socket.flush().await.unwrap();
            drop(socket.next().await);
        });
    });
    address
}

/// The time from the first message to the last, and the delay of each message.
struct Seen {
    took: Duration,
    delays: Vec<u64>,
}

struct Reader {
    book: Book,
    load: Load,
    first: Option<Instant>,
    count: u64,
    delays: Vec<u64>,
}

impl Reader {
    fn new(load: Load) -> Self {
        Self { book: Book::new(20), load, first: None, count: 0, delays: Vec::new() }
    }

    /// Merges an update. Returns true at the last one.
    fn take(
        &mut self,
        is_snapshot: bool,
        asks: impl Iterator<Item = Level>,
        bids: impl Iterator<Item = Level>,
    ) -> bool {
        let mut sent = 0;
        let asks = asks.inspect(|level| sent = u64::try_from(level.1).unwrap_or_default());
        if is_snapshot { self.book.set(asks, bids) } else { self.book.change(asks, bids) }.unwrap();
        self.first.get_or_insert_with(Instant::now);
        if self.load.pause.is_some() {
            self.delays.push(u64::try_from(START.elapsed().as_nanos()).unwrap_or_default().saturating_sub(sent));
        }
        self.count += 1;
        self.count == self.load.messages
    }

    fn seen(mut self) -> Seen {
        self.delays.sort_unstable();
        Seen { took: self.first.map(|first| first.elapsed()).unwrap_or_default(), delays: self.delays }
    }
}

async fn venuekit(load: Load) -> Seen {
    let url = format!("ws://{}/", serve(load));
    let client = ClientBuilder::for_venue(&VENUE).base_url(url).build().unwrap();
    let request = RequestBuilder::new(&client, &SUBSCRIBE).set(0, "LTC_USDT");
    let mut depth = request.subscribe::<Update>(&DEPTH).await.unwrap();
    let mut reader = Reader::new(load);
    while let Some(event) = depth.next().await {
        let (is_snapshot, Update(_, sides, _)) = match event.unwrap() {
            Event::Snapshot(update) => (true, update),
            Event::Update(update) => (false, update),
            other => panic!("{:?}", other.value().map(|_| ())),
        };
        let (asks, bids) = (sides.asks.unwrap_or_default(), sides.bids.unwrap_or_default());
        if reader.take(is_snapshot, asks.into_iter(), bids.into_iter()) {
            break;
        }
    }
    reader.seen()
}

async fn by_hand(load: Load) -> Seen {
    let address = serve(load);
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut socket, _) = tokio_tungstenite::client_async(format!("ws://{address}/"), stream).await.unwrap();
    socket.send(Message::text(r#"{"id":1,"method":"depth.subscribe","params":["LTC_USDT"]}"#)).await.unwrap();
    let mut reader = Reader::new(load);
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let level = |(price, amount): (&str, &str)| -> Level { (decimal(price), decimal(amount)) };
    while let Some(message) = socket.next().await {
        let text = message.unwrap().into_text().unwrap();
        let message: HandMessage<'_> = serde_json::from_str(&text).unwrap();
        let Some((is_snapshot, sides, _)) = message.params else { continue };
        if reader.take(is_snapshot, sides.asks.into_iter().map(level), sides.bids.into_iter().map(level)) {
            break;
        }
    }
    reader.seen()
}

/// Measures both, in turns, and prints the medians and their ratios.
pub(crate) fn measure(is_quick: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let rounds = if is_quick { 1 } else { 5 };
    let fast = Load { pause: None, messages: if is_quick { 5_000 } else { 300_000 } };
    let paced = Load { pause: Some(Duration::from_micros(200)), messages: if is_quick { 500 } else { 20_000 } };
    let (mut rates, mut p50, mut p99) = ([vec![], vec![]], [vec![], vec![]], [vec![], vec![]]);
    for _ in 0..rounds {
        for at in 0..2 {
            let of_one = async |load| if at == 0 { venuekit(load).await } else { by_hand(load).await };
            let run = |load| runtime.block_on(of_one(load));
            rates[at].push(fast.messages as f64 / run(fast).took.as_secs_f64());
            let delays = run(paced).delays;
            p50[at].push(delays[delays.len() / 2] as f64 / 1e3);
            p99[at].push(delays[delays.len() * 99 / 100] as f64 / 1e3);
        }
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_unstable_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!("\nstreams: updates of a book through one connection, on one thread");
    for (name, [own, hand]) in [("updates/s", &mut rates), ("delay p50, us", &mut p50), ("delay p99, us", &mut p99)] {
        let (own, hand) = (median(own), median(hand));
        let ratio = own / hand;
        println!("{name:16} venuekit {own:10.1}   tokio-tungstenite and serde_json {hand:10.1}   ratio {ratio:.2}");
    }
}
