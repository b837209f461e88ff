use acme::types::{Candle, Own};

pub fn trades(candle: &Candle) -> i64 {
    candle.trades // breaks: required-column-removed
}

pub fn own(at: i64) -> Own {
    let own = Own::builder().at(at);
    own.trades(1).note("mine").build() // breaks: required-column-removed, optional-column-removed
}
