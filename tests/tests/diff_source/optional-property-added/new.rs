use acme::types::Order;

pub fn order(note: Option<String>) -> Order {
    Order::builder()
        .size(1)
        .note(note) // breaks: optional-property-removed
        .build()
}
