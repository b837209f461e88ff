use acme::types::Order;
use acme::{Client, Error};

pub async fn order(client: &Client) -> Result<Order, Error> {
    client.get_order().send().await
}
