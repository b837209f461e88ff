//! A soak of streams: subscriptions and calls, while connections are cut at random.
//!
//! `cargo xtask soak-streams` runs it. A venue in the same process changes its trades, its book and
//! its orders all the time, and ends each connection after a few seconds: it drops it, it falls
//! silent, or it cuts a frame. The consumers check each event, and the program fails if
//!
//! - a trade comes twice, or is missing although no hole was told,
//! - a change of the book is missing although no interruption was told,
//! - an order is lost, or an order is executed twice,
//! - an interruption is not told, or a subscription does not return,
//! - memory grows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a soak fails by panicking")]
#![allow(clippy::indexing_slicing, reason = "the program reads its own messages")]
#![allow(clippy::print_stdout, reason = "a program prints to its user")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{interval, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use venuekit::book::{Book, Side};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{
    Content, Entity, Idempotent, Operation, Parameter, ParameterIn, Recovery, Socket, SubscriptionFamily, Topics, Venue,
};
use venuekit::ws::{Event, Subscription};
use venuekit::{Call, Client, ClientBuilder, Decimal, Outcome};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

static VENUE: Venue = Venue::new("soak", "venuekit-soak", "0.1.0").with_socket(&SOCKET);
static SOCKET: Socket = Socket::new().with_ping(&PING).with_families(&[&DEALS, &DEPTH, &ORDER, &STATE]);
static PING: Operation = Operation::rpc("server.ping", "server.ping");

const fn at(name: &'static str) -> Parameter {
    Parameter::required(name, ParameterIn::Position)
}
const REST: Parameter = Parameter::optional("names", ParameterIn::Rest);

static READ: Operation = Operation::rpc("read", "read").with_parameters(&[at("v")]).with_idempotent(Idempotent::Always);
static PLACE: Operation = Operation::rpc("place", "place").with_parameters(&[at("v")]);

static DEALS_SUBSCRIBE: Operation = Operation::rpc("deals.subscribe", "deals.subscribe").with_parameters(&[REST]);
static DEALS_UNSUBSCRIBE: Operation = Operation::rpc("deals.unsubscribe", "deals.unsubscribe");
static DEALS_QUERY: Operation =
    Operation::rpc("deals.query", "deals.query").with_parameters(&[at("market"), at("limit"), at("last_id")]);
static DEALS: SubscriptionFamily =
    SubscriptionFamily::new("deals", &DEALS_SUBSCRIBE, &DEALS_UNSUBSCRIBE, &["deals.update"])
        .with_topics(Topics::List)
        .with_topic_at("/0")
        .with_first_is_snapshot()
        .with_elements("/1", "/id")
        .with_recovery(
            Recovery::new(&DEALS_QUERY, "[$topic,[$elements]]")
                .with_topic(0)
                .with_value(1, "10000")
                .with_last_id(2)
                .with_full_at(10_000),
        );

static STATE_SUBSCRIBE: Operation = Operation::rpc("state.subscribe", "state.subscribe").with_parameters(&[REST]);
static STATE_UNSUBSCRIBE: Operation = Operation::rpc("state.unsubscribe", "state.unsubscribe");
static STATE: SubscriptionFamily =
    SubscriptionFamily::new("state", &STATE_SUBSCRIBE, &STATE_UNSUBSCRIBE, &["state.update"])
        .with_topics(Topics::List)
        .with_topic_at("/0")
        .with_content(Content::States);

static DEPTH_SUBSCRIBE: Operation =
    Operation::rpc("depth.subscribe", "depth.subscribe").with_parameters(&[at("market"), at("limit")]);
static DEPTH_UNSUBSCRIBE: Operation = Operation::rpc("depth.unsubscribe", "depth.unsubscribe");
static DEPTH: SubscriptionFamily =
    SubscriptionFamily::new("depth", &DEPTH_SUBSCRIBE, &DEPTH_UNSUBSCRIBE, &["depth.update"])
        .with_content(Content::Deltas { snapshot_flag: Some("/0") })
        .with_topic_at("/2");

static ORDER_SUBSCRIBE: Operation = Operation::rpc("order.subscribe", "order.subscribe").with_parameters(&[REST]);
static ORDER_UNSUBSCRIBE: Operation = Operation::rpc("order.unsubscribe", "order.unsubscribe");
static ORDER_QUERY: Operation =
    Operation::rpc("order.query", "order.query").with_parameters(&[at("market"), at("offset"), at("limit")]);
