use acme::types::{Order, Placed};

pub fn order() -> Order {
    Order::builder().size(1).build()
}

pub fn count(placed: &Placed) -> Option<&i64> {
    placed.additional_properties.get("count") // breaks: other-properties-changed, type-changed
}
