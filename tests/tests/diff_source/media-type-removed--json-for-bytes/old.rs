use acme::{Client, Error};

pub async fn orders(client: &Client) -> Result<String, Error> {
    client.get_orders().send().await // breaks: media-type-added, media-type-removed
}
