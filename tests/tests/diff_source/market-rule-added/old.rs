use acme::types::Market;

pub fn scale(market: &Market) -> i64 {
    market.scale
}
