use acme::types::Order;
use acme::{Client, Error};

pub async fn order(client: &Client) -> Result<Order, Error> {
    let reply = client.get_order().send().await?;
    assert!(reply.status().is_success() && reply.headers().contains_key("x-left"));
    Ok(reply.into_inner())
}
