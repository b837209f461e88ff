//! The program of the README. It runs against the mock: see "Try it" in the README.
#![allow(clippy::print_stdout, reason = "a program talks to its user")]

use venuekit_btse_spot::types::OrderRequest;
use venuekit_btse_spot::{Client, Credentials, Outcome, dec};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .base_url("http://127.0.0.1:8700/btse-spot/spot") // default: the venue's production host
        .credentials(Credentials::new("mock-key", "mock-secret")?) // without them: public operations only
        .build()?;

    let book = client.get_order_book().symbol("BTC-USD").send().await?;
    println!("best ask: {:?}", book.sell_quote.iter().map(|level| level.price).min()); // exact, never f64

    let order =
        OrderRequest::builder().symbol("BTC-USD").side("BUY").type_("LIMIT").price(dec!(9500.5)).amount(dec!(0.02));
    match client.place_order().body(order.build()).send().await {
        Ok(placed) => println!("the venue gave it the id {}: look up whether it is open", placed.id),
        Err(error) if error.outcome() == Outcome::Unknown => {
            println!("the outcome is unknown: look at the open orders and the fills first")
        }
        Err(error) => match error.api_error() {
            Some(api) => println!("the venue refused: code {:?}, {:?}", api.code(), api.message()),
            None => println!("not placed: {error}"), // error.status(), error.body(), error.retry_after() ..
        },
    }
    Ok(())
}
