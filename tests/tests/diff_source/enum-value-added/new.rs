use acme::types::{Kind, Trade, TradeRole, TradeSide};
use acme::{Client, Error};

pub fn sign(trade: &Trade) -> i32 {
    match trade.side {
        TradeSide::Buy => 1,
        TradeSide::Sell => -1,
        TradeSide::Auction => 0, // breaks: enum-value-removed
        _ => 0,
    }
}

pub fn taken(trade: &Trade) -> bool {
    trade.role == TradeRole::Taker // breaks: enum-value-removed
}

pub async fn futures(client: &Client) -> Result<Vec<Trade>, Error> {
    client.get_trades().kind(Kind::Future).send().await // breaks: enum-value-removed
}
