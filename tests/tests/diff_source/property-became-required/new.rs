use acme::types::{Order, Placed};

pub fn order() -> Order {
    Order::builder().market("BTC-USD").build()
}

pub fn market(order: &Order) -> &str {
    &order.market // breaks: property-became-optional
}

pub fn id(placed: &Placed) -> i64 {
    placed.id // breaks: property-became-optional
}
