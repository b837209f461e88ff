use acme::types::Trade;
use acme::{Client, Error};

pub async fn spot(client: &Client) -> Result<Trade, Error> {
    let trades = client.get_trades().kind("SPOT"); // breaks: became-enum
    Ok(trades.send().await?.into_inner())
}

pub fn made(trade: &Trade) -> bool {
    trade.role == 1 // breaks: became-enum
}
