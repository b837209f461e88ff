use acme::types::{Order, Placed};

pub fn order() -> Order {
    Order::builder()
        .size(1)
        .additional_properties([("note", String::from("x"))]) // breaks: other-properties-dropped
        .build()
}

pub fn note(placed: &Placed) -> Option<&String> {
    placed.additional_properties.get("note") // breaks: other-properties-changed, type-changed
}
