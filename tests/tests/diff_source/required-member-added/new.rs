use acme::types::{Order, Placed};

pub fn order() -> Order {
    Order::builder()
        .size(1)
        .market("BTC-USD") // breaks: required-member-removed
        .build()
}

pub fn noted(order: &Order) -> bool {
    order.note.is_some() // breaks: optional-member-removed
}

pub fn at(placed: &Placed) -> i64 {
    placed.at // breaks: required-member-removed
}