static ORDER: SubscriptionFamily =
    SubscriptionFamily::new("order", &ORDER_SUBSCRIBE, &ORDER_UNSUBSCRIBE, &["order.update"])
        .with_topics(Topics::List)
        .with_topic_at("/1/market")
        .with_entity(Entity::new("/1", "/id").done_when("/0", "3"))
        .with_recovery(
            Recovery::new(&ORDER_QUERY, "[2,$element]")
                .with_topic(0)
                .with_pages(1, 2, 100)
                .with_elements_at("/records"),
        );

/// The state of the venue.
#[derive(Default)]
struct World {
    /// The id of the last trade of each market, and the version of its book.
    step: AtomicU64,
    orders: Mutex<BTreeSet<u64>>,
    placed: AtomicU64,
    placed_twice: AtomicU64,
    last_placed: AtomicU64,
    cuts: AtomicU64,
    is_calm: AtomicBool,
}

/// Returns the book of a version: 10 levels on each side, of which each version changes one.
fn level(version: u64, side: u64, at: u64) -> (u64, u64) {
    // The level changed last in the version that is equal to its number, modulo 20.
    let own = side * 10 + at;
    let changed = if version % 20 >= own {
        version - (version % 20 - own)
    } else {
        (version + own).saturating_sub(20 + version % 20)
    };
    let price = if side == 0 { 1000 + at } else { 999 - at };
    (price, changed + 1)
}

fn side(version: u64, side: u64, only: Option<u64>) -> Vec<[String; 2]> {
    let all = (0..10).filter(|at| only.is_none_or(|only| only == side * 10 + at));
    all.map(|at| level(version, side, at)).map(|(price, amount)| [price.to_string(), amount.to_string()]).collect()
}

fn trades(from: u64, to: u64) -> Vec<Value> {
    (from + 1..=to).rev().map(|id| json!({"id": id, "price": "1.2e-7"})).collect()
}

/// A connection of the client.
struct Peer {
    socket: WebSocketStream<TcpStream>,
    world: Arc<World>,
    deals: Vec<(String, u64)>,
    states: Vec<String>,
    depth: Option<(String, u64)>,
    orders: Option<BTreeSet<u64>>,
}

impl Peer {
    async fn send(&mut self, value: Value) -> Option<()> {
        self.socket.feed(Message::text(value.to_string())).await.ok()
    }

    async fn notify(&mut self, method: &str, params: Value) -> Option<()> {
        self.send(json!({"method": method, "params": params, "id": null})).await
    }

    async fn call(&mut self, text: &str) -> Option<()> {
        let call: Value = serde_json::from_str(text).expect("the client sends JSON");
        let params = call["params"].as_array().expect("parameters go by position").clone();
        let step = self.world.step.load(Ordering::Relaxed);
        let names = || params.iter().map(|name| name.as_str().unwrap_or_default().to_owned());
        let result = match call["method"].as_str().unwrap_or_default() {
            "server.ping" => json!("pong"),
            "read" => params[0].clone(),
            "place" => {
                let id = params[0].as_u64().unwrap();
                // The ids rise, so an order that comes again is not above the last one.
                let last = self.world.last_placed.fetch_max(id, Ordering::Relaxed);
                self.world.placed_twice.fetch_add(u64::from(id <= last), Ordering::Relaxed);
                self.world.placed.fetch_add(1, Ordering::Relaxed);
                json!(id)
            }
            "deals.subscribe" => {
                // The first message has the last 100 trades.
                self.deals = names().map(|market| (market, step.saturating_sub(100))).collect();
                json!({"status": "success"})
            }
            "state.subscribe" => {
                self.states = names().collect();
                json!({"status": "success"})
            }
            "depth.subscribe" => {
                self.depth = names().next().map(|market| (market, u64::MAX));
                json!({"status": "success"})
            }
            "order.subscribe" => {
                self.orders = Some(self.world.orders.lock().unwrap().clone());
                json!({"status": "success"})
            }
            "deals.query" => {
                let (limit, last) = (params[1].as_u64().unwrap(), params[2].as_u64().unwrap());
                json!(trades(last.max(step.saturating_sub(limit)), step))
            }
            "order.query" => {
                let (offset, limit) = (params[1].as_u64().unwrap(), params[2].as_u64().unwrap());
                let orders = self.world.orders.lock().unwrap().clone();
                let page = orders.iter().skip(usize::try_from(offset).unwrap()).take(usize::try_from(limit).unwrap());
                json!({"records": page.map(|id| json!({"id": id, "market": "A"})).collect::<Vec<_>>()})
            }
            _ => json!({"status": "success"}),
        };
        self.send(json!({"error": null, "result": result, "id": call["id"]})).await
    }

