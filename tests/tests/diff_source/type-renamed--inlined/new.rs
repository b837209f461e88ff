use acme::types::GetTradesResponseItem; // breaks: type-renamed

pub fn id(trade: &GetTradesResponseItem) -> i64 {
    trade.id
}
