use acme::types::Order;

pub fn id(order: Order) -> Option<String> {
    order.client_id
}
