//! `BTSE_SPOT_KEY=.. BTSE_SPOT_SECRET=.. cargo run -p venuekit-examples --bin quoter -- BASE_URL`:
//! the program places orders, so it requires a URL, such as the one that `venue mock btse-spot`
//! prints. The program fails if an order may be left open.
#![allow(clippy::print_stdout, reason = "a program talks to its user")]

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use venuekit_btse_spot::{Client, Credentials, Decimal};
use venuekit_examples::quoter::{Plan, quote, rules_of};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::args().nth(1).ok_or("give a base URL: quoter http://127.0.0.1:8700/btse-spot/spot")?;
    let credentials = Credentials::new(env::var("BTSE_SPOT_KEY")?, env::var("BTSE_SPOT_SECRET")?)?;
    let client = Client::builder().base_url(url).credentials(credentials).build()?;
    let symbol = "BTC-USD".to_owned();
    let plan = Plan {
        rules: rules_of(&client, &symbol).await?.ok_or("the venue does not list the market BTC-USD")?,
        symbol,
        size: Decimal::new(1, 2),
        distance: Decimal::from(25),
        rounds: 3,
        tag: format!("quoter-{}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis()),
    };
    let tally = quote(&client, &plan).await?;
    println!("{tally:?}");
    if tally.lost > 0 || !tally.left_open.is_empty() {
        return Err("orders may be open: look at the venue's own page, and cancel them there".into());
    }
    Ok(())
}
