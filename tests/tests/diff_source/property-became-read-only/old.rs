use acme::types::{Order, Placed};

pub fn order() -> Order {
    Order::builder().id(1).size(1).build() // breaks: property-became-read-only
}

pub fn note(order: Order) -> Option<String> {
    order.note // breaks: property-became-read-only
}

pub fn id(placed: &Placed) -> i64 {
    placed.id
}
