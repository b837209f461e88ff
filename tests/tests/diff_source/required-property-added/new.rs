use acme::types::{Order, Placed};

pub fn order() -> Order {
    Order::builder()
        .size(1)
        .market("BTC-USD") // breaks: required-property-removed
        .build()
}

pub fn noted(order: &Order) -> bool {
    order.note.is_some() // breaks: optional-property-removed
}

pub fn at(placed: &Placed) -> i64 {
    placed.at // breaks: required-property-removed
}
