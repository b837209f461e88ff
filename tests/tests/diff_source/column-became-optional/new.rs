use acme::types::Candle;

pub fn trades(candle: &Candle) -> i64 {
    candle.trades.unwrap_or_default() // breaks: column-became-required
}
