use acme::types::Candle;

pub fn low(candle: &Candle) -> i64 {
    candle.lo // breaks: column-renamed
}

pub fn high(candle: &Candle) -> i64 {
    candle.hi
}
