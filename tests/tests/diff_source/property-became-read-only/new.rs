use acme::types::{Order, Placed};

pub fn order() -> Order {
    let order = Order::builder().id(1);
    order.build() // breaks: property-became-writable
}

pub fn id(placed: &Placed) -> i64 {
    placed.id
}
