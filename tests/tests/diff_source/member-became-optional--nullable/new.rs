use acme::types::Order;

pub fn id(order: &Order) -> Option<i64> {
    order.id.or(order.at)
}
