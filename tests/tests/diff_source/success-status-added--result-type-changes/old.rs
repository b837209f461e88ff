use acme::{Client, Error};

pub async fn place(client: &Client) -> Result<i64, Error> {
    client.place_order().send().await // breaks: success-status-added
}
