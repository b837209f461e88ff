//! A collector of market data: it polls the best bid, the best ask and the spread of some symbols.
//!
//! `cargo run -- [BASE_URL] [SYMBOL ..]`: without a URL, it calls the venue's production host. The
//! program fails if no book could be read.
#![allow(clippy::print_stderr, reason = "a program talks to its user")]

use std::io::{self, Write};
use std::time::Duration;

use venuekit_jex_spot::{Client, Error, types::OrderBook};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Client::builder().timeout(Duration::from_secs(5));
    let mut symbols: Vec<String> = std::env::args().skip(1).collect();
    if let Some(url) = symbols.first().filter(|first| first.contains("://")).cloned() {
        builder = builder.base_url(url);
        symbols.remove(0);
    }
    if symbols.is_empty() {
        symbols.push("JEXBTC".to_owned());
    }
    let plan = Plan { symbols, rounds: 3, pause: Duration::from_secs(1) };
    let client = builder.build()?;
    let tally = collect(&client, &plan, &mut std::io::stdout()).await?;
    // The use of the rate limits tells whether more symbols, or shorter pauses, have room.
    for limit in client.limits().await.limits() {
        eprintln!("{}: {} of {} in {:?}", limit.name(), limit.used(), limit.limit(), limit.window());
    }
    if tally.collected == 0 {
        return Err("no book could be read".into());
    }
    Ok(())
}

/// The parameters of a collection.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The symbols, such as `JEXBTC`.
    pub symbols: Vec<String>,
    /// The number of rounds.
    pub rounds: usize,
    /// The wait between two rounds.
    pub pause: Duration,
}

/// The result of a collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Books that were written.
    pub collected: usize,
    /// Books that could not be read, even with the client's retries.
    pub failed: usize,
}

/// Collects books, and writes one line of comma-separated values per book. The client respects the
/// venue's limits and retries. A book that cannot be read is skipped.
///
/// # Errors
///
/// When a line cannot be written.
pub async fn collect(client: &Client, plan: &Plan, out: &mut impl Write) -> io::Result<Tally> {
    let mut tally = Tally::default();
    writeln!(out, "symbol,last_update_id,bid,ask,spread")?;
    for round in 0..plan.rounds {
        if round > 0 {
            tokio::time::sleep(plan.pause).await;
        }
        for symbol in &plan.symbols {
            match client.get_depth().symbol(symbol).send().await {
                Ok(book) => {
                    writeln!(out, "{symbol},{}", line(&book))?;
                    tally.collected += 1;
                }
                Err(error) => {
                    report(symbol, &error);
                    tally.failed += 1;
                }
            }
        }
    }
    Ok(tally)
}

/// Returns the line of a book. All values are exact, because no float is involved. The column of a
/// missing value is empty.
fn line(book: &OrderBook) -> String {
    let bid = book.bids.iter().map(|level| level.price).max();
    let ask = book.asks.iter().map(|level| level.price).min();
    let spread = bid.zip(ask).map(|(bid, ask)| ask - bid);
    let text = |price: Option<_>| price.map_or_else(String::new, |price: venuekit_jex_spot::Decimal| price.to_string());
    let number = book.last_update_id.map_or_else(String::new, |number| number.to_string());
    format!("{number},{},{},{}", text(bid), text(ask), text(spread))
}

fn report(symbol: &str, error: &Error) {
    eprintln!("{symbol}: {error} (after {} attempts)", error.attempts());
}
