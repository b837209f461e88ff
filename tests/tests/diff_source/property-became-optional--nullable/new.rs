use acme::types::Order;

pub fn id(order: &Order) -> Option<i64> {
    order.at.or(order.id.into_option()) // breaks: property-became-required
}
