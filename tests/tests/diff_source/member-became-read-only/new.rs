use acme::types::{Order, Placed};

pub fn order() -> Order {
    let order = Order::builder().id(1);
    order.build() // breaks: member-became-writable
}

pub fn id(placed: &Placed) -> i64 {
    placed.id
}