    /// Sends what changed since the last time.
    async fn tell(&mut self) -> Option<()> {
        let step = self.world.step.load(Ordering::Relaxed);
        for at in 0..self.deals.len() {
            let (market, last) = self.deals[at].clone();
            if last < step {
                self.deals[at].1 = step;
                // Polls overlap, so the last trade comes again.
                self.notify("deals.update", json!([market, trades(last.saturating_sub(1), step)])).await?;
            }
        }
        for at in 0..self.states.len() {
            let market = self.states[at].clone();
            self.notify("state.update", json!([market, step])).await?;
        }
        if let Some((market, last)) = self.depth.clone() {
            if last == u64::MAX {
                let book = json!({"asks": side(step, 0, None), "bids": side(step, 1, None)});
                self.notify("depth.update", json!([true, book, market])).await?;
            } else {
                for version in last + 1..=step {
                    let changed = Some(version % 20);
                    let name = if version % 20 < 10 { "asks" } else { "bids" };
                    let book = json!({name: side(version, (version % 20) / 10, changed)});
                    self.notify("depth.update", json!([false, book, market])).await?;
                }
            }
            self.depth = Some((market, step));
        }
        if let Some(told) = self.orders.clone() {
            let now = self.world.orders.lock().unwrap().clone();
            for id in now.difference(&told) {
                self.notify("order.update", json!([1, {"id": id, "market": "A"}])).await?;
            }
            for id in told.difference(&now) {
                self.notify("order.update", json!([3, {"id": id, "market": "A"}])).await?;
            }
            self.orders = Some(now);
        }
        self.socket.flush().await.ok()
    }

    async fn serve(mut self) {
        loop {
            let until = Duration::from_millis(fastrand::u64(500..4000));
            if timeout(until, self.until_closed()).await.is_ok() {
                return;
            }
            if !self.world.is_calm.load(Ordering::Relaxed) {
                break;
            }
        }
        self.world.cuts.fetch_add(1, Ordering::Relaxed);
        match fastrand::u8(0..3) {
            // Half open: neither an answer nor an end.
            0 => sleep(Duration::from_secs(3)).await,
            // A frame that is cut.
            1 => drop(self.socket.get_mut().write_all(b"\x81\x7e\x10\x00{\"id").await),
            _ => {}
        }
    }

    async fn until_closed(&mut self) -> Option<()> {
        let mut ticks = interval(Duration::from_millis(5));
        loop {
            tokio::select! {
                message = self.socket.next() => match message?.ok()? {
                    Message::Text(text) => {
                        self.call(&text).await?;
                        self.socket.flush().await.ok()?;
                    }
                    Message::Close(_) => return None,
                    _ => {}
                },
                _ = ticks.tick() => self.tell().await?,
            }
        }
    }
}

async fn venue(listener: TcpListener, world: Arc<World>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let Ok(socket) = tokio_tungstenite::accept_async(stream).await else { return };
            Peer { socket, world, deals: Vec::new(), states: Vec::new(), depth: None, orders: None }.serve().await;
        });
    }
}

/// Changes the venue all the time.
async fn change(world: Arc<World>) {
    let mut ticks = interval(Duration::from_millis(2));
    loop {
        ticks.tick().await;
        if world.is_calm.load(Ordering::Relaxed) {
            continue;
        }
        let step = world.step.fetch_add(1, Ordering::Relaxed);
        let mut orders = world.orders.lock().unwrap();
        if step.is_multiple_of(10) {
            orders.insert(step);
        }
        if orders.len() > 250 {
            let at = fastrand::usize(0..orders.len());
            let id = orders.iter().nth(at).copied();
            id.map(|id| orders.remove(&id));
        }
    }
}

/// What a consumer was told, for all subscriptions.
#[derive(Debug, Default)]
struct Told {
    events: AtomicU64,
    interruptions: AtomicU64,
    holes: AtomicU64,
}

/// The order of events: an interruption ends before anything else is told.
#[derive(Default)]
struct Phases {
    is_interrupted: bool,
}

