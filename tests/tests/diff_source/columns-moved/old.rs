use acme::types::Candle;

pub fn range(candle: &Candle) -> i64 {
    candle.high - candle.low
}
