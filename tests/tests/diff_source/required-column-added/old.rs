use acme::types::{Candle, Own};

pub fn at(candle: &Candle) -> i64 {
    let Candle { at, .. } = candle;
    *at
}

pub fn own() -> Own {
    let own = Own::builder().at(1);
    own.build() // breaks: required-column-added
}
