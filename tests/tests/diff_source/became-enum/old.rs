use acme::types::Trade;
use acme::{Client, Error};

pub async fn trade(client: &Client, kind: Option<String>) -> Result<Trade, Error> {
    let trades = client.get_trades().kind(kind); // breaks: became-enum
    trades.send().await
}

pub fn made(trade: &Trade) -> bool {
    trade.role == 1 // breaks: became-enum
}