impl Phases {
    fn check<T>(&mut self, told: &Told, event: &Event<T>) {
        told.events.fetch_add(1, Ordering::Relaxed);
        match event {
            Event::Interrupted(_) => {
                assert!(!self.is_interrupted, "an interruption within another one");
                self.is_interrupted = true;
                told.interruptions.fetch_add(1, Ordering::Relaxed);
            }
            Event::Resumed(resumed) => {
                assert!(self.is_interrupted, "the end of no interruption");
                self.is_interrupted = false;
                told.holes.fetch_add(u64::from(resumed.may_have_hole()), Ordering::Relaxed);
            }
            Event::Recovered(_) => assert!(self.is_interrupted, "a recovered event after the end of the interruption"),
            _ => assert!(!self.is_interrupted, "an event within an interruption"),
        }
    }
}

/// Follows the trades of one market: each comes once, and none is missing.
async fn follow_trades(mut deals: Subscription<Value>, told: Arc<Told>, last: Arc<AtomicU64>) {
    let mut phases = Phases::default();
    // All trades up to this one were told; those above it came out of order.
    let (mut complete, mut above) = (None::<u64>, BTreeSet::new());
    while let Some(event) = deals.next().await {
        let event = event.expect("trades can be read");
        phases.check(&told, &event);
        if let Event::Resumed(resumed) = &event {
            let hole = resumed.may_have_hole();
            // A hole that was told is none.
            if hole && let Some(first) = above.first() {
                complete = Some(first - 1);
            }
        }
        if let Some(value) = event.value() {
            let mut ids: Vec<u64> =
                value[1].as_array().unwrap().iter().map(|trade| trade["id"].as_u64().unwrap()).collect();
            ids.sort_unstable();
            for id in ids {
                let known = complete.get_or_insert(id - 1);
                assert!(id > *known && above.insert(id), "trade {id} came twice");
            }
        }
        while let Some(known) = complete
            && above.remove(&(known + 1))
        {
            complete = Some(known + 1);
        }
        if matches!(event, Event::Update(_) | Event::Snapshot(_)) {
            assert!(above.is_empty(), "a trade between {complete:?} and {:?} is missing", above.first());
        }
        last.store(complete.unwrap_or_default(), Ordering::Relaxed);
    }
    panic!("the trades ended");
}

/// Follows a book: no version is missing without an interruption.
async fn follow_book(mut depth: Subscription<Value>, told: Arc<Told>, last: Arc<AtomicU64>) {
    let (mut phases, mut book, mut version) = (Phases::default(), Book::new(10), 0);
    let levels = |side: &Value| -> Vec<(Decimal, Decimal)> {
        let level =
            |level: &Value| (level[0].as_str().unwrap().parse().unwrap(), level[1].as_str().unwrap().parse().unwrap());
        side.as_array().map(|side| side.iter().map(level).collect()).unwrap_or_default()
    };
    while let Some(event) = depth.next().await {
        let event = event.expect("changes can be read");
        phases.check(&told, &event);
        let sides = event.value().map(|value| (levels(&value[1]["asks"]), levels(&value[1]["bids"])));
        match (&event, sides) {
            (Event::Snapshot(_), Some((asks, bids))) => {
                let newest = asks.iter().chain(&bids).map(|level| level.1).max().unwrap();
                version = u64::try_from(newest).unwrap() - 1;
                book.set(asks, bids).unwrap();
            }
            (Event::Update(_), Some((asks, bids))) => {
                version += 1;
                let changed = asks.iter().chain(&bids).next().unwrap().1;
                assert_eq!(Decimal::from(version + 1), changed, "a change is missing");
                book.change(asks, bids).unwrap();
            }
            (Event::Interrupted(_), _) => book.invalidate(),
            _ => {}
        }
        if book.is_valid() && version > 20 {
            for (side, number) in [(Side::Ask, 0), (Side::Bid, 1)] {
                let own = book.levels(side).map(|(price, amount)| [price.to_string(), amount.to_string()]);
                assert!(own.eq(self::side(version, number, None)), "the book is not that of version {version}");
            }
        }
        last.store(version, Ordering::Relaxed);
    }
    panic!("the book ended");
}

