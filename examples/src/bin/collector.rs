//! `cargo run -p venuekit-examples --bin collector -- [BASE_URL] [SYMBOL ..]`: without a URL, it
//! calls the venue's production host. The program fails if no book could be read.

use std::time::Duration;

use venuekit_examples::collector::{Plan, collect};
use venuekit_jex_spot::Client;

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
    let tally = collect(&builder.build()?, &plan, &mut std::io::stdout()).await?;
    if tally.collected == 0 {
        return Err("no book could be read".into());
    }
    Ok(())
}
