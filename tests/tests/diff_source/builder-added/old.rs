use acme::types::{Order, Stop};
use acme::{Client, Error};

pub async fn place(client: &Client) -> Result<Stop, Error> {
    let order = Order::builder().id(1).build();
    client.place_order().body(order).send().await
}
