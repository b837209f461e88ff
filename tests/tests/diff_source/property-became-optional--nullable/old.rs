use acme::types::Order;

pub fn id(order: &Order) -> Option<i64> {
    order.at.or(order.id) // breaks: property-became-optional
}
