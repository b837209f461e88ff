use acme::{Client, Error};

pub async fn order(client: &Client) -> Result<(), Error> {
    client.get_order().send().await.map(drop)
}
