use acme::{Client, Error};

pub async fn gone(client: &Client) -> Result<bool, Error> {
    Ok(client.get_orders().send().with_response().await?.headers().contains_key("x-gone"))
}
