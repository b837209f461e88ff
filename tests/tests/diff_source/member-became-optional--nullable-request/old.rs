use acme::types::Order;

pub fn order(note: Option<String>) -> Order {
    let order = Order::builder();
    order.note(note).build() // breaks: member-became-optional
}
