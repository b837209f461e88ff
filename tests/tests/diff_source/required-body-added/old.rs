use acme::types::Order;
use acme::{Client, Error};

pub async fn place(client: &Client) -> Result<(), Error> {
    let place = client.place_order();
    place.send().await.map(drop) // breaks: required-body-added
}

pub fn id(order: &Order) -> i64 {
    order.id
}
