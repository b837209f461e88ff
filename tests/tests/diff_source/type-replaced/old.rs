pub fn wanted(order: acme::types::Order) -> i64 {
    let size: acme::types::Wanted = order.wanted; // breaks: type-replaced
    size.size
}
