use acme::types::Order;

pub fn order() -> Order {
    Order::builder().size(1).build()
}
