use acme::types::Order;
use acme::{Client, Error};

pub async fn place(client: &Client, order: &Order) -> Result<(), Error> {
    client.place_order().body(order).send().await.map(drop) // breaks: required-body-removed
}

pub fn order() -> Order {
    Order::builder().id(1).build() // breaks: builder-removed
}
