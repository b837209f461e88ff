use acme::types::Order;
use acme::{Client, Error};

pub async fn order(client: &Client) -> Result<Order, Error> {
    let reply = client.get_order().send().await?;
    Ok(reply.into_inner())
}
