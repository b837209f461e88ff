use acme::{Client, Error};

pub async fn place(client: &Client, order: &acme::types::Order) -> Result<i64, Error> {
    Ok(client.place_order().body(order).send().await?.id)
}
