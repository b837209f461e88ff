use acme::types::Trade;
use acme::{Client, Error};

pub async fn trades(client: &Client, limit: i64) -> Result<Vec<Trade>, Error> {
    let trades = client.get_trades().limit(limit); // breaks: type-narrowed
    trades.send().await
}

pub fn id(trade: &Trade) -> i64 {
    trade.id // breaks: type-narrowed
}