/// Follows the open orders.
async fn follow_orders(
    mut orders: Subscription<Value>,
    told: Arc<Told>,
    world: Arc<World>,
    open: Arc<Mutex<BTreeSet<u64>>>,
) {
    let mut phases = Phases::default();
    let mut has_asked = false;
    while let Some(event) = orders.next().await {
        let event = event.expect("orders can be read");
        phases.check(&told, &event);
        let mut open = open.lock().unwrap();
        if let Some(value) = event.value() {
            let id = value[1]["id"].as_u64().unwrap();
            match value[0].as_u64() {
                Some(3) => drop(open.remove(&id)),
                _ => drop(open.insert(id)),
            }
        }
        if let Event::Resumed(resumed) = &event {
            for id in resumed.missing() {
                let was_open = open.remove(&id.parse().unwrap());
                // A consumer that asked for itself may know of the end of an order earlier.
                assert!(was_open || has_asked, "order {id} is missing, and was not open");
            }
            if resumed.may_have_hole() {
                // The pages changed too often. A consumer that is told so asks for itself.
                *open = world.orders.lock().unwrap().clone();
                has_asked = true;
            }
        }
    }
    panic!("the orders ended");
}

async fn follow_states(mut states: Subscription<Value>, told: Arc<Told>, last: Arc<AtomicU64>) {
    let mut phases = Phases::default();
    while let Some(event) = states.next().await {
        let event = event.expect("states can be read");
        phases.check(&told, &event);
        if let Some(value) = event.value() {
            last.store(value[1].as_u64().unwrap(), Ordering::Relaxed);
        }
    }
    panic!("the states ended");
}

