use acme::types::Candle;

pub fn closed(candle: &Candle) -> i64 {
    candle.close_time
}
