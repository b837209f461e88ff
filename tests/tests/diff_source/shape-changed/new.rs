use acme::types::Market;

pub fn maker(market: &Market) -> Option<i64> {
    market.fees.as_ref()?.maker // breaks: shape-changed
}

pub fn text(market: Market) -> Option<String> {
    market.more?.text // breaks: shape-changed
}

pub fn price(market: &Market) -> Option<i64> {
    Some(market.level.as_ref()?.price) // breaks: shape-changed
}
