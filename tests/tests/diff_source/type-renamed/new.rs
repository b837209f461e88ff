use acme::types::{Price, Trade, TradeSide}; // breaks: type-renamed

pub fn bought(trade: &Trade) -> Option<Price> {
    matches!(trade.side, TradeSide::Buy).then_some(trade.price)
}
