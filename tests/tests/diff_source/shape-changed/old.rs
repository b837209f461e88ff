use acme::types::Market;
use acme::venuekit::wire::Json;

pub fn maker(market: &Market) -> Option<i64> {
    market.fees.as_ref()?.get("maker").copied() // breaks: shape-changed
}

pub fn more(market: Market) -> Option<Json> {
    market.more // breaks: shape-changed
}

pub fn nothing(market: Market) -> Option<Json> {
    market.nothing // breaks: shape-changed
}

pub fn price(market: &Market) -> Option<i64> {
    market.level.as_ref()?.first().copied() // breaks: shape-changed
}
