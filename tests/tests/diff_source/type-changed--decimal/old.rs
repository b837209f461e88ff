use std::collections::BTreeMap;

use acme::types::{Order, Price};
use acme::{Client, Decimal, Error};

pub async fn place(client: &Client, order: &Order, above: Decimal) -> Result<Vec<Decimal>, Error> {
    client.place_order().body(order).above(above).send().await
}

pub fn order(price: Price) -> Order {
    Order::builder().price(price).stops(BTreeMap::new()).build()
}

pub fn total(order: &Order) -> Decimal {
    order.price + order.stops.iter().flat_map(|stops| stops.values()).sum::<Decimal>()
}
