//! `BTSE_SPOT_KEY=.. BTSE_SPOT_SECRET=.. ALTMARKET_KEY=.. ALTMARKET_SECRET=.. cargo run -p
//! venuekit-examples --bin rebalancer -- BTSE_URL ALTMARKET_URL [ORDER_ID..]`: the program places
//! orders, so it requires URLs, such as those that `venue mock btse-spot altmarket` prints. The ids
//! are those of open orders that may stay open; without them the program names them, and places
//! nothing.
#![allow(clippy::print_stdout, reason = "a program talks to its user")]

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use venuekit_btse_spot::Decimal;
use venuekit_examples::rebalancer::{Plan, Venues, rebalance};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut urls = env::args().skip(1);
    let (btse, altmarket) = urls.next().zip(urls.next()).ok_or("give two base URLs, of BTSE and of AltMarket")?;
    let venues = Venues {
        btse: {
            use venuekit_btse_spot::{Client, Credentials};
            let credentials = Credentials::new(env::var("BTSE_SPOT_KEY")?, env::var("BTSE_SPOT_SECRET")?)?;
            Client::builder().base_url(btse).credentials(credentials).build()?
        },
        altmarket: {
            use venuekit_altmarket::{Client, Credentials};
            let credentials = Credentials::new(env::var("ALTMARKET_KEY")?, env::var("ALTMARKET_SECRET")?)?;
            Client::builder().base_url(altmarket).credentials(credentials).build()?
        },
    };
    let plan = Plan {
        btse_asset: "BTC".to_owned(),
        btse_market: "BTC-USD".to_owned(),
        altmarket_asset: "btc".to_owned(),
        altmarket_market: "btc_usdt".to_owned(),
        distance: Decimal::from(25),
        tolerance: Decimal::new(1, 3),
        known_orders: urls.collect(),
        tag: format!("rebalancer-{}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis()),
    };
    println!("{:?}", rebalance(&venues, &plan).await?);
    // The use of the rate limits, so that a program can see how much room it has.
    for limit in venues.btse.limits().await.limits() {
        println!("{}: {} of {} in {:?}", limit.name(), limit.used(), limit.limit(), limit.window());
    }
    Ok(())
}
