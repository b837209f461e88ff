use acme::types::{Kind, Trade, TradeRole, TradeSide};
use acme::{Client, Error};

pub fn sign(trade: &Trade) -> i32 {
    match trade.side {
        TradeSide::Buy => 1,
        TradeSide::Sell => -1,
        _ => 0,
    }
}

pub fn made(trade: &Trade) -> bool {
    trade.role == TradeRole::Maker
}

pub async fn spot(client: &Client) -> Result<Vec<Trade>, Error> {
    client.get_trades().kind(Kind::Spot).send().await
}
