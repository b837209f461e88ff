use acme::types::Candle;

pub fn trades(candle: &Candle) -> i64 {
    candle.trades // breaks: column-became-optional
}

pub fn at(candle: &Candle) -> i64 {
    candle.at
}
