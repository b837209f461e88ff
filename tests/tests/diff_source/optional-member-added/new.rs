use acme::types::Order;

pub fn order(note: Option<&str>) -> Order {
    Order::builder()
        .size(1)
        .maybe(note, |order, note| order.note(note)) // breaks: optional-member-removed
        .build()
}
