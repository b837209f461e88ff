use acme::operations::PlaceOrder;
use acme::{Client, Error};

pub async fn place(client: &Client) -> Result<(), Error> {
    client.place_order().send().await.map(drop) // breaks: body-became-required
}

pub fn placing(client: &Client, ids: Vec<i64>) -> PlaceOrder {
    client.place_order().body(ids)
}
