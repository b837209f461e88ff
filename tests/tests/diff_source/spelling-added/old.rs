use acme::types::{Trade, TradeSide};

pub fn bought(trade: &Trade) -> bool {
    trade.side == TradeSide::Buy || trade.side == TradeSide::from("buy")
}
