use acme::types::Trade;
use acme::{Client, Error};

pub async fn trade(client: &Client) -> Result<Trade, Error> {
    let trades = client.get_trades().kind("SPOT".into()); // breaks: enum-dropped
    Ok(trades.send().await?.into_inner())
}

pub fn is_known(trade: &Trade) -> bool {
    trade.role.is_known() // breaks: enum-dropped
}
