use acme::types::Trade;
use acme::{Client, Error};

pub async fn trade(client: &Client) -> Result<Trade, Error> {
    client.get_trades().send().await
}
