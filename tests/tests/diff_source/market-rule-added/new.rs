use acme::types::Market;

pub fn step(market: &Market) -> Option<acme::Decimal> {
    market.order_rules().price.step // breaks: market-rule-removed
}
