use acme::types::Trade;
use acme::{Client, Error};

pub async fn trade(client: &Client) -> Result<Trade, Error> {
    let trades = client.get_trades().kind(acme::types::GetTradesKind::from("SPOT")); // breaks: enum-dropped
    trades.send().await
}

pub fn is_known(trade: &Trade) -> bool {
    trade.role.is_known() // breaks: enum-dropped
}
