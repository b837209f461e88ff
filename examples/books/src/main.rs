//! A collector of order books: it keeps the books of some markets up to date, and writes one line
//! of comma-separated values per change. Interruptions and silences are lines too, without prices,
//! so that nobody takes a book that has stopped for one that has not changed.
//!
//! `cargo run -- URL [MARKET ..]`: keeps the books of these markets, ten by default, and writes a
//! line per change until it is stopped.
#![allow(clippy::print_stderr, reason = "a program talks to its user")]

use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;
use venuekit_excore_ws::types::{DepthUpdate, Level};
use venuekit_excore_ws::venuekit::book::{self, Book};
use venuekit_excore_ws::venuekit::ws::{Event, Subscription};
use venuekit_excore_ws::{Client, Decimal, Error};

const MARKETS: [&str; 10] = [
    "BTC_USDT",
    "ETH_USDT",
    "LTC_USDT",
    "EOS_USDT",
    "XRP_USDT",
    "BCH_USDT",
    "ETC_USDT",
    "DASH_USDT",
    "ZEC_USDT",
    "EOS_BTC",
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let url = words.next().ok_or("the first argument is the URL of the server: wss://exchange.example/")?;
    let mut markets: Vec<String> = words.collect();
    if markets.is_empty() {
        markets = MARKETS.iter().map(|market| (*market).to_owned()).collect();
    }
    let client = Client::builder().base_url(url).max_connections(markets.len()).build()?;
    let plan = Plan { markets, limit: 20, stale_after: STALE_AFTER, lines: None };
    collect(&client, &plan, &mut std::io::stdout()).await?;
    Ok(())
}

/// The parameters of a collection.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The markets, such as `BTC_USDT`. Each needs a connection of its own, because one connection
    /// carries one book.
    pub markets: Vec<String>,
    /// The number of levels per side that the venue sends.
    pub limit: usize,
    /// The time without a change after which a book counts as stopped: [`STALE_AFTER`] is usual.
    pub stale_after: Duration,
    /// The number of lines after which the collection ends; `None` if it goes on.
    pub lines: Option<usize>,
}

/// The usual value of [`Plan::stale_after`]. It is longer than the pauses of most markets, because
/// a market without orders is silent too.
pub const STALE_AFTER: Duration = Duration::from_secs(90);

/// The result of a collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines with a valid book.
    pub books: usize,
    /// Interruptions that were written.
    pub interruptions: usize,
}

/// A line of one market.
#[derive(Debug)]
struct Line {
    /// The index of the market.
    index: usize,
    event: &'static str,
    is_valid: bool,
    prices: String,
}

/// The number of events that wait for the writer. If it is slower than that, the subscription tells
/// of an interruption; no change is lost silently.
const WAITING: usize = 1024;

/// The columns of a book without prices.
const NO_PRICES: &str = ",,,,";

/// Subscribes to the books, and writes a line for each change. Columns without a value are empty.
///
/// # Errors
///
/// When a subscription is refused, or when a line cannot be written.
pub async fn collect(client: &Client, plan: &Plan, out: &mut impl Write) -> Result<Tally, Box<dyn std::error::Error>> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    // The tasks end when the set is dropped, and with them the subscriptions.
    let mut tasks = tokio::task::JoinSet::new();
    for (index, market) in plan.markets.iter().enumerate() {
        let limit = i64::try_from(plan.limit)?;
        let subscribe = client.depth_subscribe().market(market).limit(limit).interval("0").send();
        let subscription = subscribe.stale_after(plan.stale_after).await?;
        tasks.spawn(follow(index, subscription, Book::new(plan.limit), sender.clone()));
    }
    drop(sender);
    let mut tally = Tally::default();
    let mut written = 0;
    writeln!(out, "time,market,event,bid,bid_amount,ask,ask_amount,mid")?;
    while let Some(Line { index, event, is_valid, prices }) = receiver.recv().await {
        let Some(market) = plan.markets.get(index) else { continue };
        tally.books += usize::from(is_valid);
        tally.interruptions += usize::from(event == "interrupted");
        writeln!(out, "{},{market},{event},{prices}", seconds(SystemTime::now()))?;
        written += 1;
        if plan.lines.is_some_and(|lines| written >= lines) {
            break;
        }
    }
    Ok(tally)
}

/// Keeps the book of one market, and sends a line per event.
async fn follow(index: usize, mut subscription: Subscription<DepthUpdate>, mut book: Book, sender: mpsc::Sender<Line>) {
    while let Some(event) = subscription.next().await {
        let name = apply(&mut book, event);
        if name == "invalid" {
            // A quiet market may never send another snapshot by itself.
            subscription.renew();
        }
        // A silence tells nothing about the prices. The next change goes on from the same book.
        let is_silence = name == "stale";
        let prices = if is_silence { NO_PRICES.to_owned() } else { line(&book) };
        let line = Line { index, event: name, is_valid: book.is_valid() && !is_silence, prices };
        if sender.send(line).await.is_err() {
            return;
        }
    }
}

/// Merges an event into a book, and returns the name of the event. A book that does not fit is not
/// valid until the next snapshot.
fn apply(book: &mut Book, event: Result<Event<DepthUpdate>, Error>) -> &'static str {
    let is_snapshot = matches!(&event, Ok(Event::Snapshot(_)));
    match event {
        Ok(Event::Snapshot(update) | Event::Update(update) | Event::Recovered(update)) => {
            let (asks, bids) = (levels(update.book.asks), levels(update.book.bids));
            let merged = if is_snapshot { book.set(asks, bids) } else { book.change(asks, bids) };
            match merged {
                Ok(()) if is_snapshot => "snapshot",
                Ok(()) => "update",
                Err(_) => "invalid",
            }
        }
        Ok(Event::Resumed(_)) => "resumed",
        Ok(Event::Stale(_)) => "stale",
        // Nothing that was received before is current.
        Ok(_) => {
            book.invalidate();
            "interrupted"
        }
        Err(error) => {
            report(&error);
            book.invalidate();
            "error"
        }
    }
}

fn report(error: &Error) {
    eprintln!("{error}");
}

/// Returns the levels of a side. A side without a change is absent.
fn levels(side: Option<Vec<Level>>) -> impl Iterator<Item = book::Level> {
    side.unwrap_or_default().into_iter().map(|level| (level.price, level.amount))
}

fn line(book: &Book) -> String {
    let text = |value: Option<Decimal>| value.map(|value| value.to_string()).unwrap_or_default();
    let (bid, ask) = (book.best_bid(), book.best_ask());
    let columns = [bid.map(|bid| bid.0), bid.map(|bid| bid.1), ask.map(|ask| ask.0), ask.map(|ask| ask.1), book.mid()];
    columns.map(text).join(",")
}

fn seconds(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    format!("{}.{:06}", since.as_secs(), since.subsec_micros())
}