/// Places orders and reads, and counts the outcomes of the orders.
async fn calls(client: Client, world: Arc<World>, counts: Arc<[AtomicU64; 3]>) {
    let mut id = 0;
    loop {
        id += 1;
        let place: Call<Value> = RequestBuilder::new(&client, &PLACE).set(0, &id).send();
        let at = match place.timeout(Duration::from_secs(2)).await {
            Ok(_) => 0,
            Err(error) if error.outcome() == Outcome::Unknown => 1,
            Err(error) => {
                assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
                assert!(world.last_placed.load(Ordering::Relaxed) < id, "an order that was not sent was placed");
                2
            }
        };
        counts[at].fetch_add(1, Ordering::Relaxed);
        let read: Call<Value> = RequestBuilder::new(&client, &READ).set(0, &id).send();
        if let Ok(value) = read.timeout(Duration::from_secs(2)).await {
            assert_eq!(value, id);
        }
        sleep(Duration::from_millis(3)).await;
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut seconds = 600;
    while let Some(argument) = arguments.next() {
        match (&*argument, arguments.next().and_then(|value| value.parse().ok())) {
            ("--seconds", Some(value)) => seconds = value,
            _ => panic!("expected --seconds N, found {argument}"),
        }
    }
    // A panic of any task fails the program.
    let panicked = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        panicked(info);
        std::process::exit(1);
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(soak(Duration::from_secs(seconds)));
    std::process::exit(0);
}

async fn soak(duration: Duration) {
    // Nothing changes and nothing is cut before all subscriptions are made.
    let world = Arc::new(World { is_calm: AtomicBool::new(true), ..World::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(venue(listener, Arc::clone(&world)));
    tokio::spawn(change(Arc::clone(&world)));
    let client = ClientBuilder::for_venue(&VENUE)
        .base_url(url)
        .socket(|settings| {
            settings.ping_interval = Some(Duration::from_millis(300));
            settings.silence_timeout = Some(Duration::from_millis(900));
            settings.reconnect = settings.reconnect.backoff(Duration::from_millis(20), Duration::from_millis(200));
            settings.request_timeout = Duration::from_secs(2);
        })
        .build()
        .unwrap();
    let told = Arc::new(Told::default());
    let mut lasts = Vec::new();
    let list = |family: &'static SubscriptionFamily, names: &'static [&'static str]| {
        RequestBuilder::new(&client, family.subscribe()).set(0, names).subscribe::<Value>(family)
    };
    for names in [&["A"], &["B"], &["C"]] {
        let last = Arc::new(AtomicU64::new(0));
        tokio::spawn(follow_trades(list(&DEALS, names).await.unwrap(), Arc::clone(&told), Arc::clone(&last)));
        lasts.push(last);
    }
    for market in ["A", "B"] {
        let last = Arc::new(AtomicU64::new(0));
        let subscribe = || {
            let request = RequestBuilder::new(&client, DEPTH.subscribe()).set(0, market).set(1, &10);
            request.subscribe::<Value>(&DEPTH)
        };
        tokio::spawn(follow_book(subscribe().await.unwrap(), Arc::clone(&told), Arc::clone(&last)));
        lasts.push(last);
    }
    let last = Arc::new(AtomicU64::new(0));
    tokio::spawn(follow_states(list(&STATE, &["A", "B"]).await.unwrap(), Arc::clone(&told), Arc::clone(&last)));
    lasts.push(last);
    // There are no orders yet, so all of them are followed from their beginning.
    let open = Arc::new(Mutex::new(BTreeSet::new()));
    let orders = list(&ORDER, &["A"]).await.unwrap();
    tokio::spawn(follow_orders(orders, Arc::clone(&told), Arc::clone(&world), Arc::clone(&open)));
    let counts: Arc<[AtomicU64; 3]> = Arc::default();
    tokio::spawn(calls(client.clone(), Arc::clone(&world), Arc::clone(&counts)));

    world.is_calm.store(false, Ordering::Relaxed);
    let started = Instant::now();
    let (mut early, mut late): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut next_line = Duration::from_secs(60);
    while started.elapsed() < duration {
        sleep(Duration::from_millis(100)).await;
        let (elapsed, used) = (started.elapsed(), ALLOCATOR.current_usage());
        // The first quarter fills buffers and the lists of known ids.
        if elapsed > duration / 4 && elapsed < duration / 2 {
            early.push(used);
        } else if elapsed > duration * 3 / 4 {
            late.push(used);
        }
        if elapsed > next_line {
            next_line += Duration::from_secs(60);
            let (cuts, events) = (world.cuts.load(Ordering::Relaxed), told.events.load(Ordering::Relaxed));
            println!("{} s: {cuts} cuts, {events} events, {} kB", elapsed.as_secs(), used / 1024);
        }
    }
    // From here on nothing changes and nothing is cut, so that everything has to become complete.
    world.is_calm.store(true, Ordering::Relaxed);
    let step = world.step.load(Ordering::Relaxed);
    let is_complete = || {
        let follows = lasts.iter().all(|last| last.load(Ordering::Relaxed) == world.step.load(Ordering::Relaxed));
        follows && *open.lock().unwrap() == *world.orders.lock().unwrap()
    };
    let calm = Instant::now();
    while !is_complete() {
        let lasts: Vec<u64> = lasts.iter().map(|last| last.load(Ordering::Relaxed)).collect();
        assert!(calm.elapsed() < Duration::from_secs(20), "not complete after 20 s: {lasts:?} of {step}");
        sleep(Duration::from_millis(20)).await;
    }
    let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let reconnects: u64 = client.connections().iter().map(|connection| connection.connects - 1).sum();
    let (cuts, interruptions) = (load(&world.cuts), load(&told.interruptions));
    // Six subscriptions share the first connection, and the second book has its own.
    let states = client.connections();
    let expected: u64 = states.iter().zip([6, 1]).map(|(state, members)| (state.connects - 1) * members).sum();
    // A connection that is lost before a subscription is made again does not interrupt it twice.
    assert!(interruptions <= expected && interruptions * 2 > expected, "{interruptions} of {expected} were told");
    assert_eq!(load(&world.placed_twice), 0, "an order was placed twice");
    let [ok, unknown, not_sent] = [&counts[0], &counts[1], &counts[2]].map(load);
    let placed = load(&world.placed);
    assert!((ok..=ok + unknown + 1).contains(&placed), "{placed} placed, {ok} confirmed, {unknown} unknown");
    let median = |samples: &mut Vec<usize>| {
        samples.sort_unstable();
        samples.get(samples.len() / 2).copied().unwrap_or_default()
    };
    let (early, late) = (median(&mut early), median(&mut late));
    assert!(late <= early + early / 4 + (1 << 20), "memory grew from {early} to {late} bytes");
    println!(
        "passed: {} s, {cuts} cuts, {reconnects} reconnects, {} events, {interruptions} interruptions told, {} with a hole \
         told, {step} trades of each market, orders: {ok} confirmed, {unknown} unknown, {not_sent} not sent; memory {} kB \
         in the second quarter, {} kB in the last",
        duration.as_secs(),
        load(&told.events),
        load(&told.holes),
        early / 1024,
        late / 1024,
    );
}
