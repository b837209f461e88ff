use acme::types::Order;
use acme::{Client, Error};

pub async fn order(client: &Client) -> Result<Order, Error> {
    let response = client.get_order().send().with_response().await?;
    assert!(response.status().is_success() && response.headers().contains_key("x-left"));
    Ok(response.into_value())
}
