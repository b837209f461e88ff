use acme::operations::GetTrades;
use acme::{Client, Error};

pub async fn all(client: &Client) -> Result<(), Error> {
    let trades = client.get_trades();
    trades.send().await.map(drop) // breaks: parameter-became-required
}

pub fn one(client: &Client, market: &str) -> GetTrades {
    client.get_trades().market(market)
}
