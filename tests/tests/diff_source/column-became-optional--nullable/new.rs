use acme::types::Candle;

pub fn trades(candle: &Candle) -> Option<i64> {
    candle.trades
}
