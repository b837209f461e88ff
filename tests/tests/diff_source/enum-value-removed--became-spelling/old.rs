use acme::types::{Trade, TradeSide};

pub fn sold(trade: &Trade) -> bool {
    trade.side == TradeSide::Sell || trade.side == TradeSide::Sold // breaks: enum-value-removed
}
