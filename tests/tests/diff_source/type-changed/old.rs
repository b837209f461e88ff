use std::collections::BTreeMap;

use acme::types::Order;
use acme::{Client, Error};

pub async fn place(client: &Client, order: &Order) -> Result<Order, Error> {
    let place = client.place_order().ids([1, 2]); // breaks: type-widened
    Ok(place.body(order).send().await?)
}

pub fn order() -> Order {
    let order = Order::builder();
    order.open(true).build() // breaks: type-changed
}

pub fn is_open(order: &Order) -> bool {
    order.open == Some(true) // breaks: type-changed
}

pub fn marks(order: Order) -> BTreeMap<String, i64> {
    order.marks.unwrap_or_default() // breaks: type-changed
}
