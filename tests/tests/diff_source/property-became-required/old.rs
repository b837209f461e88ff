use acme::types::{Order, Placed};

pub fn order() -> Order {
    let order = Order::builder();
    order.build() // breaks: property-became-required
}

pub fn id(placed: &Placed) -> Option<i64> {
    placed.id // breaks: property-became-required
}
