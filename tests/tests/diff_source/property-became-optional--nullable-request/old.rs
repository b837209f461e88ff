use acme::types::Order;

pub fn order(note: Option<String>) -> Order {
    let order = Order::builder();
    order.note(note).build()
}

pub fn note(order: Order) -> Option<String> {
    order.note // breaks: property-became-optional
}
