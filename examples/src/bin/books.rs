//! `cargo run -p venuekit-examples --bin books -- URL [MARKET ..]`: keeps the books of these
//! markets, ten by default, and writes a line per change until it is stopped.

use venuekit_examples::books::{Plan, STALE_AFTER, collect};
use venuekit_excore_ws::Client;

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
