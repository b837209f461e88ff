use acme::types::GetTradesReplyItem; // breaks: type-renamed

pub fn id(trade: &GetTradesReplyItem) -> i64 {
    trade.id
}
