use acme::types::Trade;
use acme::{Client, Error};

pub async fn trades(client: &Client, limit: i32) -> Result<Vec<Trade>, Error> {
    let trades = client.get_trades().limit(limit); // breaks: type-widened
    trades.send().await
}

pub fn id(trade: &Trade) -> i32 {
    trade.id // breaks: type-widened
}
