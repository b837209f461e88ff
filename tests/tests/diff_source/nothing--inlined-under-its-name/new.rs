pub fn id(trade: &acme::types::Trade) -> Option<i64> {
    trade.id
}
