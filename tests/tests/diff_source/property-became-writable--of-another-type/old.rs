use acme::types::Order;

pub fn order() -> Order {
    Order::builder().id(1).build()
}
